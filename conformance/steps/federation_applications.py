"""Steps and phrases for a lead that onboards applications; the harness speaks for the host (federation-wire 7.8 to 7.12)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, when

from conformance import application_bodies as bodies
from conformance import prologue_applications as applications
from conformance import prologue_federation as prologue
from conformance.application_bodies import DEBOARD, ONBOARD, STATUS, UPLOAD
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.federation import OTHER_SEAT, SEAT, Ruled, moment, seat_of
from conformance.steps.federation_phrases import ABOUT, OTHER_PHRASE, SEAT_PHRASE, Said, phrase

ZONE = r'"(?P<zone>[^"]+)"'
STAGES = "uploadpending|uploaded|onboarding|onboarded|failed"
IN = rf"in {ZONE} of {OTHER_PHRASE}"
_S, _O = SEAT_PHRASE, OTHER_PHRASE

BAD_APPLICATIONS: dict[str, list[dict[str, Any]]] = {
    "an id that is none": [{"application": each} for each in ("short", "UPPER-case-1", "-leading-dash", "a" * 65)],
    "something lacking": [{"version": None}, {"components": None}, {"components": []}, {"artifact": None}],
}


# --- the developer's orders -----------------------------------------------------------------------------------------


def _begin(session: Session) -> None:
    for each in session.notes["federations"]:
        session.observe(each)
    session.notes["before"] = moment(session)


def _end(session: Session, lead: str, host: str) -> None:
    """Until it has ended; where an answer to it is held, until that is so, and where the host is silent, until the
    artifact is uploaded."""
    held = session.notes.get("held")
    if held is not None and not held.released.is_set() and held.operation == UPLOAD:
        if not session.arrived(held, applications.WITHIN):
            raise Unprepared(f"{lead} does not upload to {host}")
        applications.note_upload(session, lead, host)
    elif session.notes.get("silent"):
        applications.wait_for_upload(session, lead, host)
    elif held is not None and not held.released.is_set():
        if not session.arrived(held, applications.WITHIN):
            raise Unprepared(f"{lead} does not call {host}")
    else:
        session.finish(session.notes["asked"], applications.WITHIN)


@given(parsers.re(rf"{SEAT} was asked to onboard an application on {ZONE} of {OTHER_SEAT}"))
def was_asked(session: Session, seat: str, zone: str, other: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    asked = applications.ask_to_onboard(session, lead, host, zone)
    prologue.demanded(session.finish(asked, applications.WITHIN))


@when(parsers.re(rf"{SEAT} is asked to onboard an application on {ZONE} of {OTHER_SEAT}"))
def is_asked(session: Session, seat: str, zone: str, other: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    _begin(session)
    if applications.ask_to_onboard(session, lead, host, zone).result not in ("refused", "failed"):
        _end(session, lead, host)


@when(parsers.re(rf"{SEAT} is asked to onboard an application on {ZONE} of {OTHER_SEAT}, and watched"))
def is_asked_and_watched(session: Session, seat: str, zone: str, other: str) -> None:
    """For a minute, a look every five seconds."""
    lead, host = seat_of(session, seat), seat_of(session, other)
    _begin(session)
    asked = applications.ask_to_onboard(session, lead, host, zone)
    for _ in range(12):
        session.pass_time(5_000)
        session.observe(lead)
    session.finish(asked, 1)


@when(
    parsers.re(
        rf"{SEAT} is asked to onboard on {ZONE} of {OTHER_SEAT} applications with (?P<what>{'|'.join(BAD_APPLICATIONS)})"
    )
)
def asked_for_bad(session: Session, seat: str, zone: str, other: str, what: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    _begin(session)
    asked = [applications.ask_to_onboard(session, lead, host, zone, **each) for each in BAD_APPLICATIONS[what]]
    session.notes["attempts"] = [each.seq for each in asked]
    session.settle()


@when(parsers.re(rf"{SEAT} is asked to deboard the application from {ZONE} of {OTHER_SEAT}"))
def is_asked_to_deboard(session: Session, seat: str, zone: str, other: str) -> None:
    _begin(session)
    asked = applications.ask_to_deboard(session, seat_of(session, seat), seat_of(session, other), zone)
    session.finish(asked, applications.WITHIN)


@when("ten seconds pass")
def ten_seconds(session: Session) -> None:
    session.pass_time(10_000)


@when(parsers.re(r"up to (?P<minutes>\d+) minutes pass"))
def up_to_minutes_pass(session: Session, minutes: str) -> None:
    """At most until what was asked for has ended. Twice as many, for where a clock is set forward in strides a platform
    that counts its questions asks fewer of them."""
    for _ in range(2 * int(minutes)):
        session.pass_time(60_000)
        if session.finish(session.notes["asked"], 1).result != "running":
            break


# --- the host's part ------------------------------------------------------------------------------------------------


@given(parsers.re(rf"{SEAT} will take the upload of {OTHER_SEAT} and be silent"))
def will_be_silent(session: Session, seat: str, other: str) -> None:
    """It reports nothing, and onboards nothing that it does not have."""
    session.notes["silent"] = True
    more: dict[str, Any] = {"sender": seat_of(session, other), "receiver": seat_of(session, seat), "times": -1}
    session.disturb("answer", UPLOAD, status=200, body={"artifactId": bodies.ARTIFACT}, **more)


@given(parsers.re(rf"{SEAT} will acknowledge every onboarding of {OTHER_SEAT}"))
def will_acknowledge(session: Session, seat: str, other: str) -> None:
    body = {"createdAt": "2026-01-01T00:00:00Z", "appId": bodies.APP}
    more: dict[str, Any] = {"sender": seat_of(session, other), "receiver": seat_of(session, seat), "times": -1}
    session.disturb("answer", ONBOARD, status=200, body=body, **more)


@given(parsers.re(rf"{SEAT} will tell {OTHER_SEAT} the statuses (?P<statuses>\w+(?:, \w+)*(?: and \w+)?)"))
def will_tell(session: Session, seat: str, other: str, statuses: str) -> None:
    """One after the other, the last one for ever; "nothing" is an empty list. Of the host's first zone."""
    host, lead = seat_of(session, seat), seat_of(session, other)
    told = statuses.replace(" and ", ", ").split(", ")
    for number, status in enumerate(told):
        zones = [{"zoneId": prologue.OPERATORS[host].zones[0], "status": status}]
        body = {"appId": bodies.APP, "onboardstatus": [] if status == "nothing" else zones}
        times = 1 if number < len(told) - 1 else -1
        session.disturb("answer", STATUS, sender=lead, receiver=host, status=200, body=body, times=times)


