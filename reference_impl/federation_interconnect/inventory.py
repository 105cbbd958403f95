"""The operator's own cloudlets and availability zones (first table). No partner hears of a cloudlet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reference_impl.federation_interconnect import sharing, syntax
from reference_impl.federation_interconnect.desk import Desk, checked, demand
from reference_impl.federation_interconnect.records import CLOUDLETS, ZONES, Cloudlet, Zone
from reference_impl.kernel.party import Refusal


def onboard_cloudlet(desk: Desk, name: str, location: object, capacity: object) -> Cloudlet:
    """Keep a cloudlet in the own inventory (FI-CLOUDLET-001, -002).

    ``location`` is {lat, long} in decimal degrees, ``capacity`` {cpu, ram, disk} in cores and GB.
    """
    if desk.tx.get(CLOUDLETS, name) is not None:
        raise Refusal(409, f"cloudlet {name!r} is onboarded already")
    latitude, longitude = (_number(location, "location", member) for member in ("lat", "long"))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Refusal(422, f"location: want lat within -90..90 and long within -180..180, got {latitude}, {longitude}")
    cpu, ram, disk = (_amount(capacity, member) for member in ("cpu", "ram", "disk"))
    return desk.tx.put(CLOUDLETS, Cloudlet(name, latitude, longitude, cpu, ram, disk))


def create_zone(desk: Desk, zone: str, cloudlets: Sequence[str], geo_location: str, place: Mapping[str, str]) -> Zone:
    """Form a zone of onboarded cloudlets, as a whole or not at all (FI-AZ-001 to -005); share partners are told.

    ``place`` may have country, city, state and locality.
    """
    demand("zone", desk.decisions.accepts_zone_id(zone))
    demand("geo_location", desk.decisions.accepts_geo(geo_location))
    known = desk.tx.get(ZONES, zone)
    if known is not None:
        still = ": its withdrawal has not reached every partner" if known.withdrawn else " already"
        raise Refusal(409, f"zone {zone!r} is there{still}")
    members = desk.decisions.members(cloudlets, [row.name for row in desk.tx.rows(CLOUDLETS)])
    if members is None:
        raise Refusal(422, f"cloudlets: want at least one, each onboarded here, got {list(cloudlets)!r}")
    country = place.get("country", "")
    if country:
        checked("country", country, syntax.country)
    formed = desk.tx.put(
        ZONES,
        Zone(
            zone,
            tuple(members),
            geo_location,
            country,
            place.get("city", ""),
            place.get("state", ""),
            place.get("locality", ""),
        ),
    )
    sharing.announce(desk, formed)
    return formed


def _number(values: object, name: str, member: str) -> float:
    value: Any = values.get(member) if isinstance(values, Mapping) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Refusal(422, f"{name}: want numbers lat and long, got {values!r}")
    return float(value)


def _amount(values: object, member: str) -> int:
    value: Any = values.get(member, 0) if isinstance(values, Mapping) else 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refusal(422, f"capacity: want whole numbers cpu (cores), ram and disk (GB), got {values!r}")
    return value
