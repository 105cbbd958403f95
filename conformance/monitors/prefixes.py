"""Isolation: every call goes under the caller's own provider prefix, and nothing of a third partner is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from conformance.monitors import Found, monitor
from reports.record import Action, AnyRecord, Request, Response
from reports.verdict import Finding

THIRD = "csp-c"
"""The third partner's provider ID in self-play."""


@monitor("connection-coordinator")
class OwnPrefix:
    """CC-PROV-001: a provider addresses its peer under its own ID; the peer's ID only to read the peer's Provider."""

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if not isinstance(record, Request) or record.ours:
            return
        found = re.match(r"/providers/([^/]+)(/.*)?$", record.path)
        if found is None or found[1] == record.sender:
            return
        if found[1] == record.receiver and not found[2]:
            return
        check = "CC-PROV-001/2" if found[1] == record.receiver else "CC-PROV-001/1"
        yield (
            check,
            record.sender,
            Finding.failed(
                want=f"/providers/{record.sender}/…", got=f"{record.method} {record.path}", evidence=[record.seq]
            ),
        )

    def end(self) -> Iterable[Found]:
        return ()


@monitor("connection-coordinator")
class NothingOfOthers:
    """CC-SEC-003: an answer to one partner names no resource under another's prefix, if that was not granted (CC-PROV-003)."""

    def __init__(self) -> None:
        self._granted: set[tuple[str, str, str]] = set()

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if isinstance(record, Action) and record.action in ("grant_provider", "revoke_provider"):
            grant = record.seat, str(record.inputs.get("peer")), str(record.inputs.get("provider"))
            (self._granted.add if record.action == "grant_provider" else self._granted.discard)(grant)
        if not isinstance(record, Response) or record.ours or not 200 <= record.status < 300 or record.body is None:
            return
        foreign = set(re.findall(r"providers/([^/\"]+)", json.dumps(record.body))) - {record.sender, record.receiver}
        foreign = {each for each in foreign if (record.sender, record.receiver, each) not in self._granted}
        if foreign:
            yield (
                "CC-SEC-003/2",
                record.sender,
                Finding.failed(
                    want=f"only resources of {record.receiver} and {record.sender}",
                    got=f"an answer that names {sorted(foreign)}",
                    evidence=[record.seq],
                ),
            )

    def end(self) -> Iterable[Found]:
        return ()
