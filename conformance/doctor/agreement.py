"""Do both sides know the same ids? What the target shows us as its peer, against the inventory (coordinator-harness, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from conformance.doctor.calls import Calls
from conformance.doctor.findings import Finding, bad, listed, ok, warn
from conformance.northbound import Northbound
from conformance.target import Target
from conformance.target.inventory import holdings, provider_copies
from reference_impl.connection_coordinator.inventory_records import Interconnect

PAGES = 100


async def of_provider(target: Target, calls: Calls) -> list[Finding]:
    """Environments, their interconnects with room and sizes, their channels; by the seat that comes first."""
    seat = target.seats[0]
    own = target.id_of("counterpart", seat)
    agreed = provider_copies(target, seat)[seat]
    file = target.inventory.file.name if target.inventory.file is not None else "the standard inventory"
    environments = {row.id: row for row in agreed.environments if row.peer == own}
    shown = await _list(calls, f"/providers/{own}/environments", "environments")
    findings = [_compared("inventory.environments", f"environments of {own}", file, environments, shown)]
    for environment in sorted(set(environments) & set(shown.rows)):
        base = target.inventory.base_urls.get(environment, "")
        path = f"/providers/{own}/environments/{environment}/interconnects"
        rows = {row.id: row for row in agreed.interconnects if (row.peer, row.environment) == (own, environment)}
        there = await _list(calls, path, "interconnects", base)
        findings.append(_compared(f"inventory.{environment}", f"interconnects of {environment}", file, rows, there))
        for interconnect in sorted(set(rows) & set(there.rows)):
            check = f"inventory.{environment}.{interconnect}"
            findings += _same_room(check, file, rows[interconnect], there.rows[interconnect])
            place = (own, environment, interconnect)
            channels = [row.id for row in agreed.channels if (row.peer, row.environment, row.interconnect) == place]
            held = await _list(calls, f"{path}/{interconnect}/channels", "channels", base)
            findings.append(_compared(f"{check}.channels", f"channels of {interconnect}", file, channels, held))
    return _joined(findings)


def _same_room(check: str, file: str, agreed: Interconnect, shown: dict[str, Any]) -> list[Finding]:
    wrong = [
        f"{name} {shown[name]!r} where {file} has {want!r}"
        for name, want in (("maxBandwidthMbps", agreed.max_mbps), ("state", agreed.state))
        if shown.get(name) not in (None, want)
    ]
    return [bad(check, "; ".join(wrong), f"{file} or the target, so that both say the same")] if wrong else []


@dataclass(frozen=True, slots=True)
class _Shown:
    """The items of a list by their ids, or the problem with it."""

    rows: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def _joined(findings: list[Finding]) -> list[Finding]:
    """What is well is told in one line."""
    good = [each for each in findings if each.level == "ok"]
    rest = [each for each in findings if each.level != "ok"]
    return [*([ok("inventory", "; ".join(each.found for each in good))] if good else []), *rest]


async def _list(calls: Calls, path: str, member: str, base: str = "") -> _Shown:
    """All items, over all pages."""
    found: dict[str, Any] = {}
    token = ""
    for _ in range(PAGES):
        came = await calls.ask("GET", path + (f"?pageToken={quote(token)}" if token else ""), base=base)
        document = came.document
        rows = document.get(member, []) if isinstance(document, dict) else None
        if not 200 <= came.status < 300 or not isinstance(rows, list):
            return _Shown(problem=came.told())
        for row in rows:
            if not isinstance(row, dict) or not isinstance(row.get("name"), str):
                return _Shown(problem=f"{came.request} -> an item without a name: {str(row)[:80]}")
            found[row["name"].rpartition("/")[2]] = row
        token = str(document.get("nextPageToken") or "") if isinstance(document, dict) else ""
        if not token:
            return _Shown(found)
    return _Shown(problem=f"{path} does not end after {PAGES} pages")


def _compared(check: str, what: str, file: str, agreed: Iterable[str], shown: _Shown) -> Finding:
    if shown.problem:
        change = f"{file} and [identity]: the ids that the target has for us; or the target"
        return bad(check, f"{what} cannot be read: {shown.problem}", change)
    agreed = set(agreed)
    if missing := sorted(agreed - set(shown.rows)):
        change = f"set them up at the target, or take them out of {file}"
        there = f"{listed(missing)} not at the target, which shows {listed(sorted(shown.rows))}"
        return bad(check, f"{what}: {there}", change)
    if more := sorted(set(shown.rows) - agreed):
        return warn(check, f"{what}: {listed(more)} not in {file}", f"{file}: all that the target shares with us")
    return ok(check, f"{what}: {listed(sorted(shown.rows))}")


async def of_operator(target: Target, northbound: Northbound) -> list[Finding]:
    """Cloudlets and zones of the inventory against those that the operator is shown."""
    held = holdings(target)
    findings: list[Finding] = []
    wanted: tuple[tuple[str, str, str, list[str]], ...] = (
        ("show_cloudlets", "cloudlets", "name", [each.name for each in held.cloudlets]),
        ("show_zones", "zones", "zone", [each.id for each in held.zones]),
    )
    for action, member, key, names in wanted:
        if not names:
            continue
        answered = await northbound.act(action, {})
        rows = answered.outputs.get(member)
        if answered.result != "ok" or not isinstance(rows, list):
            why = answered.reason or f"no {member} in its outputs"
            findings.append(warn(f"inventory.{member}", f"not compared: {why}", f"northbound.actions.{action}"))
            continue
        shown = _Shown({str(row.get(key)): row for row in rows if isinstance(row, dict)})
        file = target.inventory.file.name if target.inventory.file is not None else "the inventory"
        findings.append(_compared(f"inventory.{member}", member, file, names, shown))
    return _joined(findings)
