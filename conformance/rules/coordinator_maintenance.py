"""Rules of maintenance: windows apart, changes told, events served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.coordinator_issues import moment
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.record import Outcome
from reports.verdict import Finding, Verdict, Waiting

Span = tuple[int, int]


def _outcome(view: TraceView, asked_in: int) -> Outcome | None:
    """How the action that stands at this place of the trace ended."""
    found = [record for record in view.records if isinstance(record, Outcome) and record.of == asked_in]
    return found[-1] if found else None


def _told(outcome: Outcome) -> str:
    times = [f"{name} {outcome.outputs[name]}" for name in ("start", "end") if name in outcome.outputs]
    return f"{outcome.result} {outcome.reason or ''} {' '.join(times)}".strip()


def _as_asked(outcome: Outcome, start: str, end: str) -> bool:
    """An answer without times says that the window is as it was asked for."""
    given = moment(outcome.outputs.get("start", start)), moment(outcome.outputs.get("end", end))
    return outcome.result == "ok" and given == (moment(start), moment(end))


@rule
def window_not_as_asked(view: TraceView, asked_in: int, start: str, end: str) -> Finding | Waiting:
    """The operator is refused, or gets another time (CC-MAINT-001)."""
    outcome = _outcome(view, asked_in)
    want = "refused, or put to another time"
    if outcome is None or outcome.result == "running":
        return Waiting(want)
    if _as_asked(outcome, start, end):
        return Finding.failed(want=want, got=_told(outcome), evidence=[outcome.seq])
    return Finding.passed(_told(outcome), evidence=[outcome.seq])


@rule
def window_as_asked(view: TraceView, asked_in: int, start: str, end: str) -> Finding | Waiting:
    """The operator gets the window."""
    outcome = _outcome(view, asked_in)
    want = f"a window from {start} to {end}"
    if outcome is None or outcome.result == "running":
        return Waiting(want)
    if _as_asked(outcome, start, end):
        return Finding.passed(_told(outcome), evidence=[outcome.seq])
    return Finding.failed(want=want, got=_told(outcome), evidence=[outcome.seq])


# --- events -----------------------------------------------------------------------------------------------------------


def _events(exchange: Exchange) -> list[Mapping[str, Any]]:
    return list(body_of(exchange).get("events") or ())


def _span(event: Mapping[str, Any]) -> Span | None:
    start, end = moment(event.get("startTime")), moment(event.get("endTime"))
    return (start, end) if start is not None and end is not None else None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@rule
def events_shown(
    view: TraceView, exchange: str, number: int, around: Mapping[str, str] | None = None
) -> Finding | Waiting:
    """So many events (none: an empty or absent list), each with RFC 3339 times, the start before the end, and an ID of its
    own; one of them has the times of ``around`` (start, end)."""
    seen = exchange_of(view, exchange)
    found = _events(seen)
    spans = [_span(each) for each in found]
    ids = {str(each.get("maintenanceId") or "") for each in found}
    sound = all(span is not None and span[0] < span[1] for span in spans) and len(ids) == len(found) and "" not in ids
    there = around is None or (moment(around["start"]), moment(around["end"])) in spans
    if seen.succeeded and len(found) == number and sound and there:
        return Finding.passed(f"{number} events", evidence=seen.evidence)
    want = f"2xx, {number} events with startTime before endTime and distinct maintenanceId"
    return Finding.failed(want=want, got=f"{seen.told()} {told_body(body_of(seen))}", evidence=seen.evidence)


@rule
def event_moved(view: TraceView, before: str, exchange: str, start: str, end: str) -> Finding | Waiting:
    """The ID that was read before is there with the new times."""
    first, seen = exchange_of(view, before), exchange_of(view, exchange)
    known = [each.get("maintenanceId") for each in _events(first)]
    wanted = (moment(start), moment(end))
    if seen.succeeded and any(each.get("maintenanceId") in known and _span(each) == wanted for each in _events(seen)):
        return Finding.passed(f"{start} to {end}", evidence=seen.evidence)
    got = f"{seen.told()} {told_body(body_of(seen))}"
    want = f"{' or '.join(map(str, known)) or 'an event'} from {start} to {end}"
    return Finding.failed(want=want, got=got, evidence=(*first.evidence, *seen.evidence))


Calendars = Mapping[str, Mapping[str, str]]


def _planned(view: TraceView, calendars: Calendars) -> tuple[list[tuple[str, str, Span]], list[Exchange]]:
    """(seat, channel, span) of each event of both sides, and the exchanges that showed them."""
    found, seen = [], []
    for seat, exchanges in calendars.items():
        for channel, exchange in exchanges.items():
            if channel:
                answer = exchange_of(view, exchange)
                seen.append(answer)
                found += [(seat, channel, span) for event in _events(answer) if (span := _span(event)) is not None]
    return found, seen


def _routers(view: TraceView, calendars: Calendars) -> dict[tuple[str, str], str]:
    """The obfuscatedDeviceId of each channel at each side."""
    return {
        (seat, str(row.get("name", "")).rpartition("/")[2]): str(row.get("obfuscatedDeviceId") or "")
        for seat, exchanges in calendars.items()
        for row in body_of(exchange_of(view, exchanges[""])).get("channels") or ()
    }


@rule
def windows_apart(view: TraceView, calendars: Calendars) -> Finding | Waiting:
    """No two events overlap on different routers of an interconnect, both sides' together. ``calendars``: by seat the
    exchanges that list its channels ("") and each channel's events. Channels that stand on one router at either side are
    on the same router."""
    planned, seen = _planned(view, calendars)
    routers = _routers(view, calendars)
    unread = [each for each in seen if not each.succeeded]
    if unread:
        return Finding.failed(want="2xx", got=unread[0].told(), evidence=unread[0].evidence)
    for (one, channel, span), (other, second, rival) in combinations(planned, 2):
        shared = any(routers.get((seat, channel)) == routers.get((seat, second)) != "" for seat in calendars)
        if channel != second and not shared and _overlap(span, rival):
            return Finding.failed(
                want="no overlap on different routers",
                got=f"{one} on {channel} and {other} on {second} at the same time",
                evidence=[number for each in seen if _events(each) for number in each.evidence],
            )
    return Finding.passed(f"{len(planned)} windows apart", evidence=[each.evidence[-1] for each in seen])


@rule
def windows_left(view: TraceView, calendars: Calendars) -> Finding | Waiting:
    """At least one window is still there: who crosses does not lose both."""
    planned, seen = _planned(view, calendars)
    evidence = [each.evidence[-1] for each in seen]
    if planned:
        return Finding.passed(f"{len(planned)} windows", evidence=evidence)
    return Finding.failed(want="one window at least", got="none", evidence=evidence)


# --- calls ------------------------------------------------------------------------------------------------------------


def _notices(view: TraceView, sender: str, place: str, after: int) -> list[Exchange]:
    calls = view.exchanges("NotifyMaintenance", sender=sender, ours=False)
    return [each for each in calls if place in each.request.path and each.request.seq > after]


@rule
def maintenance_notified(
    view: TraceView, sender: str, place: str, after: int, before: int, failures: int = 0
) -> Finding | Waiting:
    """Since the operator's action the sender notified its peer of this channel and was acknowledged, before the window's
    start; after ``failures`` failures."""
    made = _notices(view, sender, place, after)
    got = ", ".join(str(each.status or "no answer") for each in made) or "none"
    heard = [each for each in made if each.succeeded]
    if not heard or len([each for each in made if not each.succeeded]) < failures:
        return Waiting(f"NotifyMaintenance for {place} acknowledged", got, tuple(each.evidence[-1] for each in made))
    if heard[0].request.at >= before:
        return Finding.failed(want="before the start", got=got, evidence=heard[0].evidence)
    return Finding.passed(got, evidence=[each.evidence[-1] for each in made])


@rule
def events_fetched(view: TraceView, sender: str, place: str, notice: str, limit: int) -> Finding | Waiting:
    """GetMaintenanceEvents for this channel at most ``limit`` ms after the notification reached the sender (CC-ERR-49)."""
    told = exchange_of(view, notice)
    calls = view.exchanges("GetMaintenanceEvents", sender=sender, ours=False)
    read = [each for each in calls if place in f"{each.request.path}/" and each.request.seq > told.request.seq]
    if not read:
        return Waiting(f"GetMaintenanceEvents for {place}")
    after = read[0].request.at - told.request.at
    if after > limit:
        return Finding.failed(want=f"within {limit} ms", got=f"after {after} ms", evidence=read[0].evidence)
    return Finding.passed(f"after {after} ms", evidence=read[0].evidence)


@rule
def gave_way(
    view: TraceView, sender: str, exchange: str, place: str, notice: str, start: str, end: str
) -> Finding | Waiting:
    """The channel's events are clear of the peer's window, and the peer was told of the change (CC-RACE-017)."""
    seen = exchange_of(view, exchange)
    rival = (moment(start) or 0, moment(end) or 0)
    kept = [span for event in _events(seen) if (span := _span(event)) is not None and _overlap(span, rival)]
    if not seen.succeeded or kept:
        got = f"{seen.told()}, {len(kept)} in the peer's window"
        return Finding.failed(want="moved or cancelled before the start", got=got, evidence=seen.evidence)
    told = [each for each in _notices(view, sender, place, exchange_of(view, notice).request.seq) if each.succeeded]
    if not told:
        return Finding.failed(want="NotifyMaintenance of the change", got="none", evidence=seen.evidence)
    return Finding.passed("moved or cancelled, and told", evidence=(*told[-1].evidence, *seen.evidence))


# --- routers ----------------------------------------------------------------------------------------------------------


@rule
def routers_grouped(view: TraceView, listings: Mapping[str, str]) -> Finding | Waiting:
    """The routers of two interconnects are the same or all different, otherwise a warning (CC-MAINT-006). ``listings``: the
    exchange that lists the channels of each interconnect."""
    groups: dict[str, set[str]] = {}
    for place, exchange in listings.items():
        seen = exchange_of(view, exchange)
        if not seen.succeeded:
            return Finding.failed(want="2xx", got=seen.told(), evidence=seen.evidence)
        groups[place] = {str(row.get("obfuscatedDeviceId") or "") for row in body_of(seen).get("channels") or ()} - {""}
    evidence = tuple(exchange_of(view, each).evidence[-1] for each in listings.values())
    want = "the same routers, or none in common"
    for (one, first), (other, second) in combinations(groups.items(), 2):
        if first & second and first != second:
            return Finding(Verdict.WARNED, want, f"{one} and {other} share {len(first & second)}", evidence=evidence)
    return Finding.passed(f"{len(groups)} interconnects", evidence=evidence)


@rule
def provisioning_warned(view: TraceView, asked_in: int, wanted: bool) -> Finding | Waiting:
    """The operator was refused, or told ``warnings``; or, where that is not ``wanted``, neither."""
    outcome = _outcome(view, asked_in)
    if outcome is None or outcome.result == "running":
        return Waiting("an end of the provisioning")
    warnings: Sequence[Any] = outcome.outputs.get("warnings") or ()
    got = f"{outcome.result} {outcome.reason or ''} {list(warnings)}"
    if (outcome.result != "ok" or bool(warnings)) is wanted:
        return Finding.passed(got, evidence=[outcome.seq])
    want = "a warning or a refusal" if wanted else "neither a warning nor a refusal"
    return Finding.failed(want=want, got=got, evidence=[outcome.seq])
