"""Scenarios of one's own, in folders that INTERLOCK_FEATURES names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.scenarios import load_scenarios

OURS = """\
@CC-KEY-014 @csp-a
Feature: Our keys

  Background:
    Given a customer of CSP A holds an activation key for 1000 Mbps in env1

  Scenario: the same key twice
    When CSP B presents the key
    And CSP B presents the key once more
    Then CSP A answers keyValid true (CC-KEY-014/1)
"""

Out = pytest.CaptureFixture[str]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "ours" / "connection_coordinator"
    folder.mkdir(parents=True)
    monkeypatch.setenv("INTERLOCK_FEATURES", str(tmp_path / "ours"))
    load_scenarios.cache_clear()
    yield folder / "our_keys.feature"
    load_scenarios.cache_clear()


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_scenario_of_ones_own_is_listed_and_stands_after_those_shipped(ours: Path, capsys: Out) -> None:
    ours.write_text(OURS, encoding="utf-8")
    assert code("list", "scenarios", "--json") == 0
    (row,) = (row for row in json.loads(capsys.readouterr().out)["scenarios"] if row["id"].startswith("our_keys"))
    assert row == {
        "id": "our_keys: the same key twice",
        "protocol": "connection-coordinator",
        "seats": ["csp-a"],
        "checks": ["CC-KEY-014/1"],
        "file": "our_keys.feature:7",
    }
    assert load_scenarios()[-1].path == ours.resolve()


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (
            OURS.replace("014/1", "014/99"),
            "our_keys",
            "our_keys.feature:7: want a check that there is, got no check has",
        ),
        (OURS.replace(" @csp-a", ""), "our_keys", "needs a seat tag of ('csp-a', 'csp-b', 'op1', 'op2')"),
        (
            OURS.replace("the same key twice", "another partner presents it"),
            "confirming_the_activation_key",
            "is in ",
        ),
    ],
)
def test_a_scenario_that_cannot_be_read_names_its_line(
    text: str, name: str, told: str, ours: Path, capsys: Out
) -> None:
    ours.with_name(f"{name}.feature").write_text(text, encoding="utf-8")
    assert code("list", "scenarios") == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("ours")
def test_a_folder_without_features(capsys: Out) -> None:
    assert code("list", "scenarios") == 2
    assert "INTERLOCK_FEATURES: want a folder with connection_coordinator/*.feature" in capsys.readouterr().err


def test_steps_by_their_words(capsys: Out) -> None:
    assert code("steps", "presents the KEY", "once more") == 0
    assert capsys.readouterr().out == "When  <seat> presents the key once more\n"
    assert code("steps", "presents the key", "--protocol", "federation-interconnect") == 2
    assert "steps: want words that a step holds, got presents the key" in capsys.readouterr().err
