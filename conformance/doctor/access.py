"""Authentication: is the right credential taken, and are a wrong one and none refused?"""

from __future__ import annotations

from dataclasses import replace

from conformance.doctor.calls import Calls, Came
from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.target import Outbound, Target
from conformance.target.declared import FI

NOBODY = Outbound()


async def of_provider(target: Target, calls: Calls, check: str) -> tuple[list[Finding], Came]:
    """By ListProviders, which changes nothing (CC-PROV-002); ``check`` is "auth" or "third". With the answer to the right
    credential."""
    key = "auth.outbound" if check == "auth" else "auth.third.outbound"
    came = await calls.ask("GET", "/providers")
    first = _right(check, key, came)
    findings = [first]
    if check == "third" or first.level == "bad":
        return findings, came
    if calls.outbound.kind == "none" and calls.outbound.certificate is None:
        change = f"{key}: what the target takes (CC-SEC-002); without it the checks of authentication fail"
        return [warn("auth.right", "everybody is let in", change)], came
    if calls.outbound.kind != "mtls":  # a certificate belongs to the connection, and stays
        answer = await calls.ask("GET", "/providers", credential=NOBODY)
        findings.append(_refused("auth.missing", "without a credential", answer))
    wrong = _wrong(calls.outbound)
    if wrong is not None:
        answer = await calls.ask("GET", "/providers", credential=wrong)
        findings.append(_refused("auth.wrong", "with a wrong credential", answer))
    return findings, came


async def of_operator(target: Target, calls: Calls) -> tuple[list[Finding], Came]:
    """Keys are arranged in each scenario, so that only their absence can be tried: by an empty message, which nobody may
    take (FI-AUTH-003)."""
    path = "/operator/partner" if "op2" in target.seats else "/operator/notify/zone"
    came = await calls.ask("POST", path, credential=NOBODY, json={})
    if came.response is None:
        return [_silent("auth.missing", came)], came
    if came.status in (404, 405):
        return [bad("auth.missing", came.told(), f"target.base_url: the URL below which {path} is")], came
    if came.status >= 500:
        return [bad("auth.missing", came.told(), "see the target's log: an empty message must be refused (4xx)")], came
    return [_refused("auth.missing", "an empty message without a key", came)], came


def _right(check: str, key: str, came: Came) -> Finding:
    name = f"{check}.right"
    if came.response is None:
        return _silent(name, came)
    if came.status in (401, 403):
        return bad(name, came.told(), f"{key}: the credential that the target expects of us, or let the target know it")
    if came.status == 404:
        return bad(name, came.told(), "target.base_url: the URL below which /providers is")
    if 300 <= came.status < 400:
        return bad(name, came.told(), "target.base_url: the URL of the API itself, for nobody follows a redirect")
    if not 200 <= came.status < 300:
        return bad(name, came.told(), "see the target's log: GET /providers must be answered with 200")
    if not isinstance(came.document, dict):
        return bad(name, came.told(), "target.base_url: the URL of the API; this answer is no JSON object")
    return ok(name, f"{came.request} -> {came.status}")


def _silent(name: str, came: Came) -> Finding:
    if came.problem.startswith("no answer in"):
        return bad(name, came.told(), "see what the target waits for, or timeouts.answer: how long it may take")
    change = "see the target's log; where it wants our certificate, certificate and key in auth.outbound"
    return bad(name, came.told(), change)


def _refused(name: str, how: str, came: Came) -> Finding:
    if 400 <= came.status < 500:
        return ok(name, f"{how}: refused with {came.status}")
    change = "nothing here, if that is meant: the checks of authentication will judge it (CC-SEC-002, FI-AUTH-003)"
    return warn(name, f"{how}: {came.told()}", change)


def _wrong(right: Outbound) -> Outbound | None:
    """One character off; None where there is no secret."""
    if right.kind in ("bearer", "header"):
        return replace(right, secret=_off(right.secret))
    if right.kind == "sigv4" and right.sigv4 is not None:
        return replace(right, sigv4=replace(right.sigv4, secret_key=_off(right.sigv4.secret_key)))
    return None


def _off(secret: str) -> str:
    return secret[:-1] + ("x" if secret[-1:] != "x" else "y")


def third_missing(target: Target) -> Finding | None:
    """A target that authenticates us must know the third partner too."""
    if target.protocol == FI or target.auth.outbound.kind == "none" or target.auth.third_outbound.kind != "none":
        return None
    change = "auth.third.outbound: a credential of another partner; without it isolation is not tested"
    return warn("third.right", "there is none", change)
