"""A rehearsal of a certification: the same scenarios with a reference party in the target's seat, which offers only what the
target's adapter offers. Nothing is sent anywhere. It tells what would be created at the target and what cannot be played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.cast import CASTS, Cast
from conformance.choice import Choice, chosen, owed
from conformance.northbound import Answered, HttpNorthbound, Lacks, Northbound, lacking
from conformance.northbound.offers import Offers
from conformance.play import Open, Played, Progress, play
from conformance.players import OurPlayer, TargetPlayer, Untested
from conformance.self_play_stage import SelfPlayStage
from conformance.target import Target
from conformance.target.excluding import declared_by, excluded_by
from reports.record import Action, AnyRecord, Outcome, Request, Response
from reports.redact import Redactor
from reports.trace import Trace

CREATED: Mapping[str, Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "connection-coordinator": {
        "keys": (("offer",), ()),
        "connections": ((), ("CreateConnection",)),
        "features": ((), ("CreateFeature",)),
    },
    "federation-interconnect": {
        "federations": (("create_self_federation",), ()),
        "cloudlets": (("onboard_cloudlet",), ()),
        "zones": (("create_zone",), ()),
        "partners": (("expect_partner", "add_partner"), ("POST /operator/partner",)),
        "registrations": ((), ("POST /operator/zone",)),
    },
}
"""What comes to be at a target, by protocol: through its own actions, and through operations to or from it."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One scenario, or one example of an outline, as it would be played with the target in ``seat``. ``created``: how many
    of what; ``lacks``: why it cannot be played to its end, None where it can."""

    scenario: str
    seat: str
    judged: str
    created: Mapping[str, int]
    lacks: str | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    rows: tuple[Rehearsed, ...]
    problems: tuple[str, ...]

    def created(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for row in self.rows:
            total.update(row.created)
        return dict(total)

    def excluded(self) -> dict[str, int]:
        """Scenarios that cannot be played to their end, by reason, the most frequent first."""
        return dict(Counter(row.lacks for row in self.rows if row.lacks).most_common())


def rehearse(
    target: Target, offers: Offers, choice: Choice, progress: Progress = lambda done, all_, name: None
) -> Rehearsal:
    """BadChoice, NothingSelected."""
    wanted = chosen(target.protocol, target.seats, target.capabilities, choice)
    excluded = excluded_by(target.protocol, declared_by(target))
    wanted = {seat: owed(pairs, seat, excluded) for seat, pairs in wanted.items()}
    rows: list[Rehearsed] = []
    problems: list[str] = []
    all_, before = sum(map(len, wanted.values())), 0
    for seat, pairs in wanted.items():
        played = play(pairs, on=_stages(target, seat, offers), target=seat, progress=_further(progress, before, all_))
        before += len(pairs)
        rows += [_row(run, played.trace, target.protocol, seat) for run in played.played]
        problems += played.problems
    return Rehearsal(tuple(rows), tuple(problems))


def _further(progress: Progress, before: int, all_: int) -> Progress:
    return lambda done, _, name: progress(before + done, all_, name)


def _row(run: Played, trace: Trace, protocol: str, seat: str) -> Rehearsed:
    records = trace[run.first - 1 : run.last]
    found = {what: _count(records, seat, *how) for what, how in CREATED[protocol].items()}
    lacks = run.problem if run.lacking else None
    return Rehearsed(run.scenario.id, seat, run.seat, {what: number for what, number in found.items() if number}, lacks)


def _count(records: Sequence[AnyRecord], seat: str, actions: Sequence[str], operations: Sequence[str]) -> int:
    done = {each.of for each in records if isinstance(each, Outcome) and each.result == "ok"}
    asked = {
        each.seq for each in records if isinstance(each, Action) and (each.seat, each.action in actions) == (seat, True)
    }
    return len(asked & done) + len(set(_answered(records, seat, operations)))


def _answered(records: Sequence[AnyRecord], seat: str, operations: Sequence[str]) -> Iterable[str]:
    """Exchanges of these operations to or from a seat that were answered with success."""
    good = {each.exchange for each in records if isinstance(each, Response) and 200 <= each.status < 300}
    asked = (each for each in records if isinstance(each, Request) and each.operation in operations)
    return (each.exchange for each in asked if seat in (each.sender, each.receiver) and each.exchange in good)


def _stages(target: Target, seat: str, offers: Offers) -> Open:
    cast = CASTS[target.protocol]
    return lambda protocol, trace, redactor: _Stage(cast, target, seat, offers, trace, redactor)


class _Stage(SelfPlayStage):
    """A self-play with the limits of a target in one seat."""

    def __init__(self, cast: Cast, target: Target, seat: str, offers: Offers, trace: Trace, redactor: Redactor) -> None:
        super().__init__(cast, trace=trace, redactor=redactor)
        self._target, self._of, self._offers = target, seat, offers

    async def open(self) -> None:
        await super().open()
        played = self.seats[self._of]
        ours = played.player
        assert isinstance(ours, OurPlayer)
        played.player = TargetPlayer(_Limited(ours, self._offers), self._of, self._target.inventory.names)

    async def pass_time(self, milliseconds: int) -> None:
        if self._target.clock.kind == "none" and milliseconds > self._target.timeouts["quiet"]:
            raise Untested(f"no clock: the target's time cannot be moved by {milliseconds / 1000:g} s")
        await super().pass_time(milliseconds)


class _Limited:
    """The northbound side of a party of ours, as far as another adapter offers the same; its hooks by hand."""

    def __init__(self, player: OurPlayer, offers: Offers) -> None:
        assert isinstance(player.northbound, HttpNorthbound)
        self._player, self._offers = player, offers
        self._northbound: Northbound = player.northbound

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return await self._northbound.act(action, inputs) if action in self._offers.actions else lacking(action)

    async def poll(self, operation: str) -> Answered:
        return await self._northbound.poll(operation)

    async def state(self) -> dict[str, Any]:
        if not self._offers.state:
            raise Lacks("adapter lacks state")
        return await self._northbound.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        if hook == "reset":  # here always, for every scenario begins with nothing
            await self._player.reset(str(inputs["inventory"]))
        if hook not in self._offers.hooks:
            return lacking(hook)
        match hook:
            case "hold_provisioning":
                await self._player.hold(str(inputs["match"]))
            case "release_provisioning":
                await self._player.release(str(inputs["match"]))
            case "crash":
                await self._player.crash()
        return Answered("ok")
