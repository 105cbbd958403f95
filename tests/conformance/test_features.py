"""The features themselves: hygiene that pytest-bdd does not keep (it drops and shadows silently)."""

from __future__ import annotations

import pkgutil
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import step_function_context_registry

from conformance import scenarios as index
from conformance import steps
from conformance.requirements import load_registry, seats_of
from conformance.scenarios import CLAIM, FeatureError, load_scenarios
from features import feature_files


def test_every_declared_check_is_in_the_registry() -> None:
    registry = load_registry()
    for scenario in load_scenarios():
        for declared in scenario.declared:
            assert registry.check(declared.check).id == declared.check, scenario.id


ELSEWHERE = {"CC-KEY-022/2": "csp-a"}
"""Checks whose own text names another role than their requirement does ("target as issuer after answering true")."""


def test_every_check_is_judged_in_a_seat_of_its_requirement() -> None:
    registry = load_registry()
    for scenario in load_scenarios():
        for seat in scenario.seats:
            for check, at in scenario.checks_for(seat):
                requirement = registry.requirements[check.partition("/")[0]]
                assert at in (*seats_of(requirement), ELSEWHERE.get(check)), (
                    f"{scenario.id}: {check} is not judged at {at}"
                )


@pytest.mark.parametrize("path", feature_files(), ids=lambda path: path.stem)
def test_the_tags_of_a_feature_are_the_requirements_of_its_steps(path: Path) -> None:
    """A requirement that a table's cells judge may stand in the tags as well."""
    tagged = set(re.findall(r"@((?:CC|FI)-[A-Z]+-\d{3})\b", path.read_text(encoding="utf-8")))
    own = [each for each in load_scenarios() if each.file == path.name]
    judged = {found[1].partition("/")[0] for each in own for step in each.steps for found in CLAIM.finditer(step)}
    tables = {requirement for each in own if each.table for requirement in each.requirements()}
    assert judged - tagged == set(), f"{path.name}: judged but not tagged"
    assert tagged - judged - tables == set(), f"{path.name}: tagged but not judged"


def test_every_step_means_exactly_one_thing() -> None:
    for module in pkgutil.iter_modules(steps.__path__):
        import_module(f"{steps.__name__}.{module.name}")
    known: dict[str, list[StepParser]] = defaultdict(list)
    for context in list(step_function_context_registry.values()):
        known[str(context.type)].append(context.parser)
    for scenario in load_scenarios():
        kind = "given"
        for step in scenario.steps:
            keyword, _, text = step.partition(" ")
            kind = {"Given": "given", "When": "when", "Then": "then"}.get(keyword, kind)
            meanings = [parser.name for parser in known[kind] if parser.is_matching(text)]
            assert len(meanings) == 1, f"{scenario.id}: {step!r} has {len(meanings)} meanings: {meanings}"


def test_a_name_used_twice_in_a_feature_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "connection_coordinator"
    folder.mkdir()
    twice = "\n".join(f"  @csp-a\n  Scenario: the same\n    Then something holds (CC-KEY-001/{n})\n" for n in (1, 2))
    path = folder / "twice.feature"
    path.write_text(f"Feature: twice\n{twice}", encoding="utf-8")
    with pytest.raises(FeatureError, match=r"twice.feature:\d: scenario 'the same' stands in line 3 already"):
        list(index._read(path))


def test_a_scenario_without_a_seat_or_a_check_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "connection_coordinator"
    folder.mkdir()
    path = folder / "idle.feature"
    path.write_text("Feature: idle\n  Scenario: nothing\n    Then all is well\n", encoding="utf-8")
    with pytest.raises(FeatureError, match=r"idle.feature:2: 'nothing' needs a seat tag"):
        list(index._read(path))
