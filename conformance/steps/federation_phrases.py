"""What can be said after "it holds that": phrases over states, messages and orders, joined by semicolons.

Each phrase is a rule with its parameters. All phrases of one claim must hold at the same moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_bdd import parsers, then

from conformance import prologue_federation as prologue
from conformance.application_bodies import DEBOARD, ONBOARD, REPORT, STATUS, UPLOAD
from conformance.session import Session
from conformance.steps.federation import _SEATS, CHECK, Ruled, claim, seat_of

Said = re.Match[str]
Phrase = Callable[[Session, Said], Ruled]
PHRASES: list[tuple[re.Pattern[str], Phrase]] = []
ABOUT: dict[str, Callable[[Session, Said, str, str | None], Ruled]] = {}
"""For messages of another shape: the rule that one of them was sent, about this zone."""

MESSAGES = {
    "add": prologue.ADD,
    "update": prologue.UPDATE,
    "removal": prologue.REMOVE,
    "registration": prologue.REGISTER,
    "deregistration": prologue.DEREGISTER,
    "notification": prologue.NOTIFY,
    "withdrawal": prologue.WITHDRAW,
    "upload": UPLOAD,
    "report": REPORT,
    "onboarding": ONBOARD,
    "status request": STATUS,
    "deboarding": DEBOARD,
}
MESSAGE = rf"(?P<message>{'|'.join(MESSAGES)})"
SEAT_PHRASE, OTHER_PHRASE = rf"(?P<seat>{_SEATS})", rf"(?P<other>{_SEATS})"
_S, _O = SEAT_PHRASE, OTHER_PHRASE
ZONES = (
    r'"[^"]+"(?:, "[^"]+"| and "[^"]+")*|no zone'
    rf"|(?:the )?(?:first|second) zone of (?:{_SEATS})|both zones of (?:{_SEATS})"
)


def zones_named(session: Session, text: str) -> list[str]:
    """The zone ids that a phrase names: quoted, or by their order in an operator's inventory."""
    if text == "no zone":
        return []
    if (found := re.fullmatch(r"(?:the )?(first|second) zone of (.+)", text)) is not None:
        zones = prologue.OPERATORS[seat_of(session, found[2])].zones
        return [zones[0] if found[1] == "first" else zones[1]]
    if text.startswith("both zones of "):
        return list(prologue.OPERATORS[seat_of(session, text.removeprefix("both zones of "))].zones)
    return re.findall(r'"([^"]*)"', text)


def seats_named(session: Session, text: str) -> list[str]:
    """The seats of "OP1 and the third operator"; "nobody" is none."""
    return [] if text == "nobody" else [seat_of(session, each) for each in text.split(" and ")]


def attributes_named(text: str) -> dict[str, Any]:
    """The attributes of "MCC 451, MNC 06 and 08, locator x.test:1"."""
    found: dict[str, Any] = {}
    for part in text.split(", "):
        name, _, value = part.partition(" ")
        found[name.lower()] = value.split(" and ") if name == "MNC" else value
    return found


def phrase(pattern: str) -> Callable[[Phrase], Phrase]:
    def register(function: Phrase) -> Phrase:
        PHRASES.append((re.compile(pattern), function))
        return function

    return register


@then(parsers.re(rf"it holds that (?P<said>.+) {CHECK}"))
def holds(session: Session, said: str, check: str, at: str | None) -> None:
    claim(session, check, at, *ruled(session, said))


@then(parsers.re(rf"in the end it holds that (?P<said>.+) {CHECK}"))
def holds_in_the_end(session: Session, said: str, check: str, at: str | None) -> None:
    session.settle()
    claim(session, check, at, *ruled(session, said))


def ruled(session: Session, said: str) -> list[Ruled]:
    """The rules of these phrases; LookupError for a phrase that means nothing, or two things."""
    rules = []
    for each in said.split("; "):
        meanings = [(found, make) for pattern, make in PHRASES if (found := pattern.fullmatch(each))]
        if len(meanings) != 1:
            raise LookupError(f"{each!r} has {len(meanings)} meanings")
        rules.append(meanings[0][1](session, meanings[0][0]))
    return rules


# --- answers --------------------------------------------------------------------------------------------------------


@phrase(rf"{_S} accepts (?:it|each)")
def _accepts(session: Session, said: Said) -> Ruled:
    return "every_accepted", {"exchanges": session.notes["sent"]}


@phrase(rf"{_S} refuses (?:it|each), without effect")
def _refuses(session: Session, said: Said) -> Ruled:
    twins = session.notes.get("twins", [])
    at = seat_of(session, said["seat"])
    return "every_refused", {"exchanges": session.notes["sent"], "twins": twins, "at": at}


@phrase(rf"{_S} answers (?:it|each) with 2xx or 4xx")
def _answers(session: Session, said: Said) -> Ruled:
    return "never_fails", {"exchanges": session.notes["sent"]}


# --- orders ---------------------------------------------------------------------------------------------------------


@phrase(r"the order (?P<how>succeeds|is reported as failed|is refused)")
def _order(session: Session, said: Said) -> Ruled:
    asked = session.notes["asked"].seq
    if said["how"] == "is refused":
        return "actions_refused", {"asked": [asked]}
    return {"succeeds": "action_succeeded", "is reported as failed": "action_failed"}[said["how"]], {"asked": asked}


@phrase(rf"{_S} refuses each order")
def _orders(session: Session, said: Said) -> Ruled:
    return "actions_refused", {"asked": session.notes["attempts"]}


