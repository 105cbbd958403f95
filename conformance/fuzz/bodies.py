"""A right body for each operation that takes one, with stand-ins: the examples from which schemathesis starts.

Without them nearly everything that it makes up is refused at the first member, and what lies behind is never reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance import application_bodies as messages
from conformance import prologue_federation
from conformance.fuzz.ground import CONNECTIONS, FEDERATIONS, KEYS, OFFERED
from conformance.prologue import proposed

Bodies = Mapping[str, dict[str, Any]]
"""By operation id."""


def bodies(protocol: str, sender: str, receiver: str) -> Bodies:
    """What this sender may well send to this receiver, on the ground that was laid."""
    if protocol == "connection-coordinator":
        return _coordinator(sender)
    return _federation(sender, receiver)


def _coordinator(sender: str) -> Bodies:
    feature = proposed(sender, "env1", "ix1", "ch2", 2)
    connection = f"providers/{sender}/environments/env1/interconnects/ix1/connections/{CONNECTIONS[1]}"
    return {
        "ConfirmActivationKey": {"encodedKey": KEYS[OFFERED]},
        "CreateConnection": {"bandwidthMbps": 1000, "activationKey": KEYS[OFFERED]},
        "UpdateConnection": {"bandwidthMbps": 2000},
        "CreateFeature": feature,
        "NotifyConnectionStatus": {},
        "NotifyMaintenance": {},
        "GenerateFeatureGuidance": {},
        "CreateMacSecKey": {"cak": "0123456789abcdef" * 4, "ckn": "fedcba9876543210" * 4},
        "RequestMacSecKeyRotation": {},
        "CreateIssue": {
            "title": "Light levels are low",
            "body": "Receive power fell by 6 dB at noon.",
            "priority": "PRIORITY_P2",
            "connectionContexts": [{"name": connection}],
        },
        "CloseIssue": {},
        "AddComment": {"comment": {"body": "Seen at our side, too."}},
    }


def _federation(sender: str, receiver: str) -> Bodies:
    operators = prologue_federation.OPERATORS
    own, other = operators[sender], operators[receiver]
    caller = {
        "requestId": "fuzz-1",
        "origFederationId": FEDERATIONS[sender],
        "destFederationId": FEDERATIONS[receiver],
        "operator": own.operator,
        "country": own.country,
    }
    zone = {"zoneId": prologue_federation.NEW_ZONE, "geoLocation": "37.5,127.0", "edgeCount": 1}
    return {
        prologue_federation.ADD: caller | {"origFederationAddr": "http://partner.test"},
        prologue_federation.UPDATE: caller | {"MCC": own.mcc, "MNC": list(own.mnc)},
        prologue_federation.REMOVE: caller,
        prologue_federation.REGISTER: caller | {"zones": [other.zones[1]]},
        prologue_federation.DEREGISTER: caller | {"zones": [other.zones[0]]},
        prologue_federation.NOTIFY: caller | {"partnerZone": zone},
        prologue_federation.WITHDRAW: caller | {"zone": prologue_federation.NEW_ZONE},
        **_applications(sender, receiver),
    }


def _applications(sender: str, receiver: str) -> Bodies:
    """The sender as lead uploads and onboards; as host it reports an upload of the receiver."""
    own, other = (_side(seat) for seat in (sender, receiver))
    zone = prologue_federation.OPERATORS[receiver].zones[0]
    asked = (messages.UPLOAD, messages.ONBOARD, messages.DEBOARD)
    return {operation: messages.body(operation, "fuzz-1", own, other, zone) for operation in asked} | {
        messages.REPORT_IN_BODY: messages.body(messages.REPORT, "fuzz-1", other, own, zone)
    }


def _side(seat: str) -> messages.Side:
    operator = prologue_federation.OPERATORS[seat]
    return messages.Side(FEDERATIONS[seat], operator.operator, operator.country)
