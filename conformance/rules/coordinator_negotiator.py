"""Rules about what a negotiator does on the wire: guidance first, whole proposals inside it, restarts and repeats.

All of them look at one connection (``uuid``) and at what ``sender`` calls of its own accord.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.l3_reading import breaches, overlap, short, subnets
from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_guidance import objects_of
from conformance.rules.coordinator_l3_proposals import config_of, listed
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

GUIDANCE, CREATE = "GenerateFeatureGuidance", "CreateFeature"


def proposals_of(view: TraceView, sender: str, uuid: str, channel: str | None = None) -> list[Exchange]:
    """The sender's proposals for this connection, in the order of their requests."""
    made = view.exchanges(CREATE, sender=sender, ours=False, about=uuid)
    return [each for each in made if channel in (None, channel_of(each))]


def channel_of(exchange: Exchange) -> str:
    """Which channel a proposal, or a narrowed request for guidance, is about; "" for all."""
    body = exchange.request.body if isinstance(exchange.request.body, dict) else {}
    return short(str(body.get("channel") or exchange.request.query.get("channelId") or ""))


def _guidances(view: TraceView, sender: str, uuid: str) -> list[Exchange]:
    return view.exchanges(GUIDANCE, sender=sender, ours=False, about=uuid)


@rule
def guidance_comes_first(view: TraceView, sender: str, uuid: str, after_failures: int = 0) -> Finding | Waiting:
    """Guidance was answered 2xx before the first proposal, after ``after_failures`` failed requests (CC-GUIDE-001)."""
    asked, proposed = _guidances(view, sender, uuid), proposals_of(view, sender, uuid)
    if not proposed:
        return Waiting(f"{sender} to ask guidance and to propose", f"{len(asked)} requests for guidance")
    first = proposed[0]
    useful = [each for each in asked if each.succeeded and each.evidence[-1] < first.request.seq]
    failed = [each for each in asked if not each.succeeded and each.request.seq < first.request.seq]
    if not useful or len(failed) < after_failures:
        return Finding.failed(
            want=f"guidance{f' after {after_failures} failures' if after_failures else ''} before a proposal",
            got=f"{len(failed)} failed and {len(useful)} successful requests before it",
            evidence=first.evidence,
        )
    return Finding.passed(f"guidance, then {len(proposed)} proposals", evidence=(*useful[0].evidence, *first.evidence))


@rule
def one_guidance_serves_all(view: TraceView, sender: str, uuid: str, channels: Sequence[str]) -> Finding | Waiting:
    """Without a rejection a request without channelId came, and each channel was agreed; more requests are no error."""
    asked = [each for each in _guidances(view, sender, uuid) if not each.request.query.get("channelId")]
    agreed = sorted(channel_of(each) for each in proposals_of(view, sender, uuid) if each.succeeded)
    if agreed != sorted(channels):
        return Waiting(f"features on {sorted(channels)}", f"{agreed}")
    if not asked:
        return Finding.failed(want="a request for guidance without channelId", got="none")
    return Finding.passed(f"{len(asked)} requests without channelId", evidence=asked[0].evidence)


@rule
def proposals_keep_guidance(
    view: TraceView,
    sender: str,
    uuid: str,
    channel: str | None = None,
    members: Sequence[str] = (),
    exact: dict[str, Any] | None = None,
) -> Finding | Waiting:
    """Every proposal is whole and inside the guidance served last for its channel before it.

    ``members`` narrows what is looked at (none: everything); ``exact`` gives values that the proposals must have.
    """
    made = proposals_of(view, sender, uuid, channel)
    if not made:
        return Waiting(f"{sender} to propose" + (f" for {channel}" if channel else ""))
    for each in made:
        guidance = _served(view, sender, uuid, each)
        config = config_of(each.request.body)
        if guidance is None:
            return Finding.failed(want="guidance before the proposal", got=each.told(), evidence=each.evidence)
        wrong = [
            f"{member}: {why}"
            for member, why in breaches(config, guidance, each.request.receiver, sender)
            if not members or member in members or why == "missing"
        ]
        wrong += [f"{name}: {config.get(name)}" for name, value in (exact or {}).items() if config.get(name) != value]
        if wrong:
            return Finding.failed(
                want=f"a whole proposal inside guidance{f' with {exact}' if exact else ''}",
                got=f"{channel_of(each)}: {'; '.join(wrong)}",
                evidence=each.evidence,
            )
    return Finding.passed(f"{len(made)} proposals", evidence=[each.request.seq for each in made])


def _served(view: TraceView, sender: str, uuid: str, proposal: Exchange) -> dict[str, Any] | None:
    """The guidance answered last for the proposal's channel before it was made."""
    found = None
    for asked in _guidances(view, sender, uuid):
        if asked.succeeded and asked.evidence[-1] < proposal.request.seq:
            for each in objects_of(asked):
                if short(str(each.get("channel"))) == channel_of(proposal):
                    found = dict(each.get("l3BaseGuidance") or {})
    return found