# --- what the lead shows --------------------------------------------------------------------------------------------


def _place(session: Session, said: Said) -> dict[str, Any]:
    seats = {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}
    return seats | {"app": bodies.APP, "zone": said["zone"]}


def _seats(session: Session, said: Said) -> dict[str, Any]:
    return {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}


def listed(text: str) -> list[str]:
    """The members of "a, b or c"."""
    return text.replace(" or ", ", ").replace(" and ", ", ").split(", ")


@phrase(rf"{_S} shows the application {IN} as (?P<stages>(?:{STAGES})(?:, (?:{STAGES}))*(?: or (?:{STAGES}))?)")
def _shows(session: Session, said: Said) -> Ruled:
    return "shows_application", _place(session, said) | {"statuses": listed(said["stages"])}


@phrase(rf"{_S} still shows the application {IN}")
def _still_shows(session: Session, said: Said) -> Ruled:
    return "shows_application", _place(session, said) | {"statuses": ["onboarded", "onboarding", "failed"]}


@phrase(rf"{_S} shows no application {IN}")
def _shows_none(session: Session, said: Said) -> Ruled:
    return "shows_application", _place(session, said) | {"statuses": []}


@phrase(rf"{_S} shows no application")
def _shows_nothing(session: Session, said: Said) -> Ruled:
    return "shows_no_applications", {"at": seat_of(session, said["seat"])}


@phrase(rf"{_S} has not shown it in {ZONE} as (?P<stage>{STAGES}) before {_O} told (?P<told>\w+)")
def _not_before(session: Session, said: Said) -> Ruled:
    return "never_shown", _place(session, said) | {"status": said["stage"], "before": said["told"]}


@phrase(rf"{_S} has never shown it {IN} as (?P<stage>{STAGES})")
def _never(session: Session, said: Said) -> Ruled:
    return "never_shown", _place(session, said) | {"status": said["stage"]}


@phrase(r"the order is accepted")
def _accepted(session: Session, said: Said) -> Ruled:
    return "action_accepted", {"asked": session.notes["asked"].seq}


# --- what the lead sends --------------------------------------------------------------------------------------------


def sends_about(session: Session, said: Said, operation: str, zone: str | None) -> Ruled:
    """One upload, onboarding or deboarding of the usual application."""
    params = _seats(session, said) | {"app": bodies.APP}
    if operation == UPLOAD:
        return "uploads_once", params | {"version": bodies.VERSION}
    if operation == ONBOARD:
        return "onboards_once", params | {"zone": zone}
    if operation == DEBOARD:
        return "deboards_once", params | {"version": bodies.VERSION, "zone": zone}
    raise LookupError(f"what is one {operation}?")


ABOUT.update(dict.fromkeys((UPLOAD, ONBOARD, DEBOARD), sends_about))


@phrase(rf"the content that {_S} uploads to {_O} is unchanged")
def _unchanged(session: Session, said: Said) -> Ruled:
    return "content_unchanged", _seats(session, said) | {"sha256": bodies.digest(bodies.archive())}


@phrase(rf"{_S} has uploaded to {_O} anew")
def _anew(session: Session, said: Said) -> Ruled:
    return "uploads_anew", _seats(session, said)


@phrase(rf"{_S} onboards at {_O} (?P<how>in its own name|after the report only)")
def _onboards(session: Session, said: Said) -> Ruled:
    rules = {"in its own name": "onboards_in_its_own_name", "after the report only": "onboards_after_the_report"}
    return rules[said["how"]], _seats(session, said)


@phrase(rf"{_S} sends {_O} at most one onboarding")
def _at_most_one(session: Session, said: Said) -> Ruled:
    return "onboards_at_most_once", _seats(session, said)


@phrase(rf"{_S} sends {_O} no onboarding of {ZONE} after its deregistration")
def _none_after(session: Session, said: Said) -> Ruled:
    return "no_onboarding_after_the_end", _seats(session, said) | {"zone": said["zone"]}


@phrase(rf"{_S} deregisters at {_O} only what has no application")
def _only_empty(session: Session, said: Said) -> Ruled:
    return "deregisters_only_what_is_empty", _seats(session, said)


@phrase(rf"{_S} asks {_O} for the status at a sensible pace")
def _pace(session: Session, said: Said) -> Ruled:
    return "polls_at_a_pace", _seats(session, said) | {"gap": 1_000}


@phrase(rf"{_S} answers it with 2xx, or asks to be told again")
def _or_again(session: Session, said: Said) -> Ruled:
    statuses = [200, 201, 202, 204, 409, 425, 503]
    return "answered_with", {"exchange": session.notes["sent"][-1], "statuses": statuses}
