"""Steps and phrases for a host, to which the harness speaks in the name of leads (federation-wire 7.8 to 7.12)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, when

from conformance import application_bodies as bodies
from conformance import prologue_applications as applications
from conformance import prologue_federation as prologue
from conformance.application_bodies import ONBOARD, STATUS, UPLOAD, carried
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.federation import _SEATS, OTHER_SEAT, SEAT, Ruled, moment, seat_of
from conformance.steps.federation_applications import ZONE, listed
from conformance.steps.federation_by_hand import message, send
from conformance.steps.federation_overlaps import ROUNDS
from conformance.steps.federation_phrases import OTHER_PHRASE, SEAT_PHRASE, Said, phrase, zones_named
from conformance.view import Exchange

_S, _O = SEAT_PHRASE, OTHER_PHRASE
HOSTED = r"PENDING|ONBOARDED|FAILED"
QUOTED = r'"[^"]+"(?: and "[^"]+")*'


@given(parsers.re(rf"{SEAT} takes note of what {OTHER_SEAT} reports"))
def takes_note(session: Session, seat: str, other: str) -> None:
    applications.take_reports(session, seat_of(session, seat), seat_of(session, other))


@given(parsers.re(rf"{SEAT} has an artifact at {OTHER_SEAT}"))
def has_artifact(session: Session, seat: str, other: str) -> None:
    applications.stored(session, seat_of(session, seat), seat_of(session, other))


@given(parsers.re(rf"{SEAT} has sent {OTHER_SEAT} an artifact (?P<artifact>\w+) that cannot be used"))
def has_bad_artifact(session: Session, seat: str, other: str, artifact: str) -> None:
    """Refused at once, or reported as failed: both leave nothing that can be onboarded."""
    lead, host = seat_of(session, seat), seat_of(session, other)
    changes = {"artifactId": artifact, "filename": bodies.encoded(b"no archive")}
    session.send(lead, host, UPLOAD, {}, json=prologue.message(session, lead, host, UPLOAD, **changes))
    session.settle(applications.WITHIN)


@given(parsers.re(rf"{SEAT} hosts an application at {OTHER_SEAT} in (?P<zones>{QUOTED})"))
def hosts(session: Session, seat: str, other: str, zones: str) -> None:
    """One request for each zone: a host may take one region at a time (federation-wire 7.10)."""
    for zone in zones_named(session, zones):
        applications.hosted(session, seat_of(session, seat), seat_of(session, other), zone)
    if not session.settle(applications.WITHIN):
        raise Unprepared(f"{other} does not bring an application to its end")


@given(parsers.re(rf"{SEAT} takes its time for what it provisions"))
def takes_time(session: Session, seat: str) -> None:
    session.hold_provisioning(seat_of(session, seat))


@when(parsers.re(rf"{SEAT} goes on with what it provisions"))
def goes_on(session: Session, seat: str) -> None:
    session.release_provisioning(seat_of(session, seat))


@when(
    parsers.re(
        rf"{SEAT} and (?P<third>{_SEATS}) each send {OTHER_SEAT} by hand an upload of the same id, and onboard it"
    )
)
def both_upload(session: Session, seat: str, third: str, other: str) -> None:
    host, leads = seat_of(session, other), [seat_of(session, seat), seat_of(session, third)]
    session.notes["sent"] = []
    for operation in (UPLOAD, ONBOARD):
        for lead in leads:
            exchange = send(session, lead, host, operation, message(session, lead, host, operation, ()))
            session.notes["sent"].append(exchange.request.exchange)
        session.settle(applications.WITHIN)


def _ask_status(session: Session, lead: str, host: str) -> Exchange:
    how = carried(STATUS, {"json": prologue.message(session, lead, host, STATUS)})
    return session.send(lead, host, STATUS, {}, **how)


@when(parsers.re(rf"{SEAT} asks {OTHER_SEAT} by hand for the status (?P<how>until it is final|ten times)"))
def asks_status(session: Session, seat: str, other: str, how: str) -> None:
    """Until it is final: every five seconds, for the 20 minutes that an onboarding may take."""
    lead, host = seat_of(session, seat), seat_of(session, other)
    session.observe(host)
    session.notes["before"] = moment(session)
    session.notes["sent"] = []
    for _ in range(10 if how == "ten times" else 240):
        exchange = _ask_status(session, lead, host)
        session.notes["sent"].append(exchange.request.exchange)
        if how == "until it is final":
            if "PENDING" not in f"{exchange.response.body if exchange.response else ''}":
                break
            session.pass_time(5_000)
    session.observe(host)


@when(parsers.re(rf"{SEAT} sends {OTHER_SEAT} an onboarding and a deregistration of {ZONE} at once, round after round"))
def at_once(session: Session, seat: str, other: str, zone: str) -> None:
    """Each round with an application of its own; afterwards it is removed, or the zone registered again."""
    lead, host = seat_of(session, seat), seat_of(session, other)
    rounds: list[list[Any]] = []
    for number in range(ROUNDS):
        app = f"round-app-{number:02}"
        bodies_ = {
            ONBOARD: message(session, lead, host, ONBOARD, [zone], appId=app),
            prologue.DEREGISTER: message(session, lead, host, prologue.DEREGISTER, [zone]),
        }
        order = list(bodies_) if number % 2 else list(reversed(bodies_))
        sent = session.send_together([session.sending(lead, host, each, {}, json=bodies_[each]) for each in order])
        seen = {each.request.operation: each for each in sent}
        now = moment(session)
        session.settle(applications.WITHIN)
        session.observe(host)
        onboarded = seen[ONBOARD].succeeded
        rounds.append([seen[ONBOARD].request.exchange, seen[prologue.DEREGISTER].request.exchange, app, now])
        if onboarded:
            send(session, lead, host, bodies.DEBOARD, message(session, lead, host, bodies.DEBOARD, [zone], appId=app))
        if seen[prologue.DEREGISTER].succeeded:
            send(session, lead, host, prologue.REGISTER, message(session, lead, host, prologue.REGISTER, [zone]))
    session.notes["rounds"] = {"at": host, "of": lead, "zone": zone, "rounds": rounds}


@phrase(rf"in each round {_S} onboarded or deregistered")
def _each_round(session: Session, said: Said) -> Ruled:
    return "onboarded_or_deregistered", session.notes["rounds"]


# --- artifacts ------------------------------------------------------------------------------------------------------


def _held(session: Session, said: Said) -> dict[str, Any]:
    return {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}


@phrase(rf"{_S} holds the artifact of {_O}")
def _holds(session: Session, said: Said) -> Ruled:
    content = bodies.archive()
    what = {"app": bodies.APP, "version": bodies.VERSION, "size": len(content), "digest": bodies.digest(content)}
    return "holds_artifact", _held(session, said) | what


@phrase(rf"{_S} holds no artifact of {_O}")
def _holds_none(session: Session, said: Said) -> Ruled:
    return "holds_no_artifact", _held(session, said)


@phrase(rf"{_S} holds no artifact of {_O} under another name")
def _no_other_name(session: Session, said: Said) -> Ruled:
    """But the one that was sent last, where that was accepted."""
    return "holds_under_no_other_name", _held(session, said) | {"exchange": session.notes["sent"][-1]}


@phrase(rf"{_S} reports the upload as (?P<status>uploaded|failed)")
def _reports(session: Session, said: Said) -> Ruled:
    return "reports_upload", {"exchange": session.notes["sent"][-1], "status": said["status"]}


@phrase(rf"{_S} never reports to {_O} that it is (?P<status>uploaded|failed)")
def _never_reports(session: Session, said: Said) -> Ruled:
    seats = {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}
    return "never_reports", seats | {"status": said["status"]}


@phrase(rf"{_S} refuses it or reports that it failed")
def _refuses_or_reports(session: Session, said: Said) -> Ruled:
    return "refused_or_reported_failed", {"exchange": session.notes["sent"][-1]}


@phrase(rf"what {_S} sends {_O} carries the key of (?:{_SEATS})")
def _carries(session: Session, said: Said) -> Ruled:
    return "sends_only_issued_keys", {
        "sender": seat_of(session, said["seat"]),
        "receiver": seat_of(session, said["other"]),
    }


# --- applications ---------------------------------------------------------------------------------------------------


@phrase(rf"{_S} acknowledges it")
def _acknowledges(session: Session, said: Said) -> Ruled:
    return "acknowledges", {"exchange": session.notes["sent"][-1]}


@phrase(
    rf"{_S} hosts the application of {_O} in {ZONE} as (?P<statuses>(?:{HOSTED})(?:, (?:{HOSTED}))*(?: or (?:{HOSTED}))?)"
)
def _hosts(session: Session, said: Said) -> Ruled:
    place = _held(session, said) | {"app": bodies.APP, "zone": said["zone"]}
    return "hosts_application", place | {"statuses": listed(said["statuses"])}


@phrase(rf"{_S} hosts no (?P<kind>living |pending )?application of {_O} in {ZONE}")
def _hosts_none(session: Session, said: Said) -> Ruled:
    place = _held(session, said) | {"app": bodies.APP, "zone": said["zone"]}
    allowed = {None: [], "living ": ["FAILED"], "pending ": ["ONBOARDED", "FAILED"]}[said["kind"]]
    return "hosts_at_most", place | {"statuses": allowed}


@phrase(rf"{_S} hosts nothing of {_O}")
def _hosts_nothing(session: Session, said: Said) -> Ruled:
    return "hosts_nothing", _held(session, said)


@phrase(rf"{_S} hosts the application of {_O} in (?P<zones>{QUOTED}) or refuses it altogether")
def _wholly(session: Session, said: Said) -> Ruled:
    what = {"app": bodies.APP, "zones": zones_named(session, said["zones"]), "exchange": session.notes["sent"][-1]}
    return "hosts_all_or_none", _held(session, said) | what


@phrase(rf"{_S} tells of {ZONE} (?P<statuses>ONBOARDED or FAILED|ONBOARDED only)")
def _tells(session: Session, said: Said) -> Ruled:
    """Asked until the end PENDING may come first; asked after the end it may not."""
    if said["statuses"] == "ONBOARDED only":
        return "tells_always", {"exchanges": session.notes["sent"], "zone": said["zone"], "status": "ONBOARDED"}
    statuses = listed(said["statuses"])
    return "tells_status", {"exchanges": session.notes["sent"], "zone": said["zone"], "statuses": statuses}


@phrase(rf"{_S} tells (?:of no success in {ZONE}|nothing of \"(?P<gone>[^\"]+)\", or no success)")
def _no_success(session: Session, said: Said) -> Ruled:
    return "tells_no_success", {"exchange": session.notes["sent"][-1], "zone": said["zone"] or said["gone"]}
