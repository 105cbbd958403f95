"""The lead onboards: FI-APP-001 to -004, -010, FI-ARTIFACT-001, -006, -007, FI-RACE-011."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import messages
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.kernel.party import TIMERS, TimerFired
from tests.reference_impl.federation_interconnect.applications import (
    APP,
    CONTENT,
    ONBOARD,
    OTHER,
    REPORT,
    STATUS,
    UPLOAD,
    ZONE,
    finish,
    onboard,
    onboarded,
    ready,
    reporting,
    stages,
    why,
)
from tests.reference_impl.federation_interconnect.pair import OP1, OP2, OP3, Side, introduce, kept, set_up, side


def choosing(**changes: Any) -> Decisions:
    return replace(OPERATOR, applications=replace(OPERATOR.applications, **changes))


def pending() -> tuple[Side, str]:
    """OP1 waits for the report of its upload; with the requestId of that."""
    op1, _, _ = ready()
    onboard(op1)
    call = op1.only_call()
    op1.answer(call, 200, m.UploadArtifactResponse(requestId="x", artifactId="art-9"))
    return op1, call.subject[2]


def reported(op1: Side, query: dict[str, str], key: str | None = None) -> int:
    return op1.ask(REPORT, None, op1.keys[OP2] if key is None else key, query).status


def test_the_whole_flow() -> None:
    op1, op2, wire = ready()
    begun = onboard(op1)
    assert stages(op1) == [(ZONE, "uploadpending")]
    call = op1.only_call()
    assert isinstance(call.body, m.UploadArtifactRequest)
    assert call.body.to_json() == {
        "requestId": call.subject[2],
        "leadfederationId": OP1,
        "partnerfederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "appId": APP,
        "version": "1.0",
        "userId": "dev1",
        "artifactName": APP,
        "filename": base64.b64encode(CONTENT).decode(),
        "artifactId": call.body.artifactId,
        "appDescriptorType": "HELM",
    }
    wire.until_quiet()
    assert stages(op1) == [(ZONE, "uploadpending")]
    op2.work()
    wire.exchange(op2)
    assert stages(op1) == [(ZONE, "uploaded")]
    asked = op1.only_call()
    assert isinstance(asked.body, m.OnboardApplicationRequest)
    shown = asked.body.to_json()
    assert shown.pop("requestId") != call.body.requestId
    assert shown == {
        "leadOperatorId": "operator-one",
        "leadfederationId": OP1,
        "partnerfederationId": OP2,
        "appId": APP,
        "appName": "Game",
        "appType": "server",
        "appDescriptorType": "HELM",
        "artifactId": call.body.artifactId,
        "metadata": {"developerId": "dev1", "version": "1.0"},
        "regions": [{"zone": ZONE, "operator": "operator-two", "country": "KR"}],
        "specification": {
            "componentdetails": [
                {
                    "components": [
                        {"componentId": "c1", "ComputeResourceRequirements": {"resourceProfileId": "p1", "cpu": 1}}
                    ]
                }
            ]
        },
    }
    wire.exchange(op1)
    assert stages(op1) == [(ZONE, "onboarding")]
    wire.exchange(op1)
    assert (stages(op1), op1.only_call().attempt, op1.only_call().due) == ([(ZONE, "onboarding")], 1, 2_000)
    op2.work()
    wire.until_quiet()
    assert stages(op1) == [(ZONE, "onboarded")]
    assert op1.poll(begun) == ("ok", None)
    assert wire.seen[2:] == [
        ("op1", UPLOAD, 0, 200),
        ("op2", REPORT, 0, 200),
        ("op1", ONBOARD, 0, 200),
        ("op1", STATUS, 0, 200),
        ("op1", STATUS, 1, 200),
    ]


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"application": "short"}, "application: want 8 to 64"),
        ({"application": "UPPER-case-1"}, "application: want 8 to 64"),
        ({"application": "-leading-dash"}, "application: want 8 to 64"),
        ({"application": "a" * 65}, "application: want 8 to 64"),
        ({"version": ""}, "version: want a non-empty string"),
        ({"artifact": ""}, "artifact: want a non-empty string"),
        ({"artifact": "***"}, "artifact: want the content in base64"),
        ({"components": []}, "components: components: want at least one"),
        ({"components": [{"componentId": "c1"}]}, "components: resourceProfileId: want the profile"),
        ({"components": [{"ExposedInterfaces": 5}]}, "components: want a list of components"),
        ({"descriptor": "EXE"}, "descriptor: want one of"),
        ({"zone": OTHER}, f"zone '{OTHER}' of '{OP2}' is not registered"),
        ({"zone": "ghost-0001"}, "zone 'ghost-0001' is not known"),
        ({"partner": OP3}, "no partner"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_hears_of_it(changes: dict[str, Any], about: str) -> None:
    op1, _, _ = ready()
    before = kept(op1)
    reply = onboard(op1, **changes)
    assert reply.status in (404, 409, 422)
    assert reply.body is not None
    assert str(reply.body.to_json()["message"]).startswith(about)
    assert kept(op1) == before


def test_another_zone_has_a_status_of_its_own() -> None:
    op1, _, _ = onboarded(zones=(ZONE,))
    op1.act("register_zone", partner=OP2, zones=[OTHER])
    op1.answer(op1.only_call(), 200, None)
    assert onboard(op1, zone=OTHER).status == 409  # its answer said nothing
    op1, _, _ = onboarded(zones=(ZONE, OTHER))
    assert stages(op1) == [(ZONE, "onboarded"), (OTHER, "onboarded")]
    assert onboard(op1).status == 409


def test_an_upload_that_is_refused_fails_and_can_be_started_again_with_another_id() -> None:
    op1, op2, wire = ready()
    begun = onboard(op1)
    first = op1.only_call()
    op1.answer(first, 400)
    assert (stages(op1), why(op1)) == ([(ZONE, "failed")], "the partner refuses the artifact with 400")
    assert op1.poll(begun) == ("failed", "the partner refuses the artifact with 400")
    again = onboard(op1)
    assert op1.only_call().subject[2] != first.subject[2]
    finish(op1, op2, wire)
    assert op1.poll(again) == ("ok", None)


def test_an_upload_without_an_answer_is_repeated_with_the_same_body_and_then_fails() -> None:
    op1, _, _ = ready(choosing(pauses=(1000, 2000)))
    onboard(op1)
    said = []
    for _ in range(3):
        call = op1.only_call()
        said.append((call.body, call.due))
        op1.say_nothing(call)
    assert [due for _, due in said] == [0, 1000, 2000]
    assert len({body.model_dump_json() for body, _ in said if body is not None}) == 1
    assert (stages(op1), why(op1)) == ([(ZONE, "failed")], "3 attempts, the last one without an answer")


def test_a_conflict_that_meets_our_repeat_confirms_the_upload() -> None:
    op1, _, _ = ready()
    onboard(op1)
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), 409)
    assert (stages(op1), op1.calls()) == ([(ZONE, "uploadpending")], [])


def test_the_host_may_choose_the_artifact_id() -> None:
    op1, request = pending()
    (row,) = op1.dump()["applications"]
    assert row["artifact"] == "art-9"
    assert reported(op1, reporting(request, artifactId="art-10")) == 200
    body = op1.only_call().body
    assert isinstance(body, m.OnboardApplicationRequest)
    assert body.artifactId == "art-10"


def test_without_a_report_it_fails_in_the_end() -> None:
    op1, _ = pending()
    (timer,) = op1.tables.rows(TIMERS)
    assert (timer.due, timer.subject) == (20 * 60 * 1000, (OP2, APP, ZONE))
    op1.handle(TimerFired(timer.kind, timer.subject))
    assert why(op1) == "the partner has not reported how the upload has ended"


def test_a_report_is_heard_once() -> None:
    op1, request = pending()
    assert reported(op1, reporting(request)) == 200
    assert [call.operation for call in op1.calls()] == [ONBOARD]
    before = kept(op1)
    for status in ("uploaded", "failed", "deleted"):
        assert reported(op1, reporting(request, status=status)) == 200
    assert kept(op1) == before
    assert not op1.tables.rows(TIMERS)


def test_that_an_artifact_was_removed_is_no_news_of_an_upload() -> None:
    op1, request = pending()
    for status in ("uploaded", "failed", "deleted"):
        assert reported(op1, reporting(request, operation="REMOVED", status=status)) == 200
    assert (stages(op1), op1.calls()) == ([(ZONE, "uploadpending")], [])


def test_a_failed_upload_ends_the_onboarding() -> None:
    op1, request = pending()
    assert reported(op1, reporting(request, status="failed")) == 200
    assert (stages(op1), op1.calls()) == ([(ZONE, "failed")], [])
    assert reported(op1, reporting(request)) == 200
    assert (stages(op1), op1.calls()) == ([(ZONE, "failed")], [])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "done"}, 400),
        ({"status": ""}, 400),
        ({"operation": "CHANGED"}, 400),
        ({"appId": "Bad Id"}, 400),
        ({"requestId": "another"}, 404),
        ({"leadfederationId": OP3}, 401),
        ({"partnerfederationId": OP3}, 401),
        ({"operator": "operator-six"}, 403),
        ({"operator": "operator-one", "country": "KR"}, 403),
    ],
)
def test_a_report_that_is_no_such_thing_is_refused(changes: dict[str, str], status: int) -> None:
    op1, request = pending()
    before = kept(op1)
    assert reported(op1, {**reporting(request), **changes}) == status
    assert kept(op1) == before


def test_a_report_needs_the_partner_of_the_upload() -> None:
    op1, request = pending()
    op3 = side(OP3)
    set_up(op3)
    introduce(op1, op3)
    op1.act("add_partner", partner=OP3)
    add = op1.only_call()
    op1.say_nothing(add)
    assert reported(op1, reporting(request), key="") == 401
    assert reported(op1, reporting(request), key="not the key") == 401
    assert reported(op1, reporting(request), key=op1.keys[OP3]) == 401
    assert reported(op1, reporting(request, partnerfederationId=OP3), key=op1.keys[OP3]) == 403
    assert stages(op1) == [(ZONE, "uploadpending")]


@pytest.mark.parametrize("operator", [{}, {"operator": "operator-one", "country": "DE"}, {"operator": "operator-two"}])
def test_a_report_may_name_the_lead_or_the_host_or_nobody(operator: dict[str, str]) -> None:
    op1, request = pending()
    assert reported(op1, reporting(request, **operator)) == 200


def test_without_an_id_a_report_is_about_the_application_and_its_version() -> None:
    op1, _ = pending()
    assert reported(op1, reporting(None, version="2.0")) == 404
    assert reported(op1, reporting(None)) == 200
    assert stages(op1) == [(ZONE, "uploaded")]


def test_without_an_id_the_pending_one_is_meant() -> None:
    """Two zones: in the first the application is onboarded, in the second its upload is pending."""
    op1, _, _ = onboarded()
    op1.act("register_zone", partner=OP2, zones=[OTHER])
    details = (messages.ZoneRegisterDetails(zoneId=OTHER),)
    op1.answer(op1.only_call(), 200, messages.RegisterZonesResponse(zone=details))
    assert onboard(op1, zone=OTHER).status == 202
    (first, second) = op1.dump()["applications"]
    assert reported(op1, reporting(None, artifactId=first["artifact"])) == 200
    assert stages(op1) == [(ZONE, "onboarded"), (OTHER, "uploaded")]
    assert second["artifact"] != first["artifact"]


def test_the_same_in_a_body() -> None:
    op1, request = pending()
    body = m.ArtifactStatus(**reporting(request))
    assert op1.ask("POST /operator/artifact/status", body, op1.keys[OP2]).status == 200
    assert stages(op1) == [(ZONE, "uploaded")]


@pytest.mark.parametrize("answer", [200, 500, 400, None])
def test_a_report_before_the_answer_stays(answer: int | None) -> None:
    """FI-RACE-011: exactly one onboarding call, whatever the upload is answered then."""
    op1, _, _ = ready()
    onboard(op1)
    upload = op1.send(op1.only_call())
    assert reported(op1, reporting(upload.subject[2])) == 200
    assert stages(op1) == [(ZONE, "uploaded")]
    op1.say_nothing(upload) if answer is None else op1.answer(upload, answer)
    assert stages(op1) == [(ZONE, "uploaded")]
    assert [call.operation for call in op1.calls()] == [ONBOARD]


def test_a_repeat_of_the_upload_that_waits_is_not_sent_once_the_report_is_here() -> None:
    op1, _, _ = ready()
    onboard(op1)
    upload = op1.only_call()
    op1.say_nothing(upload)
    assert [call.operation for call in op1.calls()] == [UPLOAD]
    assert reported(op1, reporting(upload.subject[2])) == 200
    assert [call.operation for call in op1.calls()] == [ONBOARD]


def test_one_that_cannot_hear_yet_says_so() -> None:
    op1, _, _ = ready(choosing(hears_early_report=False))
    onboard(op1)
    upload = op1.only_call()
    assert reported(op1, reporting(upload.subject[2])) == 503
    op1.answer(upload, 200)
    assert reported(op1, reporting(upload.subject[2])) == 200


def following(*statuses: tuple[int, str | None], polls: int = 120) -> Side:
    """OP1 asks how its onboarding stands, and is answered like this."""
    op1, op2, wire = ready(choosing(polls=polls))
    onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    wire.exchange(op1)
    for status, shown in statuses:
        entries = () if shown is None else (m.ZoneOnboardStatus(zoneId=ZONE, status=shown),)
        op1.answer(op1.only_call(), status, m.ApplicationStatusResponse(appId=APP, onboardstatus=entries))
    return op1


@pytest.mark.parametrize(
    ("statuses", "stage", "reason", "asks"),
    [
        ([(200, "PENDING"), (200, "PENDING"), (200, "ONBOARDED")], "onboarded", "", False),
        ([(200, "PENDING"), (500, None)], "onboarding", "", True),
        ([(429, None), (200, "ONBOARDED")], "onboarded", "", False),
        ([(200, "FAILED")], "failed", "the partner says that it has failed", False),
        ([(200, "MAYBE")], "failed", "the partner's answer cannot be understood", False),
        ([(200, None)], "failed", "the partner's answer cannot be understood", False),
        ([(404, None)], "failed", "the partner answers 404 when asked how it stands", False),
    ],
)
def test_the_onboarding_is_followed(statuses: list[tuple[int, str]], stage: str, reason: str, asks: bool) -> None:
    op1 = following(*statuses)
    assert (stages(op1), why(op1), bool(op1.calls())) == ([(ZONE, stage)], reason, asks)


def test_a_lasting_pending_is_a_failure_after_so_many_polls() -> None:
    op1 = following((200, "PENDING"), (200, "PENDING"), (500, None), polls=3)
    assert (stages(op1), op1.calls()) == ([(ZONE, "failed")], [])
    assert why(op1) == "asked 3 times, and it has not come to an end"


def test_the_questions_come_more_and_more_slowly() -> None:
    op1 = following()
    pauses = []
    for _ in range(6):
        call = op1.only_call()
        pauses.append(call.due)
        op1.answer(call, 500)
    assert pauses == [1000, 2000, 4000, 8000, 10_000, 10_000]


def test_the_origin_leaves_the_zone_empty() -> None:
    op1 = following()
    entry = m.ZoneOnboardStatus(status="ONBOARDED")
    op1.answer(op1.only_call(), 200, m.ApplicationStatusResponse(appId=APP, onboardstatus=(entry,)))
    assert stages(op1) == [(ZONE, "onboarded")]


def undecided() -> tuple[Side, str]:
    """OP1's onboarding had no clear answer in all its attempts; with its requestId."""
    op1, op2, wire = ready(choosing(pauses=(1000,)))
    onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    body = op1.only_call().body
    assert isinstance(body, m.OnboardApplicationRequest)
    for _ in range(2):
        op1.say_nothing(op1.only_call())
    assert (stages(op1), op1.calls()) == ([(ZONE, "failed")], [])
    return op1, body.requestId


