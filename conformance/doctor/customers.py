"""The northbound side: is it reached, and does it offer what the seats of the target need?"""

from __future__ import annotations

from conformance.doctor.findings import Finding, bad, listed, ok, warn
from conformance.northbound import HttpNorthbound, Northbound, NorthboundError
from conformance.northbound.python import PythonNorthbound
from conformance.target import Target
from conformance.target.declared import FI
from conformance.target.vocabulary import NEEDED

HARMLESS = {"connection-coordinator": ("offers", "list"), FI: ("show_self", "show_partners", "show_zones")}
"""Actions that only read, by protocol: one of them is asked."""


async def of_target(target: Target, northbound: Northbound) -> list[Finding]:
    choice = target.northbound
    if choice.kind == "none":
        return [
            warn("northbound", "there is none", "[northbound]: without it only what the wire shows alone is judged")
        ]
    findings = []
    try:
        offered = await _offered(target, northbound)
    except NorthboundError as problem:
        return [bad("northbound.answer", str(problem), "[northbound]: where and how the target is asked")]
    if offered is not None:
        needed = list(dict.fromkeys(name for seat in target.seats for name in NEEDED[seat]))
        shown = target.northbound.http is not None and bool(target.northbound.http.state)
        missing = [name for name in needed if name not in offered and not (shown and name.startswith("show_"))]
        if missing:
            change = f"northbound.actions: {listed(missing)}; without them most scenarios are untested"
            findings.append(warn("northbound.actions", f"{listed(missing)} not offered", change))
        else:
            findings.append(ok("northbound.actions", f"{listed([name for name in needed if name in offered])} offered"))
    if choice.kind == "manual":
        if choice.manual is not None and choice.manual.script is None:
            findings.append(ok("northbound.answer", "people are asked"))
        return findings
    return [*findings, *await _asked(target, northbound, offered)]


async def _offered(target: Target, northbound: Northbound) -> set[str] | None:
    """The actions that there are; None where only asking tells."""
    if isinstance(northbound, HttpNorthbound):
        return set(await northbound.offered("actions")) or None
    choice = target.northbound
    if choice.http is not None:
        return set(choice.http.actions)
    if choice.manual is not None:
        return set(choice.manual.offers) or None
    return northbound.offered() if isinstance(northbound, PythonNorthbound) else None


async def _asked(target: Target, northbound: Northbound, offered: set[str] | None) -> list[Finding]:
    """Ask for something that changes nothing."""
    asked = [name for name in HARMLESS[target.protocol] if offered is None or name in offered]
    if not asked and target.northbound.http is not None and target.northbound.http.state:
        return await _shown(northbound)
    if not asked:
        change = f"northbound.actions.{HARMLESS[target.protocol][0]}: then the doctor can ask for it"
        return [warn("northbound.answer", "nothing that only reads is offered, so nothing was asked", change)]
    inputs = {} if target.protocol == FI else {"account": target.identity.account("X")}
    try:
        answered = await northbound.act(asked[0], inputs)
    except NorthboundError as problem:
        return [bad("northbound.answer", str(problem), "[northbound]: where and how the target is asked")]
    if answered.result == "ok":
        return [ok("northbound.answer", f"{asked[0]}: ok")]
    if answered.result == "unavailable":
        return [warn("northbound.answer", str(answered.reason), f"offer {asked[0]}, or leave its checks untested")]
    found = f"{asked[0]}: {answered.result}, {answered.reason}"
    change = "northbound.auth: a credential that may do this; identity.accounts: the target's own names of accounts"
    return [bad("northbound.answer", found, change)]


async def _shown(northbound: Northbound) -> list[Finding]:
    """The operator's view, where it is shown as a whole and by no action."""
    try:
        state = await northbound.state()
    except NorthboundError as problem:
        return [bad("northbound.answer", str(problem), "[northbound.state]: what shows the operator's view, and how")]
    return [ok("northbound.answer", f"the state: {listed(list(state)) or 'nothing in it'}")]
