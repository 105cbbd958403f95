"""The sweep is a choice: who does not make it keeps everything; who does removes what was never finalized (CC-CONN-017)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_impl.connection_coordinator.decisions import PROVIDER, Decisions
from tests.reference_impl.connection_coordinator.pair import pair

DAY = 24 * 3600 * 1000
SWEEPER = replace(PROVIDER, sweeps_after=8 * DAY)


@pytest.mark.parametrize(("decisions", "left"), [(PROVIDER, "pending"), (SWEEPER, "deleted")])
def test_what_was_never_finalized(decisions: Decisions, left: str) -> None:
    with pair(decisions=decisions) as duo:
        duo.provisioners["csp-a"].hold("*")
        key = duo.offer()
        duo.act("csp-b", "accept", activation_key=key["activation_key"], consent=True)
        duo.let_pass(9 * DAY)
        assert duo.act("csp-a", "read", uuid=key["uuid"])["outputs"]["state"] == left


def test_what_was_verified_stays() -> None:
    with pair(decisions=SWEEPER) as duo:
        uuid = duo.established()
        duo.let_pass(30 * DAY)
        assert duo.placement("csp-a", uuid)["stage"] == "verified"
