"""Acts of the tables between operators that are federated: attributes, zones, registrations, removal.

Each act begins where its table does, with what its guard must refuse first, and with a message that validation must.
"""

from __future__ import annotations

from typing import Any

from conformance import application_bodies as bodies
from conformance import prologue_applications as applications
from conformance import prologue_federation as prologue
from conformance.session import Session
from conformance.tables import act

COMMON = "common-zone-1"
"""A zone that two hosts have; ids are scoped by partner (FI-SHARE-007)."""
NEW = "east-zone-03"
GHOST = "ghost-0001"


def _federated(session: Session) -> None:
    """OP1 uses the zones of OP2 and of the third operator, which uses those of OP2, too."""
    prologue.prepare(session, "op1", "op2", prologue.THIRD)
    for seat in ("op2", prologue.THIRD):
        prologue.demanded(prologue.form_zone(session, seat, COMMON))
    for lead, host in (("op1", "op2"), ("op1", prologue.THIRD), (prologue.THIRD, "op2")):
        prologue.add(session, lead, host)


def _forged(session: Session, sender: str, receiver: str, operation: str, **changes: Any) -> None:
    """A message in the name of the sender's federation, with the third operator's operator id."""
    foreign = {"operator": prologue.OPERATORS[prologue.THIRD].operator} | changes
    prologue.by_hand(session, sender, operation, receiver, **foreign)


def _order(session: Session, seat: str, action: str, **inputs: Any) -> None:
    session.finish(session.act(seat, action, **inputs))
    session.settle()


@act("operator2-updates-attributes")
def operator2_updates(session: Session) -> None:
    _federated(session)
    for wrong in ({"mcc": "26A"}, {"mcc": "2"}, {"mcc": "99999"}, {"mnc": ["x"]}):
        _order(session, "op2", "update_attributes", **wrong)
    _forged(session, "op2", "op1", prologue.UPDATE, MCC="999")
    _order(session, "op2", "update_attributes", mcc="451")


@act("operator2-creates-new-zone")
def operator2_creates_new_zone(session: Session) -> None:
    _federated(session)
    _forged(session, "op2", "op1", prologue.NOTIFY)
    prologue.form_zone(session, "op2", NEW, "edge-b2")
    session.settle()


@act("operator2-deletes-zone")
def operator2_deletes_zone(session: Session) -> None:
    """The zone was in use and is not any longer."""
    _federated(session)
    prologue.demanded(session.finish(prologue.ask_to_register(session, "op1", "op2", COMMON)))
    _order(session, "op2", "delete_zone", zone=COMMON)
    _order(session, "op1", "deregister_zone", partner=prologue.federation_id(session, "op2"), zones=[COMMON])
    _forged(session, "op2", "op1", prologue.WITHDRAW, zone=COMMON)
    _order(session, "op2", "delete_zone", zone=COMMON)


@act("operator1-registers-zone")
def operator1_registers(session: Session) -> None:
    _federated(session)
    zone = prologue.OPERATORS["op2"].zones[0]
    _forged(session, "op1", "op2", prologue.REGISTER)
    for asked in (GHOST, zone):
        _order(session, "op1", "register_zone", partner=prologue.federation_id(session, "op2"), zones=[asked])


@act("operator1-deregisters-zone")
def operator1_deregisters(session: Session) -> None:
    _federated(session)
    zones = prologue.OPERATORS["op2"].zones
    prologue.demanded(session.finish(prologue.ask_to_register(session, "op1", "op2", zones[0])))
    _forged(session, "op1", "op2", prologue.DEREGISTER)
    for asked in (zones[1], zones[0]):
        _order(session, "op1", "deregister_zone", partner=prologue.federation_id(session, "op2"), zones=[asked])


@act("operator1-removes-operator2")
def operator1_removes(session: Session) -> None:
    _federated(session)
    partner = prologue.federation_id(session, "op2")
    zones = list(prologue.OPERATORS["op2"].zones[:1])
    prologue.demanded(session.finish(prologue.ask_to_register(session, "op1", "op2", *zones)))
    _order(session, "op1", "remove_partner", partner=partner)
    _order(session, "op1", "deregister_zone", partner=partner, zones=zones)
    origin = {"origFederationId": prologue.federation_id(session, "op1")}
    prologue.by_hand(session, prologue.THIRD, prologue.REMOVE, "op2", **origin)
    _order(session, "op1", "remove_partner", partner=partner)


@act("developer-onboards-application")
def developer_onboards(session: Session) -> None:
    """What OP1 shows is looked at while OP2 has the upload, and the onboarding, in its hands. Where OP1 does not get so far,
    the cells tell how far it got."""
    _federated(session)
    zone = prologue.OPERATORS["op2"].zones[0]
    prologue.demanded(session.finish(prologue.ask_to_register(session, "op1", "op2", zone)))
    for operation in (bodies.UPLOAD, bodies.ONBOARD):
        _forged_application(session, operation)
    session.finish(applications.ask_to_onboard(session, "op1", "op2", zone, application="short"))
    held = [session.disturb("hold", each, sender="op1", receiver="op2") for each in (bodies.UPLOAD, bodies.ONBOARD)]
    asked = applications.ask_to_onboard(session, "op1", "op2", zone)
    for each in held:
        if not session.arrived(each, applications.WITHIN):
            break
        session.observe("op1")
        session.release(each)
    session.finish(asked, applications.WITHIN)
    session.settle()


def _forged_application(session: Session, operation: str) -> None:
    """In the name of OP1's federation, with the third operator's operator id."""
    foreign = {bodies.names(operation).operator: prologue.OPERATORS[prologue.THIRD].operator}
    prologue.by_hand(session, "op1", operation, "op2", **foreign)
