"""The shortest ways to the states that scenarios start from (coordinator-harness, section 1, "prologue").

Each raises Unprepared when the target does not get there: then nothing can be said about what was to be judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.play import Unprepared
from conformance.session import Result, Session
from conformance.view import Exchange
from simulator.inventories import ASNS

OTHER = {"csp-a": "csp-b", "csp-b": "csp-a", "op1": "op2", "op2": "op1"}


def offer(
    session: Session, seat: str, mbps: int = 1000, environment: str = "env1", account: str = "X"
) -> dict[str, Any]:
    """The customer creates at ``seat`` and gets a key; remembered as ``key``, ``uuid``, ``issuer``."""
    result = session.act(
        seat, "offer", account=account, remote_account="X", environment=environment, mbps=mbps, peer=OTHER[seat]
    )
    if result.result != "ok":
        raise Unprepared(f"{seat} issues no activation key: {result.answered.reason}")
    made = {
        "key": result.outputs["activation_key"],
        "uuid": result.outputs["uuid"],
        "issuer": seat,
        "mbps": mbps,
        "environment": environment,
    }
    session.notes.update(made)
    return made


def accept(session: Session, seat: str, key: str | None = None, account: str = "X") -> Result:
    """The customer accepts the key at ``seat``; remembered as ``accepted``."""
    if not key and "key" not in session.notes:
        raise Unprepared("there is no activation key to accept")
    result = session.act(seat, "accept", account=account, activation_key=key or session.notes["key"], consent=True)
    session.notes["accepted"] = result
    return result


def establish(session: Session, issuer: str = "csp-a", mbps: int = 1000, environment: str = "env1") -> dict[str, Any]:
    """All four milestones, by the two parties themselves."""
    made = offer(session, issuer, mbps, environment)
    ended = session.finish(accept(session, OTHER[issuer]))
    if ended.result != "ok":
        raise Unprepared(f"the connection is not established: {ended.answered.reason or ended.result}")
    if not session.settle():
        raise Unprepared("the parties do not come to rest")
    return made


def confirm_by_hand(session: Session, caller: str, key: str | None = None, environment: str | None = None) -> Exchange:
    """The harness confirms a key in the caller's name."""
    return session.send(
        caller,
        OTHER[caller],
        "ConfirmActivationKey",
        {"provider": caller, "environment": environment or session.notes["environment"]},
        json={"encodedKey": key or session.notes["key"]},
    )


def connection_path(session: Session, caller: str, interconnect: str, uuid: str | None = None) -> dict[str, str]:
    """Path parameters of a connection, as the caller addresses it at its peer."""
    return {
        "provider": caller,
        "environment": session.notes.get("environment", "env1"),
        "interconnect": interconnect,
        "connection": uuid or session.notes["uuid"],
    }


def create_by_hand(
    session: Session, caller: str, interconnect: str = "ix1", uuid: str | None = None, body: Any = None, **query: str
) -> Exchange:
    """The harness proposes a connection in the caller's name; ``body`` replaces the whole body."""
    path = connection_path(session, caller, interconnect, uuid)
    uuid = path.pop("connection")
    proposal = {"bandwidthMbps": session.notes["mbps"], "activationKey": session.notes["key"]} if body is None else body
    return session.send(
        caller, OTHER[caller], "CreateConnection", path, query={"connectionId": uuid, **query}, json=proposal
    )


def place_by_hand(
    session: Session, issuer: str = "csp-a", interconnect: str = "ix1", mbps: int = 1000
) -> dict[str, Any]:
    """A connection placed at the issuer, proposed by hand: the target's own negotiator takes no part."""
    made = offer(session, issuer, mbps)
    caller = OTHER[issuer]
    if not confirm_by_hand(session, caller).succeeded:
        raise Unprepared(f"{issuer} does not confirm its own key")
    created = create_by_hand(session, caller, interconnect)
    if not created.succeeded:
        raise Unprepared(f"{issuer} does not take the connection on {interconnect}: {created.told()}")
    session.notes["interconnect"] = interconnect
    return made


def proposal(session: Session, caller: str, channel: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete feature proposal inside the standard guidance; ``changes`` replace members of the l3BaseConfig."""
    path = connection_path(session, caller, session.notes["interconnect"])
    asns = {seat: session.stage.names.asn_of(seat) for seat in ("csp-a", "csp-b")}
    return proposed(caller, path["environment"], path["interconnect"], channel, number, asns, **changes)


def proposed(
    caller: str,
    environment: str,
    interconnect: str,
    channel: str,
    number: int = 1,
    asns: Mapping[str, int] = ASNS,
    **changes: Any,
) -> dict[str, Any]:
    """The same where no session is needed: each number takes a VLAN and a subnet of its own."""
    server = OTHER[caller]
    third = 4 * number
    config = {
        "ipv4Subnet": f"169.254.2.{third}",
        "ipv4SubnetPrefixLength": 30,
        "mtuBytes": 8500,
        "vlanId": 2000 + number,
        "providerBgpConfigs": [
            {
                "provider": f"providers/{server}",
                "asn": asns[server],
                "hostIpv4": f"169.254.2.{third + 1}",
            },
            {
                "provider": f"providers/{caller}",
                "asn": asns[caller],
                "hostIpv4": f"169.254.2.{third + 2}",
            },
        ],
    } | changes
    return {
        "channel": f"providers/{caller}/environments/{environment}/interconnects/{interconnect}/channels/{channel}",
        "featureConfig": {
            "featureType": "FEATURE_TYPE_L3_BASE",
            "l3BaseConfig": {name: value for name, value in config.items() if value is not None},
        },
    }


def feature_by_hand(
    session: Session, caller: str, channel: str, body: Any = None, feature: str | None = None
) -> Exchange:
    """The harness proposes a feature in the caller's name, on the connection placed by hand."""
    path = connection_path(session, caller, session.notes["interconnect"])
    body = (
        proposal(session, caller, channel, int(channel[-1]) if channel[-1].isdigit() else 9) if body is None else body
    )
    return session.send(
        caller,
        OTHER[caller],
        "CreateFeature",
        path,
        query={"featureId": feature or f"f-{channel}"},
        json=json.loads(json.dumps(body)),
    )
