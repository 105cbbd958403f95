"""Steps of milestone 1 at the issuer: a customer creates a connection and is handed its activation key."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Result, Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of

MADE_UP = "00000000-0000-4000-8000-000000000000"


def ask(session: Session, seat: str, inputs: dict[str, Any], observed: bool = True) -> Result:
    """A customer asks ``seat`` for a connection; the state is observed before, for claims that nothing was kept."""
    if observed:
        session.observe(seat)
    asked = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000, "peer": prologue.OTHER[seat]}
    asked |= inputs
    result = session.act(seat, "offer", **{name: value for name, value in asked.items() if value is not None})
    session.notes.update(issuer=seat, mbps=asked["mbps"], environment=asked["environment"], asked=1)
    if result.result == "ok":
        session.notes.update(key=result.outputs["activation_key"], uuid=result.outputs["uuid"])
    return result


@when(parsers.re(rf"customer (?P<account>[XYZS]) asks {SEAT} for (?P<mbps>-?\d+) Mbps in (?P<environment>[\w-]+)"))
def asks(session: Session, account: str, seat: str, mbps: str, environment: str) -> None:
    ask(session, seat_of(session, seat), {"account": account, "environment": environment, "mbps": int(mbps)})


@when(
    parsers.re(
        rf"customer X asks {SEAT} for (?P<mbps>\d+) Mbps in (?P<environment>\w+) towards account (?P<remote>\w+)"
    )
)
def asks_towards(session: Session, seat: str, mbps: str, environment: str, remote: str) -> None:
    ask(session, seat_of(session, seat), {"remote_account": remote, "environment": environment, "mbps": int(mbps)})


@when(parsers.re(rf"an unauthenticated caller asks {SEAT} for a connection"))
def nobody_asks(session: Session, seat: str) -> None:
    ask(session, seat_of(session, seat), {"account": None})


@when(parsers.re(rf"customer X asks {SEAT} without remote account, without environment and without bandwidth in turn"))
def asks_for_less(session: Session, seat: str) -> None:
    for missing in ("remote_account", "environment", "mbps"):
        ask(session, seat_of(session, seat), {missing: None}, observed=missing == "remote_account")
    session.notes["asked"] = 3


@when(parsers.re(rf"customer X asks {SEAT} in (?P<environment>\w+) for each of (?P<sizes>[-\d, ]+) Mbps"))
def asks_for_each(session: Session, seat: str, environment: str, sizes: str) -> None:
    wanted = [int(size) for size in sizes.split(",")]
    for number, mbps in enumerate(wanted):
        ask(session, seat_of(session, seat), {"environment": environment, "mbps": mbps}, observed=number == 0)
    session.notes["asked"] = len(wanted)


@when(parsers.re(rf"customer X creates (?P<number>\d+) connections at {SEAT}"))
def creates_many(session: Session, number: str, seat: str) -> None:
    for _ in range(int(number)):
        ask(session, seat_of(session, seat), {}, observed=False)
    session.notes["asked"] = int(number)


@given(parsers.re(rf"customer X of {SEAT} may have (?P<quota>\d+) connections? and has (?P<has>\d+)"))
def quota(session: Session, seat: str, quota: str, has: str) -> None:
    at = seat_of(session, seat)
    if session.act(at, "set_quota", account="X", connections=int(quota)).result != "ok":
        raise Unprepared(f"{at} takes no quota for account X")
    for _ in range(int(has)):
        prologue.offer(session, at)


@given(parsers.re(rf"all room of {SEAT} in env1 is taken by connections of (?P<mbps>\d+) Mbps on (?P<places>[\w, ]+)"))
def room_taken(session: Session, seat: str, mbps: str, places: str) -> None:
    """One connection on each named interconnect, by hand; all keys are issued first (preparation rule 1)."""
    issuer = seat_of(session, seat)
    offered = [prologue.offer(session, issuer, int(mbps)) for _ in places.split(",")]
    caller = prologue.OTHER[issuer]
    for place, made in zip(places.split(","), offered, strict=True):
        session.notes.update(made)
        prologue.confirm_by_hand(session, caller)
        if not prologue.create_by_hand(session, caller, place.strip()).succeeded:
            raise Unprepared(f"{issuer} does not take the connection that is to fill {place}")


@when(parsers.re(rf"the customer of {SEAT} reads the connection"))
def customer_reads_it(session: Session, seat: str) -> None:
    at = seat_of(session, seat)
    session.act(at, "read", account="X", uuid=session.notes["uuid"])
    session.observe(at)


@when(parsers.re(rf"the customer of {SEAT} withdraws the connection before it is placed"))
def withdraws(session: Session, seat: str) -> None:
    ended = session.finish(session.act(seat_of(session, seat), "delete", account="X", uuid=session.notes["uuid"]))
    if ended.result != "ok":
        raise Unprepared(f"the customer cannot withdraw the connection: {ended.answered.reason or ended.result}")


# --- claims -------------------------------------------------------------------------------------------------------


@then(
    parsers.re(rf"{SEAT} hands out an activation key for (?P<mbps>\d+) Mbps in (?P<environment>\w+) {CHECK}"),
)
def hands_out(session: Session, seat: str, mbps: str, environment: str, check: str, at: str | None) -> None:
    shown = seat_of(session, seat)
    claim(session, check, at, "key_issued", seat_asked=shown, mbps=int(mbps), environment=environment)


@then(parsers.re(rf"{SEAT} refuses, hands out no key and keeps nothing {CHECK}"))
def refuses(session: Session, seat: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.observe(asked)
    claim(session, check, at, "offers_refused", seat_asked=asked, number=session.notes["asked"])


@then(parsers.re(rf"the key and the pending connection at {SEAT} name (?P<environment>\w+) {CHECK}"))
def both_name(session: Session, seat: str, environment: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    claim(session, check, at, "key_and_connection_in", observe=(asked,), seat_asked=asked, environment=environment)


@then(parsers.re(rf"the customer of {SEAT} was told that it is (?P<state>pending|established|failed) {CHECK}"))
def was_told(session: Session, seat: str, state: str, check: str, at: str | None) -> None:
    claim(session, check, at, "customer_told", seat_asked=seat_of(session, seat), state=state)


@then(parsers.re(rf"the (?P<number>\d+) keys of {SEAT} and their UUIDs all differ {CHECK}"))
def all_differ(session: Session, number: str, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "keys_differ", seat_asked=seat_of(session, seat), number=int(number))


@then(
    parsers.re(
        rf"the key of {SEAT} states version 1, (?P<environment>\w+), a UUID, (?P<mbps>\d+) Mbps"
        rf" and account (?P<account>\w+) {CHECK}"
    )
)
def states(session: Session, seat: str, environment: str, mbps: str, account: str, check: str, at: str | None) -> None:
    asked = {"mbps": int(mbps), "environment": environment, "account": account}
    claim(session, check, at, "key_states", seat_asked=seat_of(session, seat), **asked)


@then(parsers.re(rf"the key of {SEAT} holds no credential, interconnect, channel or BGP detail {CHECK}"))
def holds_no_more(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "key_holds_no_more", seat_asked=seat_of(session, seat))


@then(parsers.re(rf"the key of {SEAT} is base64 text of the serialised key {CHECK}"))
def is_base64(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "key_is_base64", seat_asked=seat_of(session, seat))


@then(parsers.re(rf"{SEAT} stays silent toward its peer about the connection {CHECK}"))
def stays_silent(session: Session, seat: str, check: str, at: str | None) -> None:
    shown = seat_of(session, seat)
    session.check_in_the_end(check, "silent_about", seat=at, seat_asked=shown, uuid=session.notes["uuid"])


# --- private environments -----------------------------------------------------------------------------------------


@when(parsers.re(rf"customer (?P<account>[XYZS]) asks {SEAT} what it offers"))
def asks_what_it_offers(session: Session, account: str, seat: str) -> None:
    session.act(seat_of(session, seat), "offers", account=account)


@then(parsers.re(rf"{SEAT} offered (?P<environment>\w+) and hands out a key {CHECK}"))
def offered(session: Session, seat: str, environment: str, check: str, at: str | None) -> None:
    claim(session, check, at, "environment_sold", seat_asked=seat_of(session, seat), environment=environment)


@then(parsers.re(rf"{SEAT} did not offer (?P<environment>\w+), refuses and keeps nothing {CHECK}"))
def not_offered(session: Session, seat: str, environment: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.observe(asked)
    claim(session, check, at, "environment_withheld", seat_asked=asked, environment=environment)
