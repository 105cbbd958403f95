"""What docs/simulator.md says: its five minutes are walked, its faults are all there are."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from conformance.cli import main
from simulator.faults import Faults

GUIDE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_the_five_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    block = GUIDE.partition("## Five minutes")[2].split("```")[1]
    commands = [line.partition("#")[0].partition("&&")[0].strip() for line in block.strip().splitlines()]
    monkeypatch.chdir(tmp_path)
    codes = []
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "interlock"
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        codes.append(ended.value.code)
    assert codes == [0, 1, 1, 1, 1]
    told = capsys.readouterr().out
    assert "PROVED" in told
    assert "schedule, 9 steps" in told
    assert "step 9 changed" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lost.schedule", "picture", "test_lost.py"]
    assert (tmp_path / "picture" / "replay.html").is_file()


def test_the_faults() -> None:
    table = GUIDE.partition("| fault |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert sorted(named) == sorted(each.name.replace("_", "-") for each in fields(Faults))
