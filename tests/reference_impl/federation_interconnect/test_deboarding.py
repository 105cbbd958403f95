"""The lead removes an application: FI-APP-012, FI-APP-002/3."""

from __future__ import annotations

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.kernel.party import Reply
from tests.reference_impl.federation_interconnect.applications import (
    APP,
    OTHER,
    REMOVE,
    STATUS,
    ZONE,
    hosted,
    onboard,
    onboarded,
    ready,
    removing,
    stages,
)
from tests.reference_impl.federation_interconnect.pair import OP2, Side


def deboard(op1: Side, zone: str = ZONE) -> Reply:
    return op1.act("deboard_application", partner=OP2, zone=zone, application=APP)


def test_it_is_forgotten_once_the_host_has_agreed() -> None:
    op1, op2, wire = onboarded(zones=(ZONE, OTHER))
    begun = deboard(op1)
    assert stages(op1) == [(ZONE, "onboarded"), (OTHER, "onboarded")]
    call = op1.only_call()
    want = removing(requestId=call.subject[0], leadOperatorcountry="DE")
    assert isinstance(call.body, m.RemoveApplicationRequest)
    assert (call.operation, call.body.to_json(), dict(call.query)) == (REMOVE, want, want)
    wire.exchange(op1)
    assert (stages(op1), [row[2] for row in hosted(op2)]) == ([(OTHER, "onboarded")], [OTHER])
    assert op1.poll(begun) == ("ok", None)
    assert deboard(op1).status == 404
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == 202


def test_a_refusal_and_a_silence_leave_it_as_it_is() -> None:
    op1, _, _ = onboarded()
    begun = deboard(op1)
    assert deboard(op1).status == 409
    op1.answer(op1.only_call(), 403)
    assert op1.poll(begun) == ("failed", "the partner refuses with 403")
    assert stages(op1) == [(ZONE, "onboarded")]
    begun = deboard(op1)
    said = []
    while op1.calls():
        call = op1.only_call()
        said.append((call.subject, call.due))
        op1.answer(call, 500)
    assert [due for _, due in said] == [0, 1000, 2000, 4000, 8000]
    assert op1.poll(begun) == ("failed", "5 attempts, the last one answered with 500")
    assert stages(op1) == [(ZONE, "onboarded")]
    assert op1.act("deregister_zone", partner=OP2, zones=[ZONE]).status == 409
    again = deboard(op1)
    assert op1.only_call().subject == said[0][0]
    op1.answer(op1.only_call(), 404)
    assert (op1.poll(again), stages(op1)) == (("ok", None), [])


def test_what_is_being_uploaded_is_not_removed() -> None:
    op1, _, _ = ready()
    onboard(op1)
    assert deboard(op1).status == 409


def test_what_surely_is_not_there_is_forgotten_at_once() -> None:
    op1, _, _ = ready()
    onboard(op1)
    op1.answer(op1.only_call(), 400)
    begun = deboard(op1)
    assert (op1.poll(begun), stages(op1), op1.calls()) == (("ok", None), [], [])


def test_an_onboarding_that_is_followed_can_be_removed() -> None:
    op1, op2, wire = ready()
    begun = onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    wire.exchange(op1)
    removal = deboard(op1)
    assert sorted(call.operation for call in op1.calls()) == [REMOVE, STATUS]
    (call,) = [call for call in op1.calls() if call.operation == REMOVE]
    wire.bring(op1, call, wire.carry(op1, call))
    assert (op1.calls(), stages(op1), hosted(op2), op2.jobs()) == ([], [], [], [])
    assert op1.poll(removal) == ("ok", None)
    assert op1.poll(begun) == ("failed", "the application was removed before it was onboarded")


def test_nothing_is_onboarded_while_its_removal_is_undecided() -> None:
    op1, op2, wire = ready()
    begun = onboard(op1)
    wire.until_quiet()
    op2.work()
    wire.exchange(op2)
    wire.exchange(op1)
    removal = deboard(op1)
    (asked,) = [call for call in op1.calls() if call.operation == STATUS]
    op1.answer(asked, 404)
    assert (stages(op1), op1.poll(begun)[0]) == ([(ZONE, "failed")], "failed")
    assert onboard(op1).status == 409
    (call,) = op1.calls()
    op1.answer(call, 404)
    assert op1.poll(removal) == ("ok", None)
    assert onboard(op1).status == 202


def test_a_partner_that_is_removed_takes_what_has_failed_along() -> None:
    op1, _, wire = ready()
    onboard(op1)
    op1.answer(op1.only_call(), 400)
    op1.act("deregister_zone", partner=OP2, zones=[ZONE])
    wire.until_quiet()
    assert stages(op1) == [(ZONE, "failed")]
    op1.act("remove_partner", partner=OP2)
    wire.until_quiet()
    assert stages(op1) == []


def test_a_zone_in_use_is_not_taken_for_one_that_is_not_registered() -> None:
    """After a lost answer 409 would confirm our deregistration; the host says 423 (FI-RACE-012)."""
    op1, _, _ = ready()
    begun = op1.act("deregister_zone", partner=OP2, zones=[ZONE])
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), 423)
    assert op1.poll(begun) == ("failed", "the partner refuses with 423")
    assert [row["zone"] for row in op1.dump()["partner_zones"] if row["registered"]] == [ZONE]
    assert onboard(op1).status == 202  # nothing is in doubt
