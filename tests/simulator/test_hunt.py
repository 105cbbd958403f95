"""Hunting: the same schedules in every process, the lowest seed first, whoever shares the work."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.faults import NO_FAULTS, Faults
from simulator.hunt import StrategyName, hunt, schedule
from simulator.races.cc_race_001 import race
from simulator.strategies import STRATEGIES, lane

VICE = "ignores tentative reservations"
ALL: tuple[StrategyName, ...] = ("random", "pct", "swarm")


@pytest.mark.parametrize("strategy", ALL)
def test_the_reference_holds(strategy: StrategyName) -> None:
    found = hunt(race, strategy, runs=150)
    assert (found.verdict, found.schedules, found.violation, found.seed_of_violation) == (
        "nothing-found",
        150,
        None,
        None,
    )
    assert found.steps > 150 * 10


@pytest.mark.parametrize(("strategy", "seed", "steps"), [("random", 9, 13), ("swarm", 4, 11), ("pct", 252, 9)])
def test_a_vice_is_found(strategy: StrategyName, seed: int, steps: int) -> None:
    found = hunt(race, strategy, VICE, runs=1_000)
    assert found.violation is not None
    assert (found.verdict, found.violation.invariant) == ("refuted", "no interconnect oversubscribed")
    assert (found.seed_of_violation, found.schedules, len(found.violation.schedule)) == (seed, seed + 1, steps)
    assert schedule(race, strategy, seed, VICE) == found.violation.schedule


def test_several_processes_find_what_one_finds() -> None:
    alone = hunt(race, "random", VICE, NO_FAULTS, seed=5, runs=700)
    shared = hunt(race, "random", VICE, NO_FAULTS, seed=5, runs=700, workers=2)
    assert replace(shared, seconds=0.0) == replace(alone, seconds=0.0)
    assert alone.verdict == "refuted"
    nothing = hunt(race, "swarm", runs=250, workers=2)
    assert replace(nothing, seconds=0.0) == replace(hunt(race, "swarm", runs=250), seconds=0.0)


def test_a_bound_in_seconds() -> None:
    found = hunt(race, seconds=0.0)
    assert (found.verdict, found.schedules, found.out_of_time) == ("nothing-found", 0, True)


def test_usage() -> None:
    with pytest.raises(KeyError, match="no strategy 'fly'; there are: random, pct, swarm"):
        hunt(race, "fly")  # type: ignore[arg-type]  # as a command line may have it
    with pytest.raises(KeyError, match="has no variant 'is kind'"):
        hunt(race, variant="is kind")
    with pytest.raises(ValueError, match="look a race up in the catalogue"):
        hunt(replace(race, never=()), workers=2)


def test_lanes() -> None:
    assert lane("deliver csp-a CreateConnection ix2/000000000001 #2") == "peer of csp-a 0001"
    assert lane("answer csp-a CreateConnection ix2/000000000001") == "csp-a 0001"
    assert lane("fire csp-b held ix2/000000000001") == "csp-b 0001"
    assert lane("duplicate csp-a CreateConnection ix2/000000000001") == "duplicate csp-a 0001"


def test_strategies_differ_and_seeds_differ() -> None:
    schedules = {(strategy, seed): schedule(race, strategy, seed) for strategy in ALL for seed in range(5)}
    assert len(set(schedules.values())) == len(schedules)
    assert set(STRATEGIES) == set(ALL)


TRACES = """
import sys
from pathlib import Path
from reports.trace import write
from simulator.hunt import schedule
from simulator.races.cc_race_001 import race
for strategy in ("random", "pct", "swarm"):
    for seed in range(12):
        world = race.world()
        for label in schedule(race, strategy, seed):
            world.step(label)
        write(world.trace, Path(sys.argv[1]) / f"{strategy}-{seed}.jsonl")
        print(strategy, seed, f"{world.fingerprint():032x}")
"""


def test_every_seed_twice_in_two_processes(tmp_path: Path) -> None:
    """Byte-identical traces, whatever the order of sets would be."""
    told, written = [], []
    for hashes in ("1", "2"):
        folder = tmp_path / hashes
        folder.mkdir()
        ran = subprocess.run(
            [sys.executable, "-c", TRACES, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": hashes},
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(ran.stdout)
        written.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == 36
    assert written[0] == written[1]
    assert len(written[0]) == 36


def test_faults_off_are_off() -> None:
    assert all(not label.startswith(("drop", "duplicate")) for label in schedule(race, "pct", 3, faults=NO_FAULTS))
    drops = [schedule(race, "swarm", seed, faults=Faults(drop=1)) for seed in range(40)]
    dropping = sum(any(label.startswith("drop") for label in each) for each in drops)
    assert 0 < dropping < 40
