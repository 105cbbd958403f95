"""A stranger, served on free ports, and `interlock` called on it as a partner would call it: from its target file alone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.interop.partners import free_ports

HERE = Path(__file__).parent
INTERLOCK = (sys.executable, "-c", "from conformance.cli import main; main()")
PORTS = (22300, 22301, 22302, 22303)
"""Those in party.json and target.toml: for partners, for customers, and ours as its two partners."""

SECRETS = {
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
"""What target.toml wants in the environment; the values stand in party.json."""


def node() -> str | None:
    return shutil.which("node")


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

    def interlock(self, *words: str, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*INTERLOCK, *words],
            cwd=self.directory,
            env={**os.environ, **SECRETS, "PYTHONPATH": str(HERE.parents[1])},
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
    directory: Path, kind: str = "csp", *, seats: Sequence[str] = (), clock: bool = True, vice: str = ""
) -> Iterator[Stranger]:
    """Serve one for the time of a block. ``seats``: only these, and not all of its target file. Without ``clock`` it has
    no hook by which its time is moved, and its target file says so."""
    ports = free_ports(len(PORTS), above=23_000)
    place = HERE / kind
    for name in ("party.json", "target.toml"):
        text = (place / name).read_text(encoding="utf-8")
        for was, now in zip(PORTS, ports, strict=True):
            text = text.replace(str(was), str(now))
        if seats:
            text = text.replace('seats = ["csp-a", "csp-b"]', f"seats = {json.dumps(list(seats))}")
        if not clock:
            text = _without_clock(text)
        (directory / name).write_text(text, encoding="utf-8")
    program = [node() or "node", str(place / "main.mjs"), str(directory / "party.json")]
    log = (directory / "stranger.log").open("w", encoding="utf-8")
    with (
        log,
        subprocess.Popen(program, env={**os.environ, "VICE": vice}, stdout=subprocess.PIPE, stderr=log) as running,
    ):
        try:
            assert running.stdout is not None
            if not running.stdout.readline():
                raise AssertionError((directory / "stranger.log").read_text(encoding="utf-8"))
            yield Stranger(directory)
        finally:
            running.terminate()


def _without_clock(text: str) -> str:
    head, hook, rest = text.partition("[northbound.hooks.advance_clock]\n")
    text = head + rest[rest.index("\n[") + 1 :] if hook else text
    return text.replace('"clock": true', '"clock": false').replace(
        '[clock]\nkind = "northbound"', '[clock]\nkind = "none"'
    )
