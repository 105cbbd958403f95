"""Who answers prompts: a person at a terminal, or a script in their place.

A script (YAML or TOML) is a list ``answers``; each has ``action`` and may have ``stage``, ``inputs`` that must be so,
``times`` (-1: always, the default), and what is said: ``result``, ``outputs``, ``reason``, ``evidence``.
"""

from __future__ import annotations

import asyncio
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import yaml

from conformance.northbound.answered import NorthboundError
from conformance.northbound.manual import Asked, Said

RESULTS = ("ok", "running", "refused", "failed", "unavailable")
_KEYS = {"action", "stage", "inputs", "times", "result", "outputs", "reason", "evidence"}


@dataclass(slots=True)
class _Line:
    action: str
    stage: str
    inputs: Mapping[str, Any]
    times: int
    said: Said


class Script:
    """Answers by the first line that fits and is not used up. NorthboundError where none does."""

    def __init__(self, lines: list[_Line], name: str) -> None:
        self._lines, self._name = lines, name

    async def __call__(self, asked: Asked) -> Said:
        for line in self._lines:
            fits = line.action == asked.action and line.stage in ("", asked.stage)
            if fits and line.times and all(asked.inputs.get(name) == value for name, value in line.inputs.items()):
                line.times -= 1
                return line.said
        raise NorthboundError(f"{self._name}: want an answer to {asked.action!r} ({asked.stage}), got none")


def read_script(file: Path) -> Script:
    """Raises NorthboundError with the number of the answer that is wrong."""
    try:
        content = file.read_text(encoding="utf-8")
        data = tomllib.loads(content) if file.suffix == ".toml" else yaml.safe_load(content)
    except (OSError, ValueError, yaml.YAMLError) as problem:
        raise NorthboundError(f"{file}: want a readable script, got {problem}") from problem
    rows = data.get("answers") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise NorthboundError(f"{file}: want a list of answers, got {type(rows).__name__}")
    return Script([_line(file, number, row) for number, row in enumerate(rows, start=1)], str(file))


def _line(file: Path, number: int, row: Any) -> _Line:
    where = f"{file}: answers[{number}]"
    if not isinstance(row, dict) or not isinstance(row.get("action"), str):
        raise NorthboundError(f"{where}: want an action with what is said, got {row!r}")
    if unknown := sorted(set(row) - _KEYS):
        raise NorthboundError(f"{where}.{unknown[0]}: want one of {', '.join(sorted(_KEYS))}, got an unknown key")
    if row.get("result", "ok") not in RESULTS:
        raise NorthboundError(f"{where}.result: want one of {', '.join(RESULTS)}, got {row['result']!r}")
    said = Said(
        row.get("result", "ok"),
        dict(row.get("outputs") or {}),
        str(row.get("reason", "")),
        str(row.get("evidence", "")),
    )
    return _Line(
        row["action"], str(row.get("stage", "")), dict(row.get("inputs") or {}), int(row.get("times", -1)), said
    )


class Terminal:
    """A person who reads ``out`` and types at ``into``. What is typed: a value, or at the first question ``refused: why``,
    ``failed: why``, ``running`` or ``skip``."""

    def __init__(self, into: TextIO | None = None, out: TextIO | None = None) -> None:
        self._into, self._out = into or sys.stdin, out or sys.stderr

    async def __call__(self, asked: Asked) -> Said:
        return await asyncio.to_thread(self._dialogue, asked)

    def _dialogue(self, asked: Asked) -> Said:
        self._tell(f"\n[{asked.who}] {asked.text}")
        for name, value in asked.inputs.items():
            self._tell(f"    {name} = {value}")
        options = (
            "done, running, refused: why, failed: why, skip"
            if asked.stage == "end"
            else ("done, refused: why, failed: why, skip")
        )
        typed = self._typed(f"  {options} (at most {asked.timeout_ms / 60_000:g} min)? ")
        word, _, why = typed.partition(":")
        found = {"refused": "refused", "failed": "failed", "running": "running", "skip": "unavailable"}.get(
            word.strip()
        )
        if found is not None:
            reason = why.strip() or ("the operator skipped it" if found == "unavailable" else "")
            return Said(found, reason=reason)  # type: ignore[arg-type] # the words above are results
        outputs = {name: _value(self._typed(f"  {name} ({meaning}) = ")) for name, meaning in asked.outputs.items()}
        evidence = self._typed(f"  evidence ({asked.evidence}) = ") if asked.evidence else ""
        return Said("ok", {name: value for name, value in outputs.items() if value != ""}, evidence=evidence)

    def _tell(self, line: str) -> None:
        print(line, file=self._out, flush=True)

    def _typed(self, question: str) -> str:
        self._out.write(question)
        self._out.flush()
        line = self._into.readline()
        if not line:
            raise NorthboundError(
                "northbound: want answers at a terminal or northbound.script, got the end of the input"
            )
        return line.strip()


def _value(typed: str) -> Any:
    """Whole numbers and lists separated by commas as such; everything else as a text."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else typed
