"""Steps of MACsec keys: the harness hands keys over, reads and deletes them in its peer's name, and watches rotations.

"Its first channel" is a channel whose keys the speaker manages (coordinator-harness, section 5: ch1 and ch2 csp-a, ch3
and ch4 csp-b). "K1" is a key that the harness makes, with an ID of its own in every scenario; "the first key" is the one
that was active when the scenario began. ``answer`` is the newest exchange.
"""

from __future__ import annotations

import hashlib
from typing import Any

from pytest_bdd import given, parsers, when

from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.view import Exchange, TraceView

CHANNELS = {"csp-a": ("ch1", "ch2"), "csp-b": ("ch3", "ch4")}
MINUTE = 60_000
CHANNEL = r"(?P<whose>the target's|its) (?P<which>first|second) channel(?: of (?P<interconnect>ix\d))?"
KEY = r'the (?:key "(?P<key>K\d)"|(?P<first>first) key)'
WITHIN = 5 * MINUTE
"""How long a target may take from the decision to rotate to the hand-over, and until a router uses a key."""


def channel_of(session: Session, whose: str, which: str) -> str:
    """``its``: of the target's peer."""
    manager = session.target if whose == "the target's" else OTHER[session.target]
    return CHANNELS[manager][which == "second"]


def key_id(session: Session, key: str) -> str:
    book: dict[str, str] = session.notes.setdefault("macsec", {})
    return book.setdefault(key, f"{key.lower()}-{session.stage.clock.now()}")


def material(key: str) -> dict[str, str]:
    """A 256-bit CAK and a CKN, of this key's own."""
    cak, ckn = (hashlib.sha256(f"{part} {key}".encode()).hexdigest() for part in ("cak", "ckn"))
    return {"cak": cak, "ckn": ckn}


def path(session: Session, channel: str, interconnect: str | None = None) -> dict[str, str]:
    return {
        "provider": OTHER[session.target],
        "environment": "env1",
        "interconnect": interconnect or "ix1",
        "channel": channel,
    }


def call(
    session: Session, operation: str, channel: str, interconnect: str | None = None, key: str = "", **how: Any
) -> Exchange:
    """Any operation in the peer's name; remembered as ``answer``."""
    where = path(session, channel, interconnect) | ({"macSecKey": key} if key else {})
    answer = session.send(OTHER[session.target], session.target, operation, where, **how)
    session.notes["answer"] = answer
    return answer


def listed(session: Session, channel: str, interconnect: str | None = None) -> Exchange:
    """The keys of a channel, read in passing."""
    answer = session.notes.get("answer")
    seen = call(session, "ListMacSecKeys", channel, interconnect)
    session.notes["answer"] = answer
    return seen


def first_key(session: Session, channel: str, interconnect: str | None = None) -> str:
    """The key that was active at the beginning."""
    book: dict[str, str] = session.notes.setdefault("first", {})
    where = f"{interconnect or 'ix1'}/{channel}"
    if where not in book:
        body = (seen := listed(session, channel, interconnect)).response and seen.response.body
        active = [each["name"] for each in (body or {}).get("macSecKeys", ()) if each.get("active")]
        if len(active) != 1:
            raise Unprepared(f"want one active key on {where} at the beginning, got {len(active)}")
        book[where] = active[0].rpartition("/")[2]
    return book[where]


def hand_over(session: Session, key: str, channel: str, interconnect: str | None = None, **more: Any) -> Exchange:
    session.notes.update(channel=channel, key_id=key, asked_at=session.stage.clock.now())
    body = material(key) | more
    return call(session, "CreateMacSecKey", channel, interconnect, query={"macSecKeyId": key}, json=body)


def made(session: Session, operation: str) -> list[Exchange]:
    """The target's own calls so far."""
    view = TraceView(session.stage.wire.trace[session.since :])
    return view.exchanges(operation, sender=session.target, ours=False)


# --- given and when -----------------------------------------------------------------------------------------------


@when(parsers.re(r"(?P<minutes>\d+) minutes pass"))
def minutes_pass(session: Session, minutes: str) -> None:
    session.pass_time(int(minutes) * MINUTE)


@when(parsers.re(rf'its peer hands over the key "(?P<key>K\d)" for {CHANNEL}'))
def hands_over(session: Session, key: str, whose: str, which: str, interconnect: str | None) -> None:
    channel = channel_of(session, whose, which)
    if (interconnect or "ix1") == "ix1":
        first_key(session, channel) if session.notes.get("inventory") == "macsec-split" else None
    session.notes["handed"] = session.notes.get("answer")
    hand_over(session, key_id(session, key), channel, interconnect)


@when(parsers.re(r'its peer hands over the key "K1" of the year 2000, active, for its first channel'))
def hands_over_old(session: Session) -> None:
    channel = channel_of(session, "its", "first")
    hand_over(session, key_id(session, "K1"), channel, startTime="2000-01-01T00:00:00Z", active=True)


@when("its peer hands over the first key's ID for its first channel")
def hands_over_used(session: Session) -> None:
    channel = channel_of(session, "its", "first")
    hand_over(session, first_key(session, channel), channel)


_WRONG: dict[str, dict[str, Any]] = {
    "a key without an ID": {},
    "a key without a CAK": {"cak": None},
    "a key without a CKN": {"ckn": None},
    "a key with an odd CAK": {"cak": "abcdef0123456789" * 2 + "abc"},
    "a key with a CAK of letters": {"cak": "no-hexadecimal-digits-but-32-ch."},
    "a key with a CKN of letters": {"ckn": "no-hexadecimal-digits"},
}


