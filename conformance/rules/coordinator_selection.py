"""Rules about the negotiator's way to an interconnect: what it proposes first, where it goes after a refusal, when it ends.

A proposal is a CreateConnection that the negotiator sent of its own accord.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conformance.rules import rule
from conformance.rules.coordinator_interconnects import body_of
from conformance.rules.coordinator_placement import listed, listings, told
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

SPAN = 60_000
"""Milliseconds over which placement may be tried (CC-CONN-010), and 10 % more before it counts (CC-ERR-49)."""
TOLERATED = SPAN + SPAN // 10
FRESH = ("GetEnvironment", "ListInterconnects", "GetInterconnect", "ListConnections", "GetConnection")
"""Reads that refresh the picture before a proposal."""


def proposals(view: TraceView, sender: str, uuid: str) -> list[Exchange]:
    return view.exchanges("CreateConnection", sender=sender, ours=False, about=uuid)


def _places(made: Sequence[Exchange]) -> str:
    return ", ".join(f"{e.segment('environments')}/{e.segment('interconnects')}" for e in made) or "nowhere"


def _evidence(made: Sequence[Exchange]) -> list[int]:
    return [each.request.seq for each in made]


@rule
def proposes_first(view: TraceView, sender: str, uuid: str, interconnects: Sequence[str]) -> Finding | Waiting:
    """The first proposal goes to one of these interconnects."""
    made = proposals(view, sender, uuid)
    want = f"the first proposal on {' or '.join(interconnects)}"
    if not made:
        return Waiting(want)
    if made[0].segment("interconnects") in interconnects:
        return Finding.passed(_places(made[:1]), evidence=_evidence(made[:1]))
    return Finding.failed(want=want, got=_places(made[:1]), evidence=_evidence(made[:1]))


@rule
def proposes_within(
    view: TraceView, sender: str, uuid: str, places: Sequence[str], least: int = 0
) -> Finding | Waiting:
    """All proposals go to these places (environment/interconnect), at least so many."""
    made = proposals(view, sender, uuid)
    astray = [e for e in made if f"{e.segment('environments')}/{e.segment('interconnects')}" not in places]
    if astray:
        return Finding.failed(want=f"only {', '.join(places)}", got=_places(astray), evidence=_evidence(astray))
    if len(made) < least:
        return Waiting(f"{least} proposals on {', '.join(places)}", _places(made))
    return Finding.passed(_places(made), evidence=_evidence(made))


@rule
def goes_elsewhere(view: TraceView, sender: str, uuid: str, interconnects: Sequence[str]) -> Finding | Waiting:
    """The proposal after a refused one is on another of the interconnects, same UUID and bandwidth (CC-CONN-009)."""
    made = proposals(view, sender, uuid)
    if len(made) < 2:
        return Waiting("a proposal after the refused one", _places(made))
    first, second = made[:2]
    bandwidths = [(each.request.body or {}).get("bandwidthMbps") for each in (first, second)]
    uuids = [each.request.query.get("connectionId") for each in (first, second)]
    elsewhere = second.segment("interconnects") != first.segment("interconnects")
    same_path = first.segment("environments") == second.segment("environments")
    known = second.segment("interconnects") in interconnects
    if elsewhere and known and same_path and bandwidths[0] == bandwidths[1] and uuids[0] == uuids[1]:
        return Finding.passed(_places(made[:2]), evidence=_evidence(made[:2]))
    return Finding.failed(
        want=f"another of {', '.join(interconnects)} with the same UUID and bandwidth",
        got=f"{_places(made[:2])} with {bandwidths[0]} and {bandwidths[1]} Mbps",
        evidence=_evidence(made[:2]),
    )


@rule
def backs_off(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """Repeated proposals are spaced ever wider, the last at most 60 s (10 % more) after the first (CC-CONN-010).

    Jitter is allowed: a gap may be up to a quarter shorter than the one before, and the last one must be longer than
    the first. A longer span with single gaps within 60 s is a warning (CC-ERR-50).
    """
    made = proposals(view, sender, uuid)
    if len(made) < 3:
        return Waiting("at least three proposals", _places(made))
    at = [each.request.at for each in made]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    got = f"gaps of {', '.join(f'{gap / 1000:g}' for gap in gaps)} s"
    grows = all(later >= earlier * 0.75 for earlier, later in pairwise(gaps)) and gaps[-1] > gaps[0] > 0
    want = "growing gaps over at most 60 s"
    if grows and at[-1] - at[0] <= TOLERATED:
        return Finding.passed(got, evidence=_evidence(made))
    if grows and max(gaps) <= TOLERATED:
        return Finding(Verdict.WARNED, want, got, tuple(_evidence(made)), ("CC-ERR-50",))
    return Finding.failed(want=want, got=got, evidence=_evidence(made))


@rule
def refreshes_between(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """Between two proposals the negotiator reads the environment, its interconnects or connections (CC-CONN-010)."""
    made = proposals(view, sender, uuid)
    if len(made) < 2:
        return Waiting("a second proposal", _places(made))
    reads = [e.request.seq for name in FRESH for e in view.exchanges(name, sender=sender, ours=False)]
    for earlier, later in pairwise(made):
        if not any(earlier.evidence[-1] < seq < later.request.seq for seq in reads):
            return Finding.failed(
                want="a read of the peer before each new proposal",
                got=f"none before the one on {_places([later])}",
                evidence=_evidence([earlier, later]),
            )
    return Finding.passed(f"{len(made)} proposals", evidence=_evidence(made))


@rule
def gives_up(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """No proposal after the span, no copy left with the negotiator, and its customer was told of the failure."""
    made = proposals(view, sender, uuid)
    late = [each for each in made if each.request.at - made[0].request.at > TOLERATED]
    if late:
        return Finding.failed(want="no proposal after 60 s", got=_places(late), evidence=_evidence(late))
    left = [each for each in listed(view, sender) if each[1] == uuid]
    evidence = [e.evidence[-1] for e in listings(view, sender).values()]
    if left or not evidence:
        return Finding.failed(want=f"no copy at {sender}", got=told(left), evidence=evidence)
    outcomes = view.outcomes(sender, "accept")
    if not outcomes or outcomes[-1].result not in ("failed", "refused"):
        return Waiting("accept to end as failed", outcomes[-1].result if outcomes else "it was not asked")
    return Finding.passed(f"{len(made)} proposals, then failed", evidence=[*evidence, outcomes[-1].seq])


@rule
def placed_before_asking(view: TraceView, reading: str, mbps: int) -> Finding | Waiting:
    """The negotiator shows its own copy while its proposal is not answered yet (CC-CONN-001)."""
    seen = next(each for each in view.exchanges() if each.request.exchange == reading)
    if seen.succeeded and body_of(seen).get("bandwidthMbps") == mbps:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    return Finding.failed(want=f"a copy with {mbps} Mbps", got=seen.told(), evidence=seen.evidence)


@rule
def features_proposed(
    view: TraceView, sender: str, uuid: str, channels: Sequence[str], least: int | None = None
) -> Finding | Waiting:
    """One feature was agreed for each of these channels (or for ``least`` of them), and none proposed for another."""
    made = view.exchanges("CreateFeature", sender=sender, ours=False, about=uuid)
    named = [str((each.request.body or {}).get("channel")).rpartition("/")[2] for each in made]
    agreed = sorted(channel for channel, each in zip(named, made, strict=True) if each.succeeded)
    got = f"agreed on {', '.join(agreed) or 'none'}"
    want = f"one feature for each of {', '.join(channels)}"
    if set(named) - set(channels) or len(agreed) != len(set(agreed)):
        return Finding.failed(want=want, got=f"{got}, proposed {', '.join(named)}", evidence=_evidence(made))
    if len(agreed) < (len(channels) if least is None else least):
        return Waiting(want, got, tuple(_evidence(made)))
    return Finding.passed(got, evidence=_evidence(made), errata=("CC-ERR-12",) if len(agreed) < len(channels) else ())
