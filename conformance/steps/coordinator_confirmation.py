"""Steps around ConfirmActivationKey: the harness brings keys to their issuer in its peer's name, true ones and others."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.keys import altered, encoded, members_of
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.view import Exchange

RANDOM_UUID = "6f1f7b7e-3d0a-4f4e-9a35-0c6a6c4f0d11"
"""Seconds that a key lives (CC-ERR-20: seven days where nothing else is declared)."""


def present(session: Session, caller: str, body: dict[str, Any], environment: str | None = None) -> Exchange:
    """ConfirmActivationKey by hand; remembered in ``presented``, the newest last."""
    exchange = session.send(
        caller,
        session.notes["issuer"],
        "ConfirmActivationKey",
        {"provider": caller, "environment": environment or session.notes["environment"]},
        json=body,
    )
    session.notes.setdefault("presented", []).append(exchange.request.exchange)
    return exchange


def begin(session: Session) -> None:
    """A new group of presented keys: what a claim judges."""
    session.notes["presented"] = []


@when(parsers.re(rf"{SEAT} presents the key"))
def presents(session: Session, seat: str) -> None:
    begin(session)
    present(session, seat_of(session, seat), {"encodedKey": session.notes["key"]})


@when(parsers.re(rf"{SEAT} presents the key once more"))
def presents_again(session: Session, seat: str) -> None:
    begin(session)
    session.observe(session.notes["issuer"])
    present(session, seat_of(session, seat), {"encodedKey": session.notes["key"]})
    session.observe(session.notes["issuer"])


@given(parsers.re(rf"{SEAT} has had the key confirmed"))
def has_confirmed(session: Session, seat: str) -> None:
    if not prologue.confirm_by_hand(session, seat_of(session, seat)).succeeded:
        raise Unprepared("the issuer does not answer the confirmation of its own key")


@when(parsers.re(rf"{SEAT} presents the key under (?P<environment>[\w-]+)"))
def presents_elsewhere(session: Session, seat: str, environment: str) -> None:
    begin(session)
    present(session, seat_of(session, seat), {"encodedKey": session.notes["key"]}, environment)


@when(parsers.re(rf"{SEAT} presents the text %%% and a truncated key"))
def presents_unreadable(session: Session, seat: str) -> None:
    begin(session)
    key = session.notes["key"]
    for text in ("%%%", key[: len(key) // 2], key[:-5]):
        present(session, seat_of(session, seat), {"encodedKey": text})


@when(parsers.re(rf"{SEAT} presents only the deprecated key object, with the right members"))
def presents_object(session: Session, seat: str) -> None:
    begin(session)
    present(session, seat_of(session, seat), {"key": members_of(session.notes["key"])})


@when(parsers.re(rf"{SEAT} presents the key and beside it a different key object"))
def presents_both(session: Session, seat: str) -> None:
    begin(session)
    key = session.notes["key"]
    present(
        session, seat_of(session, seat), {"encodedKey": key, "key": members_of(key) | {"connectionSizeMbps": 10000}}
    )


@when(parsers.re(rf"{SEAT} presents neither encodedKey nor key"))
def presents_none(session: Session, seat: str) -> None:
    begin(session)
    present(session, seat_of(session, seat), {})


@when(parsers.re(rf"{SEAT} presents the key altered, one member at a time"))
def presents_altered(session: Session, seat: str, datatable: list[list[str]]) -> None:
    """The table names members and their other values; whole numbers are numbers."""
    begin(session)
    for name, value in datatable[1:]:
        change: dict[str, Any] = {name: int(value) if value.isdigit() else value}
        present(session, seat_of(session, seat), {"encodedKey": altered(session.notes["key"], **change)})


@when(parsers.re(rf"{SEAT} presents the key with a random UUID"))
def presents_unknown(session: Session, seat: str) -> None:
    begin(session)
    key = altered(session.notes["key"], sharedConnectionUuid=RANDOM_UUID)
    present(session, seat_of(session, seat), {"encodedKey": key})


@when(parsers.re(rf"{SEAT} presents a key that nobody issued and the withdrawn one"))
def presents_unknown_and_withdrawn(session: Session, seat: str) -> None:
    begin(session)
    caller = seat_of(session, seat)
    unknown = encoded(members_of(session.notes["key"]) | {"sharedConnectionUuid": RANDOM_UUID})
    for key in (unknown, session.notes["key"]):
        present(session, caller, {"encodedKey": key})


@when(parsers.re(r"a third partner presents the key under its own prefix"))
def stranger_presents(session: Session) -> None:
    begin(session)
    present(session, "csp-c", {"encodedKey": session.notes["key"]})


def _lifetime(session: Session) -> int:
    """Milliseconds for which a key holds, as the issuer declares it (CC-ERR-20)."""
    return int(session.stage.declared("key_lifetime")) * 1000


@given(parsers.re(r"the lifetime of the key is over"))
def lifetime_over(session: Session) -> None:
    session.pass_time(_lifetime(session))


@given(parsers.re(r"one second is left of the lifetime of the key"))
def lifetime_nearly_over(session: Session) -> None:
    issued = session.stage.wire.trace[session.since].at
    passed = session.stage.clock.now() - issued
    session.pass_time(_lifetime(session) - 1000 - passed)


@when(parsers.re(rf"{SEAT} creates the connection on (?P<interconnect>\w+)"))
def creates_by_hand(session: Session, seat: str, interconnect: str) -> None:
    created = prologue.create_by_hand(session, seat_of(session, seat), interconnect)
    session.notes.update(created=created.request.exchange, interconnect=interconnect)


@given(parsers.re(rf"{SEAT} has created the connection on (?P<interconnect>\w+)"))
def has_created(session: Session, seat: str, interconnect: str) -> None:
    created = prologue.create_by_hand(session, seat_of(session, seat), interconnect)
    if not created.succeeded:
        raise Unprepared(f"the connection is not taken: {created.told()}")
    session.notes["interconnect"] = interconnect


@given(parsers.re(rf"customers of {SEAT} hold 2 activation keys for (?P<mbps>\d+) Mbps in (?P<environment>\w+)"))
def two_keys(session: Session, seat: str, mbps: str, environment: str) -> None:
    issuer = seat_of(session, seat)
    session.notes["keys"] = [prologue.offer(session, issuer, int(mbps), environment) for _ in range(2)]


@when(parsers.re(rf"{SEAT} presents both keys, listing the connections before and after"))
def presents_two(session: Session, seat: str) -> None:
    begin(session)
    caller = seat_of(session, seat)
    session.notes["before"] = _lists(session, caller)
    for made in session.notes["keys"]:
        present(session, caller, {"encodedKey": made["key"]})
    session.notes["after"] = _lists(session, caller)


@when(parsers.re(rf"{SEAT} creates both connections on (?P<interconnect>\w+)"))
def creates_two(session: Session, seat: str, interconnect: str) -> None:
    created = []
    for made in session.notes["keys"]:
        session.notes.update(made)
        created.append(prologue.create_by_hand(session, seat_of(session, seat), interconnect).request.exchange)
    session.notes["created-both"] = created


def _lists(session: Session, caller: str) -> list[str]:
    """ListConnections of every interconnect that the peer shows; the exchanges."""
    server, place = prologue.OTHER[caller], {"provider": caller, "environment": session.notes["environment"]}
    shown = session.send(caller, server, "ListInterconnects", place)
    rows = (shown.response.body or {}).get("interconnects", []) if shown.response else []
    ids = [str(row["name"]).rpartition("/")[2] for row in rows]
    if not ids:
        raise Unprepared(f"{server} lists no interconnects: {shown.told()}")
    lists = [session.send(caller, server, "ListConnections", place | {"interconnect": each}) for each in ids]
    return [each.request.exchange for each in lists]


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"{SEAT} answers keyValid true {CHECK}"))
def answers_true(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "key_confirmed", exchange=session.notes["presented"][-1])


@then(parsers.re(rf"{SEAT} does not confirm {CHECK}"))
def does_not_confirm(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "keys_not_confirmed", exchanges=session.notes["presented"])


@then(parsers.re(rf"{SEAT} refuses the question {CHECK}"))
def refuses_question(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "keys_not_confirmed", exchanges=session.notes["presented"], refusal=True)


@then(parsers.re(rf"{SEAT} confirms, or does not support this form {CHECK}"))
def confirms_or_not(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "key_confirmed_or_unsupported", exchange=session.notes["presented"][-1])


@then(parsers.re(rf"{SEAT} does not confirm, or compares the five members {CHECK}"))
def compares_members(session: Session, seat: str, check: str, at: str | None) -> None:
    """CC-ERR-02: whether a re-serialised key with equal members is confirmed is the issuer's choice."""
    claim(session, check, at, "key_confirmed_or_unsupported", exchange=session.notes["presented"][-1])


