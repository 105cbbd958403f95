"""Steps of proposals by hand that lack something: the ID, a name, a place, a body, or a validated key."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.view import Exchange

STRANGE_UUID = "1c0f4be2-9a4b-4c7e-8d59-0a9a3c6b7e55"


def propose(
    session: Session,
    caller: str,
    *,
    uuid: str | None = None,
    environment: str | None = None,
    interconnect: str = "ix1",
    raw: bytes | None = None,
    **body: Any,
) -> Exchange:
    """CreateConnection by hand; ``body`` replaces members of the right one (None leaves one out), ``uuid`` "" the ID."""
    path = prologue.connection_path(session, caller, interconnect)
    path["environment"] = environment or path["environment"]
    named = path.pop("connection") if uuid is None else uuid
    members = {"bandwidthMbps": session.notes["mbps"], "activationKey": session.notes["key"]} | body
    exchange = session.send(
        caller,
        prologue.OTHER[caller],
        "CreateConnection",
        path,
        query=None if named == "none at all" else {"connectionId": named},
        json=None if raw is not None else {name: value for name, value in members.items() if value is not None},
        raw=raw,
    )
    session.notes.setdefault("proposed", []).append(exchange.request.exchange)
    return exchange


def begin(session: Session, caller: str) -> None:
    session.notes["proposed"] = []
    session.observe(prologue.OTHER[caller])


@when(parsers.re(rf"{SEAT} proposes the connection without connectionId and with an empty one"))
def without_id(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    for uuid in ("none at all", ""):
        propose(session, caller, uuid=uuid)


@when(parsers.re(rf"{SEAT} proposes the connection on ix1 under a name on ix2 in the body"))
def other_name(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    path = prologue.connection_path(session, caller, "ix2")
    name = (
        "providers/{provider}/environments/{environment}/interconnects/{interconnect}/connections/{connection}".format(
            **path
        )
    )
    propose(session, caller, name=name)
    read = session.send(caller, prologue.OTHER[caller], "GetConnection", path)
    session.notes["elsewhere"] = read.request.exchange


@when(parsers.re(rf"{SEAT} proposes the connection on an interconnect and in an environment that do not exist"))
def nowhere(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    propose(session, caller, interconnect="ix-nowhere")
    propose(session, caller, environment="env-nowhere")


@when(
    parsers.re(rf"{SEAT} proposes the connection with bodies that are empty, no JSON, or lack a bandwidth in numbers")
)
def bad_bodies(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    for raw in (b"", b"{", b"not json", b"[]", b'"1000"'):
        propose(session, caller, raw=raw)
    for mbps in (None, "1000", "lots", {"mbps": 1000}):
        propose(session, caller, bandwidthMbps=mbps)


@when(parsers.re(rf"{SEAT} proposes a connection with a UUID that was never issued"))
def never_issued(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    propose(session, caller, uuid=STRANGE_UUID)
    propose(session, caller, uuid=STRANGE_UUID, activationKey=None)


@when(parsers.re(rf"{SEAT} proposes the connection with (?P<mbps>\d+) Mbps"))
def other_bandwidth(session: Session, seat: str, mbps: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    propose(session, caller, bandwidthMbps=int(mbps))


@when(parsers.re(rf"{SEAT} proposes the connection on (?P<interconnect>\w+) of (?P<environment>\w+)"))
def other_environment(session: Session, seat: str, interconnect: str, environment: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    propose(session, caller, interconnect=interconnect, environment=environment)


@when(parsers.re(rf"{SEAT} proposes the connection (?P<how>without|with) its activation key in the body"))
def key_in_body(session: Session, seat: str, how: str) -> None:
    caller = seat_of(session, seat)
    begin(session, caller)
    key = session.notes["key"] if how == "with" else None
    propose(session, caller, activationKey=key)


@when(parsers.re(rf"{SEAT} proposes the connection with the activation key of another one"))
def key_of_another(session: Session, seat: str) -> None:
    caller = seat_of(session, seat)
    first = {name: session.notes[name] for name in ("uuid", "key")}
    other = prologue.offer(session, prologue.OTHER[caller], session.notes["mbps"], session.notes["environment"])
    prologue.confirm_by_hand(session, caller)
    session.notes.update(first)
    begin(session, caller)
    propose(session, caller, activationKey=other["key"])


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"{SEAT} refuses each proposal and stores nothing {CHECK}"))
def refuses_each(session: Session, seat: str, check: str, at: str | None) -> None:
    params = {"provider": seat_of(session, seat), "exchanges": session.notes["proposed"]}
    claim(session, check, at, "each_refused_without_effect", observe=(params["provider"],), **params)


@then(parsers.re(rf"{SEAT} takes the connection {CHECK}"))
def takes(session: Session, seat: str, check: str, at: str | None) -> None:
    last = session.notes["created"] if "created" in session.notes else session.notes["proposed"][-1]
    claim(session, check, at, "answered_with", exchange=last, members={"bandwidthMbps": session.notes["mbps"]})


@then(parsers.re(rf"{SEAT} refuses the proposal, or takes it under the name of path and query {CHECK}"))
def name_of_path(session: Session, seat: str, check: str, at: str | None) -> None:
    place = f"interconnects/ix1/connections/{session.notes['uuid']}"
    params = {"exchange": session.notes["proposed"][-1], "elsewhere": session.notes["elsewhere"], "place": place}
    claim(session, check, at, "named_by_path", **params)


@then(parsers.re(rf"{SEAT} refuses the proposal, or takes the key for its validation {CHECK}"))
def validated_by_key(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "refused_or_validated", exchange=session.notes["proposed"][-1])
