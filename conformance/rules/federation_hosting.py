"""Rules over a host: artifacts in its registry, what it reports and answers, applications that it hosts (federation-wire 7.8
to 7.12)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from conformance.application_bodies import REPORT, REPORT_IN_BODY, UPLOAD, members_of
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.federation import federation_of, state_of
from conformance.rules.federation_applications import told_in
from conformance.view import Exchange, TraceView
from reports.record import Observation, Outcome, Response
from reports.verdict import Finding, Waiting

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
USABLE = ("uploaded", "storing")
FINAL = ("ONBOARDED", "FAILED")


# --- artifacts ------------------------------------------------------------------------------------------------------


@rule
def holds_artifact(
    view: TraceView, at: str, of: str, app: str, version: str, size: int, digest: str
) -> Finding | Waiting:
    """One artifact of this partner for this application and version is shown, with the size or digest of its content."""
    state, seq = state_of(view, at)
    who = federation_of(view, of)
    held = [each for each in state.get("artifacts", []) if (each["partner"], each["application"]) == (who, app)]
    held = [each for each in held if each["version"] == version and each["state"] != "failed"]
    want = f"one artifact of {of} for {app} {version}"
    if len(held) != 1:
        return Finding.failed(want=want, got=f"{len(held)}", evidence=[seq])
    shown = {name: held[0].get(name) for name in ("size", "digest") if held[0].get(name) is not None}
    if str(shown.get("digest")).removeprefix("sha256:") != digest and shown.get("size") != size:
        return Finding.failed(want=f"{size} bytes, {digest}", got=f"{shown}", evidence=[seq])
    return Finding.passed(want, evidence=[seq])


@rule
def holds_what_was_uploaded(view: TraceView, at: str, of: str) -> Finding | Waiting:
    """The artifact of the partner's latest upload that was accepted is in the registry, as it was sent (FI-ARTIFACT-003)."""
    sent = [each for each in view.exchanges(UPLOAD, sender=of, receiver=at) if each.succeeded]
    if not sent:
        return Waiting(f"{of} to upload to {at}")
    told = told_in(sent[-1])
    content = base64.b64decode(str(told.get("filename")))
    digest = hashlib.sha256(content).hexdigest()
    return holds_artifact(view, at, of, str(told["appid"]), str(told["version"]), len(content), digest)


@rule
def holds_no_artifact(view: TraceView, at: str, of: str) -> Finding | Waiting:
    """No artifact of this partner can be used."""
    state, seq = state_of(view, at)
    who = federation_of(view, of)
    held = [each for each in state.get("artifacts", []) if each["partner"] == who and each["state"] in USABLE]
    if held:
        return Finding.failed(want=f"no artifact of {of}", got=f"{held}", evidence=[seq])
    return Finding.passed(f"no artifact of {of}", evidence=[seq])


@rule
def holds_under_no_other_name(view: TraceView, at: str, of: str, exchange: str) -> Finding | Waiting:
    """What is shown of this partner has the artifact id of this upload, or the one that its answer gave it (FI-ERR-20)."""
    seen = exchange_of(view, exchange)
    answer = members_of({}, seen.response.body if seen.response else None)
    allowed = {told_in(seen).get("artifactid"), answer.get("artifactid")} if seen.succeeded else set()
    state, seq = state_of(view, at)
    who = federation_of(view, of)
    foreign = [e for e in state.get("artifacts", []) if e["partner"] == who and e["artifact"] not in allowed]
    if foreign:
        return Finding.failed(want=f"none but {sorted(map(str, allowed))}", got=f"{foreign}", evidence=[seq])
    return Finding.passed("no other name", evidence=[seq])


def reports(view: TraceView, sender: str, receiver: str, request_id: str | None = None) -> list[Exchange]:
    """The reports of the host's own accord, by GET or by POST (FI-ERR-03); about one upload, or all."""
    sent = [
        each
        for each in view.exchanges(sender=sender, receiver=receiver, ours=False)
        if each.request.operation in (REPORT, REPORT_IN_BODY)
    ]
    return [each for each in sent if request_id in (None, told_in(each).get("requestid"))]


@rule
def reports_upload(view: TraceView, exchange: str, status: str) -> Finding | Waiting:
    """The upload of this exchange is reported with this status, under its ids and for its application (FI-ARTIFACT-005)."""
    asked = exchange_of(view, exchange)
    upload = told_in(asked)
    host, lead = asked.request.receiver, asked.request.sender
    sent = reports(view, host, lead, upload.get("requestid"))
    if not sent:
        return Waiting(f"{host} to report the upload {upload.get('requestid')}")
    told = told_in(sent[-1])
    wanted = {name: upload[name] for name in ("leadfederationid", "partnerfederationid", "appid", "version")}
    wanted |= {"status": status} | ({"operation": "ADDED"} if status == "uploaded" else {})
    wrong = {name: told.get(name) for name, value in wanted.items() if told.get(name) != value}
    if not told.get("artifactid"):
        wrong["artifactid"] = told.get("artifactid")
    if wrong:
        want = f"{ {name: wanted.get(name, 'an id') for name in wrong} }"
        return Finding.failed(want=want, got=f"{wrong}", evidence=sent[-1].evidence)
    return Finding.passed(f"reported {status}", evidence=sent[-1].evidence)


