"""Steps of the L3 parameters as a negotiator meets them: CSP B negotiates by itself, the harness is CSP A."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.harness_copy import restrict_guidance
from conformance.play import Unprepared
from conformance.rules.coordinator_l3_proposals import config_of, listed
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange, TraceView
from simulator.inventories import guidance_of

RESPONDER, NEGOTIATOR = "csp-a", "csp-b"
FOREVER = -1


@given(parsers.re(r"CSP (?P<side>[AB]) restricts the guidance of (?P<channel>ch\d|every channel)"))
def restricts(session: Session, side: str, channel: str, datatable: Sequence[Sequence[str]]) -> None:
    changes = {member: json.loads(value) for member, value in datatable[1:]}
    session.notes.setdefault("guidance-changes", {})["*" if channel == "every channel" else channel] = changes
    restrict_guidance(session, f"csp-{side.lower()}", session.notes["guidance-changes"])


@given("CSP A restricts nothing")
def restricts_nothing(session: Session) -> None:
    restrict_guidance(session, RESPONDER, {"*": None})


@given(parsers.re(r"(?P<count>\d+) connections were established before, negotiated by CSP A"))
def established_before(session: Session, count: str) -> None:
    """Created at CSP B, so that CSP A negotiated and took the lowest VLANs; they must be the first ones offered."""
    used: dict[str, set[int]] = {}
    for _ in range(int(count)):
        prologue.establish(session, NEGOTIATOR)
        for feature in listed(features(session, RESPONDER)):
            channel = str(feature["channel"]).rpartition("/")[2]
            used.setdefault(channel, set()).add(config_of(feature)["vlanId"])
    session.notes["used"] = {channel: sorted(vlans) for channel, vlans in used.items()}
    if any(vlans != list(range(1100, 1100 + int(count))) for vlans in session.notes["used"].values()):
        raise Unprepared(f"the VLANs from 1100 on are not the ones in use: {session.notes['used']}")


def interconnect_of(session: Session, uuid: str) -> str:
    """Where the negotiator placed a connection, from its own proposal; ix1 when there is none."""
    view = TraceView(session.stage.wire.trace[session.since :])
    made = [each for each in view.exchanges("CreateConnection", about=uuid) if each.succeeded]
    return made[-1].segment("interconnects") if made else "ix1"


def features(session: Session, seat: str, uuid: str | None = None) -> Exchange:
    """ListFeatures of a connection at a seat, asked by hand in its peer's name."""
    uuid = uuid or session.notes["uuid"]
    caller = prologue.OTHER[seat]
    path = prologue.connection_path(session, caller, interconnect_of(session, uuid), uuid)
    return session.send(caller, seat, "ListFeatures", path)


@when(parsers.re(r"a connection is negotiated by CSP (?P<side>[AB])"))
def negotiated(session: Session, side: str) -> None:
    """From the customer's request to rest, however it ends; the claims say what should have come of it."""
    negotiator = f"csp-{side.lower()}"
    prologue.offer(session, prologue.OTHER[negotiator])
    session.finish(prologue.accept(session, negotiator))
    session.settle()


def about(session: Session) -> dict[str, Any]:
    """Who negotiates, and what: the parameters of most rules here."""
    return {"sender": prologue.OTHER[session.notes["issuer"]], "uuid": session.notes["uuid"]}


# --- disturbances -----------------------------------------------------------------------------------------------


@given(parsers.re(r"CSP A answers the (?:(?P<first>first) )?guidance with (?P<status>\d{3})"))
def guidance_answered(session: Session, first: str | None, status: str) -> None:
    session.disturb(
        "answer",
        "GenerateFeatureGuidance",
        sender=NEGOTIATOR,
        times=1 if first else FOREVER,
        status=int(status),
        body={"title": "Service Unavailable", "status": int(status), "detail": "later"},
    )


