"""How many connections one partner may have at this provider, whatever its customers' quotas allow together."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.kernel.party import Acted
from tests.reference_impl.connection_coordinator.pair import pair

OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}


def test_an_established_connection_is_no_longer_pending() -> None:
    with pair(decisions=replace(PROVIDER, pending_limit=1)) as both:
        both.established()
        assert [both.submit("csp-a", Acted("", "offer", OFFER)).status for _ in range(2)] == [200, 422]


def test_it_still_counts_among_the_living() -> None:
    with pair(decisions=replace(PROVIDER, living_limit=1)) as both:
        both.established()
        assert both.submit("csp-a", Acted("", "offer", OFFER)).status == 422
