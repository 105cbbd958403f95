"""Steps of key material: the harness sends secrets that can be found again, and asks for errors and for the log."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.keys import altered
from conformance.players import Untested
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_security import MANAGED
from conformance.view import Exchange

CAK = "c0ffee00c0ffee00c0ffee00c0ffee00"
PASSWORD = "a-password-to-find-again"


def _proposal(session: Session, channel: str, number: int, **changes: Any) -> dict[str, Any]:
    return prologue.proposal(
        session, prologue.OTHER[session.target], channel, number, md5BgpPassword=PASSWORD, **changes
    )


def _feature(session: Session, channel: str, body: Any, feature: str) -> Exchange:
    return prologue.feature_by_hand(session, prologue.OTHER[session.target], channel, body, feature)


@when("its peer proposes a feature with a BGP password, and what clashes with it")
def proposes_with_password(session: Session) -> None:
    """The same values once more, the same id once more, values outside guidance, and the same values for another
    connection."""
    sent = [_feature(session, "ch1", _proposal(session, "ch1", 1), "f-ch1")]
    sent += [
        _feature(session, "ch1", _proposal(session, "ch1", 1), "f-again"),
        _feature(session, "ch1", _proposal(session, "ch1", 2), "f-ch1"),
        _feature(session, "ch2", _proposal(session, "ch2", 3, mtuBytes=1), "f-ch2"),
        _feature(session, "ch2", _proposal(session, "ch2", 3, vlanId=[PASSWORD]), "f-ch2"),
    ]
    prologue.place_by_hand(session, session.target, session.notes["interconnect"])
    sent.append(_feature(session, "ch1", _proposal(session, "ch1", 1), "f-ch1"))
    session.notes["with-password"] = [each.request.exchange for each in sent]


@when("its peer sends the target an activation key, a CAK and a BGP password, rightly and wrongly")
def sends_secrets(session: Session) -> None:
    _keys(session)
    _caks(session)
    proposes_with_password(session)


def _keys(session: Session) -> None:
    """Confirmed, altered, of a wrong type, in half a document and in the query."""
    peer, key = prologue.OTHER[session.target], session.notes["key"]
    path = {"provider": peer, "environment": session.notes["environment"]}

    def confirm(**how: Any) -> None:
        session.send(peer, session.target, "ConfirmActivationKey", path, **how)

    confirm(json={"encodedKey": key})
    confirm(json={"encodedKey": altered(key, connectionSizeMbps=10_000)})
    confirm(json={"encodedKey": [key]})
    confirm(raw=json.dumps({"encodedKey": key}).encode()[:-1])
    session.send(peer, session.target, "ListInterconnects", path, query={"pageToken": key, "pageSize": key})
    prologue.create_by_hand(session, peer, "ix2", body={"bandwidthMbps": 1000, "activationKey": key})
    wrong = altered(key, destinationAccountId="nobody")
    prologue.create_by_hand(session, peer, "ix2", body={"bandwidthMbps": 1000, "activationKey": wrong})
    prologue.create_by_hand(session, peer, "ix2", body={"bandwidthMbps": key, "activationKey": key})


def _caks(session: Session) -> None:
    """Handed over, once more, without its name, of a wrong type and in half a document."""
    peer = prologue.OTHER[session.target]
    path = {
        "provider": peer,
        "environment": session.notes["environment"],
        "interconnect": session.notes["interconnect"],
        "channel": MANAGED[peer],
    }

    def hand_over(**how: Any) -> None:
        session.send(peer, session.target, "CreateMacSecKey", path, query={"macSecKeyId": "key-to-find"}, **how)

    hand_over(json={"cak": CAK, "ckn": "0123456789abcdef"})
    hand_over(json={"cak": CAK, "ckn": "0123456789abcdef"})
    hand_over(json={"cak": CAK})
    hand_over(json={"cak": {"is": CAK}, "ckn": [CAK]})
    hand_over(raw=json.dumps({"cak": CAK, "ckn": "0123456789abcdef"}).encode()[:-1])


@when("the operator of the target reads its log")
def reads_log(session: Session) -> None:
    """Where no log is offered the errors remain."""
    with contextlib.suppress(Untested):
        session.act(session.target, "logs")


@then(parsers.re(rf"the feature with the password is agreed {CHECK}"))
def is_agreed(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["with-password"][0], statuses=[200])


@then(parsers.re(rf"no error and no log of the target repeats any of them {CHECK}"))
def repeats_none(session: Session, check: str, at: str | None) -> None:
    kinds = ["activation-key", "cak", "bgp-password"]
    claim(session, check, at, "key_material_untold", seat_shown=session.target, kinds=kinds)


@then(parsers.re(rf"no error and no log of the target repeats the BGP password {CHECK}"))
def repeats_no_password(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "key_material_untold", seat_shown=session.target, kinds=["bgp-password"])