@when(parsers.re(rf"its peer hands over (?P<what>{'|'.join(_WRONG)}) for its first channel"))
def hands_over_wrong(session: Session, what: str) -> None:
    channel, id = channel_of(session, "its", "first"), key_id(session, "K1")
    session.notes.update(channel=channel, first_id=first_key(session, channel))
    body = {name: value for name, value in (material(id) | _WRONG[what]).items() if value is not None}
    query = {} if what == "a key without an ID" else {"macSecKeyId": id}
    call(session, "CreateMacSecKey", channel, query=query, json=body)


@when(parsers.re(rf"its peer deletes {KEY} of {CHANNEL}$"))
def deletes(
    session: Session, key: str | None, first: str | None, whose: str, which: str, interconnect: str | None
) -> None:
    channel = channel_of(session, whose, which)
    id = key_id(session, key) if key else first_key(session, channel, interconnect)
    session.notes.update(channel=channel)
    call(session, "DeleteMacSecKey", channel, interconnect, key=id)


@when("its peer deletes the first key of its first channel again and again, and reads")
def deletes_again(session: Session) -> None:
    channel = channel_of(session, "its", "first")
    old = first_key(session, channel)
    session.notes["first_id"] = old
    for _ in range(60):
        gone = call(session, "DeleteMacSecKey", channel, key=old).succeeded
        listed(session, channel)
        if gone:
            return
        session.pass_time(100)


@when(parsers.re(rf"its peer reads {KEY} (?:of|under) {CHANNEL}"))
def reads(
    session: Session, key: str | None, first: str | None, whose: str, which: str, interconnect: str | None
) -> None:
    channel = channel_of(session, whose, which)
    id = key_id(session, key) if key else first_key(session, channel)
    listed(session, channel_of(session, whose, "second"))  # another CAK, to tell a mask from a value
    session.notes["list"] = listed(session, channel).request.exchange
    session.notes.update(channel=channel, manages=whose == "its")
    call(session, "GetMacSecKey", channel, interconnect, key=id)


@when("its peer reads a key of its first channel that nobody made")
def reads_unknown(session: Session) -> None:
    call(session, "GetMacSecKey", channel_of(session, "its", "first"), key="nobody-made-this")


@when("its peer reads the keys of its first channel")
def reads_keys(session: Session) -> None:
    call(session, "ListMacSecKeys", channel_of(session, "its", "first"))


@when("its peer reads the keys of its first channel again and again")
def polls_keys(session: Session) -> None:
    """Every 100 ms until the new key is active, then a few times more."""
    channel, new, calm, seen = channel_of(session, "its", "first"), key_id(session, "K1"), 5, []
    for number in range(300):
        session.pass_time(100 if number < 100 else 1_000)
        shown = listed(session, channel)
        seen.append(shown.request.exchange)
        body = shown.response.body if shown.response else None
        if any(each.get("active") and each["name"].endswith(f"/{new}") for each in (body or {}).get("macSecKeys", ())):
            calm -= 1
        if not calm:
            break
    session.notes["lists"] = seen


@given(parsers.re(r'its peer has handed over the key "K1" for its first channel, and it is active'))
def handed_over(session: Session) -> None:
    channel = channel_of(session, "its", "first")
    first_key(session, channel)
    new = hand_over(session, key_id(session, "K1"), channel)
    if not new.succeeded:
        raise Unprepared(f"the target does not take a key from the manager: {new.told()}")
    for _ in range(60):
        session.pass_time(1_000)
        body = (seen := listed(session, channel)).response and seen.response.body
        active = [each["name"] for each in (body or {}).get("macSecKeys", ()) if each.get("active")]
        if [name.rpartition("/")[2] for name in active] == [key_id(session, "K1")]:
            return
    raise Unprepared("the target's router does not use the new key")


@when(parsers.re(r"its peer hands over keys for (?P<what>all its channels|both its channels of ix1) at once"))
def hands_over_together(session: Session, what: str) -> None:
    """Two channels of each interconnect are managed by the peer."""
    peer = OTHER[session.target]
    places = [
        (interconnect, channel)
        for interconnect in (("ix1", "ix2") if what == "all its channels" else ("ix1",))
        for channel in CHANNELS[peer]
    ]
    requests = [
        session.sending(
            peer,
            session.target,
            "CreateMacSecKey",
            path(session, channel, interconnect),
            query={"macSecKeyId": (id := key_id(session, f"K{number}"))},
            json=material(id),
        )
        for number, (interconnect, channel) in enumerate(places)
    ]
    session.notes["together"] = [each.request.exchange for each in session.send_together(requests)]


@when("its peer reads the channels of ix1 and the keys of each")
def reads_channels(session: Session) -> None:
    where = {"provider": OTHER[session.target], "environment": "env1", "interconnect": "ix1"}
    answer = session.send(OTHER[session.target], session.target, "ListChannels", where)
    session.notes["channels"] = answer.request.exchange
    body = answer.response.body if answer.response else None
    ids = [str(each["name"]).rpartition("/")[2] for each in (body or {}).get("channels", ())]
    if not ids:
        raise Unprepared(f"the target shows no channels: {answer.told()}")
    session.notes["lists"] = [listed(session, id).request.exchange for id in ids]
