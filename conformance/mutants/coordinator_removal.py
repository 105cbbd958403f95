"""Wrong implementations of removing one feature."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER


def _mutant(id: str, vice: str, caught_by: str, seat: str = "csp-a", **choices: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, removal=replace(PROVIDER.removal, **choices)),
    )


MUTANTS = (
    _mutant("cc-feature-all-go", "removes all features where one was to go", "CC-DEL-006/1", only_one=False),
    _mutant("cc-feature-stays", "acknowledges a removal and removes nothing", "CC-DEL-006/1", removes=False),
    _mutant("cc-feature-keeps-vlan", "keeps the VLAN of a removed feature", "CC-DEL-006/2", removes=False),
    _mutant(
        "cc-feature-not-restored",
        "leaves its own channel without a feature",
        "CC-DEL-008/1",
        restores=lambda owned: False,
    ),
    _mutant(
        "cc-feature-not-restored-b",
        "leaves its own channel without a feature, as the acceptor",
        "CC-DEL-008/1",
        "csp-b",
        restores=lambda owned: False,
    ),
)
