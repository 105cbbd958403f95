"""What a seat's peer sees of it: the fallback where an adapter shows no state (coordinator-harness, section 4).

Made of E/W GETs with the peer's credentials, and of what the customers' own list says. It is in the normal form of section
4.1; what neither shows is ``?``, and a rule that needs it leaves its check untested (``conformance.unseen``).
The GETs stand in no trace: the observation does, with ``wire`` as its source.
"""

from __future__ import annotations

import contextlib
from typing import Any

import httpx

from conformance.northbound import Lacks, NorthboundError
from conformance.stage import Stage
from conformance.unseen import UNSEEN

ATTEMPTS = 3
"""A read that changes between two GETs of one observation is taken again, so many times in all."""

ACCOUNTS = ("X", "Y")
"""The customers who are asked for their lists."""

Rows = list[dict[str, Any]]


async def seen_from_outside(stage: Stage, seat: str, *, customers: bool = True) -> dict[str, Any]:
    """The seat's state as its peer is shown it. Lacks: not even that can be read, or the protocol shows nothing of it.

    ``customers``: their lists are asked for too, where the adapter has the action ``list`` and no person would have to answer.
    """
    if "ListConnections" not in stage.operations:
        raise Lacks("adapter lacks state")
    reads = _Reads(stage, seat)
    seen = await reads.state()
    for _ in range(ATTEMPTS - 1):
        if seen == (again := await reads.state()):
            break
        seen = again
    else:
        raise Lacks("adapter lacks state, and what its peer reads changes from one moment to the next")
    listed = await _customers(stage, seat) if customers and not stage.seats[seat].people else None
    return seen | {"connections": _joined(seen["connections"], listed)}


async def delete_from_outside(stage: Stage, seat: str) -> None:
    """The peer deletes every connection that it sees, as far as it is allowed to; the requests stand in the trace as ours."""
    if "DeleteConnection" not in stage.operations:
        return
    reads = _Reads(stage, seat)
    with contextlib.suppress(Lacks, httpx.TransportError):
        for row in (await reads.state())["connections"]:
            for placement in row["placements"]:
                path = {"environment": row["environment"], "interconnect": placement["interconnect"]}
                await reads.delete(path | {"connection": row["uuid"]})


