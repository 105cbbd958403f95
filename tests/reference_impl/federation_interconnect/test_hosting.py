"""The host onboards in zones that the caller has registered: FI-APP-005 to -009, -011, FI-ZDEREG-007, FI-REMOVE-007."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import messages
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.kernel.message import Message
from tests.reference_impl.federation_interconnect.applications import (
    APP,
    COMPONENT,
    ONBOARD,
    OTHER,
    REMOVE,
    STATUS,
    UPLOAD,
    ZONE,
    asking,
    hosted,
    kept_artifacts,
    onboarding,
    removing,
    uploaded,
    uploading,
)
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    introduce,
    kept,
    registered,
    set_up,
    side,
)


def post(op2: Side, message: Message, key: str | None = None) -> int:
    return op2.ask(ONBOARD, message, op2.keys[OP1] if key is None else key).status


def status(op2: Side, **changes: str) -> tuple[int, list[tuple[str, str]]]:
    reply = op2.ask(STATUS, None, op2.keys[OP1], asking(**changes))
    shown = reply.body.onboardstatus or () if isinstance(reply.body, m.ApplicationStatusResponse) else ()
    return reply.status, [(each.zoneId, each.status) for each in shown]


def remove(op2: Side, query: bool = False, **changes: Any) -> int:
    said = removing(**changes)
    body = m.RemoveApplicationRequest() if query else m.RemoveApplicationRequest(**said)
    return op2.ask(REMOVE, body, op2.keys[OP1], said if query else {}).status


def deregister(op2: Side, *zones: str, request: str = "z-9") -> int:
    message = messages.DeregisterZonesRequest(
        requestId=request,
        origFederationId=OP1,
        destFederationId=OP2,
        operator="operator-one",
        country="DE",
        zones=zones or (ZONE,),
    )
    return op2.ask("DELETE /operator/zone", message, op2.keys[OP1]).status


def test_an_onboarding_is_acknowledged_and_comes_to_its_end() -> None:
    _, op2, _ = uploaded(zones=(ZONE, OTHER))
    op2.now = 1_700_000_000_123
    reply = op2.ask(ONBOARD, onboarding(ZONE, OTHER), op2.keys[OP1])
    assert reply.body is not None
    shown = {"createdAt": "2023-11-14T22:13:20.123Z", "appId": APP, "requestId": "o-1"}
    assert (reply.status, reply.body.to_json()) == (200, shown)
    assert hosted(op2) == [(OP1, APP, ZONE, "PENDING"), (OP1, APP, OTHER, "PENDING")]
    assert [(job.kind, job.subject) for job in op2.jobs()] == [
        ("onboard-application", (OP1, APP, ZONE)),
        ("onboard-application", (OP1, APP, OTHER)),
    ]
    before = kept(op2)
    assert status(op2) == (200, [(ZONE, "PENDING"), (OTHER, "PENDING")])
    assert kept(op2) == before
    op2.work()
    assert status(op2) == (200, [(ZONE, "ONBOARDED"), (OTHER, "ONBOARDED")])
    op2.now += 1000
    again = op2.ask(ONBOARD, onboarding(ZONE, OTHER), op2.keys[OP1])
    assert (again.status, again.body) == (200, reply.body)


def test_what_the_equipment_cannot_do_has_failed_and_may_be_tried_again() -> None:
    _, op2, _ = uploaded()
    assert post(op2, onboarding()) == 200
    op2.work(done=False)
    assert status(op2) == (200, [(ZONE, "FAILED")])
    assert post(op2, onboarding(requestId="o-2")) == 200
    op2.work()
    assert status(op2) == (200, [(ZONE, "ONBOARDED")])


def component(**changes: Any) -> dict[str, Any]:
    return {"component": {**COMPONENT, **changes}}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"appId": ""}, 400),
        ({"appId": "Bad Id"}, 400),
        ({"artifactId": ""}, 400),
        ({"regions": ()}, 400),
        ({"regions": (m.AppRegion(zone="!"),)}, 400),
        ({"regions": (m.AppRegion(zone=ZONE, operator="operator-one"),)}, 400),
        ({"regions": (m.AppRegion(zone=ZONE, country="DE"),)}, 400),
        ({"specification": m.AppSpecification()}, 400),
        ({"specification": m.AppSpecification(componentdetails=(m.ComponentDetail(),))}, 400),
        (component(ComputeResourceRequirements={}), 400),
        (component(ComputeResourceRequirements={"resourceProfileId": "p", "memory": 100}), 400),
        (component(ComputeResourceRequirements={"resourceProfileId": "p", "cpu": 5}), 400),
        (component(ExposedInterfaces=({"port": "65536"},)), 400),
        (component(ExposedInterfaces=({"port": "-1"},)), 400),
        (component(ExposedInterfaces=({"protocol": "FTP"},)), 400),
        (component(virtualizationMode="Lambda"), 400),
        ({"leadfederationId": OP3}, 401),
        ({"partnerfederationId": OP3}, 401),
        ({"leadOperatorId": "operator-two"}, 403),
        ({"artifactId": "art2"}, 404),
        ({"regions": (m.AppRegion(zone=ZONE), m.AppRegion(zone="ghost-0001"))}, 404),
        ({"regions": (m.AppRegion(zone=OTHER),)}, 409),
    ],
)
def test_what_cannot_be_onboarded_is_refused_as_a_whole(changes: dict[str, Any], refused: int) -> None:
    _, op2, _ = uploaded()
    before = kept(op2)
    assert post(op2, onboarding(**changes)) == refused
    assert kept(op2) == before


def test_more_components_and_zones_than_allowed_are_refused() -> None:
    one = m.ComponentDetail(components=(m.AppComponent.model_validate(COMPONENT),) * 2)
    host = replace(OPERATOR, applications=replace(OPERATOR.applications, component_limit=1, region_limit=1))
    _, op2, _ = uploaded(host, (ZONE, OTHER))
    assert post(op2, onboarding(specification=m.AppSpecification(componentdetails=(one,)))) == 400
    assert post(op2, onboarding(ZONE, OTHER)) == 400
    assert (hosted(op2), post(op2, onboarding())) == ([], 200)


def test_an_onboarding_needs_key_and_role() -> None:
    op1, op2, _ = uploaded()
    assert post(op2, onboarding(), key="") == 401
    assert post(op2, onboarding(), key="not the key") == 401
    backwards = onboarding(leadfederationId=OP2, partnerfederationId=OP1, leadOperatorId="operator-two")
    assert op1.ask(ONBOARD, backwards, op1.keys[OP2]).status == 403
    assert hosted(op2) == []


def test_an_artifact_must_be_there_first() -> None:
    _, op2, _ = uploaded()
    assert op2.ask(UPLOAD, uploading(requestId="u-2", artifactId="art2"), op2.keys[OP1]).status == 200
    assert post(op2, onboarding(artifactId="art2")) == 409
    op2.work()
    assert post(op2, onboarding(requestId="o-2", artifactId="art2")) == 200


def test_the_same_application_is_not_onboarded_twice_in_a_zone() -> None:
    _, op2, _ = uploaded(zones=(ZONE, OTHER))
    assert post(op2, onboarding()) == 200
    assert post(op2, onboarding(ZONE, OTHER, requestId="o-2")) == 409
    assert hosted(op2) == [(OP1, APP, ZONE, "PENDING")]
    assert post(op2, onboarding(OTHER, requestId="o-3")) == 200


def test_other_content_under_the_id_of_a_request_is_refused() -> None:
    _, op2, _ = uploaded()
    assert post(op2, onboarding()) == 200
    assert post(op2, onboarding(appName="another")) == 409


def test_a_refusal_is_remembered_for_the_copies() -> None:
    _, op2, _ = uploaded()
    assert post(op2, onboarding(OTHER)) == 409
    register = messages.RegisterZonesRequest(
        requestId="z-2", origFederationId=OP1, destFederationId=OP2, operator="operator-one", zones=(OTHER,)
    )
    assert op2.ask("POST /operator/zone", register, op2.keys[OP1]).status == 200
    assert post(op2, onboarding(OTHER)) == 409
    assert post(op2, onboarding(OTHER, requestId="o-2")) == 200


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"appId": "ghost-app-1"}, 404),
        ({"appId": "Bad Id"}, 400),
        ({"Operator": "operator-two"}, 403),
        ({"leadfederationId": OP3}, 401),
        ({"partnerfederationId": OP1}, 401),
    ],
)
def test_who_asks_for_something_else_is_refused(changes: dict[str, str], refused: int) -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    assert status(op2, **changes) == (refused, [])


def test_a_question_without_the_application_is_no_question() -> None:
    _, op2, _ = uploaded()
    query = {name: value for name, value in asking().items() if name != "appId"}
    assert op2.ask(STATUS, None, op2.keys[OP1], query).status == 400


@pytest.mark.parametrize("query", [False, True], ids=["body", "query"])
def test_an_application_is_removed_from_one_zone(query: bool) -> None:
    _, op2, _ = uploaded(zones=(ZONE, OTHER))
    post(op2, onboarding(ZONE, OTHER))
    op2.work()
    assert remove(op2, query) == 200
    assert status(op2) == (200, [(OTHER, "ONBOARDED")])
    before = kept(op2)
    assert remove(op2, query) == 200  # the same once more
    assert remove(op2, query, requestId="d-2") == 404
    assert kept(op2) == before
    assert remove(op2, query, requestId="d-3", zone=OTHER) == 200
    assert status(op2) == (404, [])


def test_an_onboarding_that_has_ended_in_part_is_not_acknowledged_again() -> None:
    _, op2, _ = uploaded(zones=(ZONE, OTHER))
    assert post(op2, onboarding(ZONE, OTHER)) == 200
    assert remove(op2) == 200
    assert post(op2, onboarding(ZONE, OTHER)) == 409
    assert hosted(op2) == [(OP1, APP, OTHER, "PENDING")]


def test_a_copy_of_an_onboarding_is_not_taken_for_the_next_one() -> None:
    _, op2, _ = uploaded()
    assert post(op2, onboarding()) == 200
    assert remove(op2) == 200
    assert post(op2, onboarding(requestId="o-2")) == 200
    assert post(op2, onboarding()) == 409
    assert post(op2, onboarding(requestId="o-2")) == 200


def test_a_removal_ends_the_work() -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    assert remove(op2) == 200
    assert (hosted(op2), op2.jobs()) == ([], [])
    assert post(op2, onboarding()) == 409  # a late copy of the onboarding


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"leadfederationId": OP3}, 401),
        ({"leadOperatorId": "operator-two"}, 403),
        ({"leadOperatorcountry": "KR"}, 403),
        ({"version": "2.0"}, 404),
        ({"zone": OTHER}, 404),
        ({"appId": "ghost-app-1"}, 404),
        ({"zone": ""}, 400),
        ({"version": None}, 400),
    ],
)
def test_what_is_not_there_is_not_removed(changes: dict[str, Any], refused: int) -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    assert remove(op2, **changes) == refused
    assert hosted(op2) == [(OP1, APP, ZONE, "PENDING")]


def test_body_and_query_must_say_the_same() -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    body = m.RemoveApplicationRequest(**removing())
    assert op2.ask(REMOVE, body, op2.keys[OP1], {"zone": OTHER}).status == 400
    assert op2.ask(REMOVE, body, op2.keys[OP1], {"zone": ZONE}).status == 200


def test_another_partner_neither_sees_nor_removes_it() -> None:
    _, op2, wire = uploaded()
    op3 = side(OP3)
    set_up(op3)
    introduce(op2, op3)
    wire.sides[OP3] = op3
    op3.act("add_partner", partner=OP2)
    wire.until_quiet()
    post(op2, onboarding())
    query = asking(leadfederationId=OP3, Operator="operator-six")
    assert op2.ask(STATUS, None, op2.keys[OP3], query).status == 404
    theirs = m.RemoveApplicationRequest(**removing(leadfederationId=OP3, leadOperatorId="operator-six"))
    assert op2.ask(REMOVE, theirs, op2.keys[OP3]).status == 404
    assert hosted(op2) == [(OP1, APP, ZONE, "PENDING")]


@pytest.mark.parametrize("ended", [False, True], ids=["PENDING", "ONBOARDED"])
def test_a_zone_that_carries_an_application_is_not_deregistered(ended: bool) -> None:
    """FI-ZDEREG-007, FI-RACE-012/1 and /2: one after the other."""
    _, op2, _ = uploaded(zones=(ZONE, OTHER))
    post(op2, onboarding())
    if ended:
        op2.work()
    assert deregister(op2, ZONE) == 423
    assert deregister(op2, OTHER, ZONE, request="z-10") == 423
    assert registered(op2) == [(ZONE, OP1), (OTHER, OP1)]
    assert deregister(op2, OTHER, request="z-11") == 200
    assert remove(op2) == 200
    assert deregister(op2, ZONE) == 423  # a copy of what was refused
    assert deregister(op2, ZONE, request="z-12") == 200
    assert post(op2, onboarding(requestId="o-2")) == 409


def test_what_has_failed_goes_with_the_zone() -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    op2.work(done=False)
    assert deregister(op2) == 200
    assert hosted(op2) == []


def test_a_partner_that_was_removed_is_a_stranger() -> None:
    """FI-REMOVE-007: nothing of it is left, and nothing is reported to it."""
    _, op2, _ = uploaded()
    op2.ask(UPLOAD, uploading(requestId="u-2", artifactId="art2"), op2.keys[OP1])
    op2.work()
    assert len(op2.calls()) == 1
    assert deregister(op2) == 200
    gone = messages.RemovePartnerRequest(
        requestId="r-1", origFederationId=OP1, destFederationId=OP2, operator="operator-one"
    )
    assert op2.ask("DELETE /operator/partner", gone, op2.keys[OP1]).status == 200
    assert (kept_artifacts(op2), hosted(op2), op2.calls(), op2.dump()["undelivered"]) == ([], [], [], [])
    (drop,) = op2.jobs()  # both were one content
    assert drop.kind == "drop-artifact"
    before = kept(op2)
    assert op2.ask(UPLOAD, uploading(requestId="u-3"), op2.keys[OP1]).status == 403
    assert post(op2, onboarding(requestId="o-3")) == 403
    assert status(op2) == (403, [])
    assert remove(op2, requestId="d-3") == 403
    assert kept(op2) == before


def test_an_upload_whose_partner_has_left_is_dropped_once_it_is_stored() -> None:
    _, op2, _ = uploaded()
    op2.ask(UPLOAD, uploading(requestId="u-2", artifactId="art2"), op2.keys[OP1])
    deregister(op2)
    gone = messages.RemovePartnerRequest(
        requestId="r-1", origFederationId=OP1, destFederationId=OP2, operator="operator-one"
    )
    assert op2.ask("DELETE /operator/partner", gone, op2.keys[OP1]).status == 200
    while op2.jobs():
        op2.work()
    assert (op2.calls(), kept_artifacts(op2)) == ([], [])


@pytest.mark.parametrize("outcome", ["ONBOARDED", "FAILED"])
def test_a_test_may_say_how_it_ends(outcome: str) -> None:
    _, op2, _ = uploaded()
    post(op2, onboarding())
    inputs = {"partner": OP1, "zone": ZONE, "application": APP, "outcome": outcome}
    assert op2.act("complete_onboarding", **inputs).status == 200
    assert (hosted(op2), op2.jobs()) == ([(OP1, APP, ZONE, outcome)], [])
    assert op2.act("complete_onboarding", **inputs).status == 409