@then(parsers.re(rf"{SEAT} does not tell which of the two is withdrawn {CHECK}"))
def does_not_tell(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "verdicts_tell_nothing", exchanges=session.notes["presented"])


@then(parsers.re(rf"{SEAT} answers the question without side effect {CHECK}"))
def no_side_effect(session: Session, seat: str, check: str, at: str | None) -> None:
    params = {"provider": seat_of(session, seat), "exchange": session.notes["presented"][-1]}
    claim(session, check, at, "answered_without_effect", **params)


@then(parsers.re(rf"{SEAT} refuses the repetition with 409 and holds one connection {CHECK}"))
def repetition_refused(session: Session, seat: str, check: str, at: str | None) -> None:
    server = seat_of(session, seat)
    caller = prologue.OTHER[server]
    path = prologue.connection_path(session, caller, session.notes["interconnect"])
    uuid = path.pop("connection")
    listing = session.send(caller, server, "ListConnections", path).request.exchange
    params = {"exchange": session.notes["created"], "listing": listing, "uuid": uuid}
    claim(session, check, at, "create_repeated_in_vain", **params)


@then(parsers.re(rf"{SEAT} has decided the creation wholly {CHECK}"))
def decided_wholly(session: Session, seat: str, check: str, at: str | None) -> None:
    server = seat_of(session, seat)
    caller = prologue.OTHER[server]
    path = prologue.connection_path(session, caller, session.notes["interconnect"])
    read = session.send(caller, server, "GetConnection", path).request.exchange
    claim(session, check, at, "create_decided_wholly", exchange=session.notes["created"], read=read)


@then(parsers.re(rf"{SEAT} judged both keys and its lists of connections are unchanged {CHECK}"))
def no_room_taken(session: Session, seat: str, check: str, at: str | None) -> None:
    notes = session.notes
    params = {"confirms": notes["presented"], "before": notes["before"], "after": notes["after"]}
    claim(session, check, at, "confirming_takes_no_room", **params)


@then(parsers.re(rf"{SEAT} takes one of the two and answers 409 to the other {CHECK}"))
def one_of_two(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "one_created_one_refused", exchanges=session.notes["created-both"])
