"""A schedule as a pytest file: it runs by itself, and fails once the code behaves otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.export import as_test
from simulator.faults import Faults
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from simulator.replay import record, replay

VICE = "ignores tentative reservations"
ROOT = Path(__file__).parents[2]


def exported() -> str:
    """The shortest way into oversubscription."""
    found = race.explore(VICE, Faults(drop=1)).violation
    assert found is not None
    schedule = record(race, VICE, Faults(drop=1), found.schedule)
    return as_test(schedule, replay(schedule, RACES).violation)


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own, in a folder of its own."""
    (folder / "test_kept.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "test_kept.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_reads_well() -> None:
    lines = exported().splitlines()
    assert len(lines) == 33
    assert lines[:3] == [
        f'"""CC-RACE-001, with a party that {VICE}.',
        "",
        "Broken: no interconnect oversubscribed. Want at most 1000 Mbps on ix2; got csp-a has placed 2000 Mbps.",
    ]
    assert lines[13:16] == [
        'EXPECTED = "no interconnect oversubscribed"',
        "STEPS = (",
        '    "accept csp-a 0001",',
    ]
    assert lines[-6:-3] == [
        "def test_cc_race_001_no_interconnect_oversubscribed() -> None:",
        "    entries = tuple(Entry(step) for step in STEPS)",
        f'    done = replay(Schedule("CC-RACE-001", "{VICE}", Faults(drop=1), entries), RACES)',
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", "1 passed"),
        (f'"{VICE}"', "None", "step 9: 'answer csp-a CreateConnection ix2/000000000001' is not enabled"),
        ('EXPECTED = "no', 'EXPECTED = "some', "csp-a has placed 2000 Mbps"),
        ('"accept csp-b 0002",\n', '"accept csp-b 0003",\n', "step 2: 'accept csp-b 0003' is not enabled"),
    ],
    ids=["as it was", "without the vice", "another rule", "another step"],
)
def test_it_runs_by_itself(old: str, new: str, told: str, tmp_path: Path) -> None:
    text = exported()
    assert old in text
    done = run(text.replace(old, new) if old else text, tmp_path)
    assert told in done.stdout
    assert done.returncode == (0 if told == "1 passed" else 1)


def test_nothing_broken_is_expected_too(tmp_path: Path) -> None:
    schedule = record(race, None, Faults(drop=1), ("accept csp-a 0001", "drop csp-a ConfirmActivationKey"))
    text = as_test(schedule, replay(schedule, RACES).violation)
    assert "EXPECTED = None\n" in text
    assert run(text, tmp_path).returncode == 0
