"""Steps of what a customer may determine: hints that it must not, and what it reads in the end."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of

VALUES = {"vlanId": 3333, "ipv4Subnet": "169.254.77.0", "mtuBytes": 1400}
"""Inside guidance, and nothing that a negotiator would come to by itself."""


@when(parsers.re(r"a customer wants a connection of the target on interconnect (?P<interconnect>\w+)"))
def wants_interconnect(session: Session, interconnect: str) -> None:
    _with_hint(session, {"interconnect": interconnect})


@when("a customer wants a connection of the target with a VLAN, a subnet and an MTU")
def wants_values(session: Session) -> None:
    _with_hint(session, VALUES)


def _with_hint(session: Session, hint: dict[str, Any]) -> None:
    """CSP A creates, CSP B accepts; the hint goes to the one that is judged."""
    at_issuer = session.target == "csp-a"
    asked = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000, "peer": "csp-b"}
    offered = session.act("csp-a", "offer", **asked, **(hint if at_issuer else {}))
    session.notes["hinted"] = "offer" if at_issuer else "accept"
    if offered.result != "ok":
        return
    key = offered.outputs["activation_key"]
    session.notes.update(uuid=offered.outputs["uuid"], key=key, mbps=1000, environment="env1", issuer="csp-a")
    accepted = session.act(
        "csp-b", "accept", account="X", activation_key=key, consent=True, **({} if at_issuer else hint)
    )
    session.finish(accepted)
    session.settle()


@when("both customers read the connection")
def both_read(session: Session) -> None:
    for seat in ("csp-a", "csp-b"):
        session.act(seat, "read", account="X", uuid=session.notes["uuid"])
        session.observe(seat)


@when(parsers.re(rf"the customer of {SEAT} submits the key although only a smaller size would fit"))
def submits_too_large(session: Session, seat: str) -> None:
    at = seat_of(session, seat)
    session.finish(prologue.accept(session, at))
    if not session.settle():
        raise Unprepared("the parties do not come to rest")


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"what the customer of {SEAT} read names no interconnect and no channel {CHECK}"))
def names_no_hardware(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "read_names_no_hardware", seat_shown=seat_of(session, seat))


@then(parsers.re(rf"the target refused the hint, or the connection went to (?P<interconnect>\w+) {CHECK}"))
def went_to_roomiest(session: Session, interconnect: str, check: str, at: str | None) -> None:
    params = {"seat_asked": session.target, "action": session.notes["hinted"], "roomiest": [interconnect]}
    claim(session, check, at, "hint_of_place_ignored", **params)


@then(parsers.re(rf"the target refused the hint, or the negotiated values are others {CHECK}"))
def other_values(session: Session, check: str, at: str | None) -> None:
    params = {"seat_asked": session.target, "action": session.notes["hinted"], "hinted": VALUES}
    claim(session, check, at, "hint_of_values_ignored", **params)


@then(parsers.re(rf"the key, both copies and both customers' views say the same {CHECK}"))
def say_the_same(session: Session, check: str, at: str | None) -> None:
    params = {name: session.notes[name] for name in ("issuer", "uuid", "mbps", "environment")}
    claim(session, check, at, "same_everywhere", **params)


@then(parsers.re(rf"{SEAT} tells of a failure and makes no smaller connection {CHECK}"))
def no_smaller(session: Session, seat: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    params = {"uuid": session.notes["uuid"], "mbps": session.notes["mbps"]}
    claim(session, check, at, "no_smaller_instead", observe=(asked,), seat_asked=asked, **params)
