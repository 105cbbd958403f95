"""Wrong operators' platforms: addresses and limits (FI-AUTH-011, -012, FI-INPUT-006)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.federation_interconnect import decisions as d
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.federation_interconnect.messages import UpdatePartnerRequest
from reference_impl.federation_interconnect.records import Partner


def _mutant(id_: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(f"fi-{id_}", vice, caught_by, "federation-interconnect", seat, replace(OPERATOR, **decisions))


def _moved(partner: Partner, told: UpdatePartnerRequest) -> Partner:
    return replace(d.updated(partner, told), address=told.locatorEndPoint or partner.address)


MUTANTS = (
    _mutant(
        "in-the-clear",
        "takes an address without a scheme for http",
        "FI-AUTH-011/1",
        "op1",
        url_of=lambda address: address if "://" in address else f"http://{address}",
    ),
    _mutant("locator-is-address", "calls a partner at its locator", "FI-AUTH-012/2", "op1", updated=_moved),
    _mutant("fifty-zones", "refuses for good what comes in number", "FI-INPUT-006/1", "op2", zone_limit=50),
)
