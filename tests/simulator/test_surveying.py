"""`explore` at large: hunts, all races in a table, a comparison with a variant."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import Usage, surveying, telling
from conformance.cli.comparing import compared
from conformance.cli.exploring import explore, question
from conformance.cli.surveying import explore_all
from simulator import schedule as schedules
from simulator.compare import compare
from simulator.faults import NO_FAULTS
from simulator.race import Cast
from simulator.races.cc_race_001 import race
from tests.simulator.toys import LOOP, again, ask, refuse, remember, toy

VICE = "ignores tentative reservations"


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_hunt_is_shrunk_before_it_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options: dict[str, Any] = {"strategy": "random", "variant": VICE, "faults": "drop=1,duplicate=1", "seed": 3}
    assert explore("CC-RACE-001", out=tmp_path / "s", json=True, **options) == 1
    told = document(capsys)
    assert (told["strategy"], told["verdict"], told["schedules"], told["states"]) == ("random", "refuted", 7, 0)
    assert told["violation"]["steps"] == 9
    kept = schedules.read(tmp_path / "s")
    assert (len(kept.entries), kept.faults) == (9, NO_FAULTS)
    assert explore("CC-RACE-001", **options) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("REFUTED  7 schedules, 107 steps, from seed 3, ")
    assert "schedule, 9 steps, shrunk from 13" in lines
    assert lines[-2].endswith("--strategy random --seed 9 --out FILE")


def test_a_hunt_that_finds_nothing_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert explore("CC-RACE-001", strategy="swarm", runs=5, workers=2) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("NOTHING FOUND  5 schedules, ")
    assert "  not broken so far: no interconnect oversubscribed" in lines


def test_a_hunt_ends_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert explore("CC-RACE-001", strategy="pct", budget="0.05s", json=True) == 0
    assert document(capsys)["verdict"] == "nothing-found"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"strategy": "prayer"}, "--strategy: want one of exhaustive, random, pct, swarm; got 'prayer'"),
        ({"runs": 3}, "--runs bounds a hunt; want --strategy random, pct, swarm with it"),
        ({"strategy": "pct", "budget": "10s", "runs": 3}, "want --budget or --runs, not both"),
        ({"strategy": "pct", "budget": "soon"}, "--budget: want a time such as 10s or 2m, got 'soon'"),
        ({"strategy": "pct", "runs": 0}, "--workers and --runs: want at least 1, got 0"),
        ({"workers": 0}, "--workers and --runs: want at least 1, got 0"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Usage) as caught:
        question("CC-RACE-001", **options)
    assert str(caught.value) == complaint


@pytest.mark.parametrize(("text", "seconds"), [("10s", 10.0), ("2m", 120.0), ("1.5", 1.5), ("200ms", 0.2)])
def test_how_long(text: str, seconds: float) -> None:
    assert question("CC-RACE-001", strategy="random", budget=text).seconds == pytest.approx(seconds)


@pytest.fixture
def two_races(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of the race without faults, and of one that its reference loses."""
    quiet = replace(race, faults=NO_FAULTS)
    lost = replace(quiet, id="CC-RACE-LOST", decisions=race.variants[VICE], variants={}, boundary="")
    for module in (telling, surveying):
        monkeypatch.setattr(module, "RACES", {each.id: each for each in (quiet, lost)})


@pytest.mark.usefixtures("two_races")
def test_all_races_in_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explore_all(variants=True, report=tmp_path) == 1  # one race is refuted
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[2][:3] == ["CC-RACE-001", "PROVED", "62"]
    assert next(line[:2] for line in lines if line[0] == "CC-RACE-LOST") == ["CC-RACE-LOST", "REFUTED"]
    flat = " ".join(word for line in lines for word in line)
    assert "the story ends when each connection is placed or has failed" in flat
    assert "9 steps: no interconnect oversubscribed" in flat
    assert "42 steps: at least one connection is placed at rest" in flat
    assert "broken in 9 steps: no interconnect oversubscribed" in flat
    # Not looking does no harm as long as nothing is lost or doubled, so this variant is not refuted here.
    assert "does not look before it tries elsewhere NOT REFUTED" in flat
    assert flat.partition("2 races: ")[2].startswith("1 proved, 1 refuted; 2 of 3 variants refuted; ")
    rows = json.loads((tmp_path / "races.json").read_text())["races"]
    assert [(row["race"], row["variant"], row["verdict"]) for row in rows] == [
        ("CC-RACE-001", None, "proved"),
        ("CC-RACE-001", VICE, "refuted"),
        ("CC-RACE-001", "refuses each other at once", "refuted"),
        ("CC-RACE-001", "does not look before it tries elsewhere", "proved"),
        ("CC-RACE-LOST", None, "refuted"),
    ]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([(None, "proved"), ("v", "refuted")], 0),
        ([(None, "proved"), ("v", "proved")], 1),
        ([(None, "refuted"), ("v", "refuted")], 1),
        ([(None, "incomplete"), ("v", "refuted")], 4),
        ([(None, "proved"), ("v", "incomplete")], 4),
        ([(None, "incomplete"), ("v", "proved")], 1),
    ],
)
def test_the_exit_code_of_many(
    verdicts: list[tuple[str | None, str]], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"race": "CC-RACE-001", "states": 1, "seconds": 0.1, "violation": None, "errata": []}
    rows = [row | {"variant": variant, "verdict": verdict} for variant, verdict in verdicts]
    monkeypatch.setattr(surveying, "_explored", lambda wanted, workers: iter(rows))
    assert explore_all(variants=True, json=True) == code


