"""What a platform shows of its state, the same for every side that is compared; no key is in it (FI-AUTH-009).

``dump`` is all the show actions together (federation-wire, section 9). A partner is shown once it has a role: a bare
arrangement is not a federation yet (FI-ERR-09).
"""

from __future__ import annotations

from typing import Any

from reference_impl.federation_interconnect import application_views
from reference_impl.federation_interconnect.records import (
    CLOUDLETS,
    FEDERATIONS,
    MARKS,
    PARTNER_ZONES,
    PARTNERS,
    REGISTRATIONS,
    TELLINGS,
    ZONES,
    Federation,
    Partner,
)
from reference_impl.kernel.tables import Readable

View = dict[str, Any]


def federation(row: Federation) -> View:
    return {
        "federation": row.id,
        "operator": row.operator,
        "country": row.country,
        "mcc": row.mcc,
        "mnc": list(row.mnc),
        "locator": row.locator,
        "address": row.address,
    }


def federations(tables: Readable) -> list[View]:
    return [federation(row) for row in sorted(tables.rows(FEDERATIONS), key=lambda row: str(row.id))]


def cloudlets(tables: Readable) -> list[View]:
    return [
        {
            "name": row.name,
            "location": {"lat": row.latitude, "long": row.longitude},
            "capacity": {"cpu": row.cpu, "ram": row.ram, "disk": row.disk},
        }
        for row in sorted(tables.rows(CLOUDLETS), key=lambda row: str(row.name))
    ]


def zones(tables: Readable) -> list[View]:
    """Own zones with their members, with whom each is shared, and who has not acknowledged the last word on it.

    A zone that is being withdrawn is shared with nobody; it is shown until every partner has heard of that.
    """
    partners = [row.id for row in sorted(tables.rows(PARTNERS), key=lambda row: str(row.id)) if row.roles.share]
    kept = {(row.zone, row.partner) for row in tables.rows(MARKS) if not row.shared}
    return [
        {
            "zone": row.id,
            "cloudlets": list(row.cloudlets),
            "geo_location": row.geo_location,
            "country": row.country,
            "city": row.city,
            "state": row.state,
            "locality": row.locality,
            "withdrawn": row.withdrawn,
            "shared_with": [] if row.withdrawn else [each for each in partners if (row.id, each) not in kept],
            "undelivered": [each["partner"] for each in undelivered(tables, about=row.id)],
        }
        for row in sorted(tables.rows(ZONES), key=lambda row: str(row.id))
    ]


def partner(row: Partner) -> View:
    return {
        "partner": row.id,
        "operator": row.operator,
        "country": row.country,
        "address": row.address,
        "mcc": row.mcc,
        "mnc": list(row.mnc),
        "locator": row.locator,
        "access": row.roles.access,
        "share": row.roles.share,
    }


def partners(tables: Readable) -> list[View]:
    return [partner(row) for row in sorted(tables.rows(PARTNERS), key=lambda row: str(row.id)) if row.roles.any]


def partner_zones(tables: Readable, of: str | None = None) -> list[View]:
    """Zones as partners announced them; of one partner, or of all."""
    return [
        {
            "partner": row.partner,
            "zone": row.id,
            "geo_location": row.info.geoLocation,
            "city": row.info.city or "",
            "state": row.info.state or "",
            "locality": row.info.locality or "",
            "edge_count": row.info.edgeCount,
            "registered": row.registered,
            "quota": row.quota.to_json() if row.quota else None,
        }
        for row in sorted(tables.rows(PARTNER_ZONES), key=lambda row: (str(row.partner), str(row.id)))
        if of in (None, row.partner)
    ]


def undelivered(tables: Readable, about: str | None = None) -> list[View]:
    """What share partners have not acknowledged: about a zone, about our attributes (""), or all."""
    return [
        {
            "partner": row.partner,
            "about": row.about or "attributes",
            "what": row.operation,
            "delivery": "refused" if row.refused else "pending",
            "reason": row.refused,
        }
        for row in sorted(tables.rows(TELLINGS), key=lambda row: (str(row.partner), str(row.about)))
        if about in (None, row.about) and row.former != 1
    ]


def registrations(tables: Readable, zone: str | None = None) -> list[View]:
    """Who has registered which own zone, with the details of the registering operator."""
    operators = {row.id: row for row in tables.rows(PARTNERS)}
    return [
        {
            "zone": row.zone,
            "partner": row.partner,
            "operator": operators[row.partner].operator,
            "country": operators[row.partner].country,
        }
        for row in sorted(tables.rows(REGISTRATIONS), key=lambda row: (str(row.zone), str(row.partner)))
        if zone in (None, row.zone)
    ]


def dump(tables: Readable) -> View:
    return {
        "federations": federations(tables),
        "cloudlets": cloudlets(tables),
        "zones": zones(tables),
        "partners": partners(tables),
        "partner_zones": partner_zones(tables),
        "registrations": registrations(tables),
        "undelivered": undelivered(tables),
        "applications": application_views.applications(tables),
        "artifacts": application_views.artifacts(tables),
        "hosted_applications": application_views.hosted(tables),
    }
