"""What scenarios of MACsec keys claim."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then

from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps import coordinator_macsec as macsec
from conformance.steps.coordinator import CHECK, claim

HOUR = 60 * macsec.MINUTE


def _answer(session: Session) -> str:
    return str(session.notes["answer"].request.exchange)


@then(parsers.re(rf"the target takes it {CHECK}"))
def takes(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=_answer(session))


@then(parsers.re(rf"the target answers 409(?P<other>, or 403)? {CHECK}"))
def conflict(session: Session, check: str, at: str | None, other: str | None) -> None:
    claim(session, check, at, "refused", exchange=_answer(session), statuses=[409, 403] if other else [409])


@then(parsers.re(rf"the target declines {CHECK}"))
def declines(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "refused", exchange=_answer(session))


def _keys(session: Session, check: str, at: str | None, **wanted: Any) -> None:
    exchange = macsec.listed(session, session.notes["channel"]).request.exchange
    claim(session, check, at, "keys_listed", exchange=exchange, **wanted)


@then(parsers.re(rf'the target does not have the key "K1" {CHECK}'))
def has_not(session: Session, check: str, at: str | None) -> None:
    _keys(session, check, at, absent=[macsec.key_id(session, "K1")])


@then(parsers.re(rf'the target has the key "K1" once {CHECK}'))
def has_once(session: Session, check: str, at: str | None) -> None:
    first = macsec.first_key(session, session.notes["channel"])
    _keys(session, check, at, only=[first, macsec.key_id(session, "K1")])


@then(parsers.re(rf"the target still has the first key, active {CHECK}"))
def has_first(session: Session, check: str, at: str | None) -> None:
    _keys(session, check, at, active=macsec.first_key(session, session.notes["channel"]))


@then(parsers.re(rf"the target has only the first key {CHECK}"))
def has_only_first(session: Session, check: str, at: str | None) -> None:
    first = macsec.first_key(session, session.notes["channel"])
    _keys(session, check, at, only=[first], active=first)


@then(parsers.re(rf"that key stands by at the target {CHECK}"))
def stands_by(session: Session, check: str, at: str | None) -> None:
    id = macsec.made(session, "CreateMacSecKey")[0].request.query.get("macSecKeyId", "")
    claim(session, check, at, "key_stands_by", exchange=session.notes["list"], key=id)


@then(parsers.re(rf"the target takes it, under its name {CHECK}"))
def takes_named(session: Session, check: str, at: str | None) -> None:
    place = "/".join(f"{name}s/{id}" for name, id in macsec.path(session, session.notes["channel"]).items())
    name = f"{place}/macSecKeys/{macsec.key_id(session, 'K1')}"
    claim(session, check, at, "answered_with", exchange=_answer(session), members={"name": name})


@then(parsers.re(rf'the target has the key "K1", active at last {CHECK}'))
def active_at_last(session: Session, check: str, at: str | None) -> None:
    id = macsec.key_id(session, "K1")
    for _ in range(60):
        body = (seen := macsec.listed(session, session.notes["channel"])).response and seen.response.body
        keys = (body or {}).get("macSecKeys", ())
        if any(each["name"].endswith(f"/{id}") and each.get("active") for each in keys):
            break
        session.pass_time(5_000)
    _keys(session, check, at, active=id)


@then(parsers.re(rf'the target dates the key "K1" itself, and does not call it active yet, or declines {CHECK}'))
def dates(session: Session, check: str, at: str | None) -> None:
    exchange = macsec.listed(session, session.notes["channel"]).request.exchange
    params = {"created": _answer(session), "exchange": exchange, "key": macsec.key_id(session, "K1")}
    claim(session, check, at, "key_stamped", asked_at=session.notes["asked_at"], **params)


@then(parsers.re(rf"the later key has the later startTime {CHECK}"))
def later(session: Session, check: str, at: str | None) -> None:
    earlier = session.notes["handed"].request.exchange
    claim(session, check, at, "start_times_increase", exchanges=[earlier, _answer(session)])


@then(parsers.re(rf"the target rotates one after the other {CHECK}"))
def one_after_the_other(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_rotation_at_a_time", seat_shown=session.target, wanted=2)


@then(parsers.re(rf"more than two hours are between {CHECK}"))
def two_hours(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "rotations_apart", seats=[session.target], wanted=2, apart=2 * HOUR)


@then(parsers.re(rf"never two of them are active, and at last the new one {CHECK}"))
def never_two(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_active_key", lists=session.notes["lists"], new=macsec.key_id(session, "K1"))


@then(parsers.re(rf'the first key is active, "K1" is not {CHECK}'))
def old_active(session: Session, check: str, at: str | None) -> None:
    channel = macsec.channel_of(session, "its", "first")
    claim(session, check, at, "keys_listed", exchange=_answer(session), active=macsec.first_key(session, channel))


@then(parsers.re(rf"it reads the same as in the list {CHECK}"))
def same(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "key_as_listed", exchange=_answer(session), listing=session.notes["list"])


@then(parsers.re(rf"no CAK is told {CHECK}"))
def no_cak(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "cak_hidden", exchange=_answer(session), to_manager=session.notes["manages"])


@then(parsers.re(rf"the target has deleted no key of its peer {CHECK}"))
def deleted_none(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "never_called", operation="DeleteMacSecKey", sender=session.target)


@then(parsers.re(rf"the target deletes the first key of its first channel {CHECK}"))
def deletes_old(session: Session, check: str, at: str | None) -> None:
    key = macsec.first_key(session, session.notes["channel"])
    session.check(check, "key_deleted", seat=at, within=macsec.WITHIN, sender=session.target, key=key)


@then(parsers.re(rf"the target hands over a key for that channel {CHECK}"))
def hands_over(session: Session, check: str, at: str | None) -> None:
    params = {"sender": session.target, "channel": session.notes["channel"]}
    session.check(check, "key_handed_over", seat=at, within=macsec.WITHIN, **params)


@then(parsers.re(rf"the target hands over no key in the end {CHECK}"))
def hands_over_none(session: Session, check: str, at: str | None) -> None:
    session.check_in_the_end(check, "never_called", operation="CreateMacSecKey", sender=session.target)


@then(parsers.re(rf"the target has rotated again if it said so, and not within two hours {CHECK}"))
def after_bake(session: Session, check: str, at: str | None) -> None:
    said = session.notes["answer"].succeeded
    params = {"seats": [session.target], "wanted": 2 if said else 1, "apart": 2 * HOUR}
    if said:
        claim(session, check, at, "rotations_apart", **params)
    else:
        claim(session, check, at, "refused", exchange=_answer(session), statuses=[409])
        claim(session, check, at, "rotations_apart", **params)


@then(parsers.re(rf"the target deletes the new key and hands over a further one {CHECK}"))
def rolls_forward(session: Session, check: str, at: str | None) -> None:
    params = {"sender": session.target, "channel": session.notes["channel"]}
    session.check(check, "rolled_forward", seat=at, within=6 * macsec.WITHIN, **params)


@then(parsers.re(rf"the first key is active at the target {CHECK}"))
def first_active(session: Session, check: str, at: str | None) -> None:
    _keys(session, check, at, active=macsec.first_key(session, session.notes["channel"]))


@then(parsers.re(rf"each channel has a MACsec manager {CHECK}"))
def managed(session: Session, check: str, at: str | None) -> None:
    parties = sorted((session.target, OTHER[session.target]))
    claim(session, check, at, "channels_managed", exchange=session.notes["channels"], parties=parties)


@then(parsers.re(rf"each provider manages two of them {CHECK}"))
def shared(session: Session, check: str, at: str | None) -> None:
    parties = sorted((session.target, OTHER[session.target]))
    claim(session, check, at, "channels_managed", exchange=session.notes["channels"], parties=parties, each=2)


@then(parsers.re(rf"each channel has exactly one active key {CHECK}"))
def each_one_active(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_active_each", lists=session.notes["lists"])


@then(parsers.re(rf"the target rotates that channel of its own accord {CHECK}"))
def cadence(session: Session, check: str, at: str | None) -> None:
    wanted = session.notes["rotations"] + 1
    claim(session, check, at, "rotations_apart", seats=[session.target], wanted=wanted, apart=2 * HOUR)


@then(parsers.re(rf"the target takes all four {CHECK}"))
def takes_four(session: Session, check: str, at: str | None) -> None:
    for exchange in session.notes["together"]:
        claim(session, check, at, "answered_with", exchange=exchange)


@then(parsers.re(rf"the target takes one and answers 409 to the other {CHECK}"))
def takes_one(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_taken", exchanges=session.notes["together"])


@then(parsers.re(rf"at most one of them is accepted at a time, and one succeeds {CHECK}"))
def crossing(session: Session, check: str, at: str | None) -> None:
    seats = [session.target, OTHER[session.target]]
    claim(session, check, at, "rotations_apart", seats=seats, wanted=1, apart=2 * HOUR)


@then(parsers.re(rf"the target says the same, or 409 {CHECK}"))
def same_or_conflict(session: Session, check: str, at: str | None) -> None:
    earlier = session.notes["handed"].request.exchange
    claim(session, check, at, "same_key_or_conflict", first=earlier, second=_answer(session))


@then(parsers.re(rf'the first key goes only when "K1" is active {CHECK}'))
def goes_only(session: Session, check: str, at: str | None) -> None:
    params = {"old": session.notes["first_id"], "new": macsec.key_id(session, "K1"), "receiver": session.target}
    claim(session, check, at, "deleted_when_inactive", **params)