@phrase(rf"the state of {_S} is as before")
def _as_before(session: Session, said: Said) -> Ruled:
    return "state_as_before", {"at": seat_of(session, said["seat"]), "moment": session.notes["before"]}


@phrase(rf"{_S} names {_O} as not informed")
def _undelivered(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "other": seat_of(session, said["other"])}
    return "reports_undelivered", seats | {"asked": session.notes["asked"].seq}


# --- messages -------------------------------------------------------------------------------------------------------


@phrase(rf"{_S} sends {_O} one {MESSAGE}(?: of (?P<zones>{ZONES}))?(?: with (?P<attributes>M.+))?")
def _sends(session: Session, said: Said) -> Ruled:
    sender, receiver = seat_of(session, said["seat"]), seat_of(session, said["other"])
    operation = MESSAGES[said["message"]]
    zones = zones_named(session, said["zones"] or "no zone")
    common = {"sender": sender, "receiver": receiver, "after": session.notes["before"]}
    if operation in ABOUT:
        return ABOUT[operation](session, said, operation, zones[0] if zones else None)
    if operation == prologue.NOTIFY:
        return "notifies_zone", common | {"zone": zones[0]}
    members: dict[str, Any] = {"zones": zones} if len(zones) and operation != prologue.WITHDRAW else {}
    if operation == prologue.WITHDRAW:
        members = {"zone": zones[0]}
    if said["attributes"]:
        named = attributes_named(said["attributes"])
        members = {{"mcc": "MCC", "mnc": "MNC", "locator": "locatorEndPoint"}[n]: v for n, v in named.items()}
    return "sends_one", common | {"operation": operation, "members": members}


@phrase(rf"{_S} sends nothing(?: to {_O})?")
def _sends_nothing(session: Session, said: Said) -> Ruled:
    receiver = seat_of(session, said["other"]) if said["other"] else None
    params = {"sender": seat_of(session, said["seat"]), "after": session.notes["before"]}
    return "nothing_sent", params | ({"receiver": receiver} if receiver else {})


@phrase(rf"{_S} sends {_O} no {MESSAGE}")
def _sends_no(session: Session, said: Said) -> Ruled:
    params = {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}
    if said["message"] == "report":
        return "never_reports", params
    return "nothing_sent", params | {"operation": MESSAGES[said["message"]], "after": session.notes["before"]}


@phrase(rf"the updates of {_S} to {_O} are strings and lists of strings")
def _typed(session: Session, said: Said) -> Ruled:
    return "attributes_well_typed", {
        "sender": seat_of(session, said["seat"]),
        "receiver": seat_of(session, said["other"]),
    }


@phrase(rf"{_S} tells {_O} its updates one after the other, the last one MCC (?P<mcc>\d+)")
def _in_turn(session: Session, said: Said) -> Ruled:
    params = {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}
    return "tells_in_turn", params | {"operation": prologue.UPDATE, "last": {"MCC": said["mcc"]}}


@phrase(rf"{_S} offers {_O} exactly (?P<zones>{ZONES})")
def _offers(session: Session, said: Said) -> Ruled:
    edges = dict.fromkeys(zones_named(session, said["zones"]), 1)
    return "offers_zones", {
        "host": seat_of(session, said["seat"]),
        "lead": seat_of(session, said["other"]),
        "edges": edges,
    }


@phrase(rf"the answer names exactly (?P<zones>{ZONES})")
def _names(session: Session, said: Said) -> Ruled:
    return "accounts_for", {"exchange": session.notes["sent"][-1], "zones": zones_named(session, said["zones"])}


@phrase(r"no quota in the answer is below what it guarantees")
def _quotas(session: Session, said: Said) -> Ruled:
    return "quotas_fit", {"exchange": session.notes["sent"][-1]}


@phrase(rf'"(?P<zone>[^"]+)" is registered for {_O} at {_S} once, or refused and not at all')
def _once_or_refused(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "other": seat_of(session, said["other"])}
    return "registered_once_or_refused", seats | {"exchange": session.notes["sent"][-1], "zone": said["zone"]}


@phrase(rf"{_S} tells {_O} nothing of (?P<third>{_SEATS})")
def _tells_nothing(session: Session, said: Said) -> Ruled:
    sender, receiver = seat_of(session, said["seat"]), seat_of(session, said["other"])
    return "tells_nothing_of", {"sender": sender, "receiver": receiver, "third": seat_of(session, said["third"])}


@phrase(rf"{_S} answers the add of {_O} with MCC (?P<mcc>\d+)")
def _answers_add(session: Session, said: Said) -> Ruled:
    seats = {"host": seat_of(session, said["seat"]), "lead": seat_of(session, said["other"])}
    return "add_answer_carries", seats | {"members": {"MCC": said["mcc"]}}


@phrase(rf"{_S} refuses each operation that a user may ask, without effect")
def _refuses_user(session: Session, said: Said) -> Ruled:
    params = {"exchanges": session.notes["sent"], "twins": [], "at": seat_of(session, said["seat"])}
    return "every_refused", params


@phrase(rf"{_S} repeats the {MESSAGE} to {_O} until it is taken(?: or answered with (?P<status>\d+))?")
def _repeats(session: Session, said: Said) -> Ruled:
    params = {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}
    statuses = [int(said["status"])] if said["status"] else []
    return "repeated_until_taken", params | {"operation": MESSAGES[said["message"]], "statuses": statuses}
