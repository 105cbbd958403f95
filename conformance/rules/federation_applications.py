"""Rules over a lead that onboards applications: what it uploads, onboards and shows (federation-wire 7.8 to 7.12)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from conformance.application_bodies import DEBOARD, ONBOARD, STATUS, UPLOAD, members_of
from conformance.rules import rule
from conformance.rules.federation import federation_of, inputs_of, state_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

Members = dict[str, Any]


def own(view: TraceView, sender: str, receiver: str, operation: str, after: int = 0) -> list[Exchange]:
    """What the sender's platform sent of its own accord since a moment; all attempts."""
    sent = view.exchanges(operation, sender=sender, receiver=receiver, ours=False)
    return [each for each in sent if each.request.seq > after]


def told_in(each: Exchange) -> Members:
    return members_of(each.request.query, each.request.body)


def once(sent: Sequence[Exchange]) -> bool:
    """One logical request: attempts that have no clear answer may be repeated under the same requestId (5.2)."""
    return len({str(told_in(each).get("requestid")) for each in sent}) == 1


def status_of(view: TraceView, at: str, of: str, app: str, zone: str) -> list[str]:
    """The statuses that the newest state of a lead shows for an application in a zone of a partner."""
    partner = federation_of(view, of)
    return [
        str(each["status"])
        for each in state_of(view, at)[0].get("applications", [])
        if (each["partner"], each["application"], each["zone"]) == (partner, app, zone)
    ]


@rule
def shows_application(
    view: TraceView, at: str, of: str, app: str, zone: str, statuses: Sequence[str]
) -> Finding | Waiting:
    """The lead shows this application in this zone once, with one of these statuses; none given: it does not show it."""
    found = status_of(view, at, of, app, zone)
    seq = state_of(view, at)[1]
    want = f"{app} in {zone} {' or '.join(statuses)}" if statuses else f"no {app} in {zone}"
    if (len(found) == 1 and found[0] in statuses) or (not statuses and not found):
        return Finding.passed(want, evidence=[seq])
    return Finding.failed(want=want, got=f"{found or 'not shown'}", evidence=[seq])


@rule
def shows_no_applications(view: TraceView, at: str) -> Finding | Waiting:
    """The lead shows no application at all."""
    state, seq = state_of(view, at)
    if state.get("applications"):
        return Finding.failed(want="no application", got=f"{state['applications']}", evidence=[seq])
    return Finding.passed("no application", evidence=[seq])


@rule
def shown_while_open(
    view: TraceView, at: str, of: str, operation: str, app: str, zone: str, statuses: Sequence[str]
) -> Finding | Waiting:
    """While the lead's first such call was open, it showed this application with one of these statuses."""
    calls = own(view, at, of, operation)
    if not calls:
        return Waiting(f"{at} to send {operation} to {of}")
    first, end = calls[0].request.seq, calls[0].evidence[-1]
    seen = [r for r in view.observations(at, "state") if r.seq > first and (end == first or r.seq < end)]
    if not seen:
        return Waiting(f"the state of {at} while {operation} is open")
    partner = federation_of(view, of)
    shown = [
        str(each["status"])
        for each in seen[0].value.get("applications", [])
        if (each["partner"], each["application"], each["zone"]) == (partner, app, zone)
    ]
    evidence = [first, seen[0].seq]
    if len(shown) != 1 or shown[0] not in statuses:
        return Finding.failed(want=f"{app} in {zone} {' or '.join(statuses)}", got=f"{shown}", evidence=evidence)
    return Finding.passed(f"{app} in {zone} {shown[0]} while {operation} is open", evidence=evidence)


@rule
def never_shown(
    view: TraceView, at: str, of: str, app: str, zone: str, status: str, before: str | None = None
) -> Finding | Waiting:
    """At no moment the lead showed this status, or none before ``of`` told it ``before`` in an answer."""
    partner = federation_of(view, of)
    told = [e for e in view.exchanges(STATUS, sender=at, receiver=of) if e.response and before]
    first = next((e.evidence[-1] for e in told if before is not None and before in f"{e.response}"), None)
    for seen in view.observations(at, "state"):
        if first is not None and seen.seq > first:
            break
        for each in seen.value.get("applications", []):
            if (each["partner"], each["application"], each["zone"], each["status"]) == (partner, app, zone, status):
                return Finding.failed(want=f"never {status}", got=f"{status} in r{seen.seq}", evidence=[seen.seq])
    return Finding.passed(f"never {status}" + (" before it was told" if before else ""))


# --- what it sends --------------------------------------------------------------------------------------------------