@rule
def no_used_vlan_proposed(
    view: TraceView, sender: str, uuid: str, channel: str, used: Sequence[int]
) -> Finding | Waiting:
    """No proposal for the channel takes a VLAN that earlier features of the pair hold there (CC-FEAT-010)."""
    for each in proposals_of(view, sender, uuid, channel):
        if config_of(each.request.body).get("vlanId") in used:
            got = f"VLAN {config_of(each.request.body)['vlanId']}"
            return Finding.failed(want=f"none of {list(used)} on {channel}", got=got, evidence=each.evidence)
    return Finding.passed(f"none of {list(used)}")


@rule
def restarts_from_guidance(view: TraceView, sender: str, uuid: str, channel: str) -> Finding | Waiting:
    """After the 409 comes guidance for just this channel and type, then a proposal with other parameters (CC-FEAT-005)."""
    made = proposals_of(view, sender, uuid, channel)
    refused = next((each for each in made if each.status == 409), None)
    if refused is None:
        return Waiting(f"a 409 to a proposal for {channel}")
    about = [
        each
        for each in view.exchanges(sender=sender, ours=False, about=uuid)
        if each.request.seq > refused.evidence[-1] and channel_of(each) == channel
    ]
    if len(about) < 2:
        return Waiting(f"guidance for {channel}, then a proposal", str([each.told() for each in about]))
    asked, again = about[0], next((each for each in about if each.request.operation == CREATE), None)
    evidence = (*refused.evidence, *asked.evidence)
    if asked.request.operation != GUIDANCE or asked.request.query.get("featureType") != "FEATURE_TYPE_L3_BASE":
        return Finding.failed(
            want=f"{GUIDANCE} with channelId={channel} and featureType", got=asked.told(), evidence=evidence
        )
    if again is None:
        return Waiting(f"a new proposal for {channel}")
    if config_of(again.request.body) == config_of(refused.request.body):
        return Finding.failed(want="different parameters", got="the same again", evidence=(*evidence, *again.evidence))
    return Finding.passed(f"guidance for {channel}, then another proposal", evidence=(*evidence, *again.evidence))


@rule
def proposed_once_and_kept(view: TraceView, sender: str, uuid: str, channels: Sequence[str]) -> Finding | Waiting:
    """Each of these channels saw one proposal, agreed, and no deletion of its feature (CC-FEAT-005)."""
    for channel in channels:
        made = proposals_of(view, sender, uuid, channel)
        if not made:
            return Waiting(f"a proposal for {channel}")
        if len(made) != 1 or not made[0].succeeded:
            return Finding.failed(
                want=f"one proposal for {channel}", got=f"{len(made)}", evidence=[e.request.seq for e in made]
            )
    deleted = view.exchanges("DeleteFeature", sender=sender, ours=False, about=uuid)
    if deleted:
        return Finding.failed(want="no DeleteFeature", got=deleted[0].told(), evidence=deleted[0].evidence)
    return Finding.passed(f"one proposal for each of {list(channels)}")


@rule
def attempts_are_bounded(
    view: TraceView, sender: str, uuid: str, channel: str, most: int = 20, identical: int | None = None
) -> Finding | Waiting:
    """At most ``most`` proposals for the channel, and at most ``identical`` of them alike (CC-FEAT-005, CC-FEAT-020)."""
    made = proposals_of(view, sender, uuid, channel)
    if not made:
        return Waiting(f"a proposal for {channel}")
    configs = [config_of(each.request.body) for each in made]
    alike = max(configs.count(config) for config in configs)
    if len(made) > most or (identical is not None and alike > identical):
        return Finding.failed(
            want=f"at most {most} proposals for {channel}" + (f", {identical} alike" if identical else ""),
            got=f"{len(made)}, {alike} of them alike",
            evidence=[each.request.seq for each in made[:3]],
        )
    return Finding.passed(f"{len(made)} proposals", evidence=[each.request.seq for each in made])


@rule
def agreed_on(view: TraceView, sender: str, uuid: str, channels: Sequence[str]) -> Finding | Waiting:
    """A proposal was agreed for each of these channels."""
    agreed = sorted({channel_of(each) for each in proposals_of(view, sender, uuid) if each.succeeded})
    if set(channels) <= set(agreed):
        return Finding.passed(str(agreed))
    return Waiting(f"features agreed on {sorted(channels)}", str(agreed))