def test_what_ended_in_doubt_is_gone_on_with() -> None:
    op1, request = undecided()
    assert onboard(op1, version="2.0").status == 409
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == 409
    begun = onboard(op1)
    call = op1.only_call()
    assert isinstance(call.body, m.OnboardApplicationRequest)
    assert (call.operation, call.body.requestId) == (ONBOARD, request)
    op1.answer(call, 409)  # it was there
    op1.answer(op1.only_call(), 200, m.ApplicationStatusResponse(appId=APP, onboardstatus=None))
    assert op1.poll(begun) == ("failed", "the partner's answer cannot be understood")


@pytest.mark.parametrize(("answer", "deregisters"), [(404, 202), (403, 409), (401, 409), (400, 409)])
def test_whether_a_followed_onboarding_is_there_may_be_in_doubt(answer: int, deregisters: int) -> None:
    """Only 404 says that it is not; else its zone is kept."""
    op1 = following((answer, None))
    assert stages(op1) == [(ZONE, "failed")]
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == deregisters


@pytest.mark.parametrize(("answer", "deregisters"), [(404, 202), (403, 202), (400, 409)])
def test_a_refusal_may_settle_what_earlier_attempts_left_in_doubt(answer: int, deregisters: int) -> None:
    op1, op2, wire = ready()
    onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), answer)
    assert stages(op1) == [(ZONE, "failed")]
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == deregisters


