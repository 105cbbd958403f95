"""Northbound: an operator provisions an interconnect (coordinator-harness, 2.2), and is warned where its routers mix groups.

Routers that two interconnects share in part may be left without any permissible maintenance window (CC-MAINT-006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import (
    CHANNELS,
    ENVIRONMENTS,
    INTERCONNECTS,
    Channel,
    Interconnect,
)
from reference_impl.connection_coordinator.maintenance import device_of
from reference_impl.kernel.action import Action, Kind, Value, may, ok, text
from reference_impl.kernel.party import Acted, Answer, Refusal

ROWS = (
    Action(
        "provision_interconnect",
        "operator",
        "A further interconnect, PENDING, whose channels stand beside existing ones on the same routers",
        (
            Value("environment"),
            Value("interconnect", summary="its id"),
            Value("channels", Kind.OBJECTS, summary="each with its id, and beside: interconnect/channel"),
            may("peer", summary="which partner's environment, where two have the same id"),
        ),
        (Value("warnings", Kind.TEXTS),),
    ),
)


def provision_interconnect(desk: Desk, asked: Acted) -> Answer:
    wanted, id = text(asked, "environment"), text(asked, "interconnect")
    found = [row for row in desk.tx.by(ENVIRONMENTS, id=wanted) if asked.inputs.get("peer") in (None, row.peer)]
    if len(found) != 1:
        raise Refusal(422, f"environment: want one of ours, {len(found)} fit")
    environment = found[0]
    if desk.tx.get(INTERCONNECTS, environment.peer, environment.id, id) is not None:
        raise Refusal(409, f"interconnect {id!r} exists already")
    place = (environment.peer, environment.id, id)
    channels = [_channel(desk, place, planned) for planned in asked.inputs["channels"]]
    if not channels or len({row.id for row in channels}) < len(channels):
        raise Refusal(422, "channels: want at least one, each with an id of its own")
    warnings = _mixed(desk, {device_of(row) for row in channels}) if desk.decisions.maintenance.warns else []
    desk.tx.put(INTERCONNECTS, Interconnect(*place, sizes=environment.sizes, state="INTERCONNECT_STATE_PENDING"))
    for channel in channels:
        desk.tx.put(CHANNELS, channel)
    return ok(warnings=warnings)


def _channel(desk: Desk, place: tuple[str, str, str], planned: Mapping[str, object]) -> Channel:
    peer, environment, interconnect = place
    id, (bundle, _, name) = str(planned.get("id", "")), str(planned.get("beside", "")).partition("/")
    model = desk.tx.get(CHANNELS, peer, environment, bundle, name)
    if not id or model is None:
        raise Refusal(422, f"channels: want an id and beside: an existing interconnect/channel, got {dict(planned)!r}")
    return replace(model, interconnect=interconnect, id=id, demarc=f"{environment}/{interconnect}/{id}")


def _mixed(desk: Desk, devices: set[str]) -> list[str]:
    """The interconnects that share some of these routers, but not all, in words."""
    groups: dict[tuple[str, str, str], set[str]] = {}
    for row in desk.tx.rows(CHANNELS):
        groups.setdefault((row.peer, row.environment, row.interconnect), set()).add(device_of(row))
    return [
        f"shares {len(devices & group)} routers with {place[1]}/{place[2]}, which has others besides"
        for place, group in groups.items()
        if devices & group and devices != group
    ]


ACTED: Mapping[str, Callable[[Desk, Acted], Answer]] = {"provision_interconnect": provision_interconnect}
