"""``interlock fuzz``: schemathesis against a target, or against the reference, with our checks; a case sent again."""

from __future__ import annotations

import asyncio
import json as jsonlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from conformance.cast import CASTS
from conformance.cli import playing
from conformance.cli.certifying import emptied_at
from conformance.cli.targets import show as show_doctor
from conformance.cli.telling import print_json, put
from conformance.cli.usage import Usage
from conformance.doctor import clean, examine
from conformance.fuzz import case as cases
from conformance.fuzz.contract import PHASES, Wishes
from conformance.fuzz.course import Field, Fuzzed, breaks, field_on, fuzz, replay
from conformance.fuzz.finding import Finding
from conformance.live_stage import on_target
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.play import self_play
from conformance.target import Target
from conformance.target.file import read_target
from reference_impl.serve.tomlfile import ConfigError
from reports import trace as traces
from reports.write import make_directory

UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command. Without ``target`` the reference is fuzzed, the seats of ``protocol`` or of both."""

    target: Path | None
    protocol: str | None
    seats: tuple[str, ...]
    wishes: Wishes
    case: Path | None = None
    report: Path | None = None
    json: bool = False


Opened = Callable[[], Any]


def command(asked: Asked) -> int:
    """Fuzz each seat; print and leave what was found. 0: nothing; 1: something; 2: the target cannot be judged."""
    if unknown := [phase for phase in asked.wishes.phases if phase not in PHASES]:
        raise Usage(f"--phase: want some of {', '.join(PHASES)}; got {unknown[0]!r}")
    target = _target(asked.target)
    if target is not None:
        asyncio.run(emptied_at(target, None))
        if not clean(found := asyncio.run(examine(target))):
            show_doctor(target.name, found, sys.stderr)
            return UNUSABLE
    case = _case(asked.case)
    if asked.report is not None:
        make_directory(asked.report)
    rows: list[tuple[str, str, Fuzzed]] = []
    for protocol, seat in _seats(asked, target, case):
        with _field(target, protocol, seat) as field:
            done = replay(field, case.requests) if case is not None else _fuzzed(field, asked)
            if asked.report is not None:
                done = _left(field, done, asked.report / seat)
            rows.append((protocol, seat, done))
    document = {"seed": asked.wishes.seed, "seats": [_as_json(*row) for row in rows]}
    if asked.report is not None:
        put(asked.report / "fuzz.json", jsonlib.dumps(document, indent=1, ensure_ascii=False) + "\n")
    if asked.json:
        print_json(document)
    else:
        for row in rows:
            _show(*row, asked.report)
    return 1 if any(done.findings for _, _, done in rows) else 0


def _target(path: Path | None) -> Target | None:
    try:
        return read_target(path) if path is not None else None
    except ConfigError as problem:
        raise Usage(str(problem)) from None


def _case(path: Path | None) -> cases.Case | None:
    try:
        return cases.read(path) if path is not None else None
    except cases.CaseError as problem:
        raise Usage(f"--case: {problem}") from None


def _seats(asked: Asked, target: Target | None, case: cases.Case | None) -> list[tuple[str, str]]:
    """What is fuzzed: (protocol, seat). Usage."""
    protocol = target.protocol if target is not None else asked.protocol or (case.protocol if case else None)
    if case is not None and protocol != case.protocol:
        raise Usage(f"--case: want a case of {protocol}, got one of {case.protocol}")
    offered = [
        (name, seat)
        for name, cast in CASTS.items()
        if protocol in (None, name)
        for seat in (target.seats if target is not None else cast.seats[:2])
    ]
    wanted = asked.seats or ((case.seat,) if case is not None else ())
    known = [seat for _, seat in offered]
    if unknown := [seat for seat in wanted if seat not in known]:
        raise Usage(f"--seat: want one of {', '.join(known)}; got {unknown[0]!r}")
    return [(name, seat) for name, seat in offered if not wanted or seat in wanted]


@contextmanager
def _field(target: Target | None, protocol: str, seat: str) -> Iterator[Field]:
    if target is None:
        with field_on(self_play("asgi", 1), protocol, seat) as field:
            yield field
        return
    northbound = InEachLoop(lambda: northbound_of(target, AsyncExitStack(), None))
    with field_on(on_target(CASTS[protocol], target, seat, northbound), protocol, seat, theirs=True) as field:
        yield field


def _fuzzed(field: Field, asked: Asked) -> Fuzzed:
    with playing.progress_bar(asked.json) as bar:
        task = bar.add_task("fuzzing", total=None)
        return fuzz(
            field,
            asked.wishes,
            lambda phase, number: bar.update(task, completed=number, description=f"{field.target}: {phase}"),
        )


def _left(field: Field, done: Fuzzed, directory: Path) -> Fuzzed:
    """Leave the trace and each finding as a case, shortened to what is needed for it."""
    make_directory(directory)
    traces.write(done.trace, directory / "trace.jsonl")
    kept = []
    for number, found in enumerate(done.findings, start=1):
        case = cases.shortened(found.case, lambda requests, whole=found.case: breaks(field, whole, requests))
        cases.write(case, directory / f"{number:02}-{found.check.replace('/', '.')}.json")
        kept.append(replace(found, case=case))
    return replace(done, findings=tuple(kept))


def _as_json(protocol: str, seat: str, done: Fuzzed) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "seat": seat,
        "requests": len(done.sent),
        "answers": dict(sorted(done.answers.items())),
        "seconds": round(done.seconds, 1),
        "lacks": list(done.lacks),
        "findings": [found.as_json() for found in done.findings],
    }


def _show(protocol: str, seat: str, done: Fuzzed, report: Path | None) -> None:
    console = Console(highlight=False)
    answers = ", ".join(f"{number} {kind}" for kind, number in sorted(done.answers.items()))
    console.print(
        f"{protocol}, {seat}: {len(done.sent)} requests in {done.seconds:.0f} s, answered {answers}; "
        f"{_number(done.findings)}",
        soft_wrap=True,
    )
    for lack in done.lacks:
        console.print(f"  fuzzed without {lack}", markup=False, soft_wrap=True)
    if not done.findings:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("check", "operation", "want", "got"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "check")
    for found in done.findings:
        times = f" ({found.times} times)" if found.times > 1 else ""
        table.add_row(found.check, found.operation, found.want, found.got + times)
    console.print(table)
    for number, found in enumerate(done.findings, start=1):
        console.print(f"{found.check}  {found.curl}", markup=False, soft_wrap=True)
        if report is not None:
            file = report / seat / f"{number:02}-{found.check.replace('/', '.')}.json"
            console.print(
                f"  again: interlock fuzz … --case {file}   ({len(found.case.requests)} requests)",
                markup=False,
                soft_wrap=True,
            )


def _number(findings: Sequence[Finding]) -> str:
    return f"{len(findings)} findings" if len(findings) != 1 else "1 finding"