@rule
def reports_the_upload(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """The receiver's latest upload that was accepted is reported as uploaded (FI-ARTIFACT-005)."""
    sent = [each for each in view.exchanges(UPLOAD, sender=receiver, receiver=sender) if each.succeeded]
    if not sent:
        return Waiting(f"{receiver} to upload to {sender}")
    return reports_upload(view, sent[-1].request.exchange, "uploaded")


@rule
def never_reports(view: TraceView, sender: str, receiver: str, status: str | None = None) -> Finding | Waiting:
    """The host reports nothing, or never this status."""
    sent = [e for e in reports(view, sender, receiver) if status in (None, told_in(e).get("status"))]
    if sent:
        return Finding.failed(want=f"no report {status or ''}".strip(), got=sent[0].told(), evidence=sent[0].evidence)
    return Finding.passed(f"no report {status or ''}".strip())


@rule
def refused_or_reported_failed(view: TraceView, exchange: str) -> Finding | Waiting:
    """An upload that cannot be used: refused at once, or taken and reported ``failed`` (FI-ARTIFACT-004, -005)."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    if not seen.succeeded:
        return Finding.failed(want="4xx, or 2xx and a report", got=seen.told(), evidence=seen.evidence)
    return reports_upload(view, exchange, "failed")


# --- onboarding -----------------------------------------------------------------------------------------------------


@rule
def acknowledges(view: TraceView, exchange: str) -> Finding | Waiting:
    """2xx with appId and requestId as received and createdAt an RFC 3339 time (FI-APP-008)."""
    seen = exchange_of(view, exchange)
    asked, told = told_in(seen), members_of({}, seen.response.body if seen.response else None)
    wrong = {name: told.get(name) for name in ("appid", "requestid") if told.get(name) != asked.get(name)}
    if not isinstance(told.get("createdat"), str) or not RFC_3339.fullmatch(told["createdat"]):
        wrong["createdat"] = told.get("createdat")
    if not seen.succeeded or wrong:
        want = "2xx with appId, requestId and createdAt"
        got = f"{seen.told()} {told_body(seen.response.body if seen.response else '')}"
        return Finding.failed(want=want, got=got, evidence=seen.evidence)
    return Finding.passed("acknowledged with its ids and a time", evidence=seen.evidence)


@rule
def not_refused_for_the_artifact(view: TraceView, exchange: str) -> Finding | Waiting:
    """What was reported ``uploaded`` can be onboarded (FI-ARTIFACT-005)."""
    seen = exchange_of(view, exchange)
    if not seen.succeeded:
        return Finding.failed(want="2xx", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(seen.told(), evidence=seen.evidence)


@rule
def hosts_application(
    view: TraceView, at: str, of: str, app: str, zone: str, statuses: Sequence[str]
) -> Finding | Waiting:
    """The host shows this application of this partner in this zone once, with one of these statuses; none: not at all."""
    state, seq = state_of(view, at)
    key = (federation_of(view, of), app, zone)
    found = [
        e["state"] for e in state.get("hosted_applications", []) if (e["partner"], e["application"], e["zone"]) == key
    ]
    want = f"{app} of {of} in {zone} {' or '.join(statuses)}" if statuses else f"no {app} of {of} in {zone}"
    if (len(found) == 1 and found[0] in statuses) or (not statuses and not found):
        return Finding.passed(want, evidence=[seq])
    return Finding.failed(want=want, got=f"{found or 'not shown'}", evidence=[seq])


@rule
def hosts_at_most(view: TraceView, at: str, of: str, app: str, zone: str, statuses: Sequence[str]) -> Finding | Waiting:
    """The host does not show this application of this partner in this zone, or with one of these statuses only."""
    gone = hosts_application(view, at, of, app, zone, ())
    if isinstance(gone, Waiting) or gone.verdict == "passed" or not statuses:
        return gone
    return hosts_application(view, at, of, app, zone, statuses)


@rule
def hosts_all_or_none(
    view: TraceView, at: str, of: str, app: str, zones: Sequence[str], exchange: str
) -> Finding | Waiting:
    """The onboarding was accepted and the application is in each of these zones, or refused and it is in none (a target
    may take one region or one component only, federation-wire 7.10)."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return hosts_nothing(view, at, of)
    if not seen.succeeded:
        return Finding.failed(want="2xx or 4xx", got=seen.told(), evidence=seen.evidence)
    for zone in zones:
        said = hosts_application(view, at, of, app, zone, ("PENDING", *FINAL))
        if isinstance(said, Waiting) or said.verdict != "passed":
            return said
    return Finding.passed(f"{app} in {list(zones)}", evidence=seen.evidence)


@rule
def hosts_nothing(view: TraceView, at: str, of: str) -> Finding | Waiting:
    """No application of this partner is shown."""
    state, seq = state_of(view, at)
    who = federation_of(view, of)
    found = [each for each in state.get("hosted_applications", []) if each["partner"] == who]
    if found:
        return Finding.failed(want=f"no application of {of}", got=f"{found}", evidence=[seq])
    return Finding.passed(f"no application of {of}", evidence=[seq])


def told_statuses(seen: Exchange, zone: str) -> list[str]:
    """What an answer tells of a zone; an entry without zone id counts for it (the origin's)."""
    told = members_of({}, seen.response.body if seen.response else None).get("onboardstatus") or []
    entries = [members_of({}, each) for each in (told if isinstance(told, list) else [told])]
    return [str(each.get("status")) for each in entries if each.get("zoneid") in (zone, "", None)]


@rule
def tells_status(view: TraceView, exchanges: Sequence[str], zone: str, statuses: Sequence[str]) -> Finding | Waiting:
    """Each answer is 2xx with one entry for this zone, and the last one tells one of these statuses; the others may be
    PENDING before it (FI-APP-009)."""
    evidence: list[int] = []
    for number, each in enumerate(exchanges):
        seen = exchange_of(view, each)
        told = told_statuses(seen, zone)
        allowed = statuses if number == len(exchanges) - 1 else (*statuses, "PENDING")
        evidence += seen.evidence
        if not seen.succeeded or len(told) != 1 or told[0] not in allowed:
            want = f"2xx with {zone} {' or '.join(allowed)}"
            got = f"{seen.told()} {told_body(seen.response.body if seen.response else '')}"
            return Finding.failed(want=want, got=got, evidence=seen.evidence)
    return Finding.passed(f"{zone} {' or '.join(statuses)}", evidence=evidence)


@rule
def tells_always(view: TraceView, exchanges: Sequence[str], zone: str, status: str) -> Finding | Waiting:
    """Each answer is 2xx and tells this status of this zone (FI-APP-009)."""
    for each in exchanges:
        said = tells_status(view, [each], zone, [status])
        if isinstance(said, Waiting) or said.verdict != "passed":
            return said
    return Finding.passed(f"{len(exchanges)} times {status}")


@rule
def tells_no_success(view: TraceView, exchange: str, zone: str) -> Finding | Waiting:
    """Refused, or answered 2xx with FAILED or nothing for this zone: the origin's answer for what is not there."""
    seen = exchange_of(view, exchange)
    told = told_statuses(seen, zone)
    if seen.refused or (seen.succeeded and all(each == "FAILED" for each in told)):
        return Finding.passed(f"{seen.told()} {told or ''}".strip(), evidence=seen.evidence)
    return Finding.failed(want="4xx, FAILED or nothing", got=f"{seen.told()} {told}", evidence=seen.evidence)


@rule
def onboarded_or_deregistered(
    view: TraceView, at: str, of: str, zone: str, rounds: Sequence[Sequence[Any]]
) -> Finding | Waiting:
    """Each round, an onboarding and a deregistration at once (exchange, exchange, application, moment): the onboarding was
    refused and the zone is not registered, or it was accepted and the other refused, or the application went with the
    zone (FI-RACE-012). What is not answered at once is neither."""
    who = federation_of(view, of)
    for onboard, deregister, app, moment in rounds:
        one, other = exchange_of(view, onboard), exchange_of(view, deregister)
        seen = next((r for r in view.observations(at, "state") if r.seq > moment), None)
        if seen is None:
            return Waiting(f"the state of {at} after each round")
        held = any((e["zone"], e["partner"]) == (zone, who) for e in seen.value["registrations"])
        there = any(
            (e["partner"], e["application"], e["zone"]) == (who, app, zone) and e["state"] != "FAILED"
            for e in seen.value.get("hosted_applications", [])
        )
        answered = all(each.succeeded or each.refused for each in (one, other))
        fits = (
            (there and held)
            if other.refused and one.succeeded
            else (not held and not there)
            if other.succeeded
            else False
        )
        if not answered or not fits:
            got = (
                f"{one.told()}, {other.told()}, {'' if held else 'not '}registered, {'' if there else 'not '}onboarded"
            )
            evidence = (*one.evidence, *other.evidence, seen.seq)
            return Finding.failed(want="one of the two, and the state that fits", got=got, evidence=evidence)
    return Finding.passed(f"{len(rounds)} rounds")


# --- secrets --------------------------------------------------------------------------------------------------------


@rule
def passwords_never_shown(view: TraceView, at: str, asked: Sequence[str]) -> Finding | Waiting:
    """No registry password in what this seat shows or answers, although one was sent in these exchanges (FI-AUTH-009)."""
    if not any("secret:password:" in f"{exchange_of(view, each).request.body}" for each in asked):
        return Waiting("a password to be sent")
    for record in view.records:
        told = ""
        if isinstance(record, Observation) and record.seat == at:
            told = f"{record.value}"
        elif isinstance(record, Outcome) and record.seat == at:
            told = f"{record.outputs} {record.reason}"
        elif isinstance(record, Response) and record.sender == at:
            told = f"{record.body}"
        if "secret:password:" in told:
            return Finding.failed(want="no password", got=f"a password in r{record.seq}", evidence=[record.seq])
    return Finding.passed(f"no password in what {at} tells")
