"""Casts of operators for a race: two platforms that have arranged to be partners, each with zones and a key of the other.

A seat is called by its federation id, because that is how a platform addresses its partner.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.keys import seal
from reference_impl.federation_interconnect.operator_platform import operator, stock
from reference_impl.federation_interconnect.records import (
    OWN_REQUESTS,
    SEEN_REQUESTS,
    Cloudlet,
    Federation,
    Inventory,
    Partner,
    Zone,
)
from reference_impl.kernel.tables import Tables
from simulator.race import Cast, through
from simulator.world import Step, World

OP1, OP2 = "operator1", "operator2"
"""The lead and the host, in most stories."""
ZONE = "zone-0001"
_WHO = {OP1: ("operator-one", "DE", "262"), OP2: ("operator-two", "KR", "450")}


def two_operators(host: Sequence[str] = (ZONE,), lead: Sequence[str] = ()) -> Callable[[Decisions], Cast]:
    """OP1 and OP2 with the same decisions, their own zones and cloudlets, arranged with each other and not added yet."""
    zones = {OP1: lead, OP2: host}

    def cast(decisions: Decisions) -> Cast:
        made: Cast = {}
        for seat, other in ((OP1, OP2), (OP2, OP1)):
            party = operator(seat, decisions)
            tables = Tables(party.schema)
            stock(tables, _inventory(seat, other, zones[seat]))
            made[seat] = (party, tables)
        return made

    return cast


def _inventory(seat: str, other: str, zones: Sequence[str]) -> Inventory:
    name, country, mcc = _WHO[seat]
    partner, abroad, _ = _WHO[other]
    own = Federation(seat, name, country, mcc, ("01",), "", "", seal(_key(seat, "anybody"), seat))
    arranged = Partner(
        other, seat, partner, abroad, f"https://{other}.example", seal(_key(seat, other), seat), _key(other, seat)
    )
    members = (f"cloudlet-{seat}",)
    return Inventory(
        (own,),
        (arranged,),
        tuple(Cloudlet(each, 1.0, 1.0) for each in members),
        tuple(Zone(zone, members, "1,1") for zone in zones),
    )


def _key(issuer: str, user: str) -> str:
    return f"issued-by-{issuer}-to-{user}"


def before(cast: Cast, *steps: tuple[str, str, dict[str, object]]) -> None:
    """Bring the operators to where a race begins: each (seat, action, inputs) to its end, without any fault.

    It was long ago: what was asked then is remembered by nobody, and its ids are free.
    """
    for number, (seat, action, inputs) in enumerate(steps):
        through(World(cast, (Step(f"prologue {number}", seat, action, inputs),)))
        for _, tables in cast.values():
            with tables.begin() as tx:
                for request in tx.rows(OWN_REQUESTS):
                    if request.reason:
                        raise RuntimeError(f"the prologue's {action} failed: {request.reason}")
                    tx.delete(OWN_REQUESTS, request.id)
                for seen in tx.rows(SEEN_REQUESTS):
                    tx.delete(SEEN_REQUESTS, seen.partner, seen.operation, seen.id)


def federated(cast: Cast) -> None:
    """OP1 has added OP2."""
    before(cast, (OP1, "add_partner", {"partner": OP2}))


def registered(cast: Cast) -> None:
    """OP1 has added OP2 and registered its zone."""
    federated(cast)
    before(cast, (OP1, "register_zone", {"partner": OP2, "zones": [ZONE]}))


_APPLICATIONS = replace(OPERATOR.applications, pauses=(1000, 1000), polls=3)
BOUNDED = replace(OPERATOR, pauses=(1000, 1000), telling_pauses=(1000,), applications=_APPLICATIONS)
"""The reference with three attempts at a request, so that the state space closes. What partners have to know is repeated
for ever, each time alike. Three times an onboarding is asked about."""


def application(**changes: object) -> dict[str, object]:
    """What a developer hands over for the zone, as the inputs of an order."""
    usual: dict[str, object] = {
        "partner": OP2,
        "zone": ZONE,
        "application": "app-of-dev-1",
        "version": "1.0",
        "developer": "dev1",
        "artifact": base64.b64encode(_artifact()).decode(),
        "components": [{"componentId": "c1", "ComputeResourceRequirements": {"resourceProfileId": "p1"}}],
    }
    return {**usual, **changes}


def _artifact() -> bytes:
    """The smallest zip there is, with one file, the same whenever it is made."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("chart"), b"")
    return file.getvalue()
