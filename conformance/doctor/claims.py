"""Are the claimed capabilities plausible? One harmless request for each: an unknown route is told from a refusal."""

from __future__ import annotations

import uuid

from conformance.doctor.access import NOBODY
from conformance.doctor.calls import Calls, Came
from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.target import Target
from conformance.target.declared import FI
from conformance.target.inventory import provider_copies


async def of_target(target: Target, calls: Calls) -> list[Finding]:
    findings = []
    for name in target.capabilities:
        asked = _operator(name) if target.protocol == FI else _provider(target, name)
        if asked is None:
            findings.append(ok(f"capabilities.{name}", "no operation of its own: shown by its scenarios only"))
            continue
        method, path = asked
        anonymous = NOBODY if target.protocol == FI else None
        came = await calls.ask(method, path, credential=anonymous, json={} if method == "PATCH" else None)
        findings.append(_judged(name, came, method in ("PATCH", "DELETE")))
    return findings


def _operator(name: str) -> tuple[str, str] | None:
    """Without a key, so that nothing can happen: 401 tells that the route is there."""
    return {
        "federation-apps-host": ("GET", "/operator/application/onboarding"),
        "federation-apps-lead": ("GET", "/operator/artifact/status"),
    }.get(name)


def _provider(target: Target, name: str) -> tuple[str, str] | None:
    """What is read is there by the inventory; what is changed is a connection that nobody has."""
    seat = target.seats[0]
    agreed = provider_copies(target, seat)[seat]
    own = target.id_of("counterpart", seat)
    row = next((each for each in agreed.channels if each.peer == own), None)
    if row is None:
        return None
    interconnect = f"/providers/{own}/environments/{row.environment}/interconnects/{row.interconnect}"
    connection = f"{interconnect}/connections/{uuid.uuid4()}"
    return {
        "update": ("PATCH", f"{connection}?updateMask=bandwidthMbps"),
        "delete": ("DELETE", connection),
        "maintenance": ("GET", f"{interconnect}/channels/{row.id}/maintenanceEvents"),
        "macsec": ("GET", f"{interconnect}/channels/{row.id}/macSecKeys"),
        "issues": ("GET", f"/providers/{own}/issues"),
    }.get(name)


def _judged(name: str, came: Came, unknown: bool) -> Finding:
    """``unknown``: what is asked for is not there, so that a 404 is right, if it is the API's own."""
    check = f"capabilities.{name}"
    without = f"target.capabilities: without {name!r}, or offer this operation"
    if came.response is None or came.status >= 500:
        return bad(check, came.told(), f"see the target's log; or {without}")
    if came.status == 405:
        return bad(check, came.told(), without)
    if came.status == 404:
        spoken = isinstance(came.document, dict)
        if unknown and spoken:
            return ok(check, f"{came.request.partition(' ')[0]} of an unknown connection: 404 with an error document")
        if unknown:
            change = f"an error document in the answer of 404; where the operation is not offered, {without}"
            return warn(check, f"{came.told()}: an unknown connection or an unknown route?", change)
        return bad(check, came.told(), without)
    return ok(check, f"{came.request} -> {came.status}")
