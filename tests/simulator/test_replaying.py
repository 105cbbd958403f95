"""`replay` and `schedule` on the command line: what a step changed, a test to keep, a trace as a schedule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import Usage, main
from conformance.cli.exploring import explore
from conformance.cli.replaying import replay, schedule
from reports import trace as traces
from reports.record import Meta, Request
from simulator import schedule as schedules

VICE = "ignores tentative reservations"


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.fixture
def kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The shortest way into oversubscription."""
    explore("CC-RACE-001", faults="", variant=VICE, out=tmp_path / "s", json=True)
    capsys.readouterr()
    return tmp_path / "s"


def test_what_the_last_step_changed_as_json(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(kept, to=9, json=True) == 1
    assert document(capsys)["changes"] == [
        {
            "seat": "csp-a",
            "row": "connection …0001 / placement ix2",
            "before": {"stage": "proposing", "tentative": True},
            "after": {"stage": "placed", "tentative": False},
        }
    ]
    assert replay(kept, json=True) == 1
    assert "changes" not in document(capsys)


def test_a_schedule_becomes_a_test(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(kept, export_test=tmp_path / "test it.py") == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"run it: pytest '{tmp_path}/test it.py'"
    text = (tmp_path / "test it.py").read_text()
    assert 'EXPECTED = "no interconnect oversubscribed"' in text
    assert replay(kept, to=3, export_test=tmp_path / "test_it.py") == 0
    text = (tmp_path / "test_it.py").read_text()
    assert "EXPECTED = None" in text
    assert text.count("csp-") == 3


def test_a_trace_gives_its_schedule_back(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay(kept, report=tmp_path / "report", json=True)
    capsys.readouterr()
    trace = tmp_path / "report" / "trace.jsonl"
    assert schedule(trace) == 0
    assert capsys.readouterr().out == kept.read_text()
    assert schedule(trace, out=tmp_path / "again") == 0
    assert capsys.readouterr().out.strip() == f"9 steps; replay them: interlock replay {tmp_path}/again"
    assert schedules.read(tmp_path / "again") == schedules.read(kept)
    assert schedule(trace, json=True) == 0
    told = document(capsys)
    assert (told["race"], told["variant"], len(told["schedule"]), told["stopped"]) == ("CC-RACE-001", VICE, 9, None)
    assert told["text"] == kept.read_text()


def test_a_live_trace_as_far_as_it_fits(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay(kept, report=tmp_path / "report", json=True)
    records = [each for each in traces.read(tmp_path / "report" / "trace.jsonl") if not isinstance(each, Meta)]
    last = max(place for place, each in enumerate(records) if isinstance(each, Request))
    traces.write([*records[:last], records[0], *records[last:]], tmp_path / "live.jsonl")
    capsys.readouterr()
    assert schedule(tmp_path / "live.jsonl", race="CC-RACE-001", variant=VICE) == 4  # csp-a accepts a second time
    told = capsys.readouterr()
    assert told.out.splitlines()[-1].startswith("end ")
    assert told.err.startswith("interlock: the schedule ends before the trace: record 3, csp-a is asked to accept: ")


def test_what_is_no_schedule_is_told(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('{"format": "interlock-trace/1"}\n')
    with pytest.raises(Usage, match="t: the trace is not of a world; name the race"):
        schedule(tmp_path / "t")
    with pytest.raises(Usage, match="t: no race 'X'; there are: CC-RACE-001"):
        schedule(tmp_path / "t", race="X")
    with pytest.raises(Usage, match="has no variant 'is kind'"):
        schedule(tmp_path / "t", race="CC-RACE-001", variant="is kind")
    with pytest.raises(Usage, match="t: record 7 does not begin a scenario"):
        schedule(tmp_path / "t", scenario=7)
    (tmp_path / "t").write_text("{}\n")
    with pytest.raises(Usage, match="t:1: want"):
        schedule(tmp_path / "t")
    with pytest.raises(Usage, match="No such file"):
        schedule(tmp_path / "none")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["explore", "CC-RACE-001", "--variants"], 2, "--variants: goes with all"),
        (["explore", "--variant", VICE], 2, "explore: name a race"),
        (["explore", "--out", "x"], 2, "explore: name a race"),
        (["explore", "CC-RACE-001", "--faults", "", "--compare", VICE], 1, "violation new"),
        (["explore", "CC-RACE-001", "--strategy", "random", "--runs", "2", "--seed", "7"], 0, "from seed 7"),
    ],
)
def test_the_options_of_explore(arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == code
    shown = capsys.readouterr()
    assert told in shown.out + shown.err