@rule
def uploads_once(
    view: TraceView, sender: str, receiver: str, app: str, version: str, after: int = 0
) -> Finding | Waiting:
    """One POST /operator/artifacts in the sender's name, about this application and with all that it must have."""
    sent = own(view, sender, receiver, UPLOAD, after)
    if not sent:
        return Waiting(f"{sender} to send {UPLOAD} to {receiver}")
    evidence = [each.request.seq for each in sent]
    if not once(sent):
        return Finding.failed(want=f"one {UPLOAD}", got=f"{len(sent)}", evidence=evidence)
    asked = inputs_of(view, sender, "create_self_federation")
    wanted = {
        "leadfederationid": federation_of(view, sender),
        "partnerfederationid": federation_of(view, receiver),
        "operator": asked["operator"],
        "country": asked["country"],
        "appid": app,
        "version": version,
    }
    return _has(told_in(sent[0]), wanted, ("requestid", "userid", "artifactname", "filename"), evidence)


def _has(told: Members, wanted: Members, texts: Sequence[str], evidence: Sequence[int]) -> Finding:
    wrong = {name: told.get(name) for name, value in wanted.items() if told.get(name) != value}
    wrong |= {name: told.get(name) for name in texts if not isinstance(told.get(name), str) or not told[name]}
    if wrong:
        want = f"{ {name: wanted.get(name, 'a text') for name in wrong} }"
        return Finding.failed(want=want, got=f"{wrong}", evidence=evidence)
    return Finding.passed(", ".join((*wanted, *texts)), evidence=evidence)


@rule
def content_unchanged(view: TraceView, sender: str, receiver: str, sha256: str) -> Finding | Waiting:
    """``filename`` decodes to the bytes that the developer handed in (FI-ARTIFACT-001, FI-ERR-20)."""
    sent = own(view, sender, receiver, UPLOAD)
    if not sent:
        return Waiting(f"{sender} to send {UPLOAD} to {receiver}")
    try:
        content = base64.b64decode(str(told_in(sent[0]).get("filename")), validate=True)
    except (binascii.Error, ValueError):
        return Finding.failed(want="base64", got="something else", evidence=[sent[0].request.seq])
    got = hashlib.sha256(content).hexdigest()
    if got != sha256:
        return Finding.failed(want=sha256, got=got, evidence=[sent[0].request.seq])
    return Finding.passed(f"{len(content)} bytes unchanged", evidence=[sent[0].request.seq])