def test_several_processes_share_the_races(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(surveying._explored([("CC-RACE-001", VICE), ("CC-RACE-001", "refuses each other at once")], 2))
    assert [(row["variant"], row["verdict"]) for row in rows] == [
        (VICE, "refuted"),
        ("refuses each other at once", "refuted"),
    ]
    with pytest.raises(Usage, match="--workers: want at least 1, got 0"):
        explore_all(workers=0)


def test_what_a_variant_gains_and_loses(capsys: pytest.CaptureFixture[str]) -> None:
    asked = question("CC-RACE-001", faults="")
    assert compared(asked, VICE, True) == 1
    told = document(capsys)
    new = told.pop("violations_new")
    first = told.pop("first_gained"), told.pop("first_lost")
    assert told == {
        "race": "CC-RACE-001",
        "variant": VICE,
        "faults": {},
        "complete": True,
        "reference": {"states": 62, "shown": 43, "violations": []},
        "compared": {"states": 64, "shown": 48, "violations": ["no interconnect oversubscribed"]},
        "gained": 8,
        "lost": 3,
        "violations_gone": [],
    }
    assert [len(each) for each in first] == [7, 12]
    assert [(each["invariant"], each["steps"]) for each in new] == [("no interconnect oversubscribed", 9)]
    assert compared(asked, VICE, False) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "CC-RACE-001  Two sides place connections on the last capacity; faults: none",
        "       62 states,    43 differ in what is shown  reference",
        f"       64 states,    48 differ in what is shown  {VICE}",
    ]
    assert "violation new: no interconnect oversubscribed, after 9 steps" in lines
    assert lines[-1] == "no violation gone"


def test_a_variant_that_does_nothing_else() -> None:
    same = replace(race, variants={"is the same": race.decisions})
    found = compare(same, "is the same", NO_FAULTS)
    assert (found.gained, found.lost, found.new, found.gone) == ((), (), (), ())
    mended = replace(race, decisions=race.variants[VICE], variants={"mended": race.decisions})
    assert [each.invariant for each in compare(mended, "mended", NO_FAULTS).gone] == ["no interconnect oversubscribed"]


def test_a_livelock_is_a_violation_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference notes a refusal; the variant asks again, for ever."""

    def cast(answered: Callable[..., None]) -> Cast:
        return {"a": toy("a", acted={"begin": ask("Ask")}, responded={"Ask": answered}), "b": toy("b", {"Ask": refuse})}

    loop = replace(LOOP, cast=cast, decisions=remember, variants={"asks again": again})
    found = compare(loop, "asks again", NO_FAULTS)
    assert [(each.invariant, len(each.schedule), len(each.cycle)) for each in found.new] == [("a's request ends", 1, 2)]
    monkeypatch.setattr(telling, "RACES", {"LOOP": loop})
    assert compared(question("LOOP"), "asks again", False) == 1
    assert "violation new: a's request ends, after 1 steps, then 2 for ever" in capsys.readouterr().out


def test_a_comparison_that_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(question("CC-RACE-001", cap=20), "refuses each other at once", False) == 4
    assert "and there are more: the cap was hit" in capsys.readouterr().out


def test_usage_of_a_comparison() -> None:
    with pytest.raises(Usage, match="has no variant 'is kind'; it has: ignores tentative"):
        compared(question("CC-RACE-001"), "is kind", True)
    with pytest.raises(Usage, match="want no --variant or --strategy"):
        compared(question("CC-RACE-001", variant=VICE), VICE, True)
