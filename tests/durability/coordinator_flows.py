"""The flows of the Connection Coordinator in the kill table."""

from __future__ import annotations

from typing import Any

from tests.durability.flow import Flow, Story, ended, sides
from tests.durability.pair import Pair, Seat

PROVIDERS = ("csp-a", "csp-b")


async def _offer(pair: Pair, story: Story) -> None:
    a, _ = sides(pair)
    offer = await a.ask("offer", account="X", remote_account="X", environment="env1", mbps=1000)
    story.update(uuid=offer["uuid"], key=offer["activation_key"], mbps=1000)


async def _accept(pair: Pair, story: Story) -> None:
    _, b = sides(pair)
    story["by"] = b.id
    accepted = await b.ask("accept", account="X", activation_key=story["key"], consent=True)
    story["operation"] = accepted["operation"]


async def _established(pair: Pair, story: Story) -> str:
    """Both show it established and VERIFIED on one interconnect, with the same bandwidth and the same features."""
    shown = [each for seat in sides(pair) for each in await _connections(seat, story["uuid"])]
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
    a, _ = sides(pair)
    story.update(mbps=10_000, by=a.id)
    story["operation"] = (await a.ask("update", account="X", uuid=story["uuid"], mbps=10_000))["operation"]


async def _delete(pair: Pair, story: Story) -> None:
    a, _ = sides(pair)
    story["by"] = a.id
    story["operation"] = (await a.ask("delete", account="X", uuid=story["uuid"]))["operation"]


async def _deleted(pair: Pair, story: Story) -> str:
    """Both show it deleted, with a tombstone, and nothing of it is left."""
    ended = await pair.seats[story["by"]].result(story["operation"])
    if ended != "ok":
        return f"the operation is {ended}"
    for seat in sides(pair):
        shown = await _connections(seat, story["uuid"])
        if [(each["customer"], each["tombstone"], each["placements"]) for each in shown] != [("deleted", True, [])]:
            return f"{seat.id} shows {shown}"
    return ""


def _activation(seat: str) -> tuple[str, ...]:
    return (f"{seat} NotifyConnectionStatus 1", f"{seat} GetConnection 1", f"{seat} ListFeatures 1")


COORDINATOR_FLOWS = (
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
)
