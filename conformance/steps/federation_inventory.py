"""Steps and acts for the first table: cloudlets and availability zones."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.session import Session
from conformance.steps.federation import CHECK, OTHER_SEAT, SEAT, claim, moment, refused_silently, seat_of
from conformance.tables import act

PLACES = {"zone-0001": "31,-91", "z" * 32: "31.5, -91.25", "east-zone-01": "-90,180"}
"""Zones at the edges of what ids (FI-AZ-003) and places (FI-AZ-004) may be."""

BAD_LENGTHS = ("zone-01", "z" * 33, "", "        ")
BAD_SHAPES = ("-zone0001", "zone0001_", "zone.0001", "zone 0001", "zone/0001", "zoné0001")
BAD_PLACES = ("", "9.9", "1,2,3", "abc,1", "1,abc", "90.1,0", "0,-180.1")
FURTHER = "edge-further"


# --- acts of the table ----------------------------------------------------------------------------------------------


@act("operator1-onboards-cloudlets")
def operator1_onboards(session: Session) -> None:
    prologue.onboard(session, "op1")


@act("operator1-creates-zones")
def operator1_creates_zones(session: Session) -> None:
    prologue.form_zones(session, "op1")


@act("operator2-onboards-cloudlets")
def operator2_onboards(session: Session) -> None:
    prologue.onboard(session, "op2")


@act("operator2-creates-zones")
def operator2_creates_zones(session: Session) -> None:
    for zone, place in PLACES.items():
        prologue.form_zone(session, "op2", zone, geo_location=place)


# --- cloudlets ------------------------------------------------------------------------------------------------------


@given(parsers.re(rf"the operator of {SEAT} has onboarded its cloudlets"))
def has_onboarded(session: Session, seat: str) -> None:
    prologue.onboard(session, seat_of(session, seat))


@when(parsers.re(rf"the operator of {SEAT} onboards the first of them again"))
def onboards_again(session: Session, seat: str) -> None:
    name = prologue.OPERATORS[seat_of(session, seat)].cloudlets[0]
    session.act(seat_of(session, seat), "onboard_cloudlet", name=name, location={"lat": 1.5, "long": 1.5})


@when(parsers.re(rf"the operator of {SEAT} onboards a further cloudlet"))
def onboards_further(session: Session, seat: str) -> None:
    owner = seat_of(session, seat)
    session.observe(owner)
    session.notes["before"] = moment(session)
    prologue.demanded(session.act(owner, "onboard_cloudlet", name=FURTHER, location={"lat": 50.1, "long": 8.7}))


@then(parsers.re(rf"{SEAT} lists each of its cloudlets once {CHECK}"))
def lists_once(session: Session, seat: str, check: str, at: str | None) -> None:
    owner = seat_of(session, seat)
    claim(session, check, at, ("shows_cloudlets", {"at": owner, "names": prologue.OPERATORS[owner].cloudlets}))


@then(parsers.re(rf"{SEAT} hears nothing of it from {OTHER_SEAT} {CHECK}"))
def hears_nothing(session: Session, seat: str, other: str, check: str, at: str | None) -> None:
    hearer, owner = seat_of(session, seat), seat_of(session, other)
    session.settle()
    claim(
        session,
        check,
        at,
        ("nothing_sent", {"sender": owner, "after": session.notes["before"]}),
        ("knows_zones", {"at": hearer, "of": owner, "zones": prologue.OPERATORS[owner].zones}),
    )


@then(parsers.re(rf"no message of {SEAT} to {OTHER_SEAT} names a cloudlet {CHECK}"))
def names_none(session: Session, seat: str, other: str, check: str, at: str | None) -> None:
    owner, hearer = seat_of(session, seat), seat_of(session, other)
    rules = [
        ("name_never_told", {"sender": owner, "receiver": hearer, "name": name})
        for name in prologue.OPERATORS[owner].cloudlets
    ]
    claim(session, check, at, *rules)


# --- zones ----------------------------------------------------------------------------------------------------------


def _attempt(session: Session, owner: str, zone: str, cloudlets: list[str], **changes: Any) -> None:
    session.observe(owner)
    session.notes.setdefault("before", moment(session))
    asked = prologue.form_zone(session, owner, zone, **({"cloudlets": cloudlets} | changes))
    session.notes["asked"] = asked
    session.notes.setdefault("attempts", []).append(asked.seq)


@given(parsers.re(rf'{SEAT} has the zone "(?P<zone>[^"]+)" of all its cloudlets'))
def has_zone(session: Session, seat: str, zone: str) -> None:
    owner = seat_of(session, seat)
    prologue.demanded(prologue.form_zone(session, owner, zone, *prologue.OPERATORS[owner].cloudlets))


@when(parsers.re(rf"the operator of {SEAT} asks for zones with ids of a wrong (?P<kind>length|shape)"))
def asks_for_ids(session: Session, seat: str, kind: str) -> None:
    owner = seat_of(session, seat)
    for zone in {"length": BAD_LENGTHS, "shape": BAD_SHAPES}[kind]:
        _attempt(session, owner, zone, list(prologue.OPERATORS[owner].cloudlets[:1]))


@when(parsers.re(rf"the operator of {SEAT} asks for zones at impossible places"))
def asks_for_places(session: Session, seat: str) -> None:
    owner = seat_of(session, seat)
    for number, place in enumerate(BAD_PLACES):
        cloudlets = list(prologue.OPERATORS[owner].cloudlets[:1])
        _attempt(session, owner, f"zone-bad-{number}", cloudlets, geo_location=place)


@when(parsers.re(rf'the operator of {SEAT} asks for the zone "(?P<zone>[^"]+)" of (?P<members>.+)'))
def asks_for_members(session: Session, seat: str, zone: str, members: str) -> None:
    owner = seat_of(session, seat)
    first = prologue.OPERATORS[owner].cloudlets[0]
    cloudlets = {"no cloudlet": [], "its first cloudlet and a foreign one": [first, "ghost"]}
    _attempt(session, owner, zone, cloudlets[members])


@when(parsers.re(rf"the operator of {SEAT} asks for its first zone again, at another place"))
def asks_again(session: Session, seat: str) -> None:
    owner = seat_of(session, seat)
    operator = prologue.OPERATORS[owner]
    _attempt(session, owner, operator.zones[0], list(operator.cloudlets[:1]), geo_location="2,2")


@when(parsers.re(rf'the operator of {SEAT} forms the zone "(?P<zone>[^"]+)"'))
def forms(session: Session, seat: str, zone: str) -> None:
    owner = seat_of(session, seat)
    session.notes["before"] = moment(session)
    prologue.demanded(prologue.form_zone(session, owner, zone))


@then(parsers.re(rf"each is refused, and {SEAT} sends nothing and shows no such zone {CHECK}"))
def each_refused(session: Session, seat: str, check: str, at: str | None) -> None:
    owner = seat_of(session, seat)
    before = session.notes["before"]
    session.observe(owner)
    rules: list[tuple[str, dict[str, Any]]] = [
        ("actions_refused", {"asked": session.notes["attempts"]}),
        ("nothing_sent", {"sender": owner, "after": before}),
        ("state_as_before", {"at": owner, "moment": before}),
    ]
    claim(session, check, at, *rules)


@when(parsers.re(rf"{SEAT} is asked to register its own zone at {OTHER_SEAT}"))
def registers_own(session: Session, seat: str, other: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    session.observe(lead)
    session.finish(prologue.ask_to_register(session, lead, host, prologue.OPERATORS[lead].zones[0]))


@then(parsers.re(rf'{SEAT} shows the zone "(?P<zone>[^"]+)" {CHECK}'))
def shows_zone(session: Session, seat: str, zone: str, check: str, at: str | None) -> None:
    claim(session, check, at, ("shows_zone", {"at": seat_of(session, seat), "zone": zone}))


@then(parsers.re(rf"{SEAT} refuses northbound and its first zone stays as it was {CHECK}"))
def first_zone_stays(session: Session, seat: str, check: str, at: str | None) -> None:
    owner = seat_of(session, seat)
    claim(
        session,
        check,
        at,
        *refused_silently(session, owner),
        ("shows_zone", {"at": owner, "zone": prologue.OPERATORS[owner].zones[0], "geo": "50.1,8.7"}),
    )
