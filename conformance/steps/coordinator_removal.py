"""Steps of removing one feature, by an operator or by hand in the peer's name."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.steps.coordinator_by_hand import between, confirmed_key, place_of, propose
from conformance.view import Exchange


def _place(session: Session) -> dict[str, str]:
    return {"environment": session.notes["environment"], "interconnect": place_of(session)}


def channel_of(session: Session, owner: str) -> str:
    """A channel whose MACsec manager is this seat, as the target shows it (CC-ERR-28)."""
    listing = readings.read(session, session.target, "ListChannels", **_place(session))
    rows = (listing.response.body or {}).get("channels") or [] if listing.response else []
    for row in rows:
        if str(row.get("macsecManagerProvider", "")).removeprefix("providers/") == owner:
            return readings.short(row["name"])
    raise Unprepared(f"{session.target} shows no channel that {owner} manages")


def _features(session: Session, seat: str) -> tuple[Exchange, list[dict[str, Any]]]:
    path = _place(session) | {"connection": session.notes["uuid"]}
    listing = readings.read(session, seat, "ListFeatures", **path)
    return listing, list((listing.response.body or {}).get("features") or []) if listing.response else []


def _read_each(session: Session, ids: list[str]) -> dict[str, str]:
    path = _place(session) | {"connection": session.notes["uuid"]}
    return {
        each: readings.read(session, session.target, "GetFeature", feature=each, **path).request.exchange
        for each in ids
    }


@given("its features at the target were read one by one")
def features_read(session: Session) -> None:
    _, rows = _features(session, session.target)
    if len(rows) < 3:
        raise Unprepared(f"the connection has {len(rows)} features")
    session.notes["configs"] = {readings.short(row["channel"]): (readings.short(row["name"]), row) for row in rows}
    session.notes["before"] = _read_each(session, [readings.short(row["name"]) for row in rows])


@when(parsers.re(rf"the harness deletes the feature of a channel of {SEAT} at the target"))
def deletes_feature(session: Session, seat: str) -> None:
    channel = channel_of(session, seat_of(session, seat))
    if channel not in session.notes["configs"]:
        raise Unprepared(f"there is no feature on {channel}")
    session.notes.update(channel=channel, removed=session.notes["configs"][channel][0])
    _delete(session, session.notes["removed"])


@when("the harness deletes a feature at the target that nobody made")
def deletes_nothing(session: Session) -> None:
    _delete(session, "nobody-made-this")


def _delete(session: Session, feature: str) -> None:
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session)) | {"feature": feature}
    between(session, lambda: session.send(peer, session.target, "DeleteFeature", path))


@when("the harness places another connection there and proposes that channel with the same VLAN")
def proposes_same(session: Session) -> None:
    place, channel = place_of(session), session.notes["channel"]
    config = session.notes["configs"][channel][1]["featureConfig"]["l3BaseConfig"]
    confirmed_key(session, "K9", 1000)
    if not propose(session, "K9", place).succeeded:
        raise Unprepared("the target places no other connection")
    session.notes["interconnect"] = place
    body = prologue.proposal(session, OTHER[session.target], channel, 50, vlanId=config["vlanId"])
    session.notes["again"] = prologue.feature_by_hand(session, OTHER[session.target], channel, body).request.exchange


@when(parsers.re(rf"the operator of {SEAT} removes the feature of a channel of (?P<owner>the target|its peer)"))
def removes(session: Session, seat: str, owner: str) -> None:
    channel = channel_of(session, seat_of(session, owner))
    result = session.act(seat_of(session, seat), "remove_feature", uuid=session.notes["uuid"], channel=channel)
    if session.finish(result).result != "ok":
        raise Unprepared(f"the operator cannot remove the feature: {result.answered.reason}")
    session.notes.update(channel=channel, asked_in=result.seq)


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the removal is granted {CHECK}"))
def removal_granted(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["answer"].request.exchange)


@then(parsers.re(rf"the removal is answered 404, or granted {CHECK}"))
def removal_answered(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "each_answered", exchanges=[session.notes["answer"].request.exchange], statuses=[404])


@then(parsers.re(rf"that feature is gone, the others and the connection are as they were {CHECK}"))
def only_one_gone(session: Session, check: str, at: str | None) -> None:
    path = _place(session) | {"connection": session.notes["uuid"]}
    connection = readings.read(session, session.target, "GetConnection", **path).request.exchange
    params = {"before": session.notes["before"], "after": _read_each(session, list(session.notes["before"]))}
    claim(session, check, at, "one_feature_gone", removed=session.notes["removed"], connection=connection, **params)


@then(parsers.re(rf"that proposal is granted {CHECK}"))
def proposal_granted(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["again"])


def _proposals(session: Session, sender: str) -> dict[str, Any]:
    return {
        "sender": sender,
        "uuid": session.notes["uuid"],
        "channel": session.notes["channel"],
        "after": session.notes["asked_in"],
    }


@then(parsers.re(rf"the target asks guidance and proposes that channel within 60 seconds {CHECK}"))
def restores(session: Session, check: str, at: str | None) -> None:
    params = _proposals(session, session.target)
    session.check(check, "feature_restored", seat=at, within=session.stage.limit("restoration"), **params, guided=True)


@then(parsers.re(rf"the target accepts its peer's proposal for that channel, and floods it with none {CHECK}"))
def accepts(session: Session, check: str, at: str | None) -> None:
    params = _proposals(session, OTHER[session.target])
    session.check(
        check, "feature_restored", seat=at, within=session.stage.limit("restoration"), **params, by_other=session.target
    )


@then(parsers.re(rf"both sides hold one feature on each channel again {CHECK}"))
def whole_again(session: Session, check: str, at: str | None) -> None:
    session.settle()
    lists = [_features(session, seat)[0].request.exchange for seat in (session.target, OTHER[session.target])]
    claim(session, check, at, "features_whole", lists=lists, channel=session.notes["channel"])
