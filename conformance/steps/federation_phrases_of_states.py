"""Phrases over what operators show: who registered, who knows and shares which zone, roles and attributes."""

from __future__ import annotations

from typing import Any

from conformance import prologue_federation as prologue
from conformance.session import Session
from conformance.steps.federation import _SEATS, ROLES, Ruled, seat_of
from conformance.steps.federation_phrases import (
    OTHER_PHRASE,
    SEAT_PHRASE,
    ZONES,
    Said,
    attributes_named,
    phrase,
    seats_named,
    zones_named,
)

_S, _O = SEAT_PHRASE, OTHER_PHRASE
NAMED = rf"nobody|(?:{_SEATS})(?: and (?:{_SEATS}))*"


@phrase(rf"{_S} knows (?P<zones>{ZONES}) of {_O}(?:, (?P<held>none|{ZONES}) registered)?")
def _knows(session: Session, said: Said) -> Ruled:
    held = [] if said["held"] in (None, "none") else zones_named(session, said["held"])
    params = {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}
    return "knows_zones", params | {"zones": zones_named(session, said["zones"]), "registered": held}


@phrase(rf"{_S} knows both zones of {_O}(?:, (?P<held>none|{ZONES}) registered)?")
def _knows_both(session: Session, said: Said) -> Ruled:
    of = seat_of(session, said["other"])
    held = [] if said["held"] in (None, "none") else zones_named(session, said["held"])
    zones = list(prologue.OPERATORS[of].zones)
    return "knows_zones", {"at": seat_of(session, said["seat"]), "of": of, "zones": zones, "registered": held}


@phrase(rf"(?P<zones>{ZONES}) is registered at {_S} by (?P<others>{NAMED})")
def _registered(session: Session, said: Said) -> Ruled:
    at, zone = seat_of(session, said["seat"]), zones_named(session, said["zones"])[0]
    return "registered_by", {"at": at, "zone": zone, "others": seats_named(session, said["others"])}


@phrase(rf"{_S} shares (?P<zones>{ZONES}) with (?P<others>{NAMED})")
def _shares(session: Session, said: Said) -> Ruled:
    at, zone = seat_of(session, said["seat"]), zones_named(session, said["zones"])[0]
    return "shared_with", {"at": at, "zone": zone, "others": seats_named(session, said["others"])}


@phrase(rf"{_S} shows only its (?P<zones>{ZONES})")
def _shows_zones(session: Session, said: Said) -> Ruled:
    return "shows_only_zones", {
        "at": seat_of(session, said["seat"]),
        "zones": zones_named(session, said["zones"]),
    }


@phrase(rf'{_S} has made "(?P<zone>[^"]+)" of "(?P<cloudlet>[^"]+)"')
def _made(session: Session, said: Said) -> Ruled:
    return "shows_zone", {
        "at": seat_of(session, said["seat"]),
        "zone": said["zone"],
        "cloudlets": [said["cloudlet"]],
    }


@phrase(
    rf"{_S} lists {_O} with (?P<roles>no role|access and share|access|share)(?: and (?P<attributes>(?:MCC|MNC|locator) .+))?"
)
def _lists(session: Session, said: Said) -> Ruled:
    params: dict[str, Any] = {"at": seat_of(session, said["seat"]), "other": seat_of(session, said["other"])}
    if said["roles"] == "no role":
        return "shows_no_role", params
    access, share = ROLES[said["roles"]]
    attributes = attributes_named(said["attributes"]) if said["attributes"] else {}
    return "shows_partner", params | {"access": access, "share": share, "attributes": attributes}


@phrase(rf"{_S} has (?P<attributes>(?:MCC|MNC|locator) .+)")
def _has(session: Session, said: Said) -> Ruled:
    return "shows_attributes", {
        "at": seat_of(session, said["seat"]),
        "attributes": attributes_named(said["attributes"]),
    }


@phrase(rf'{_S} does not show "(?P<zone>[^"]+)" of {_O} as registered')
def _not_registered(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}
    return "not_shown_registered", seats | {"zone": said["zone"]}


@phrase(rf"{_S} knows no other zone of {_O} than (?P<zones>{ZONES})")
def _knows_no_other(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}
    return "knows_no_other_zones", seats | {"zones": zones_named(session, said["zones"])}


@phrase(rf'{_S} knows "(?P<zone>[^"]+)" of {_O} as it was told')
def _as_told(session: Session, said: Said) -> Ruled:
    seats = {"lead": seat_of(session, said["seat"]), "host": seat_of(session, said["other"])}
    return "stored_as_notified", seats | {"zone": said["zone"]}


@phrase(rf'{_S} has kept "(?P<zone>[^"]+)" of {_O} with its registration, or neither')
def _kept_or_gone(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "of": seat_of(session, said["other"])}
    return "kept_or_gone", seats | {"zone": said["zone"], "exchange": session.notes["sent"][-1]}
