"""Claims about maintenance: what is planned, told, read and given way to (CC-MAINT)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then

from conformance import readings
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_maintenance import CHANNEL, REFRESH, RETRIES, events


@then(parsers.re(rf"it is refused, or put to another time {CHECK}"))
def refused_or_shifted(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "window_not_as_asked", asked_in=session.notes["planned"], **session.notes["asked"])


@then(parsers.re(rf"it is planned as it was asked {CHECK}"))
def as_asked(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "window_as_asked", asked_in=session.notes["planned"], **session.notes["asked"])


@then(parsers.re(rf"no two routers of (?P<interconnect>ix\d+) are in maintenance together {CHECK}"))
def none_together(session: Session, interconnect: str, check: str, at: str | None) -> None:
    claim(session, check, at, "windows_apart", calendars=_calendars(session, interconnect))


def _calendars(session: Session, interconnect: str) -> dict[str, dict[str, str]]:
    """What both sides serve of an interconnect: the exchanges that list its channels, and their events, by seat."""
    found: dict[str, dict[str, str]] = {}
    for seat in (session.target, OTHER[session.target]):
        listing = readings.read(session, seat, "ListChannels", environment="env1", interconnect=interconnect)
        found[seat] = {"": listing.request.exchange}
        for channel in readings.channels(session, seat, "env1", interconnect):
            found[seat][channel] = events(session, seat, channel, interconnect).request.exchange
    return found


@then(parsers.re(rf"a maintenance of the target or of its peer is still planned {CHECK}"))
def still_planned(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "windows_left", calendars=_calendars(session, "ix1"))


@then(parsers.re(rf"its peer is notified of {CHANNEL} {CHECK}"))
def is_notified(session: Session, channel: str, interconnect: str, check: str, at: str | None) -> None:
    params = {
        "sender": session.target,
        "place": f"/{interconnect}/channels/{channel}/",
        "after": session.notes["acted"],
    }
    claim_within(session, check, at, "maintenance_notified", **params, before=min(session.notes["starts"]))


@then(parsers.re(rf"the notification of {CHANNEL} is repeated until it is acknowledged {CHECK}"))
def is_repeated(session: Session, channel: str, interconnect: str, check: str, at: str | None) -> None:
    params = {
        "sender": session.target,
        "place": f"/{interconnect}/channels/{channel}/",
        "after": session.notes["acted"],
    }
    claim_within(session, check, at, "maintenance_notified", **params, failures=2, before=min(session.notes["starts"]))


def claim_within(session: Session, check: str, at: str | None, rule: str, within: int = RETRIES, **params: Any) -> None:
    session.check(check, rule, seat=at, within=within, **params)


@then(parsers.re(rf"the target acknowledges that {CHECK}"))
def acknowledges(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["notice"])


@then(parsers.re(rf"the target does not know that channel {CHECK}"))
def unknown_channel(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "refused", exchange=session.notes["notice"], statuses=[404])


@then(parsers.re(rf"the target reads the events of {CHANNEL} within 5 seconds {CHECK}"))
def reads_soon(session: Session, channel: str, interconnect: str, check: str, at: str | None) -> None:
    params = {"notice": session.notes["notice"], "place": f"/{interconnect}/channels/{channel}/", "limit": REFRESH}
    claim_within(session, check, at, "events_fetched", within=REFRESH, sender=session.target, **params)


@then(parsers.re(rf"(?P<number>\d) events are shown, with times and IDs of their own {CHECK}"))
def shows_events(session: Session, number: str, check: str, at: str | None) -> None:
    params = {"exchange": session.notes["reads"][-1], "number": int(number)}
    claim(session, check, at, "events_shown", around=session.notes["asked"], **params)


@then(parsers.re(rf"it is shown under the same ID with the new times {CHECK}"))
def moved(session: Session, check: str, at: str | None) -> None:
    before, after = session.notes["reads"][-2:]
    claim(session, check, at, "event_moved", before=before, exchange=after, **session.notes["asked"])


@then(parsers.re(rf"no event is shown {CHECK}"))
def shows_none(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "events_shown", exchange=session.notes["reads"][-1], number=0)


@then(parsers.re(rf"any two of them stand on the same routers or on none in common {CHECK}"))
def grouped(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "routers_grouped", listings=session.notes["bundles"])


@then(parsers.re(rf"the operator is (?P<neither>neither )?warned,? (?:n?or) refused {CHECK}"))
def warned_or_refused(session: Session, neither: str | None, check: str, at: str | None) -> None:
    claim(session, check, at, "provisioning_warned", asked_in=session.notes["planned"], wanted=not neither)


@then(parsers.re(rf"the target has given way on {CHANNEL}, and told so {CHECK}"))
def given_way(session: Session, channel: str, interconnect: str, check: str, at: str | None) -> None:
    answer = events(session, session.target, channel, interconnect)
    params = {"exchange": answer.request.exchange, "place": f"/{interconnect}/channels/{channel}/"}
    event = session.notes["insisted"]
    params |= {"sender": session.target, "start": event["startTime"], "end": event["endTime"]}
    claim(session, check, at, "gave_way", notice=session.notes["notice"], **params)
