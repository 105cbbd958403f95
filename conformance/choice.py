"""What a certification plays: out of all scenarios of a target's seats those that are selected, in a profile, in a shard.

A choice stands at the head of the trace, so that whoever judges it again knows what was to be played.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance.requirements import PROTOCOLS, load_registry
from conformance.scenarios import Scenario, load_scenarios
from conformance.selection import NothingSelected, select
from conformance.target.excluding import Excluded

Pair = tuple[str, str]
"""(scenario id, judged seat)"""


class BadChoice(ValueError):
    """What was asked for cannot be chosen; says what is wanted."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``selectors`` are those of ``--select``, ``profiles`` those of ``--profile`` (none: all), ``shard`` is (i, n)."""

    selectors: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    shard: tuple[int, int] = (1, 1)

    @property
    def partial(self) -> bool:
        """A run of it cannot certify, however well it went."""
        return bool(self.selectors) or self.shard[1] > 1

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Choice:
        one, of = data.get("shard", (1, 1))
        return cls(tuple(data.get("selectors", ())), tuple(data.get("profiles", ())), (int(one), int(of)))


EVERYTHING = Choice()


def chosen(
    protocol: str, seats: Sequence[str], capabilities: Sequence[str], choice: Choice = EVERYTHING
) -> dict[str, list[Pair]]:
    """What is to be played, by the seat in which the target sits. BadChoice, NothingSelected."""
    found = everything(protocol, seats, capabilities, choice.profiles)
    fitting = {each.id for each in select(protocol, choice.selectors)}
    rows = [(seat, pair) for seat, pairs in found.items() for pair in pairs if pair[0] in fitting]
    if not rows:
        taken = f"the profiles {', '.join(choice.profiles)} in " if choice.profiles else ""
        raise NothingSelected(
            f"nothing to play: what is selected judges nothing of {taken}the target's seats {' and '.join(seats)} that it "
            f"claims; `interlock list scenarios --protocol {protocol}` shows which scenario judges which seat"
        )
    one, of = choice.shard
    mine = rows[one - 1 :: of]
    return {seat: [pair for at, pair in mine if at == seat] for seat in seats}


def everything(
    protocol: str, seats: Sequence[str], capabilities: Sequence[str], profiles: Sequence[str] = ()
) -> dict[str, list[Pair]]:
    """All that judges a profile in a seat of the target: these profiles; none: the core and those it claims. BadChoice."""
    known = PROTOCOLS[protocol].profiles
    for name in profiles:
        if name not in known:
            raise BadChoice(f"--profile: want one of {', '.join(known)}; got {name!r}")
        if known[name] and name not in capabilities:
            raise BadChoice(f"--profile: want a profile that the target claims; {name!r} is not in its capabilities")
    owed = profiles or [name for name, extended in known.items() if not extended or name in capabilities]
    scenarios = [each for each in load_scenarios() if each.protocol == protocol]
    return {seat: in_seat(scenarios, seat, owed) for seat in seats}


def owed(pairs: Sequence[Pair], seat: str, excluded: Excluded) -> list[Pair]:
    """Those that judge anything in this seat which no declaration excludes."""
    known = {each.id: each for each in load_scenarios()}

    def judges(pair: Pair) -> bool:
        rows = known[pair[0]].checks_for(pair[1])
        return any(at == seat and excluded.reason(check, at) is None for check, at in rows)

    return [pair for pair in pairs if judges(pair)]


def in_seat(scenarios: Sequence[Scenario], seat: str, profiles: Collection[str]) -> list[Pair]:
    """The (scenario id, judged seat) pairs that judge something of these profiles in this seat."""
    registry = load_registry()

    def counts(check: str) -> bool:
        return registry.requirements[check.partition("/")[0]].profile in profiles

    return [
        (each.id, judged)
        for each in scenarios
        for judged in each.seats
        if any(at == seat and counts(check) for check, at in each.checks_for(judged))
    ]


def shard(text: str) -> tuple[int, int]:
    """``2/5`` is the second of five parts. BadChoice."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise BadChoice(f"--shard: want i/n with i from 1 to n, such as 2/5; got {text!r}")
    return int(found[1]), int(found[2])
