"""Collected by pytest for ``interlock run`` and ``interlock certify``: every scenario of the shipped features as a test.

Each test function carries the id of its scenario, so that two scenarios of one name cannot hide each other.
"""

from __future__ import annotations

from pytest_bdd import scenario

from conformance.scenarios import load_scenarios

for _number, _each in enumerate(load_scenarios()):
    _test = scenario(str(_each.path), _each.name)(lambda: None)
    setattr(_test, "interlock_scenario", _each.id)  # noqa: B010 - a function has no declared attributes
    globals()[f"test_{_number:04}"] = _test