@given(
    parsers.re(
        r"CSP A answers (?P<status>\d{3}) to (?P<which>the first proposal|every proposal) for (?P<channels>ch\d(?: and ch\d)*)"
    )
)
def proposals_answered(session: Session, status: str, which: str, channels: str) -> None:
    for channel in channels.split(" and "):
        session.disturb(
            "answer",
            "CreateFeature",
            sender=NEGOTIATOR,
            times=1 if which == "the first proposal" else FOREVER,
            status=int(status),
            body={"title": "Refused", "status": int(status), "detail": "by the harness"},
            match=for_channel(channel),
        )


def for_channel(channel: str) -> Any:
    return lambda query, body: isinstance(body, dict) and str(body.get("channel", "")).endswith(f"/{channel}")


@given(parsers.re(r"the answer to the first proposal for (?P<channel>ch\d) is lost"))
def answer_lost(session: Session, channel: str) -> None:
    session.disturb("lose", "CreateFeature", sender=NEGOTIATOR, match=for_channel(channel))


@given(parsers.re(r"CSP A answers 409 to whatever repeats that proposal for (?P<channel>ch\d)"))
def repeats_conflict(session: Session, channel: str) -> None:
    session.disturb(
        "answer",
        "CreateFeature",
        sender=NEGOTIATOR,
        times=FOREVER,
        status=409,
        body={"title": "Conflict", "status": 409, "detail": "it exists"},
        match=for_channel(channel),
    )


@given(parsers.re(r"then its guidance for (?P<channel>ch\d) offers the VLANs (?P<start>\d+)-(?P<stop>\d+)"))
def guidance_narrows(session: Session, channel: str, start: str, stop: str) -> None:
    """The narrowed request alone is answered so; what the harness serves otherwise holds these VLANs too."""
    guidance: dict[str, Any] = {
        "featureType": "FEATURE_TYPE_L3_BASE",
        "channel": f"providers/{NEGOTIATOR}/environments/env1/interconnects/{{}}/channels/{channel}",
        "channelAdminState": "ADMIN_STATE_ENABLED",
        "l3BaseGuidance": guidance_of(RESPONDER).to_json() | {"vlanRanges": [{"start": int(start), "stop": int(stop)}]},
    }
    for interconnect in ("ix1", "ix2"):
        session.disturb(
            "replace-answer",
            "GenerateFeatureGuidance",
            sender=NEGOTIATOR,
            times=FOREVER,
            body={"featureGuidance": [guidance | {"channel": guidance["channel"].format(interconnect)}]},
            match=lambda query, body: str(query.get("channelId", "")).endswith(channel),
        )


# --- claims -----------------------------------------------------------------------------------------------------


@then(parsers.re(rf"what CSP [AB] proposes is inside guidance(?:, as to (?P<members>[\w, ]+?))? {CHECK}"))
def inside_guidance(session: Session, members: str | None, check: str, at: str | None) -> None:
    only = members.split(", ") if members else []
    claim(session, check, at, "proposals_keep_guidance", members=only, **about(session))


@then(
    parsers.re(rf'CSP B proposes the (?P<member>\w+) "?(?P<value>[\w.]+)"? for (?P<channel>ch\d|every channel) {CHECK}')
)
def proposes_exactly(session: Session, member: str, value: str, channel: str, check: str, at: str | None) -> None:
    wanted: Any = int(value) if value.isdigit() else value
    only = None if channel == "every channel" else channel
    members = [member, "ipv4Subnet", "vlanId", "mtuBytes", "hostIpv4"]
    claim(
        session,
        check,
        at,
        "proposals_keep_guidance",
        channel=only,
        members=members,
        exact={member: wanted},
        **about(session),
    )


@then(parsers.re(rf"CSP B proposes no VLAN that is used on its channel {CHECK}"))
def no_used_vlan(session: Session, check: str, at: str | None) -> None:
    for channel, used in session.notes["used"].items():
        claim(session, check, at, "no_used_vlan_proposed", channel=channel, used=used, **about(session))


