"""The flows of the kill table: how each begins, which exchanges it has, and when it has ended well.

A new flow is a new row of ``FLOWS``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.durability.pair import Pair, Seat

Story = dict[str, Any]
"""What was acknowledged northbound while a flow was prepared and begun: keys, ids, handles."""


@dataclass(frozen=True, slots=True)
class Flow:
    """``prepare`` brings both parties to where the flow begins; ``begin`` returns once its order is acknowledged.

    ``missing`` says what is missing to a good end, or "". ``exchanges`` are those that every run has.
    """

    name: str
    protocol: str
    seats: tuple[str, str]
    exchanges: tuple[str, ...]
    prepare: Callable[[Pair, Story], Awaitable[None]]
    begin: Callable[[Pair, Story], Awaitable[None]]
    missing: Callable[[Pair, Story], Awaitable[str]]


LIMIT = 30
"""Seconds until a flow must have ended."""


async def ended(pair: Pair, story: Story, missing: Callable[[Pair, Story], Awaitable[str]]) -> None:
    """Return once nothing is missing and nothing under way any more; TimeoutError tells what is."""
    limit = time.monotonic() + LIMIT
    lacks = "something is still under way"
    while time.monotonic() < limit:
        lacks = await missing(pair, story)
        if not lacks and await pair.settled(1_000) and not await missing(pair, story):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(lacks or "something is still under way")


# --- Connection Coordinator -------------------------------------------------------------------------------------------


def _sides(pair: Pair) -> tuple[Seat, Seat]:
    one, two = pair.seats.values()
    return one, two


async def _offer(pair: Pair, story: Story) -> None:
    a, _ = _sides(pair)
    offer = await a.ask("offer", account="X", remote_account="X", environment="env1", mbps=1000)
    story.update(uuid=offer["uuid"], key=offer["activation_key"], mbps=1000)


async def _accept(pair: Pair, story: Story) -> None:
    _, b = _sides(pair)
    story["by"] = b.id
    accepted = await b.ask("accept", account="X", activation_key=story["key"], consent=True)
    story["operation"] = accepted["operation"]


async def _established(pair: Pair, story: Story) -> str:
    """Both show it established and VERIFIED on one interconnect, with the same bandwidth and the same features."""
    shown = [each for seat in _sides(pair) for each in await _connections(seat, story["uuid"])]
    if len(shown) != 2:
        return "a connection that was acknowledged is lost"
    ended = await pair.seats[story["by"]].result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    for each in shown:
        stages = [(row["verification"], row["mbps"]) for row in each["placements"]]
        if (each["customer"], each["mbps"], stages) != ("established", story["mbps"], [("VERIFIED", story["mbps"])]):
            return f"a side shows {each['customer']} {each['mbps']} Mbps, {stages}"
    places = [(row["interconnect"], row["features"]) for each in shown for row in each["placements"]]
    if places[0] != places[1] or not places[0][1]:
        return f"the two sides differ: {places}"
    return ""


async def _connections(seat: Seat, uuid: str) -> list[dict[str, Any]]:
    return [each for each in (await seat.state())["connections"] if each["uuid"] == uuid]


async def _establish(pair: Pair, story: Story) -> None:
    await _offer(pair, story)
    await _accept(pair, story)
    await ended(pair, story, _established)


async def _update(pair: Pair, story: Story) -> None:
    a, _ = _sides(pair)
    story.update(mbps=10_000, by=a.id)
    story["operation"] = (await a.ask("update", account="X", uuid=story["uuid"], mbps=10_000))["operation"]


async def _delete(pair: Pair, story: Story) -> None:
    a, _ = _sides(pair)
    story["by"] = a.id
    story["operation"] = (await a.ask("delete", account="X", uuid=story["uuid"]))["operation"]


async def _deleted(pair: Pair, story: Story) -> str:
    """Both show it deleted, with a tombstone, and nothing of it is left."""
    ended = await pair.seats[story["by"]].result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    for seat in _sides(pair):
        shown = await _connections(seat, story["uuid"])
        if [(each["customer"], each["tombstone"], each["placements"]) for each in shown] != [("deleted", True, [])]:
            return f"{seat.id} shows {shown}"
    return ""


# --- Federation Interconnect ------------------------------------------------------------------------------------------


async def _arrange(pair: Pair, story: Story) -> None:
    """A new federation of each operator and an arrangement between them; the host has a zone."""
    lead, host = _sides(pair)
    network = {"mcc": "262", "mnc": ["01"]}
    ids = []
    for seat, who in ((lead, {"operator": "Op1", "country": "DE"}), (host, {"operator": "Op2", "country": "FR"})):
        made = await seat.ask("create_self_federation", **who, **network, address=seat.url)
        ids.append(made["federation"])
    story.update(lead=ids[0], host=ids[1], zone=f"zone-{ids[1][:8]}", by=lead.id)
    await host.ask("onboard_cloudlet", name=story["zone"], location={"lat": 50.0, "long": 8.0})
    await host.ask("create_zone", zone=story["zone"], cloudlets=[story["zone"]], geo_location="50.0,8.0", country="FR")
    arranged = await host.ask(
        "expect_partner", federation=ids[1], partner=ids[0], operator="Op1", country="DE", address=lead.url
    )
    story["key"] = arranged["api_key"]


async def _add(pair: Pair, story: Story) -> None:
    lead, host = _sides(pair)
    begun = await lead.ask(
        "add_partner",
        federation=story["lead"],
        partner=story["host"],
        operator="Op2",
        country="FR",
        address=host.url,
        api_key=story["key"],
    )
    story["operation"] = begun["operation"]


async def _federated(pair: Pair, story: Story) -> str:
    """The lead has access and knows every zone of the host; the host shares."""
    lead, host = _sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    here, there = await lead.state(), await host.state()
    roles = [
        [(each["access"], each["share"]) for each in state["partners"] if each["partner"] == partner]
        for state, partner in ((here, story["host"]), (there, story["lead"]))
    ]
    if roles != [[(True, False)], [(False, True)]]:
        return f"the roles are {roles}"
    known = sorted(each["zone"] for each in here["partner_zones"] if each["partner"] == story["host"])
    zones = sorted(each["zone"] for each in there["zones"])
    return "" if known == zones else f"the lead knows {known}, the host has {zones}"


async def _federate(pair: Pair, story: Story) -> None:
    await _arrange(pair, story)
    await _add(pair, story)
    await ended(pair, story, _federated)


async def _register(pair: Pair, story: Story) -> None:
    lead, _ = _sides(pair)
    story["operation"] = (await lead.ask("register_zone", partner=story["host"], zones=[story["zone"]]))["operation"]


async def _registered(pair: Pair, story: Story) -> str:
    """Both have the zone as registered, once, and nothing else is."""
    lead, host = _sides(pair)
    ended = await lead.result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    mine = [each["zone"] for each in (await lead.state())["partner_zones"] if each["partner"] == story["host"]]
    here = [
        each["zone"]
        for each in (await lead.state())["partner_zones"]
        if each["partner"] == story["host"] and each["registered"]
    ]
    there = [each["zone"] for each in (await host.state())["registrations"] if each["partner"] == story["lead"]]
    same = story["zone"] in mine and here == there == [story["zone"]]
    return "" if same else f"registered are {here} at the lead, {there} at the host"


PROVIDERS = ("csp-a", "csp-b")
OPERATORS = ("op1", "op2")


def _activation(seat: str) -> tuple[str, ...]:
    return (f"{seat} NotifyConnectionStatus 1", f"{seat} GetConnection 1", f"{seat} ListFeatures 1")


FLOWS = (
    Flow(
        "establish",
        "connection-coordinator",
        PROVIDERS,
        (
            "csp-b ConfirmActivationKey 1",
            "csp-b CreateConnection 1",
            "csp-b GenerateFeatureGuidance 1",
            *(f"csp-b CreateFeature {number}" for number in (1, 2, 3, 4)),
            *_activation("csp-a"),
            *_activation("csp-b"),
        ),
        _offer,
        _accept,
        _established,
    ),
    Flow(
        "update",
        "connection-coordinator",
        PROVIDERS,
        (
            "csp-a UpdateConnection 1",
            *_activation("csp-a"),
            "csp-a NotifyConnectionStatus 2",
            *_activation("csp-b"),
            "csp-b NotifyConnectionStatus 2",
        ),
        _establish,
        _update,
        _established,
    ),
    Flow("delete", "connection-coordinator", PROVIDERS, ("csp-a DeleteConnection 1",), _establish, _delete, _deleted),
    Flow(
        "add partner",
        "federation-interconnect",
        OPERATORS,
        ("op1 POST /operator/partner 1",),
        _arrange,
        _add,
        _federated,
    ),
    Flow(
        "register zone",
        "federation-interconnect",
        OPERATORS,
        ("op1 POST /operator/zone 1",),
        _federate,
        _register,
        _registered,
    ),
)
