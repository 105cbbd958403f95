"""A trace as a schedule: what was seen of a world, or of real parties, as steps that a world can take again.

The trace of a world holds its labels; along a live one the world of a race is led (``leading``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.record import AnyRecord, Claim, Meta
from simulator.faults import Faults
from simulator.leading import Leading
from simulator.leading import NoSchedule as NoSchedule
from simulator.race import Race
from simulator.replay import record
from simulator.schedule import Schedule
from simulator.shrink import spent

Races = Mapping[str, Race[Any, Any]]


@dataclass(frozen=True, slots=True)
class Retraced:
    """A schedule, and why it ends before the trace does (empty: it does not)."""

    schedule: Schedule
    stopped: str = ""


def retrace(trace: Sequence[AnyRecord], races: Races, race: str | None = None, variant: str | None = None) -> Retraced:
    """The schedule of a trace, as far as a world comes along.

    ``race`` and ``variant`` name the world for a live trace; by default it is the race whose checks the trace claims.
    NoSchedule, or KeyError for a race or variant that there is not.
    """
    head = next((each.data for each in trace if isinstance(each, Meta) and each.mark == "run"), {})
    if "race" in head:
        return Retraced(_of_a_world(trace, races, head))
    scenarios = [each for each in trace if isinstance(each, Meta) and each.mark == "scenario"]
    if len(scenarios) > 1:
        names = "; ".join(f"{each.seq} {each.data.get('name')}" for each in scenarios[:12])
        more = f"; and {len(scenarios) - 12} more" if len(scenarios) > 12 else ""
        raise NoSchedule(f"the trace holds {len(scenarios)} scenarios, want one of them: {names}{more}")
    claimed = {each.check.partition("/")[0] for each in trace if isinstance(each, Claim)} & set(races)
    if race is not None and race not in races:
        raise KeyError(f"no race {race!r}; there are: {', '.join(races)}")
    if race is None and len(claimed) != 1:
        raise NoSchedule(f"the trace is not of a world; name the race whose world it may fit: {', '.join(races)}")
    chosen = races[race or claimed.pop()]
    leading = Leading(chosen, variant, trace)
    labels = leading.lead()
    if not labels:
        raise NoSchedule(leading.stopped or f"the trace holds nothing of the story of {chosen.id}")
    return Retraced(record(chosen, variant, spent(labels), labels), leading.stopped)


def scenario(trace: Sequence[AnyRecord], begins: int) -> list[AnyRecord]:
    """The records of the scenario whose mark has this number."""
    rest = [each for each in trace if each.seq >= begins]
    if not rest or not isinstance(rest[0], Meta) or rest[0].mark != "scenario":
        raise NoSchedule(f"record {begins} does not begin a scenario")
    end = next((place for place, each in enumerate(rest) if isinstance(each, Meta) and each.mark == "end"), len(rest))
    return rest[: end + 1]


def _of_a_world(trace: Sequence[AnyRecord], races: Races, head: Mapping[str, Any]) -> Schedule:
    if head["race"] not in races:
        raise KeyError(f"no race {head['race']!r}; there are: {', '.join(races)}")
    race = races[head["race"]]
    faults = Faults(**{name.replace("-", "_"): budget for name, budget in head["faults"].items()})
    labels = [each.data["label"] for each in trace if isinstance(each, Meta) and each.mark == "step"]
    before, after = labels[: head.get("cycle")], labels[head["cycle"] :] if "cycle" in head else ()
    try:
        return record(race, head["variant"], faults, before, after)
    except KeyError as problem:
        raise NoSchedule(f"the world of {race.id} behaves otherwise now: {problem.args[0]}") from None
