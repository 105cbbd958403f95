"""A stranger, served on free ports, and `interlock` called on it as a partner would call it: from its target file alone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.interop.partners import free_ports

HERE = Path(__file__).parent
INTERLOCK = (sys.executable, "-c", "from conformance.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Kind:
    """A stranger's make. ``ports`` are those in its files: for partners, for its own people, and ours as its two partners;
    ``secrets`` is what its target file wants in the environment. ``program`` starts it, given its room, the directory with
    its files, and the ports it gets."""

    ports: tuple[int, int, int, int]
    secrets: Mapping[str, str]
    files: tuple[str, ...]
    seats: tuple[str, str]
    program: Callable[[Path, Path, Sequence[int]], Sequence[str]]


_TIDEWATER = {
    "MERIDIAN_TO_TIDEWATER": "meridian-to-tidewater",
    "TIDEWATER_TO_MERIDIAN": "tidewater-to-meridian",
    "CARRIER_TO_TIDEWATER": "carrier-to-tidewater",
    "TIDEWATER_TO_CARRIER": "tidewater-to-carrier",
    "TIDEWATER_COUNTER": "card-of-the-counter",
    "TIDEWATER_CARD_X": "card-acme",
    "TIDEWATER_CARD_Y": "card-bolt",
    "TIDEWATER_CARD_Z": "card-zest",
    "TIDEWATER_CARD_S": "card-slow",
}
"""The values stand in party.json."""


def node() -> str | None:
    return shutil.which("node")


def _tidewater(place: Path, directory: Path, ports: Sequence[int]) -> Sequence[str]:
    return [node() or "node", str(place / "main.mjs"), str(directory / "party.json")]


def _meridian(place: Path, directory: Path, ports: Sequence[int]) -> Sequence[str]:
    doors = ["--partners", f"127.0.0.1:{ports[0]}", "--desk", f"127.0.0.1:{ports[1]}"]
    return [sys.executable, "-m", "tests.strangers.operator", *doors]


KINDS: Mapping[str, Kind] = {
    "csp": Kind(
        (22300, 22301, 22302, 22303), _TIDEWATER, ("party.json", "target.toml"), ("csp-a", "csp-b"), _tidewater
    ),
    "operator": Kind(
        (22400, 22401, 22402, 22403), {"DESK_TOKEN": "desk-of-meridian"}, ("target.toml",), ("op1", "op2"), _meridian
    ),
}


def kind_of(seats: Sequence[str]) -> str:
    """Whose seats these are; without any the first kind's."""
    return next(name for name, kind in KINDS.items() if set(seats) <= set(kind.seats))


@dataclass(frozen=True, slots=True)
class Certified:
    """What a run left: its exit code, report.json, and what it printed."""

    code: int
    report: Mapping[str, Any] = field(repr=False)
    printed: str = ""

    @property
    def verdicts(self) -> dict[tuple[str, str], str]:
        """By check and seat; only what was played."""
        return {
            (check["id"], check["seat"]): check["verdict"]
            for requirement in self.report["requirements"]
            for check in requirement["checks"]
            if check["verdict"] not in ("untested", "not-applicable")
        }

    def told(self, check: str, seat: str) -> Mapping[str, Any]:
        return next(
            each
            for requirement in self.report["requirements"]
            for each in requirement["checks"]
            if (each["id"], each["seat"]) == (check, seat)
        )


@dataclass(frozen=True, slots=True)
class Stranger:
    """One that listens. ``directory`` holds its target file; what runs leave goes there too."""

    directory: Path
    kind: Kind

    def interlock(self, *words: str, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*INTERLOCK, *words],
            cwd=self.directory,
            env={**os.environ, **self.kind.secrets, "PYTHONPATH": str(HERE.parents[1])},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def certify(self, name: str, *selectors: str) -> Certified:
        """``name`` of the directory for the report."""
        chosen = [word for each in selectors for word in ("--select", each)]
        ran = self.interlock("certify", "target.toml", *chosen, "--report", name)
        place = self.directory / name / "report.json"
        printed = ran.stdout + ran.stderr
        if not place.exists():
            raise AssertionError(f"certify left no report, exit code {ran.returncode}: {printed}")
        return Certified(ran.returncode, json.loads(place.read_text(encoding="utf-8")), printed)


@contextlib.contextmanager
def stranger(
    directory: Path,
    name: str = "csp",
    *,
    seats: Sequence[str] = (),
    clock: bool = True,
    vice: str = "",
    accent: str = "",
) -> Iterator[Stranger]:
    """Serve one for the time of a block. ``seats``: only these, and not all of its target file. Without ``clock`` it has
    no hook by which its time is moved, and its target file says so. ``accent``: what it does in another legal way."""
    kind, place = KINDS[name], HERE / name
    first = 23_000 + len(kind.ports) * (os.getpid() % 1000)  # those where we shall listen are free until then
    ports = free_ports(len(kind.ports), above=first)
    for file in kind.files:
        text = (place / file).read_text(encoding="utf-8")
        for was, now in zip(kind.ports, ports, strict=True):
            text = text.replace(str(was), str(now))
        if seats:
            text = text.replace(f"seats = {json.dumps(kind.seats)}", f"seats = {json.dumps(list(seats))}")
        if not clock:
            text = _without_clock(text)
        (directory / file).write_text(text, encoding="utf-8")
    program = kind.program(place, directory, ports)
    told = {"VICE": vice, "ACCENT": accent, "PYTHONPATH": str(HERE.parents[1])}
    surroundings = {**os.environ, **kind.secrets, **told}
    log = (directory / "stranger.log").open("w", encoding="utf-8")
    with (
        log,
        subprocess.Popen(program, env=surroundings, stdout=subprocess.PIPE, stderr=log) as running,
    ):
        try:
            assert running.stdout is not None
            if not running.stdout.readline():
                raise AssertionError((directory / "stranger.log").read_text(encoding="utf-8"))
            yield Stranger(directory, kind)
        finally:
            running.terminate()


def _without_clock(text: str) -> str:
    head, hook, rest = text.partition("[northbound.hooks.advance_clock]\n")
    text = head + rest[rest.index("\n[") + 1 :] if hook else text
    return text.replace('"clock": true', '"clock": false').replace(
        '[clock]\nkind = "northbound"', '[clock]\nkind = "none"'
    )
