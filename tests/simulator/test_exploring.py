"""`explore` and `replay` on the command line: exit codes, the JSON document, files, messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import Usage
from conformance.cli.exploring import explore
from conformance.cli.replaying import replay
from reports import trace as traces
from simulator import schedule as schedules

VICE = "ignores tentative reservations"


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert explore("CC-RACE-001", faults="drop=1", json=True) == 0
    told = document(capsys)
    assert told.pop("seconds") > 0
    assert told == {
        "race": "CC-RACE-001",
        "variant": None,
        "strategy": "exhaustive",
        "faults": {"drop": 1},
        "verdict": "proved",
        "states": 642,
        "transitions": 1142,
        "schedules": 0,
        "violation": None,
        "livelocks": [],
        "boundary": "the story ends when each connection is placed or has failed; attempts bounded at three, one round",
        "errata": ["CC-ERR-06", "CC-ERR-57", "CC-ERR-60"],
    }


def test_refuted_and_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "new" / "report"
    assert explore("CC-RACE-001", faults="", variant=VICE, out=kept, report=folder, json=True) == 1
    told = document(capsys)
    assert told["verdict"] == "refuted"
    assert told["violation"]["invariant"] == "no interconnect oversubscribed"
    assert told["violation"]["steps"] == 9 == len(told["violation"]["schedule"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "counterexample.html",
        "counterexample.schedule",
        "explore.json",
        "trace.jsonl",
    ]
    assert json.loads((folder / "explore.json").read_text()) == told
    page = (folder / "counterexample.html").read_text()
    assert "Refuted: no interconnect oversubscribed" in page
    assert "never lead to both being committed" in page  # the requirement
    assert schedules.read(kept).text() in page
    assert len(traces.read(folder / "trace.jsonl")) == 23
    assert schedules.read(kept) == schedules.read(folder / "counterexample.schedule")

    assert replay(kept, json=True) == 1
    assert document(capsys) == {
        "race": "CC-RACE-001",
        "variant": VICE,
        "faults": {},
        "verdict": "refuted",
        "steps": 9,
        "skipped": [],
        "diverged": None,
        "violation": told["violation"],
    }


def test_a_replay_that_diverges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explore("CC-RACE-001", faults="", variant=VICE, out=tmp_path / "s", json=True)
    lines = (tmp_path / "s").read_text().replace(f"variant {VICE}", "variant -").splitlines()
    (tmp_path / "s").write_text("\n".join(line for line in lines if not line.startswith("decisions")))
    capsys.readouterr()
    assert replay(tmp_path / "s", json=True) == 4
    told = document(capsys)
    assert (told["verdict"], told["steps"], told["diverged"]["step"]) == ("diverged", 7, 7)
    assert replay(tmp_path / "s", lenient=True, report=tmp_path / "report", json=True) == 0
    told = document(capsys)
    assert (told["verdict"], told["skipped"]) == ("nothing-found", ["answer csp-a CreateConnection ix2/000000000001"])
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "replay.html",
        "replay.json",
        "trace.jsonl",
    ]


def test_incomplete(capsys: pytest.CaptureFixture[str]) -> None:
    assert explore("CC-RACE-001", cap=50, json=True) == 4
    assert document(capsys)["verdict"] == "incomplete"
    assert explore("CC-RACE-001", budget="1ms", json=True) == 4
    told = document(capsys)
    assert told["verdict"] == "incomplete"
    assert 1 <= told["states"] < 3444
    assert explore("CC-RACE-001", cap=50) == 4
    assert "  most varied in what was still to be left: exchanges (" in capsys.readouterr().out


def test_what_a_person_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explore("CC-RACE-001", faults="") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:4] == [
        "  boundary: the story ends when each connection is placed or has failed; attempts bounded at three, one round",
        "  errata:   CC-ERR-06, CC-ERR-57, CC-ERR-60",
    ]
    assert lines[1].startswith("PROVED  62 states, 96 transitions, 3 states at rest, ")
    assert lines[1].endswith("; faults: none")
    assert "  never broken: no interconnect oversubscribed" in lines
    assert lines[-1] == "  does happen: both connections placed"

    assert explore("CC-RACE-001", faults="drop=1", variant=VICE, out=tmp_path / "a b") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"variant: {VICE}"
    assert "  want at most 1000 Mbps on ix2; got csp-a has placed 2000 Mbps" in lines
    assert "   9  answer csp-a CreateConnection ix2/000000000001" in lines
    assert lines[-1] == f"replay it: interlock replay '{tmp_path}/a b'"

    assert explore("CC-RACE-001", faults="drop=1", variant=VICE) == 1
    assert capsys.readouterr().out.splitlines()[-2] == (
        f"keep it:   interlock explore CC-RACE-001 --faults drop=1 --variant '{VICE}' --out FILE"
    )

    assert replay(tmp_path / "a b", to=7) == 0
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        f"CC-RACE-001, variant '{VICE}', faults drop=1",
        "   1  accept csp-a 0001",
        "   2  accept csp-b 0002",
        "   3  deliver csp-a ConfirmActivationKey",
        "   4  answer csp-a ConfirmActivationKey",
        "   5  deliver csp-b ConfirmActivationKey",
        "   6  answer csp-b ConfirmActivationKey",
        "   7  deliver csp-a CreateConnection ix2/000000000001",
        "step 7 changed",
        "  csp-b  connection …0001                  key confirmed → used",
        "  csp-b  interconnect env1/ix2             reserved_mbps 1000 → 2000",
        "  csp-b  connection …0001 / placement ix2  new, mbps 1000, stage placed, verification UNVERIFIED, origin peer",
        "then may follow",
        "  answer csp-a CreateConnection ix2/000000000001",
        "  deliver csp-b CreateConnection ix2/000000000002",
        "  drop csp-b CreateConnection ix2/000000000002",
        "7 steps, nothing broken",
    ]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"race": "CC-RACE-099"}, "no race 'CC-RACE-099'; there are: CC-RACE-001"),
        ({"race": "CC-RACE-001", "variant": "is kind"}, "has no variant 'is kind'; it has: ignores tentative"),
        (
            {"race": "CC-RACE-001", "faults": "dorp=1"},
            "--faults: want faults such as drop=1,duplicate=1 out of drop, lose-response, duplicate, late, "
            "clock-jump, crash, partition, "
            "slow-provisioning, fail-provisioning; got 'dorp=1'",
        ),
    ],
)
def test_usage_tells_what_there_is(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Usage) as caught:
        explore(**options)
    assert complaint in str(caught.value)


def test_usage_of_replay(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="No such file"):
        replay(tmp_path / "none")
    (tmp_path / "s").write_text("interlock-schedule/1\nrace CC-RACE-001\n\n- accept csp-a 0001\n")
    with pytest.raises(Usage, match="s:1: want 'interlock-schedule/2', got 'interlock-schedule/1'"):
        replay(tmp_path / "s")
    (tmp_path / "s").write_text("interlock-schedule/2\nrace CC-RACE-099\n\nend 0 steps\n")
    with pytest.raises(Usage, match="s: no race 'CC-RACE-099'"):
        replay(tmp_path / "s")
    (tmp_path / "s").write_text("interlock-schedule/2\nrace CC-RACE-001\nstart 0123456789ab\n\nend 0 steps\n")
    with pytest.raises(Usage, match=r"s:3: want [0-9a-f]{12}, the state in which CC-RACE-001 starts now"):
        replay(tmp_path / "s")
    (tmp_path / "s").write_text("interlock-schedule/2\nrace CC-RACE-001\n\n- accept csp-a 0001\nend 1 step\n")
    for step in (0, 2):
        with pytest.raises(Usage, match=f"--to: want a step from 1 to 1, got {step}"):
            replay(tmp_path / "s", to=step)
    with pytest.raises(Usage, match=r"--report: .*File exists"):
        replay(tmp_path / "s", report=tmp_path / "s")
