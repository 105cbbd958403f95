"""``interlock proxy A.toml B.toml``: between two partners, until Ctrl-C; then what the wire has shown is judged."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from conformance import recording, rollup
from conformance.cli import playing
from conformance.cli.usage import Usage
from conformance.faults import BadFault, ProxyFault, fault
from conformance.proxy import NoPair, ProxyStage, Side, sides_of, told
from conformance.resume import Recorder
from conformance.target import Target
from conformance.target.file import read_target
from conformance.target.sending import MissingExtra
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import until_signal
from reference_impl.serve.tomlfile import ConfigError
from reports.redact import Redactor
from reports.trace import Trace
from reports.write import make_directory


def proxy(one: Path, other: Path, faults: Sequence[str], cap: float | None, report: Path | None, json: bool) -> int:
    """Forward and record until a signal, or for ``cap`` seconds; judge the recording. Usage."""
    first, second = target_of(one), target_of(other)
    try:
        sides = sides_of(first, second)
        wanted = [fault(each, list(SERVED[first.protocol].operations)) for each in faults]
    except (NoPair, BadFault) as problem:
        raise Usage(str(problem)) from None
    directory = playing.directory_of(report, json)
    if directory is not None:
        make_directory(directory)
    trace = Trace()
    asyncio.run(_between(sides, wanted, trace, cap, directory))
    run = recording.judged(trace)
    playing.leave(run, directory, json)
    return rollup.exit_code(run.report)


def target_of(file: Path) -> Target:
    try:
        return read_target(file)
    except ConfigError as problem:
        raise Usage(str(problem)) from None


async def _between(
    sides: tuple[Side, Side], faults: Sequence[ProxyFault], trace: Trace, cap: float | None, directory: Path | None
) -> None:
    try:
        stage = ProxyStage(sides, trace, Redactor(os.urandom(16)))
    except MissingExtra as problem:
        raise Usage(str(problem)) from None
    one, other = sides
    recording.begin(trace, one.target.protocol, [one.seat, other.seat], f"{one.target.name} with {other.target.name}")
    recorder = Recorder(directory, trace) if directory is not None else None
    try:
        await stage.open()
        stage.disturb(faults)
        for line in (*told(sides, {seat: stage.origin(seat) for seat in stage.seats}), "Ctrl-C ends and judges."):
            print(line, file=sys.stderr, flush=True)
        await _until_told(cap)
    except OSError as problem:
        places = " and ".join(f"{side.door.listen.host}:{side.door.listen.port}" for side in sides)
        raise Usage(f"counterpart.listen: want addresses that are free, {places}; got {problem.strerror}") from None
    finally:
        await stage.close()
    recording.end(trace)
    if recorder is not None:
        recorder.finish()


async def _until_told(cap: float | None) -> None:
    try:
        async with asyncio.timeout(cap):
            await until_signal()
    except TimeoutError:
        return