@rule
def holds_what_was_agreed(view: TraceView, sender: str, uuid: str, own_list: str, peer_list: str) -> Finding | Waiting:
    """The negotiator's own features are the responder's: channels, configurations, ids (CC-FEAT-019, CC-ERR-55)."""
    mine, theirs = exchange_of(view, own_list), exchange_of(view, peer_list)
    evidence = (*mine.evidence, *theirs.evidence)
    here = {short(str(each.get("channel"))): each for each in listed(mine)}
    there = {short(str(each.get("channel"))): each for each in listed(theirs)}
    if not mine.succeeded or not there or sorted(here) != sorted(there) or len(here) != len(listed(mine)):
        return Finding.failed(
            want=f"features on {sorted(there)}", got=f"{mine.told()}: {sorted(here)}", evidence=evidence
        )
    for channel, feature in here.items():
        if config_of(feature) != config_of(there[channel]):
            return Finding.failed(
                want=f"{channel}: {config_of(there[channel])}", got=str(config_of(feature)), evidence=evidence
            )
    alike = all(short(str(here[each].get("name"))) == short(str(there[each].get("name"))) for each in here)
    return Finding.passed(f"equal on {sorted(here)}", evidence=evidence, errata=() if alike else ("CC-ERR-55",))


@rule
def only_replacement_is_held(view: TraceView, sender: str, uuid: str, channel: str, own_list: str) -> Finding | Waiting:
    """Of a rejected proposal nothing is held: the channel has one feature, the proposal that was agreed (CC-FEAT-019)."""
    seen = exchange_of(view, own_list)
    held = [config_of(each) for each in listed(seen) if short(str(each.get("channel"))) == channel]
    made = proposals_of(view, sender, uuid, channel)
    agreed = [config_of(each.request.body) for each in made if each.succeeded]
    if not [each for each in made if each.refused] or not agreed:
        return Waiting(f"a rejected and an agreed proposal for {channel}")
    if held != agreed[-1:]:
        return Finding.failed(want=str(agreed[-1:]), got=str(held), evidence=seen.evidence)
    return Finding.passed("the replacement only", evidence=seen.evidence)


@rule
def adopts_what_was_stored(view: TraceView, sender: str, uuid: str, channel: str, own_list: str) -> Finding | Waiting:
    """After a lost answer: look or repeat the same, never propose other values, and hold what was stored (CC-FEAT-020)."""
    made = proposals_of(view, sender, uuid, channel)
    lost = next((each for each in made if each.response is None), None)
    if lost is None:
        return Waiting(f"a lost answer to a proposal for {channel}")
    stored = config_of(lost.request.body)
    other = [each for each in made if config_of(each.request.body) != stored]
    if other:
        return Finding.failed(
            want=f"no second proposal for {channel}",
            got=f"VLAN {config_of(other[0].request.body).get('vlanId')}",
            evidence=(*lost.evidence, *other[0].evidence),
        )
    looks = [
        each
        for operation in ("GetFeature", "ListFeatures")
        for each in view.exchanges(operation, sender=sender, ours=False, about=uuid)
        if each.request.seq > lost.evidence[-1]
    ]
    seen = exchange_of(view, own_list)
    held = [config_of(each) for each in listed(seen) if short(str(each.get("channel"))) == channel]
    if not looks and len(made) < 2:
        return Waiting("a look at the peer, or the same proposal again")
    if held != [stored]:
        return Finding.failed(want=f"{channel}: {stored}", got=str(held), evidence=seen.evidence)
    return Finding.passed("adopted", evidence=(*lost.evidence, *seen.evidence))


@rule
def features_are_apart(view: TraceView, lists: Sequence[str], peer_lists: Sequence[str]) -> Finding | Waiting:
    """Both sides list the same features of each connection, and on a channel no VLAN or subnet stands twice (I4, I5)."""
    taken: dict[str, dict[str, Any]] = {}
    evidence: list[int] = []
    for mine, theirs in zip(lists, peer_lists, strict=True):
        here, there = exchange_of(view, mine), exchange_of(view, theirs)
        evidence += [*here.evidence, *there.evidence]
        one, other = (
            {short(str(each.get("channel"))): config_of(each) for each in listed(side)} for side in (here, there)
        )
        if one != other or not one:
            return Finding.failed(want=f"{sorted(other)} alike", got=f"{sorted(one)}", evidence=evidence)
        for channel, config in one.items():
            before = taken.get(channel)
            if before and (before["vlanId"] == config["vlanId"] or overlap(before, config)):
                return Finding.failed(
                    want=f"different VLANs and subnets on {channel}",
                    got=f"{before['vlanId']} {subnets(before)} and {config['vlanId']} {subnets(config)}",
                    evidence=evidence,
                )
            taken[channel] = config
    return Finding.passed(f"{len(lists)} connections apart", evidence=evidence)


@rule
def acceptance_did_not_succeed(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """What the customer asked for failed, or is still tried; it is never told to be established."""
    outcomes = view.outcomes(sender, "accept")
    if not outcomes:
        return Waiting(f"accept at {sender}", "it was not asked")
    last = outcomes[-1]
    got = f"{last.result}{f' ({last.reason})' if last.reason else ''}"
    if last.result in ("failed", "refused", "running"):
        return Finding.passed(got, evidence=[last.seq])
    return Finding.failed(want="accept to fail, or to go on trying", got=got, evidence=[last.seq])
