"""The host takes artifacts over: FI-ARTIFACT-002 to -005, and what it does about archives that would do harm."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.records import TELLINGS
from tests.reference_impl.federation_interconnect.applications import (
    APP,
    CONTENT,
    ONBOARD,
    REPORT,
    UPLOAD,
    hosted,
    kept_artifacts,
    onboarding,
    ready,
    uploading,
    zipped,
)
from tests.reference_impl.federation_interconnect.pair import OP1, OP2, OP3, Side, introduce, kept, set_up, side

DIGEST = hashlib.sha256(CONTENT).hexdigest()


def choosing(**changes: Any) -> Decisions:
    return replace(OPERATOR, applications=replace(OPERATOR.applications, **changes))


def ask(op2: Side, message: m.UploadArtifactRequest, key: str | None = None) -> int:
    return op2.ask(UPLOAD, message, op2.keys[OP1] if key is None else key).status


def test_an_upload_is_stored_and_then_reported() -> None:
    _, op2, _ = ready()
    reply = op2.ask(UPLOAD, uploading(), op2.keys[OP1])
    assert reply.body is not None
    assert (reply.status, reply.body.to_json()) == (200, {"requestId": "u-1", "artifactId": "art1"})
    assert op2.calls() == []
    (job,) = op2.jobs()
    assert (job.kind, job.subject) == ("store-artifact", (OP1, "art1", DIGEST))
    assert base64.b64decode(job.content) == CONTENT
    assert kept_artifacts(op2) == [(OP1, "art1", "storing")]
    op2.work()
    call = op2.only_call()
    assert (call.peer, call.operation, call.body, call.credential) == (OP1, REPORT, None, op2_key(op2))
    assert dict(call.query) == {
        "requestId": "u-1",
        "leadfederationId": OP1,
        "partnerfederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "appId": APP,
        "version": "1.0",
        "artifactId": "art1",
        "operation": "ADDED",
        "status": "uploaded",
    }
    assert op2.dump()["artifacts"] == [
        {
            "partner": OP1,
            "artifact": "art1",
            "application": APP,
            "version": "1.0",
            "name": "game",
            "size": len(CONTENT),
            "digest": DIGEST,
            "state": "uploaded",
            "reason": "",
        }
    ]
    op2.answer(call, 200)
    assert (op2.calls(), op2.tables.rows(TELLINGS), op2.jobs()) == ([], [], [])


def op2_key(op2: Side) -> str:
    """What OP1 issued to OP2."""
    return f"key-2-of-{OP1.removeprefix('federation-of-')}"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"content": ""}, 400),
        ({"content": "no base64!"}, 400),
        ({"appId": "Bad Id"}, 400),
        ({"appId": "short"}, 400),
        ({"version": ""}, 400),
        ({"userId": " "}, 400),
        ({"artifactName": ""}, 400),
        ({"artifactId": "ART_0001-too-long-id"}, 400),
        ({"appDescriptorType": "EXE"}, 400),
        ({"leadfederationId": OP3}, 401),
        ({"partnerfederationId": OP3}, 401),
        ({"operator": "operator-six"}, 403),
        ({"country": "KR"}, 403),
        ({"content": b"no archive"}, 400),
        ({"content": zipped(**{"../../x": b"x"})}, 400),
    ],
)
def test_what_cannot_be_an_upload_is_refused_and_nothing_is_kept(changes: dict[str, Any], status: int) -> None:
    _, op2, _ = ready()
    before = kept(op2)
    assert ask(op2, uploading(**changes)) == status
    assert kept(op2) == before


def test_an_upload_needs_the_key_and_the_role() -> None:
    op1, op2, _ = ready()
    assert ask(op2, uploading(), key="") == 401
    assert ask(op2, uploading(), key="not the key") == 401
    backwards = {"leadfederationId": OP2, "partnerfederationId": OP1, "operator": "operator-two", "country": "KR"}
    assert op1.ask(UPLOAD, uploading(**backwards), op1.keys[OP2]).status == 403
    assert (kept_artifacts(op1), kept_artifacts(op2)) == ([], [])


def test_too_large_is_413() -> None:
    _, op2, _ = ready(host=replace(OPERATOR, artifact_bytes=len(CONTENT) - 1))
    assert ask(op2, uploading()) == 413
    _, op2, _ = ready(host=replace(OPERATOR, artifact_bytes=len(CONTENT)))
    assert ask(op2, uploading()) == 200


def test_the_default_of_the_origin_is_an_artifact_id() -> None:
    _, op2, _ = ready()
    assert ask(op2, uploading(artifactId="ART-0001")) == 200


def test_without_an_id_the_host_chooses_one() -> None:
    _, op2, _ = ready()
    reply = op2.ask(UPLOAD, uploading(artifactId=None), op2.keys[OP1])
    assert isinstance(reply.body, m.UploadArtifactResponse)
    assert [(OP1, reply.body.artifactId, "storing")] == kept_artifacts(op2)


def test_what_the_registry_cannot_keep_is_reported_as_failed() -> None:
    _, op2, _ = ready()
    ask(op2, uploading())
    op2.work(done=False)
    assert dict(op2.only_call().query)["status"] == "failed"
    assert kept_artifacts(op2) == [(OP1, "art1", "failed")]
    assert op2.ask(ONBOARD, onboarding(), op2.keys[OP1]).status == 409
    assert ask(op2, uploading(requestId="u-2")) == 200
    op2.work()
    assert kept_artifacts(op2) == [(OP1, "art1", "uploaded")]


def test_a_host_may_take_what_is_of_no_use_and_report_it_as_failed() -> None:
    _, op2, _ = ready(host=choosing(refuses_unusable=False))
    assert ask(op2, uploading(zipped(**{"/etc/passwd": b""}))) == 200
    assert dict(op2.only_call().query)["status"] == "failed"
    assert (kept_artifacts(op2), op2.jobs()) == ([(OP1, "art1", "failed")], [])
    assert op2.dump()["artifacts"][0]["reason"] == "want every entry to stay inside, got one that leads out"


def test_a_repeat_has_the_same_answer_and_no_effect() -> None:
    _, op2, _ = ready()
    first = op2.ask(UPLOAD, uploading(), op2.keys[OP1])
    op2.work()
    op2.answer(op2.only_call(), 200)
    before = kept(op2)
    again = op2.ask(UPLOAD, uploading(), op2.keys[OP1])
    assert (again.status, again.body) == (first.status, first.body)
    assert ask(op2, uploading(version="2.0")) == 409
    assert kept(op2) == before


def test_an_id_in_use_is_for_one_content() -> None:
    _, op2, _ = ready()
    ask(op2, uploading())
    assert ask(op2, uploading(requestId="u-2")) == 409  # it is being stored
    op2.work()
    op2.answer(op2.only_call(), 200)
    assert ask(op2, uploading(zipped(other=b""), requestId="u-3")) == 409
    assert ask(op2, uploading(requestId="u-4")) == 200
    assert dict(op2.only_call().query)["requestId"] == "u-4"
    assert (kept_artifacts(op2), op2.jobs()) == ([(OP1, "art1", "uploaded")], [])


def third() -> tuple[Side, Side]:
    """OP2 and OP3, which OP2 shares with, too."""
    _, op2, wire = ready()
    op3 = side(OP3)
    set_up(op3)
    introduce(op2, op3)
    wire.sides[OP3] = op3
    op3.act("add_partner", partner=OP2)
    wire.until_quiet()
    return op2, op3


def test_the_same_id_of_two_partners_is_two_artifacts() -> None:
    op2, _ = third()
    ask(op2, uploading())
    theirs = uploading(zipped(x=b"y"), leadfederationId=OP3, operator="operator-six", country="FR")
    assert ask(op2, theirs, key=op2.keys[OP3]) == 200
    op2.work()
    assert [call.peer for call in op2.calls()] == [OP1, OP3]
    assert kept_artifacts(op2) == [(OP1, "art1", "uploaded"), (OP3, "art1", "uploaded")]


def test_an_artifact_is_not_for_others() -> None:
    op2, _ = third()
    ask(op2, uploading())
    op2.work()
    theirs = onboarding(leadfederationId=OP3, leadOperatorId="operator-six")
    assert op2.ask(ONBOARD, theirs, op2.keys[OP3]).status == 404
    assert hosted(op2) == []


def test_a_report_goes_on_until_it_is_heard() -> None:
    _, op2, _ = ready()
    ask(op2, uploading())
    op2.work()
    pauses = []
    for status in (None, 500, 503, 409, 425, 429):
        call = op2.only_call()
        pauses.append(call.due - op2.now)
        op2.say_nothing(call) if status is None else op2.answer(call, status)
    assert pauses == [0, 1000, 2000, 4000, 8000, 16000]
    op2.answer(op2.only_call(), 403)
    assert op2.calls() == []
    (untold,) = op2.dump()["undelivered"]
    assert untold == {
        "partner": OP1,
        "about": "artifact art1",
        "what": REPORT,
        "delivery": "refused",
        "reason": "the partner refuses with 403",
    }
    op2.act("retry_pending")
    assert dict(op2.only_call().query)["requestId"] == "u-1"
    op2.answer(op2.only_call(), 404)  # nobody waits for it any more
    assert (op2.calls(), op2.dump()["undelivered"]) == ([], [])


def test_a_lead_that_always_says_it_cannot_decide_is_not_asked_for_ever() -> None:
    _, op2, _ = ready(host=replace(OPERATOR, telling_pauses=(1000, 2000)))
    ask(op2, uploading())
    op2.work()
    for _ in range(3):
        op2.answer(op2.only_call(), 409)
    assert (op2.calls(), op2.dump()["undelivered"]) == ([], [])


def test_a_host_may_report_in_a_body() -> None:
    _, op2, _ = ready(host=choosing(reports_with="POST /operator/artifact/status"))
    ask(op2, uploading())
    op2.work()
    call = op2.only_call()
    assert (call.operation, call.query) == ("POST /operator/artifact/status", ())
    assert isinstance(call.body, m.ArtifactStatus)
    assert (call.body.requestId, call.body.status) == ("u-1", "uploaded")


def test_the_oldest_that_is_not_used_makes_room() -> None:
    _, op2, _ = ready(host=replace(OPERATOR, artifact_limit=2))
    for number in (1, 2):
        ask(op2, uploading(zipped(x=str(number).encode()), requestId=f"u-{number}", artifactId=f"art{number}"))
        op2.work()
        op2.answer(op2.only_call(), 200)
    assert op2.ask(ONBOARD, onboarding(), op2.keys[OP1]).status == 200
    op2.work()
    assert ask(op2, uploading(zipped(x=b"3"), requestId="u-3", artifactId="art3")) == 200
    assert kept_artifacts(op2) == [(OP1, "art1", "uploaded"), (OP1, "art3", "storing")]
    assert [job.kind for job in op2.jobs()] == ["drop-artifact", "store-artifact"]
    assert ask(op2, uploading(requestId="u-4", artifactId="art4")) == 409


def test_a_content_that_is_wanted_again_is_not_dropped() -> None:
    _, op2, _ = ready(host=replace(OPERATOR, artifact_limit=1))
    ask(op2, uploading())
    op2.work()
    op2.answer(op2.only_call(), 200)
    assert ask(op2, uploading(requestId="u-2", artifactId="art2")) == 200
    assert [(job.kind, job.subject) for job in op2.jobs()] == [("store-artifact", (OP1, "art2", DIGEST))]
