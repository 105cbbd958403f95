"""Steps of features that compete: proposals of several connections, or for one channel, that are sent at once."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_l3 import (
    NEGOTIATOR,
    RESPONDER,
    exchanges,
    list_features,
    note,
    proposal,
    together,
)
from conformance.steps.coordinator_negotiator import features


@when(parsers.re(r"each of the connections proposes VLAN (?P<vlan>\d+) on (?P<channel>\w+) at once"))
def all_propose_vlan(session: Session, vlan: str, channel: str) -> None:
    names = [name for name in session.notes["connections"] if name.isdigit()]
    together(session, [{"connection": name, "channel": channel, "vlan": vlan} for name in names])


@when(parsers.re(r"each of the connections proposes a subnet inside (?P<net>[\d.]+)/28 on (?P<channel>\w+) at once"))
def all_propose_subnet(session: Session, net: str, channel: str) -> None:
    """Four subnets of length 30 for all of them: most must lose."""
    base, _, last = net.rpartition(".")
    names = [name for name in session.notes["connections"] if name.isdigit()]
    rows = [
        {"connection": name, "channel": channel, "subnet": f"{base}.{int(last) + 4 * (number % 4)}/30"}
        for number, name in enumerate(names)
    ]
    together(session, rows)


@when(parsers.re(r"CSP B proposes (?P<count>\d+) features for (?P<channel>\w+) of X at once"))
def many_for_one_channel(session: Session, count: str, channel: str) -> None:
    together(session, [{"channel": channel} for _ in range(int(count))])


@when(parsers.re(r"the losing VLANs are proposed for other connections"))
def losers_again(session: Session) -> None:
    """What lost on X is free for others: each VLAN once more, for a connection of its own."""
    lost = [
        each.request.body["featureConfig"]["l3BaseConfig"]["vlanId"]
        for each in exchanges(session)
        if not each.succeeded
    ]
    session.notes["proposed"] = []
    names = [name for name in session.notes["connections"] if name.isdigit()][1:]
    for name, vlan in zip(names, lost, strict=False):
        path, query, body = proposal(session, {"connection": name, "vlan": str(vlan)})
        note(session, session.send(NEGOTIATOR, RESPONDER, "CreateFeature", path, query=query, json=body), "agreed")


@then(parsers.re(rf"one of them is agreed and all others are conflicts {CHECK}"))
def one_wins(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_of_them_agreed", exchanges=[exchange for exchange, _ in session.notes["proposed"]])


@then(parsers.re(rf"no two of the agreed ones share a VLAN or an address {CHECK}"))
def agreed_disjoint(session: Session, check: str, at: str | None) -> None:
    exchanges, scope = [exchange for exchange, _ in session.notes["proposed"]], session.stage.declared("subnet_scope")
    claim(session, check, at, "agreed_are_disjoint", exchanges=exchanges, scope=scope)


@then(parsers.re(rf"over all connections each VLAN and each subnet stands once on a channel {CHECK}"))
def lists_disjoint(session: Session, check: str, at: str | None) -> None:
    lists = [list_features(session, name) for name in session.notes["connections"] if name.isdigit()]
    claim(session, check, at, "listed_are_disjoint", lists=lists, scope=session.stage.declared("subnet_scope"))


@given(parsers.re(r"CSP B proposes (?P<count>\d+) features for (?P<channel>\w+) of X at once"))
def many_before(session: Session, count: str, channel: str) -> None:
    together(session, [{"channel": channel} for _ in range(int(count))])


@when(parsers.re(r"CSP B sends the same proposal for (?P<channel>\w+) of X twice"))
def same_twice(session: Session, channel: str) -> None:
    path, query, body = proposal(session, {"channel": channel, "feature": "l3-same"})
    for answer in ("agreed", "again"):
        note(session, session.send(NEGOTIATOR, RESPONDER, "CreateFeature", path, query=query, json=body), answer)


@then(parsers.re(rf"the repeated proposal is answered 200 or 409, and one feature is stored {CHECK}"))
def repeated(session: Session, check: str, at: str | None) -> None:
    first, again = (exchange for exchange, _ in session.notes["proposed"])
    claim(session, check, at, "repeated_proposal", first=first, again=again, own_list=list_features(session))


# --- both sides at once -----------------------------------------------------------------------------------------


@given(parsers.re(r"each side refuses the other's first proposal for (?P<channel>ch\d)"))
def both_refuse_once(session: Session, channel: str) -> None:
    for sender in OTHER:
        if sender in session.stage.seats:
            session.disturb(
                "answer",
                "CreateFeature",
                sender=sender,
                status=409,
                body={"title": "Conflict", "status": 409, "detail": "by the harness"},
                match=lambda query, body: str(body.get("channel", "")).endswith(f"/{channel}"),
            )


@when("each side negotiates a connection at the same moment")
def both_negotiate(session: Session) -> None:
    """Each side's customer accepts a key of the other; both negotiations go on side by side, then rest."""
    offers = {seat: prologue.offer(session, OTHER[seat]) for seat in (RESPONDER, NEGOTIATOR)}
    results = [prologue.accept(session, seat, made["key"]) for seat, made in offers.items()]
    session.notes["both"] = {seat: made["uuid"] for seat, made in offers.items()}
    for result in results:
        session.finish(result, within=60_000)
    session.settle()


@then(parsers.re(rf"both are established(?: within 60 seconds)?, with VLANs and subnets of their own {CHECK}"))
def both_apart(session: Session, check: str, at: str | None) -> None:
    uuids = list(session.notes["both"].values())
    own, peer = ([features(session, seat, uuid).request.exchange for uuid in uuids] for seat in (NEGOTIATOR, RESPONDER))
    claim(session, check, at, "both_accepted")
    claim(session, check, at, "features_are_apart", lists=own, peer_lists=peer)
