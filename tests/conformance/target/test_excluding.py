"""What declarations exclude: told with the declaration as the reason, counted, and never passed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from conformance import rollup
from conformance.choice import owed
from conformance.play import Play
from conformance.requirements import load_registry
from conformance.target import Declares, Target
from conformance.target.declared import CC, DECLARATIONS
from conformance.target.excluding import TABLE, Excluded, Excludes, declared_by, excluded_by
from reports.trace import Trace

DEFAULTS = {name: each.default for name, each in DECLARATIONS[CC].items()}
DEFERRING = ("deferral: an environment in which the target defers", "csp-b")
NOT_DEFERRING = ("deferral: an environment in which it does not", "csp-b")
BOTH_NOTIFY = ("deferral: both notify", "csp-b")


def excluded(**declared: object) -> Excluded:
    return excluded_by(CC, DEFAULTS | declared)


def test_who_does_not_defer_is_not_held_to_it() -> None:
    found = excluded(defers=False)
    assert found.reason("CC-DEFER-001/1", "csp-b") == "declared defers = false"
    assert found.reason("CC-DEFER-001/2", "csp-b") is None
    assert found.reason("CC-DEFER-007/3", "csp-b") == "declared defers = false"
    assert found.reason("CC-DEFER-004/3", "csp-b") == "declared defers = false"
    assert found.reason("CC-DEFER-004/3", "csp-a") is None
    assert owed([DEFERRING, NOT_DEFERRING, BOTH_NOTIFY], "csp-b", found) == [NOT_DEFERRING]


def test_who_defers_is() -> None:
    found = excluded(defers=True)
    assert found.reason("CC-DEFER-001/1", "csp-b") is None
    assert owed([DEFERRING, NOT_DEFERRING, BOTH_NOTIFY], "csp-b", found) == [DEFERRING, NOT_DEFERRING, BOTH_NOTIFY]


def test_all_of_a_chapter() -> None:
    found = excluded(macsec_agreed=False, macsec_cadence=5)
    assert found.reason("CC-MACSEC-011/4", "csp-a") == "declared macsec_agreed = false"
    assert found.reason("CC-MAINT-001/1", "csp-a") is None
    assert excluded(macsec_cadence=0).reason("CC-MACSEC-012/2", "csp-a") == "declared macsec_cadence = 0"
    assert excluded(macsec_cadence=5).reason("CC-MACSEC-012/2", "csp-a") is None


def test_what_a_target_file_declares() -> None:
    seats = ("csp-a", "csp-b", "csp-c")
    target = Target(Path("x"), "Acme", CC, ("csp-b",), "http://acme.test", seats, declares=Declares(DEFAULTS))
    assert declared_by(target) == {"defers": False, "macsec_cadence": 0}
    assert excluded_by(CC, declared_by(target)) == excluded()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}={row.value}")
def test_every_row_names_what_there_is(row: Excludes) -> None:
    known = [check.id for requirement in load_registry().requirements.values() for check in requirement.checks]
    assert DECLARATIONS[row.protocol][row.name].fits(row.value)
    for check in row.checks:
        stem = check.partition(" ")[0].removesuffix("*")
        assert any(id_.startswith(stem) if stem.endswith(("/", "-")) else id_ == stem for id_ in known), check


def test_a_report_counts_it_and_passes_nothing() -> None:
    registry = load_registry()
    report = rollup.report(
        registry,
        [],
        [rollup.Part(frozenset(), frozenset(), Play(Trace()), (), "csp-b")],
        protocols=[CC],
        target={"name": "Acme"},
        seed=0,
        started=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        duration_s=0,
        claimed=rollup.Claimed(("csp-b",), ("deferral",), excluded(defers=False)),
    )
    checks = {check.id: check for each in report.requirements for check in each.checks}
    assert (checks["CC-DEFER-001/1"].verdict, checks["CC-DEFER-001/1"].reason) == (
        "untested",
        "declared defers = false",
    )
    deferral = next(each for each in report.profiles if each.id == "deferral")
    assert deferral.reach["excluded"]["declared defers = false"] == 13  # of DEFER-002, -004 to -007 and RACE-016
