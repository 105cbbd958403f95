"""Rules about what a provider shows of its interconnects and channels, from the harness's own reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.rules import rule
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

STATES = ("INTERCONNECT_STATE_PENDING", "INTERCONNECT_STATE_ACTIVE", "INTERCONNECT_STATE_CLOSED")


def reads(view: TraceView, server: str, operation: str) -> list[Exchange]:
    """The harness's own successful reads at a seat, oldest first."""
    return [each for each in view.exchanges(operation, receiver=server, ours=True) if each.succeeded]


def body_of(exchange: Exchange) -> dict[str, Any]:
    body = exchange.response.body if exchange.response else None
    return body if isinstance(body, dict) else {}


def items(view: TraceView, server: str, operation: str, member: str) -> Iterator[tuple[dict[str, Any], Exchange]]:
    """Every item of every such list that was read, with the exchange that showed it."""
    for exchange in reads(view, server, operation):
        for item in body_of(exchange).get(member) or ():
            yield item, exchange


def _latest(view: TraceView, server: str, operation: str, member: str) -> dict[str, dict[str, Any]]:
    """The items by name, as the newest read shows them."""
    return {str(item.get("name")): item for item, _ in items(view, server, operation, member)}


def _parent(name: str) -> str:
    return name.rpartition("/")[0].rpartition("/")[0]


def _evidence(view: TraceView, server: str, operation: str) -> tuple[int, ...]:
    return tuple(each.evidence[-1] for each in reads(view, server, operation))


def _judge(wrong: list[str], want: str, passed: str, evidence: Sequence[int]) -> Finding:
    if wrong:
        return Finding.failed(want=want, got="; ".join(wrong[:3]), evidence=evidence)
    return Finding.passed(passed, evidence=evidence)


@rule
def every_interconnect_once(view: TraceView, server: str, environment: str, ids: Sequence[str]) -> Finding | Waiting:
    """The pages of ListInterconnects together show these interconnects, each once, named under the environment."""
    pages = [e for e in reads(view, server, "ListInterconnects") if e.segment("environments") == environment]
    names = Counter(str(item.get("name")) for page in pages for item in body_of(page).get("interconnects") or ())
    prefix = f"{pages[0].request.path.lstrip('/')}/" if pages else ""
    wanted = Counter(f"{prefix}{id}" for id in ids)
    got = ", ".join(sorted(names.elements())) or "none"
    if names == wanted:
        return Finding.passed(got, evidence=[page.evidence[-1] for page in pages])
    return Finding.failed(want=", ".join(sorted(wanted)), got=got, evidence=[page.evidence[-1] for page in pages])


@rule
def interconnects_steer_placement(view: TraceView, server: str) -> Finding | Waiting:
    """State, maximum and both lists are served by GetInterconnect (CC-IX-002)."""
    shown = [body_of(each) for each in reads(view, server, "GetInterconnect")]
    if not shown:
        return Waiting("GetInterconnect to be answered")
    wrong = []
    for each in shown:
        if each.get("state") not in STATES:
            wrong.append(f"{each.get('name')} has state {each.get('state')!r}")
        if not isinstance(each.get("maxBandwidthMbps", 0), int) or each.get("maxBandwidthMbps", 0) < 0:
            wrong.append(f"{each.get('name')} has maxBandwidthMbps {each.get('maxBandwidthMbps')!r}")
        for member in ("supportedConnectionSizeMbps", "supportedFeatures"):
            if not isinstance(each.get(member), list):
                wrong.append(f"{each.get('name')} has no list {member}")
    return _judge(
        wrong,
        "a known state, a maximum from 0 and two lists",
        f"{len(shown)} interconnects",
        _evidence(view, server, "GetInterconnect"),
    )