@then(parsers.re(rf"CSP B proposes no MTU outside either side's ranges {CHECK}"))
def no_mtu_outside(session: Session, check: str, at: str | None) -> None:
    """Nothing lies in both, so that nothing can be proposed."""
    claim(session, check, at, "never_called", operation="CreateFeature", sender=NEGOTIATOR, about=session.notes["uuid"])


@then(parsers.re(rf"CSP B has agreed on (?P<channels>ch\d(?:, ch\d)*) {CHECK}"))
def has_agreed(session: Session, channels: str, check: str, at: str | None) -> None:
    claim(session, check, at, "agreed_on", channels=channels.split(", "), **about(session))


@then(parsers.re(rf"the connection is not established at CSP B {CHECK}"))
def not_established(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "acceptance_did_not_succeed", **about(session))


@then(parsers.re(rf"CSP B asks for guidance before it proposes(?P<again>, again after the failure)? {CHECK}"))
def asks_first(session: Session, again: str | None, check: str, at: str | None) -> None:
    claim(session, check, at, "guidance_comes_first", after_failures=1 if again else 0, **about(session))


@then(parsers.re(rf"one request for guidance of all channels was enough {CHECK}"))
def one_was_enough(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_guidance_serves_all", channels=["ch1", "ch2", "ch3", "ch4"], **about(session))


@then(parsers.re(rf"CSP B begins (?P<channel>ch\d) anew, from guidance for it alone {CHECK}"))
def begins_anew(session: Session, channel: str, check: str, at: str | None) -> None:
    claim(session, check, at, "restarts_from_guidance", channel=channel, **about(session))


@then(parsers.re(rf"CSP B proposed once for each of (?P<channels>[\w, ]+) {CHECK}"))
def proposed_once(session: Session, channels: str, check: str, at: str | None) -> None:
    claim(session, check, at, "proposed_once_and_kept", channels=re.findall(r"ch\d", channels), **about(session))


@then(
    parsers.re(
        rf"CSP B made at most (?P<most>\d+) proposals for (?P<channel>ch\d)(?P<alike>, no three of them alike)? {CHECK}"
    )
)
def made_at_most(session: Session, most: str, channel: str, alike: str | None, check: str, at: str | None) -> None:
    limits = {"most": int(most)} | ({"identical": 2} if alike else {})
    claim(session, check, at, "attempts_are_bounded", channel=channel, **limits, **about(session))


@then(parsers.re(rf"CSP B holds the same features as CSP A {CHECK}"))
def holds_the_same(session: Session, check: str, at: str | None) -> None:
    own, peer = features(session, NEGOTIATOR), features(session, RESPONDER)
    lists = {"own_list": own.request.exchange, "peer_list": peer.request.exchange}
    claim(session, check, at, "holds_what_was_agreed", **lists, **about(session))


@then(parsers.re(rf"of the two proposals for (?P<channel>ch\d) CSP B holds the agreed one only {CHECK}"))
def holds_replacement(session: Session, channel: str, check: str, at: str | None) -> None:
    own = features(session, NEGOTIATOR).request.exchange
    claim(session, check, at, "only_replacement_is_held", channel=channel, own_list=own, **about(session))


@then(parsers.re(rf"CSP B adopts what is stored for (?P<channel>ch\d) {CHECK}"))
def adopts(session: Session, channel: str, check: str, at: str | None) -> None:
    own = features(session, NEGOTIATOR).request.exchange
    claim(session, check, at, "adopts_what_was_stored", channel=channel, own_list=own, **about(session))


@then(parsers.re(rf"CSP B announced nothing {CHECK}"))
def announced_nothing(session: Session, check: str, at: str | None) -> None:
    operation = "NotifyConnectionStatus"
    claim(session, check, at, "never_called", operation=operation, sender=NEGOTIATOR, about=session.notes["uuid"])
