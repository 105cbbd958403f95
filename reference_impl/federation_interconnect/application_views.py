"""What a platform shows of applications, the same for every side that is compared (federation-wire, section 9)."""

from __future__ import annotations

from typing import Any

from reference_impl.federation_interconnect.application_records import ARTIFACTS, HOSTED, ONBOARDINGS
from reference_impl.kernel.tables import Readable

View = dict[str, Any]


def applications(tables: Readable) -> list[View]:
    """Ours at partners, per application, partner and zone."""
    rows = sorted(tables.rows(ONBOARDINGS), key=lambda row: (str(row.app), str(row.partner), str(row.zone)))
    return [
        {
            "application": row.app,
            "partner": row.partner,
            "zone": row.zone,
            "version": row.version,
            "artifact": row.artifact,
            "status": row.stage.value,
            "reason": row.reason,
        }
        for row in rows
    ]


def artifacts(tables: Readable, of: str | None = None) -> list[View]:
    """Those of partners; ``size`` in bytes, ``digest`` the SHA-256 of the content."""
    return [
        {
            "partner": row.partner,
            "artifact": row.id,
            "application": row.app,
            "version": row.version,
            "name": row.name,
            "size": row.size,
            "digest": row.digest,
            "state": row.state.value,
            "reason": row.reason,
        }
        for row in sorted(tables.rows(ARTIFACTS), key=lambda row: (str(row.partner), str(row.id)))
        if of in (None, row.partner)
    ]


def hosted(tables: Readable, of: str | None = None) -> list[View]:
    """Those of partners in our zones, per partner, application and zone."""
    rows = sorted(tables.rows(HOSTED), key=lambda row: (str(row.partner), str(row.app), str(row.zone)))
    return [
        {
            "partner": row.partner,
            "application": row.app,
            "zone": row.zone,
            "version": row.version,
            "artifact": row.artifact,
            "state": row.state.value,
        }
        for row in rows
        if of in (None, row.partner)
    ]
