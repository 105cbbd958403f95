"""What several handlers need: own federations, partners, and a zone as its partners see it."""

from __future__ import annotations

from collections.abc import Callable

from reference_impl.federation_interconnect.decisions import Decisions
from reference_impl.federation_interconnect.messages import ZoneInfo, ZoneResourceInfo
from reference_impl.federation_interconnect.records import (
    CLOUDLETS,
    FEDERATIONS,
    MARKS,
    PARTNERS,
    ZONES,
    Federation,
    Partner,
    Zone,
)
from reference_impl.kernel.party import Refusal, Turn

Desk = Turn[Decisions]
"""One event's turn at an operator's platform."""


def demand(name: str, reason: str | None, status: int = 422) -> None:
    """Refuse unless a check found nothing: 422 northbound, 400 between operators."""
    if reason is not None:
        raise Refusal(status, f"{name}: {reason}")


def checked(name: str, value: str, check: Callable[[str], str | None]) -> str:
    demand(name, check(value))
    return value


def own_federation(desk: Desk, federation: object = None) -> Federation:
    """The own federation of this id, or the only one there is."""
    rows = desk.tx.rows(FEDERATIONS)
    found = [row for row in rows if federation in (None, row.id)]
    if len(found) == 1:
        return found[0]
    if not rows:
        raise Refusal(409, "there is no own federation yet: set it up first")
    raise Refusal(422, f"federation: want one of {[row.id for row in rows]}, got {federation!r}")


def federation_of(desk: Desk, partner: Partner) -> Federation:
    """The own federation that a partner hangs on; there is always one."""
    found = desk.tx.get(FEDERATIONS, partner.own)
    if found is None:
        raise LookupError(f"partner {partner.id} hangs on {partner.own}, which is not there")
    return found


def partner_named(desk: Desk, partner: str) -> Partner:
    found = desk.tx.get(PARTNERS, partner)
    if found is None:
        raise Refusal(404, f"no partner {partner!r} is arranged")
    return found


def shares(desk: Desk, zone: str, partner: Partner) -> bool:
    """May this partner see this zone of ours? As it is marked, else as all are (FI-ERR-07)."""
    mark = desk.tx.get(MARKS, zone, partner.id)
    return desk.decisions.is_shared(zone, partner) if mark is None else mark.shared


def shared_zones(desk: Desk, partner: Partner) -> list[Zone]:
    """Our zones that this partner may see at this moment; none that is being withdrawn."""
    withdrawn = desk.decisions.registers_withdrawn
    return [
        zone for zone in desk.tx.rows(ZONES) if (withdrawn or not zone.withdrawn) and shares(desk, zone.id, partner)
    ]


def zone_info(zone: Zone) -> ZoneInfo:
    """What a partner sees of our zone: its cloudlets are counted, not named (FI-CLOUDLET-002)."""
    return ZoneInfo(
        zoneId=zone.id,
        geoLocation=zone.geo_location,
        city=zone.city or None,
        state=zone.state or None,
        locality=zone.locality or None,
        edgeCount=len(zone.cloudlets),
    )


def capacity(desk: Desk, zone: Zone) -> ZoneResourceInfo:
    """What the cloudlets of a zone have together; a kind that nobody stated is absent."""
    members = [row for row in desk.tx.rows(CLOUDLETS) if row.name in zone.cloudlets]
    return ZoneResourceInfo(
        cpu=sum(row.cpu for row in members) or None,
        ram=sum(row.ram for row in members) or None,
        disk=sum(row.disk for row in members) or None,
    )
