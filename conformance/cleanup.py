"""A target is left as it was found, as far as its adapter allows; what stays there is counted."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.northbound import Northbound, NorthboundError
from conformance.target import Target
from reports.record import Action, AnyRecord, Meta, Outcome, Request, Response

MADE = {
    "offer": ("connections", "uuid"),
    "onboard_cloudlet": ("cloudlets", "name"),
    "create_zone": ("zones", "zone"),
    "create_self_federation": ("federations", "federation"),
    "expect_partner": ("partners", "partner"),
    "open_maintenance": ("maintenance windows", "maintenance"),
}
"""What an action makes, and the input or output that names it."""

ENDED = {
    "delete": ("connections", "uuid"),
    "delete_zone": ("zones", "zone"),
    "delete_self_federation": ("federations", "federation"),
    "delete_partner": ("partners", "partner"),
    "close_maintenance": ("maintenance windows", "maintenance"),
}


async def emptied(target: Target, northbound: Northbound) -> bool:
    """Ask the target for the state that it was set up with; False where its adapter has no hook ``reset`` that works."""
    inputs = {"inventory": target.inventory.names[0], "seat": target.seats[0]}
    try:
        return (await northbound.hook("reset", inputs)).result == "ok"
    except NorthboundError:
        return False


def left(trace: Sequence[AnyRecord]) -> dict[str, int]:
    """How many of what came to be at the target and was not deleted again, by the trace alone; the kinds of which there
    are any."""
    alive: set[tuple[str, str]] = set()
    target: str | None = None
    asked: dict[int, Action] = {}
    open_: dict[str, Request] = {}
    for record in trace:
        if isinstance(record, Meta) and record.mark == "scenario":
            target = record.data.get("target")
        elif isinstance(record, Action) and record.seat == target:
            asked[record.seq] = record
        elif isinstance(record, Outcome) and record.result == "ok" and record.of in asked:
            _acted(alive, record.action, asked[record.of].inputs | record.outputs)
        elif isinstance(record, Request) and target in (record.sender, record.receiver):
            open_[record.exchange] = record
        elif isinstance(record, Response) and 200 <= record.status < 300 and record.exchange in open_:
            _answered(alive, open_[record.exchange])
    kinds = [kind for kind, _ in alive]
    return {kind: kinds.count(kind) for kind, _ in MADE.values() if kind in kinds}


def _acted(alive: set[tuple[str, str]], action: str, values: dict[str, object]) -> None:
    for table, change in ((MADE, alive.add), (ENDED, alive.discard)):
        if action in table:
            kind, member = table[action]
            change((kind, str(values.get(member))))


def _answered(alive: set[tuple[str, str]], request: Request) -> None:
    if request.operation == "CreateConnection":
        alive.add(("connections", request.query.get("connectionId", "")))
    elif request.operation == "DeleteConnection":
        alive.discard(("connections", request.path.rpartition("/")[2]))