@rule
def uploads_anew(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """A second upload has a requestId of its own (FI-ARTIFACT-007)."""
    sent = own(view, sender, receiver, UPLOAD)
    ids = list(dict.fromkeys(str(told_in(each).get("requestid")) for each in sent))
    evidence = [each.request.seq for each in sent]
    if len(ids) < 2:
        return Waiting(f"{sender} to upload once more", f"{len(sent)} uploads under {ids}")
    return Finding.passed(f"{len(ids)} uploads", evidence=evidence)


@rule
def onboards_once(view: TraceView, sender: str, receiver: str, app: str, zone: str) -> Finding | Waiting:
    """One POST onboarding with the ids of the federation, the application and artifact as uploaded and reported, this zone
    in its regions and at least one component (FI-APP-004)."""
    sent = own(view, sender, receiver, ONBOARD)
    if not sent:
        return Waiting(f"{sender} to send {ONBOARD} to {receiver}")
    evidence = [each.request.seq for each in sent]
    if not once(sent):
        return Finding.failed(want=f"one {ONBOARD}", got=f"{len(sent)}", evidence=evidence)
    told = told_in(sent[0])
    wanted = {
        "leadfederationid": federation_of(view, sender),
        "partnerfederationid": federation_of(view, receiver),
        "appid": app,
        "artifactid": _reported(view, sender, receiver, sent[0].request.seq),
    }
    said = _has(told, wanted, ("requestid",), evidence)
    zones = [region.get("zone") for region in told.get("regions") or [] if isinstance(region, dict)]
    details = (told.get("specification") or {}).get("componentdetails") or []
    components = [one for each in details for one in each.get("components") or []]
    if said.verdict == "passed" and (zones != [zone] or not components):
        got = f"regions {zones}, {len(components)} components"
        return Finding.failed(want=f"region {zone} and a component", got=got, evidence=evidence)
    return said


def _reported(view: TraceView, lead: str, host: str, before: int) -> Any:
    """The artifact id of the last report before this moment; of the upload's answer or the upload, where there is none."""
    reports = [e for e in view.exchanges(sender=host, receiver=lead) if e.request.path.endswith("/artifact/status")]
    told = [told_in(e).get("artifactid") for e in reports if e.request.seq < before and e.succeeded]
    if told:
        return told[-1]
    sent = own(view, lead, host, UPLOAD)[-1]
    answer = sent.response.body if sent.response and isinstance(sent.response.body, dict) else {}
    return answer.get("artifactId") or told_in(sent).get("artifactid")


@rule
def onboards_at_most_once(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """No two logical onboardings were sent (FI-RACE-011)."""
    sent = own(view, sender, receiver, ONBOARD)
    if sent and not once(sent):
        return Finding.failed(want="one at most", got=f"{len(sent)}", evidence=[e.request.seq for e in sent])
    return Finding.passed(f"{len(sent)} attempts of one onboarding" if sent else "no onboarding")


@rule
def onboards_in_its_own_name(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """leadOperatorId is the lead's operator, not the host's, a slip of the later code (FI-APP-004, FI-ERR-17)."""
    sent = own(view, sender, receiver, ONBOARD)
    if not sent:
        return Waiting(f"{sender} to send {ONBOARD} to {receiver}")
    mine = inputs_of(view, sender, "create_self_federation")["operator"]
    return _has(told_in(sent[0]), {"leadoperatorid": mine}, (), [sent[0].request.seq])


@rule
def onboards_after_the_report(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """No onboarding was sent before a report ``uploaded`` had come (FI-APP-004)."""
    sent = own(view, sender, receiver, ONBOARD)
    if not sent:
        return Waiting(f"{sender} to send {ONBOARD} to {receiver}")
    reports = [e for e in view.exchanges(sender=receiver, receiver=sender) if told_in(e).get("status") == "uploaded"]
    if not reports or reports[0].request.seq > sent[0].request.seq:
        return Finding.failed(want="the report first", got="the onboarding first", evidence=[sent[0].request.seq])
    return Finding.passed("after the report", evidence=[reports[0].request.seq, sent[0].request.seq])


@rule
def polls_at_a_pace(view: TraceView, sender: str, receiver: str, gap: int) -> Finding | Waiting:
    """Between any two questions for the status are at least ``gap`` ms (FI-APP-010)."""
    asked = own(view, sender, receiver, STATUS)
    if len(asked) < 2:
        return Waiting(f"{sender} to ask for the status twice", f"{len(asked)} times")
    short = [(a, b) for a, b in pairwise(asked) if b.request.at - a.request.at < gap]
    if short:
        apart = short[0][1].request.at - short[0][0].request.at
        evidence = [each.request.seq for each in short[0]]
        return Finding.failed(want=f"{gap} ms between questions", got=f"{apart} ms", evidence=evidence)
    return Finding.passed(f"{len(asked)} questions, {gap} ms apart or more", evidence=[asked[-1].request.seq])


@rule
def deboards_once(view: TraceView, sender: str, receiver: str, app: str, version: str, zone: str) -> Finding | Waiting:
    """One DELETE onboarding, in query or body, for this application in this zone (FI-APP-012)."""
    sent = own(view, sender, receiver, DEBOARD)
    if not sent:
        return Waiting(f"{sender} to send {DEBOARD} to {receiver}")
    evidence = [each.request.seq for each in sent]
    if not once(sent):
        return Finding.failed(want=f"one {DEBOARD}", got=f"{len(sent)}", evidence=evidence)
    pair = {"leadfederationid": federation_of(view, sender), "partnerfederationid": federation_of(view, receiver)}
    return _has(told_in(sent[0]), pair | {"appid": app, "version": version, "zone": zone}, (), evidence)


@rule
def deregisters_only_what_is_empty(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """No DELETE /operator/zone was sent, or the application was removed before it (FI-APP-002)."""
    sent = view.exchanges(sender=sender, receiver=receiver, ours=False)
    ends = [e for e in sent if e.request.operation == "DELETE /operator/zone"]
    removed = [e for e in sent if e.request.operation == DEBOARD and e.succeeded]
    if ends and not (removed and removed[0].evidence[-1] < ends[0].request.seq):
        return Finding.failed(want="the application removed first", got=ends[0].told(), evidence=ends[0].evidence)
    return Finding.passed("deregistered after the removal" if ends else "not deregistered")


@rule
def no_onboarding_after_the_end(view: TraceView, sender: str, receiver: str, zone: str) -> Finding | Waiting:
    """After DELETE /operator/zone for a zone no onboarding for it was sent (FI-RACE-012)."""
    ends = [e for e in own(view, sender, receiver, "DELETE /operator/zone") if zone in f"{e.request.body}"]
    late = [e for e in own(view, sender, receiver, ONBOARD) if ends and e.request.seq > ends[0].request.seq]
    if late:
        return Finding.failed(want="no onboarding after the end", got=late[0].told(), evidence=late[0].evidence)
    return Finding.passed("no onboarding after the registration's end")
