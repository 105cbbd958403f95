"""Validate federation, step by step and on every operation: FI-AUTH-003 to -009, FI-PARTNER-002, FI-INPUT-002."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.keys import NO_KEY, opens, seal
from reference_impl.federation_interconnect.validation import UNKNOWN
from reference_impl.kernel.party import Message, Reply
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    arrangement,
    deciding,
    federated,
    pair,
    set_up,
)

ADD, REGISTER, NOTIFY = "POST /operator/partner", "POST /operator/zone", "POST /operator/notify/zone"
ZONE = m.ZoneInfo(zoneId="zone-west-02", geoLocation="1,1", edgeCount=1)
SENDER: Mapping[str, Any] = {
    "requestId": "r-9",
    "destFederationId": OP2,
    "origFederationId": OP1,
    "operator": "operator-one",
    "country": "DE",
}
HOST: Mapping[str, Any] = {
    "requestId": "r-9",
    "destFederationId": OP1,
    "origFederationId": OP2,
    "operator": "operator-two",
    "country": "KR",
}


def _message(operation: str, **changes: Any) -> Message:
    if operation == ADD:
        return m.AddPartnerRequest(**{**SENDER, **changes})
    if operation == REGISTER:
        return m.RegisterZonesRequest(**{**SENDER, "zones": ("zone-east-01",), **changes})
    return m.ZoneSharedRequest(**{**HOST, "partnerZone": ZONE, **changes})


def _ready(operation: str, decisions: Decisions = OPERATOR) -> tuple[Side, str]:
    """A platform on which the operation would succeed, and the key that the sender must use."""
    if operation == ADD:
        _, op2, _ = pair(host=decisions)
        return op2, op2.keys[OP1]
    op1, op2, _ = federated(lead=decisions, host=decisions)
    return (op2, op2.keys[OP1]) if operation == REGISTER else (op1, op1.keys[OP2])


OPERATIONS = (ADD, REGISTER, NOTIFY)
EVERY = pytest.mark.parametrize("operation", OPERATIONS)


@EVERY
def test_the_correct_request_succeeds(operation: str) -> None:
    who, key = _ready(operation)
    before = who.tables.fingerprint()
    assert who.ask(operation, _message(operation), key).status == 200
    assert who.tables.fingerprint() != before


Defect = Callable[[str, str], tuple[Message | None, str | None]]
"""Operation and right key to the defective message and the key presented."""

STRANGER = "federation-of-nobody"


def _changed(**changes: Any) -> Defect:
    return lambda operation, key: (_message(operation, **changes), key)


def _exchanged(operation: str, key: str) -> tuple[Message, str]:
    ends = HOST if operation == NOTIFY else SENDER
    swapped = {"origFederationId": ends["destFederationId"], "destFederationId": ends["origFederationId"]}
    return _message(operation, **swapped), key


DEFECTS: Mapping[str, tuple[Defect, int]] = {
    "no credential": (lambda operation, key: (_message(operation), None), 401),
    "empty credential": (lambda operation, key: (_message(operation), ""), 401),
    "wrong credential": (lambda operation, key: (_message(operation), "wrong-key-123"), 401),
    "one character changed": (lambda operation, key: (_message(operation), key[:-1] + "x"), 401),
    "unknown destination": (_changed(destFederationId=STRANGER), 401),
    "unknown origin": (_changed(origFederationId=STRANGER), 401),
    "ids exchanged": (_exchanged, 401),
    "another operator": (_changed(operator="operator-six"), 403),
    "another country": (_changed(country="FR"), 403),
    "empty operator": (_changed(operator=""), 400),
    "empty country": (_changed(country=""), 400),
    "unassigned country": (_changed(country="USA"), 400),
    "short origin": (_changed(origFederationId="short"), 400),
    "empty destination": (_changed(destFederationId=""), 400),
    "empty requestId": (_changed(requestId=""), 400),
    "long requestId": (_changed(requestId="r" * 257), 400),
    "no body": (lambda operation, key: (None, key), 400),
}


@EVERY
@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_is_refused_without_effect(operation: str, defect: str) -> None:
    who, key = _ready(operation)
    make, status = DEFECTS[defect]
    body, credential = make(operation, key)
    before = who.tables.fingerprint()
    reply = who.ask(operation, body, credential)
    assert reply.status == status
    assert isinstance(reply.body, m.ErrorMessage)
    assert reply.body.message
    assert who.tables.fingerprint() == before
    assert who.calls() == []
    assert "wrong-key-123" not in reply.body.message
    assert who.ask(operation, _message(operation), key).status == 200


@EVERY
def test_the_key_of_another_partner_opens_nothing(operation: str) -> None:
    who, _ = _ready(operation)
    other = who.outputs("expect_partner", **arrangement(OP3))["api_key"]
    assert who.ask(operation, _message(operation), other).status == 401


@EVERY
def test_a_missing_country_is_tolerated_outside_the_add(operation: str) -> None:
    if operation == ADD:
        with pytest.raises(ValueError, match="country"):
            _message(operation, country=None)
        return
    who, key = _ready(operation)
    assert who.ask(operation, _message(operation, country=None), key).status == 200


@EVERY
def test_strangers_learn_nothing(operation: str) -> None:
    """Unknown ids and wrong keys look alike (FI-AUTH-008)."""
    who, key = _ready(operation)
    replies: list[Reply] = [
        who.ask(operation, _message(operation), "wrong-key-123"),
        who.ask(operation, _message(operation, destFederationId=STRANGER), "wrong-key-123"),
        who.ask(operation, _message(operation, origFederationId=STRANGER), "wrong-key-123"),
        who.ask(operation, _message(operation, origFederationId=STRANGER), key),
        who.ask(operation, _message(operation, operator="operator-six"), "wrong-key-123"),
    ]
    assert {(reply.status, str(reply.body)) for reply in replies} == {(401, str(m.ErrorMessage(message=UNKNOWN)))}


VICES: Mapping[str, tuple[dict[str, Any], str]] = {
    "opens to any key": ({"accepts_credential": lambda presented, kept: True}, "wrong credential"),
    "opens to no key": ({"accepts_credential": lambda presented, kept: presented is None}, "no credential"),
    "does not compare the operator": ({"accepts_operator": lambda operator, recorded: True}, "another operator"),
    "does not compare the country": ({"accepts_country": lambda country, recorded: True}, "another country"),
    "takes any destination": ({"accepts_destination": lambda destination, own: True}, "unknown destination"),
}


@pytest.mark.parametrize("vice", VICES)
def test_each_step_is_a_decision_of_its_own(vice: str) -> None:
    """Without its step the defect gets through: the sweep above would see it."""
    change, defect = VICES[vice]
    who, key = _ready(REGISTER)
    worse = deciding(who, **change)
    body, credential = DEFECTS[defect][0](REGISTER, key)
    assert worse.ask(REGISTER, body, credential).status == 200


def test_directions() -> None:
    """V5: the receiver's record must have the role that the operation needs (FI-PARTNER-004/3, FI-ZREG-003/2)."""
    op1, op2, _ = federated()
    notified = m.ZoneSharedRequest(**{**SENDER, "partnerZone": ZONE})
    wanted = m.RegisterZonesRequest(**{**HOST, "zones": ("zone-west-01",)})
    for who, operation, message, key in (
        (op2, NOTIFY, notified, op2.keys[OP1]),
        (op1, REGISTER, wanted, op1.keys[OP2]),
    ):
        before = who.tables.fingerprint()
        assert who.ask(operation, message, key).status == 403
        assert who.tables.fingerprint() == before
        blind = deciding(who, accepts_direction=lambda *each: True)
        assert blind.ask(operation, message, key).status != 403


