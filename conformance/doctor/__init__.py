"""The doctor: is a target reachable and described rightly? Asked before any verdict.

Most errors are errors of configuration. Each finding says what was looked at, what was found, and what to change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from conformance.doctor import access, agreement, callback, claims, customers
from conformance.doctor.calls import Calls, clock_of
from conformance.doctor.findings import Finding, bad, clean
from conformance.doctor.network import reach
from conformance.northbound import Northbound, NorthboundError
from conformance.northbound.build import northbound_of
from conformance.target import Target
from conformance.target.declared import FI
from conformance.target.sending import MissingExtra

__all__ = ["Finding", "clean", "examine"]


async def examine(target: Target, now: Callable[[], float] = time.time, *, calling: bool = True) -> list[Finding]:
    """All findings, in the order in which one would mend them. ``now`` is the wall clock, in seconds since 1970.

    What cannot be asked because something before it is bad is not looked at. Without ``calling`` we do not listen, and the
    target is not asked to call us.
    """
    seconds = target.timeouts["answer"] / 1000
    out, trust = target.auth.outbound, target.auth.trust
    findings = await reach("east-west", "target.base_url", target.base_url, out, trust, seconds, now)
    async with AsyncExitStack() as closing:
        try:
            northbound = northbound_of(target, closing)
            if clean(findings):
                findings += await _east_west(target, closing, now)
            findings += await _northbound(target, northbound, seconds, now)
            if calling and clean(findings):
                findings += await callback.of_target(target, northbound)
        except NorthboundError as problem:
            findings.append(bad("northbound", str(problem), "[northbound]: where and how the target is asked"))
        except MissingExtra as problem:
            findings.append(bad("auth", str(problem), "the installation of this program"))
    return findings


async def _east_west(target: Target, closing: AsyncExitStack, now: Callable[[], float]) -> list[Finding]:
    calls = Calls(target, "counterpart", closing)
    if target.protocol == FI:
        findings, came = await access.of_operator(target, calls)
    else:
        findings, came = await access.of_provider(target, calls, "auth")
    if came.response is not None:
        findings.append(clock_of(came, now))
    if not clean(findings):
        return findings
    if (missing := access.third_missing(target)) is not None:
        findings.append(missing)
    elif target.protocol != FI and target.auth.third_outbound.kind != "none":
        third, _ = await access.of_provider(target, Calls(target, "third", closing), "third")
        findings += third
    if target.protocol != FI:
        findings += await agreement.of_provider(target, calls)
    return findings + await claims.of_target(target, calls)


async def _northbound(
    target: Target, northbound: Northbound, seconds: float, now: Callable[[], float]
) -> list[Finding]:
    http = target.northbound.http
    findings: list[Finding] = []
    if http is not None:
        key = "northbound.base_url"
        findings = await reach("northbound", key, http.base_url, http.credential, http.trust, seconds, now)
        if not clean(findings):
            return findings
    findings += await customers.of_target(target, northbound)
    if target.protocol == FI and clean(findings):
        findings += await agreement.of_operator(target, northbound)
    return findings
