"""What several handlers need: the path of a request resolved under its caller, rooms, and refusals in one voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import Decisions, Room
from reference_impl.connection_coordinator.inventory_records import (
    CHANNELS,
    ENVIRONMENTS,
    INTERCONNECTS,
    PARTNERS,
    Channel,
    Environment,
    Interconnect,
)
from reference_impl.connection_coordinator.records import CONNECTIONS, PLACEMENTS, Connection, Placement, Stage
from reference_impl.kernel.party import Call, Refusal, Requested, Subject, Turn

Desk = Turn[Decisions]
"""One event's turn at a provider."""

Where = tuple[str, str, str]
"""(peer, environment, interconnect)"""


def refuse_stranger(desk: Desk, request: Requested) -> None:
    """A path under another provider's prefix looks like one that does not exist (CC-SEC-003)."""
    wanted = request.path.get("provider", "")
    if not desk.decisions.may_see(request.caller, wanted, desk.me) and not _granted(desk, request.caller, wanted):
        raise Refusal(404, f"there is nothing for you under providers/{wanted}")


def _granted(desk: Desk, caller: str, provider: str) -> bool:
    """Was the caller granted this provider ID beside its own (CC-PROV-003)?"""
    partner = desk.tx.get(PARTNERS, caller)
    return partner is not None and provider in partner.granted and desk.decisions.security.grants


def environment_at(desk: Desk, request: Requested) -> Environment:
    refuse_stranger(desk, request)
    found = desk.tx.get(ENVIRONMENTS, request.path["provider"], request.path["environment"])
    if found is None:
        raise Refusal(404, f"no environment {request.path['environment']!r} is shared with you")
    return found


def interconnect_at(desk: Desk, request: Requested) -> Interconnect:
    environment = environment_at(desk, request)
    found = desk.tx.get(INTERCONNECTS, environment.peer, environment.id, request.path["interconnect"])
    if found is None:
        raise Refusal(404, f"environment {environment.id!r} has no interconnect {request.path['interconnect']!r}")
    return found


def placement_at(desk: Desk, request: Requested) -> Placement:
    interconnect = interconnect_at(desk, request)
    uuid = request.path["connection"]
    found = desk.tx.get(PLACEMENTS, interconnect.peer, interconnect.environment, interconnect.id, uuid)
    if found is None:
        raise Refusal(404, f"interconnect {interconnect.id!r} has no connection {uuid!r}")
    return found


def where(placement: Placement) -> Where:
    return placement.peer, placement.environment, placement.interconnect


def subject_of(placement: Placement) -> Subject:
    return placement.peer, placement.environment, placement.interconnect, placement.uuid


def placement_of(desk: Desk, subject: Subject) -> Placement | None:
    return desk.tx.get(PLACEMENTS, *subject[:4])


def connection_of(desk: Desk, uuid: str) -> Connection:
    """The customer's object of a placement; there is always one."""
    found = desk.tx.get(CONNECTIONS, uuid)
    if found is None:
        raise LookupError(f"no connection object for {uuid}")
    return found


def own_id(desk: Desk, peer: str) -> str:
    """The provider ID by which this partner knows us."""
    partner = desk.tx.get(PARTNERS, peer)
    return partner.own_id if partner else desk.me


def path_at_peer(desk: Desk, place: Where, **more: str) -> Mapping[str, str]:
    """Path parameters of a call to the peer: always under our own provider ID there (CC-PROV-001)."""
    peer, environment, interconnect = place
    return {"provider": own_id(desk, peer), "environment": environment, "interconnect": interconnect, **more}


def insist(desk: Desk, call: Call) -> None:
    """Repeat a call that must get through, however long that takes. The pause grows for a while, and stays then."""
    attempt = min(call.attempt + 1, desk.decisions.patience)
    desk.again(replace(call, attempt=attempt - 1), desk.decisions.backoff(attempt))


def room_of(desk: Desk, interconnect: Interconnect) -> Room:
    """The account of an interconnect, from running sums: its cost does not depend on the number of connections."""
    place = (interconnect.peer, interconnect.environment, interconnect.id)
    return Room(
        interconnect.id,
        interconnect.max_mbps,
        desk.tx.total(PLACEMENTS, "reserved", *place, False),
        desk.tx.total(PLACEMENTS, "reserved", *place, True),
    )


def channels_of(desk: Desk, place: Where) -> list[Channel]:
    peer, environment, interconnect = place
    return desk.tx.by(CHANNELS, peer=peer, environment=environment, interconnect=interconnect)


def living_placements(desk: Desk, uuid: str) -> list[Placement]:
    return [row for row in desk.tx.by(PLACEMENTS, uuid=uuid) if row.stage is not Stage.DELETING]