def test_keys_are_replaced_at_once_and_shown_once() -> None:
    """FI-AUTH-009, -010: roles, zones and registrations stay."""
    op1, op2, _ = federated()
    old, before = op2.keys[OP1], op2.dump()
    new = op2.outputs("rotate_api_key", partner=OP1)["api_key"]
    assert op2.ask(REGISTER, _message(REGISTER), old).status == 401
    assert op2.dump() == before
    assert op2.ask(REGISTER, _message(REGISTER), new).status == 200
    for who in (op1, op2):
        shown = str(who.dump()) + str([who.tables.rows(table) for table in who.party.schema])
        assert all(key not in shown for key in (old, new, *op1.keys.values(), *op2.keys.values()))


@pytest.mark.parametrize("key", ["short", "k" * 129])
def test_an_impossible_key_is_not_stored(key: str) -> None:
    op1, _, _ = federated()
    assert op1.act("set_partner_api_key", partner=OP2, api_key=key).status == 422
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    assert op1.only_call().credential == "key-2-of-op2"


def test_a_replaced_key_is_used_from_the_next_call_on() -> None:
    """FI-AUTH-010/2: it fails without change of state, then succeeds."""
    op1, op2, wire = federated()
    new = op2.outputs("rotate_api_key", partner=OP1)["api_key"]
    before = op1.dump()
    first = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    assert op1.poll(first) == ("failed", "the partner refuses with 401")
    assert op1.dump() == before
    op1.outputs("set_partner_api_key", partner=OP2, api_key=new)
    second = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    assert op1.poll(second) == ("ok", None)


@EVERY
def test_a_partner_belongs_to_one_federation_of_ours(operation: str) -> None:
    """Another federation of the same platform is not the one that it is bound to (FI-AUTH-004)."""
    who, key = _ready(operation)
    assert set_up(who, federation="second-federation").status == 200
    before = who.tables.fingerprint()
    assert who.ask(operation, _message(operation, destFederationId="second-federation"), key).status == 401
    assert who.tables.fingerprint() == before


def test_an_absent_key_opens_nothing() -> None:
    assert opens("a-real-key", seal("a-real-key", "salt"))
    assert not opens("", seal("", "salt"))
    assert not opens(None, seal("", "salt"))
    assert not opens("", NO_KEY)
