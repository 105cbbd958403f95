"""``interlock doctor`` and ``interlock target init`` on a terminal, in CI, and as JSON."""

from __future__ import annotations

import asyncio
import json as jsonlib
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from conformance.doctor import Finding, clean, examine
from conformance.target.file import read_target
from conformance.target.init import CannotInit, init, write
from reference_impl.serve.tomlfile import ConfigError

OK, UNUSABLE = 0, 2
_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


def doctor(file: Path, json: bool) -> int:
    """Examine the target of a file; 0 where nothing is bad, 2 where something is, or the file cannot be used."""
    try:
        target = read_target(file)
    except ConfigError as problem:
        findings = [Finding("file", "bad", str(problem), "the target file")]
        name = str(file)
    else:
        findings, name = asyncio.run(examine(target)), target.name
    healthy = clean(findings)
    if json:
        shown = {"target": name, "clean": healthy, "findings": [asdict(each) for each in findings]}
        sys.stdout.write(jsonlib.dumps(shown, indent=2, ensure_ascii=False) + "\n")
    else:
        show(name, findings)
    return OK if healthy else UNUSABLE


def show(name: str, findings: Sequence[Finding], out: TextIO | None = None) -> None:
    """The findings as a table, and what they come to; on stdout where not told otherwise."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for each in findings:
        told = _plain(each.found) + (f"\n[bold]change[/bold] {_plain(each.change)}" if each.change else "")
        table.add_row(f"[{_COLOURS[each.level]}]{each.level}[/]", each.check, told)
    console = Console(file=out, highlight=False)
    console.print(table)
    bad, warned = (sum(each.level == level for each in findings) for level in ("bad", "warn"))
    if bad:
        console.print(f"\n{name}: {bad} to mend before anything can be judged, {warned} to look at")
    else:
        console.print(f"\n{name}: ready to be judged" + (f", {warned} to look at" if warned else ""))


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


def target_init(protocol: str, profiles: Sequence[str], out: Path) -> int:
    """Write both files; 2 where they cannot be written."""
    try:
        written = init(protocol, profiles, out)
        write(written)
    except CannotInit as problem:
        sys.stderr.write(f"interlock: {problem}\n")
        return UNUSABLE
    except OSError as problem:
        sys.stderr.write(f"interlock: --out: want a place that can be written, got {problem}\n")
        return UNUSABLE
    print(f"{written.target}: describe your implementation here, then: interlock doctor {written.target}")
    print(f"{written.inventory}: what both sides agree on out of band")
    return OK