def test_a_refusal_of_the_onboarding_is_told() -> None:
    op1, op2, wire = ready()
    begun = onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    op1.answer(op1.only_call(), 409)
    assert op1.poll(begun) == ("failed", "the partner refuses the onboarding with 409")
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == 202


@pytest.mark.parametrize("order", ["deregister_zone", "remove_partner"])
def test_nothing_is_onboarded_where_its_end_is_under_way(order: str) -> None:
    """FI-RACE-012, at the lead."""
    op1, _, _ = ready()
    if order == "remove_partner":
        op1.act("deregister_zone", partner=OP2, zones=[ZONE])
        op1.answer(op1.only_call(), 200)
        op1.act("remove_partner", partner=OP2)
    else:
        op1.act("deregister_zone", partner=OP2, zones=[ZONE])
    assert onboard(op1).status == 409
    assert len(op1.calls()) == 1


@pytest.mark.parametrize("order", ["deregister_zone", "remove_partner"])
def test_no_zone_is_given_up_under_an_onboarding(order: str) -> None:
    op1, _, _ = ready()
    onboard(op1)
    inputs = {"partner": OP2, "zones": [ZONE]} if order == "deregister_zone" else {"partner": OP2}
    assert op1.act(order, **inputs).status == 409
    assert [call.operation for call in op1.calls()] == [UPLOAD]