@rule
def interconnects_cover_environment(
    view: TraceView, server: str, member: str, among: Sequence[str] = ()
) -> Finding | Waiting:
    """Each interconnect lists at least what its environment advertises (CC-IX-003), and ``among`` in any case."""
    parents = _latest(view, server, "ListEnvironments", "environments")
    shown = {str(body_of(each).get("name")): body_of(each) for each in reads(view, server, "GetInterconnect")}
    if not parents or not shown:
        return Waiting("environments and interconnects to be read")
    wrong = []
    for name, each in shown.items():
        wanted = {*(parents.get(_parent(name), {}).get(member) or ()), *among}
        if missing := wanted - set(each.get(member) or ()):
            wrong.append(f"{name} lacks {sorted(missing, key=str)}")
    return _judge(
        wrong,
        f"{member} of each interconnect to hold its environment's",
        f"{len(shown)} interconnects hold them",
        _evidence(view, server, "GetInterconnect"),
    )


def _by_interconnect(view: TraceView, server: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Channels by interconnect and name, as the newest read shows them."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, channel in _latest(view, server, "ListChannels", "channels").items():
        found.setdefault(_parent(name), {})[name] = channel
    return found


@rule
def maximum_within_channels(view: TraceView, server: str) -> Finding | Waiting:
    """maxBandwidthMbps is not above the smallest channel; above is a warning only (CC-ERR-09)."""
    bundles = _by_interconnect(view, server)
    over = []
    for each in map(body_of, reads(view, server, "GetInterconnect")):
        sizes = [c.get("aggregateChannelSizeGbps") or 0 for c in bundles.get(str(each.get("name")), {}).values()]
        if sizes and (each.get("maxBandwidthMbps") or 0) > min(sizes) * 1000:
            over.append(f"{each.get('name')} sells {each.get('maxBandwidthMbps')} Mbps over {min(sizes)} Gbps")
    evidence = _evidence(view, server, "GetInterconnect")
    if over:
        want = "maxBandwidthMbps within the smallest channel"
        return Finding(Verdict.WARNED, want, "; ".join(over), evidence, ("CC-ERR-09",))
    return Finding.passed("within the smallest channel", evidence=evidence)


@rule
def channels_listed(
    view: TraceView, server: str, interconnect: str, least: int = 4, ids: Sequence[str] | None = None
) -> Finding | Waiting:
    """ListChannels of the interconnect shows at least so many distinct channels under it, or exactly these ids."""
    answers = [e for e in reads(view, server, "ListChannels") if e.segment("interconnects") == interconnect]
    if not answers:
        return Waiting(f"ListChannels of {interconnect} to be answered")
    names = [str(item.get("name")) for item in body_of(answers[-1]).get("channels") or ()]
    prefix = answers[-1].request.path.lstrip("/") + "/"
    want = f"{', '.join(ids)}" if ids is not None else f"at least {least} distinct channels"
    fits = sorted(names) == sorted(prefix + id for id in ids) if ids is not None else len(set(names)) >= least
    if fits and len(set(names)) == len(names) and all(name.startswith(prefix) for name in names):
        return Finding.passed(f"{len(names)} channels", evidence=answers[-1].evidence)
    return Finding.failed(want=f"{want} under {prefix}", got=", ".join(names), evidence=answers[-1].evidence)


@rule
def channel_managers_agree(view: TraceView, seats: Sequence[str], providers: Sequence[str]) -> Finding | Waiting:
    """Both sides name the same manager of each channel, one of the two parties (bare ids tolerated, CC-ERR-30)."""
    copies: list[dict[str, dict[str, Any]]] = []
    for seat in seats:
        shown = _latest(view, seat, "ListChannels", "channels")
        copies.append({name.partition("/environments/")[2]: channel for name, channel in shown.items()})
    one, other = copies
    wrong = [f"{name} is shown by one side only" for name in one.keys() ^ other.keys()]
    for name in sorted(one.keys() & other.keys()):
        for member in ("macsecManagerProvider", "crossConnectManagerProvider"):
            told = [str(copy[name].get(member) or "").removeprefix("providers/") for copy in copies]
            if told[0] != told[1] or told[0] not in providers:
                wrong.append(f"{name}: {member} is {told[0]!r} and {told[1]!r}")
    evidence = [seq for seat in seats for seq in _evidence(view, seat, "ListChannels")]
    return _judge(sorted(wrong), "the same manager on both sides", f"{len(one)} channels agree", evidence)


@rule
def demarcs_differ(view: TraceView, server: str) -> Finding | Waiting:
    """No two channels have one demarc, where they show any."""
    shown = _latest(view, server, "ListChannels", "channels")
    demarcs = Counter(c["demarc"] for c in shown.values() if c.get("demarc"))
    twice = [f"{demarc} {number} times" for demarc, number in demarcs.items() if number > 1]
    return _judge(
        twice, "pairwise different demarcs", f"{len(demarcs)} demarcs", _evidence(view, server, "ListChannels")
    )


@rule
def capacity_uniform(view: TraceView, server: str) -> Finding | Waiting:
    """One aggregate and one member size per interconnect, members of 100 or 400 Gbps (CC-CH-003)."""
    bundles = _by_interconnect(view, server)
    if not bundles:
        return Waiting("channels to be read")
    wrong = []
    for name, channels in bundles.items():
        sizes = {(c.get("aggregateChannelSizeGbps"), c.get("channelMemberSizeGbps")) for c in channels.values()}
        aggregate, member = next(iter(sizes))
        if len(sizes) > 1:
            wrong.append(f"{name} has {len(sizes)} capacities")
        elif member not in (100, 400) or not isinstance(aggregate, int) or aggregate <= 0 or aggregate % member:
            wrong.append(f"{name} has {aggregate} Gbps of members of {member} Gbps")
    return _judge(
        wrong,
        "one capacity per interconnect, a whole multiple of 100 or 400 Gbps",
        f"{len(bundles)} interconnects",
        _evidence(view, server, "ListChannels"),
    )


@rule
def devices_opaque(view: TraceView, server: str, known: Sequence[str]) -> Finding | Waiting:
    """obfuscatedDeviceId is there, the same on every read, and none of the names known to the harness."""
    told: dict[str, set[str]] = {}
    for channel, _ in items(view, server, "ListChannels", "channels"):
        told.setdefault(str(channel.get("name")), set()).add(str(channel.get("obfuscatedDeviceId") or ""))
    wrong = [f"{name}: {sorted(ids)}" for name, ids in told.items() if len(ids) > 1 or "" in ids or ids & set(known)]
    want = "an id that is stable and reveals no device name"
    return _judge(wrong, want, f"{len(told)} channels", _evidence(view, server, "ListChannels"))


@rule
def devices_diverse(view: TraceView, server: str, interconnect: str, devices: int) -> Finding | Waiting:
    """The channels of the interconnect are spread over so many devices (CC-CH-004)."""
    answers = [e for e in reads(view, server, "ListChannels") if e.segment("interconnects") == interconnect]
    if not answers:
        return Waiting(f"ListChannels of {interconnect} to be answered")
    ids = {channel.get("obfuscatedDeviceId") for channel in body_of(answers[-1]).get("channels") or ()}
    if len(ids) == devices:
        return Finding.passed(f"{devices} devices", evidence=answers[-1].evidence)
    return Finding.failed(want=f"{devices} devices", got=str(len(ids)), evidence=answers[-1].evidence)


@rule
def disabled_are(view: TraceView, server: str, disabled: Sequence[str]) -> Finding | Waiting:
    """The newest channel resources and the newest guidance show exactly these channels as disabled (CC-CH-005)."""
    resources = {e.segment("channels"): body_of(e).get("adminState") for e in reads(view, server, "GetChannel")}
    guided = reads(view, server, "GenerateFeatureGuidance")
    if not resources or not guided:
        return Waiting("channels and guidance to be read")
    guidance = {
        str(each.get("channel")).rpartition("/")[2]: each.get("channelAdminState")
        for each in body_of(guided[-1]).get("featureGuidance") or ()
    }
    wrong = []
    for source, states in (("channel", resources), ("guidance", guidance)):
        for id, state in sorted(states.items()):
            wanted = "ADMIN_STATE_DISABLED" if id in disabled else "ADMIN_STATE_ENABLED"
            if state != wanted:
                wrong.append(f"{source} {id}: {state}")
    evidence = [*_evidence(view, server, "GetChannel"), *guided[-1].evidence]
    if missing := set(resources) ^ set(guidance):
        wrong.append(f"only one of channel and guidance shows {sorted(missing)}")
    return _judge(wrong, f"disabled: {', '.join(disabled) or 'none'}", "as ordered", evidence)