class _Reads:
    def __init__(self, stage: Stage, seat: str) -> None:
        one, other, _ = stage.cast.seats
        self._stage, self._seat, self._peer = stage, seat, other if seat == one else one

    async def state(self) -> dict[str, Any]:
        rooms: Rows = []
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for environment in await self._list("ListEnvironments", "environments"):
            path = {"environment": short(environment["name"])}
            for interconnect in await self._list("ListInterconnects", "interconnects", **path):
                await self._interconnect(
                    path | {"interconnect": short(interconnect["name"])}, interconnect, rooms, rows
                )
        unknown = dict.fromkeys(("disabled_channels", "maintenance", "issues", "macsec_keys"), UNSEEN)
        return {"connections": list(rows.values()), "interconnects": rooms} | unknown

    async def delete(self, path: dict[str, str]) -> None:
        stage, declared = self._stage, self._stage.operations["DeleteConnection"]
        request = httpx.Request(
            declared.method,
            stage.origin(self._seat) + stage.names.out(declared.url({"provider": self._peer} | path)),
            headers=stage.credentials(self._peer, self._seat),
            extensions={"ours": True},
        )
        await stage.seats[self._peer].client.send(request)

    async def _interconnect(
        self, path: dict[str, str], row: dict[str, Any], rooms: Rows, rows: dict[tuple[str, str], dict[str, Any]]
    ) -> None:
        if "maxBandwidthMbps" not in row:
            row = await self._get("GetInterconnect", path)
        shown = await self._list("ListConnections", "connections", **path)
        rooms.append(
            {
                "peer": self._peer,
                "environment": path["environment"],
                "id": path["interconnect"],
                "state": _word(row.get("state")) if "state" in row else UNSEEN,
                "max_mbps": int(row.get("maxBandwidthMbps") or 0),
                "reserved_mbps": sum(int(each.get("bandwidthMbps") or 0) for each in shown),
            }
        )
        for each in shown:
            uuid = short(each["name"])
            placed = await self._placement(path | {"connection": uuid}, each)
            known = rows.setdefault((path["environment"], uuid), _connection(uuid, self._peer, path["environment"]))
            known["placements"].append(placed)

    async def _placement(self, path: dict[str, str], row: dict[str, Any]) -> dict[str, Any]:
        features = await self._list("ListFeatures", "features", **path)
        unknown = dict.fromkeys(("stage", "tentative", "origin", "deferral", "ready", "sent", "received"), UNSEEN)
        return unknown | {
            "interconnect": path["interconnect"],
            "mbps": int(row.get("bandwidthMbps") or 0),
            "verification": "VERIFIED" if str(row.get("verificationState")).endswith("_VERIFIED") else "UNVERIFIED",
            "features": [
                {
                    "id": short(each["name"]),
                    "channel": short(str(each.get("channel"))),
                    "state": "FINAL" if str(each.get("provisioningState")).endswith("_FINAL") else "PENDING",
                    "config": (each.get("featureConfig") or {}).get("l3BaseConfig") or {},
                }
                for each in features
            ],
        }

    async def _list(self, operation: str, member: str, **path: str) -> Rows:
        rows: Rows = []
        query: dict[str, str] = {}
        while True:
            page = await self._get(operation, path, query)
            rows += [each for each in page.get(member) or () if isinstance(each, dict) and each.get("name")]
            token = page.get("nextPageToken")
            if not token or query.get("pageToken") == token:
                return rows
            query = {"pageToken": str(token)}

    async def _get(self, operation: str, path: dict[str, str], query: dict[str, str] | None = None) -> dict[str, Any]:
        stage, declared = self._stage, self._stage.operations[operation]
        names = stage.names
        request = httpx.Request(
            declared.method,
            stage.origin(self._seat) + names.out(declared.url({"provider": self._peer} | path)),
            params=query or None,
            headers=stage.credentials(self._peer, self._seat),
            extensions={"aside": True},
        )
        try:
            answer = await stage.seats[self._peer].client.send(request)
            body = names.seen(answer.json()) if answer.status_code == httpx.codes.OK and answer.content else {}
        except (httpx.TransportError, ValueError) as problem:
            raise Lacks(f"adapter lacks state, and {operation} tells nothing: {type(problem).__name__}") from None
        if answer.status_code == httpx.codes.OK and isinstance(body, dict):
            return body
        if answer.status_code == httpx.codes.NOT_FOUND and operation == "ListFeatures":
            return {}  # the connection went in between
        raise Lacks(f"adapter lacks state, and {operation} is answered {answer.status_code}")


async def _customers(stage: Stage, seat: str) -> Rows | None:
    """What the customers' lists say; None where the adapter has no such action."""
    rows: Rows = []
    for account in ACCOUNTS:
        try:
            answered = await stage.seats[seat].northbound.act("list", stage.names.out({"account": account}))
        except NorthboundError:
            return None
        found = stage.names.seen(answered.outputs).get("connections")
        if answered.result != "ok" or not isinstance(found, list):
            return None
        rows += [each for each in found if isinstance(each, dict) and each.get("uuid")]
    return rows


def _connection(uuid: str, peer: str, environment: str) -> dict[str, Any]:
    unknown = dict.fromkeys(("mbps", "customer", "issuer", "key", "update", "migration"), UNSEEN)
    return unknown | {"uuid": uuid, "peer": peer, "environment": environment, "tombstone": False, "placements": []}


def _joined(rows: Rows, listed: Rows | None) -> list[Any]:
    """Connections with what their customers are told. Without their lists there may be more: those that have no place."""
    if listed is None:
        return [*rows, UNSEEN]
    known = {row["uuid"]: dict(row) for row in rows}
    for each in listed:
        uuid = str(each["uuid"])
        row = known.setdefault(uuid, _connection(uuid, UNSEEN, str(each.get("environment", UNSEEN))))
        row |= {"customer": each.get("state", UNSEEN), "mbps": each.get("mbps", UNSEEN)}
    return list(known.values())


def short(name: str) -> str:
    """The id at the end of a resource name."""
    return name.rpartition("/")[2]


def _word(state: object) -> str:
    return str(state).rpartition("_")[2]
