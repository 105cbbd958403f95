"""Partners pairwise: each pair plays one story through a recording proxy, driven from their own northbound sides."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from conformance import prologue, prologue_federation, recording, rollup
from conformance.cast import CASTS
from conformance.cleanup import emptied
from conformance.northbound import Lacks, NorthboundError
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.portal import Portal
from conformance.proxy import NoPair, ProxyStage, Side
from conformance.session import Result, Session
from conformance.target import Listening, Target
from reference_impl.serve.config import Address
from reports.matrix import Matrix, MatrixCell
from reports.redact import Redactor
from reports.trace import Trace
from reports.write import write_report

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Story:
    """What a pair does. ``told`` says it in a sentence; ``play`` raises Unprepared where it does not come to its end."""

    told: str
    play: Callable[[Session, str, int], None]


def _connection(session: Session, environment: str, mbps: int) -> None:
    made = prologue.establish(session, "csp-a", mbps, environment)
    for seat in ("csp-a", "csp-b"):
        _shows(session, seat, made["uuid"], "established")
    asked = session.act("csp-b", "delete", account="X", uuid=made["uuid"])
    _ended(session.finish(asked))
    session.settle()
    for seat in ("csp-a", "csp-b"):
        _shows(session, seat, made["uuid"], "deleted")


def _shows(session: Session, seat: str, uuid: str, state: str) -> None:
    shown = _ended(session.act(seat, "read", account="X", uuid=uuid)).outputs.get("state")
    if shown != state:
        raise Unprepared(f"the customer of {seat} reads {shown!r} where the connection is {state}")


def _ended(result: Result) -> Result:
    if result.result != "ok":
        raise Unprepared(f"{result.seat}: {result.action}: {result.answered.reason or result.result}")
    return result


def _federation(session: Session, environment: str, mbps: int) -> None:
    prologue_federation.prepare(session, "op1", "op2")
    prologue_federation.add(session, "op1", "op2")
    zone = prologue_federation.OPERATORS["op2"].zones[0]
    _ended(session.finish(prologue_federation.ask_to_register(session, "op1", "op2", zone)))
    host = prologue_federation.federation_id(session, "op2")
    _ended(session.finish(session.act("op1", "deregister_zone", partner=host, zones=[zone])))
    _ended(session.finish(session.act("op1", "remove_partner", partner=host)))


STORIES: Mapping[str, Story] = {
    "connection-coordinator": Story(
        "A customer creates a connection at the first partner and accepts it at the second; it is established, read on "
        "both sides, and deleted from the second.",
        _connection,
    ),
    "federation-interconnect": Story(
        "Both partners set up a federation; the first adds the second, registers one of its zones, deregisters it and "
        "removes the partner.",
        _federation,
    ),
}


def doors(targets: Sequence[Target], listen: Address) -> dict[tuple[int, int], Listening]:
    """Where the i-th partner reaches the j-th one: at the first port, plus N times i, plus j."""
    return {
        (i, j): Listening(Address(listen.host, listen.port + i * len(targets) + j))
        for i, j in permutations(range(len(targets)), 2)
    }


def check(targets: Sequence[Target]) -> None:
    """NoPair: these cannot be brought together."""
    if len({target.protocol for target in targets}) > 1:
        raise NoPair("want partners of one protocol")
    for attribute in ("name", "id"):
        found = [target.name if attribute == "name" else target.who("target").id for target in targets]
        if len(set(found)) < len(found) or not all(found):
            raise NoPair(
                f"want a {attribute} of its own for each partner ([target], [identity]), got {', '.join(found)}"
            )


def play(
    targets: Sequence[Target],
    listen: Address,
    directory: Path | None,
    environment: str = "env1",
    mbps: int = 1000,
    progress: Progress = lambda done, all_, name: None,
) -> Matrix:
    """Every pairing in which the seats of both allow it. NoPair, OSError where an address cannot be taken."""
    check(targets)
    protocol = targets[0].protocol
    seats, story, at = CASTS[protocol].seats[:2], STORIES[protocol], doors(targets, listen)
    pairs = [
        (i, j)
        for i, j in permutations(range(len(targets)), 2)
        if seats[0] in targets[i].seats and seats[1] in targets[j].seats
    ]
    adapters = [_adapter(target) for target in targets]
    portal = Portal()
    cells = []
    try:
        for number, (i, j) in enumerate(pairs):
            one = Side(targets[i], seats[0], at[i, j], adapters[i])
            other = Side(targets[j], seats[1], at[j, i], adapters[j])
            progress(number, len(pairs), f"{one.target.name} with {other.target.name}")
            cells.append(_pair(portal, one, other, lambda session: story.play(session, environment, mbps), directory))
    finally:
        portal.close()
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    names = tuple(target.name for target in targets)
    return Matrix(protocol, (seats[0], seats[1]), story.told, started, names, tuple(cells))


def _adapter(target: Target) -> InEachLoop:
    return InEachLoop(lambda: northbound_of(target, AsyncExitStack()))


def _pair(
    portal: Portal, one: Side, other: Side, story: Callable[[Session], None], directory: Path | None
) -> MatrixCell:
    trace = Trace()
    stage = ProxyStage((one, other), trace, Redactor(os.urandom(16)))
    name = f"{one.target.name} with {other.target.name}"
    recording.begin(trace, one.target.protocol, [one.seat, other.seat], name)
    portal.call(stage.open())
    try:
        if not stage.cast.bearer:  # operators begin with nothing; providers with what they agreed on
            for side in (one, other):
                portal.call(emptied(side.target, side.northbound))
        verdict, told = _told(lambda: story(Session(stage, portal, one.seat)))
    finally:
        portal.call(stage.close())
    recording.end(trace)
    run = recording.judged(trace)
    failed = tuple(
        f"{check.id} {check.seat}"
        for each in run.report.requirements
        for check in each.checks
        if check.verdict == "failed"
    )
    report = ""
    if directory is not None:
        place = f"{one.id}--{other.id}"
        write_report(directory / place, run.report, run.trace, rollup.verdict_of_claim(run.judged))
        report = f"{place}/report.html"
    names = {one.seat: one.target.name, other.seat: other.target.name}
    for seat, partner in names.items():
        told = told.replace(seat, partner)
    return MatrixCell(one.target.name, other.target.name, "failed" if failed else verdict, told, failed, report)


def _told(story: Callable[[], None]) -> tuple[str, str]:
    """How a story ended: its verdict, and why it did not pass."""
    try:
        story()
    except Unprepared as problem:
        return "failed", str(problem)
    except (Untested, Lacks) as lack:
        return "untested", str(lack)
    except NorthboundError as problem:
        return "inconclusive", str(problem)
    return "passed", ""
