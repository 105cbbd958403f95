"""A refused request changes nothing: two observations of a seat with nothing but refusals to it in between are equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.monitors import Found, monitor
from reports.record import Action, AnyRecord, ClockMoved, Observation, Request, Response
from reports.verdict import Finding


class _NoEffect:
    """Remembers the last observation of each seat as long as all that it answered since was a refusal."""

    check = ""

    def __init__(self) -> None:
        self._before: dict[str, tuple[int, Any]] = {}
        self._refusals: dict[str, list[int]] = {}
        self._by_hand: set[str] = set()

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if isinstance(record, Observation) and record.what == "state":
            yield from self._observed(record)
        elif isinstance(record, Response):
            if 400 <= record.status < 500 and record.exchange in self._by_hand:
                self._refusals.setdefault(record.sender, []).append(record.seq)
            else:
                self._forget()
        elif isinstance(record, Request) and record.ours:
            self._by_hand.add(record.exchange)
        elif isinstance(record, Action | ClockMoved | Request):
            self._forget()

    def _observed(self, record: Observation) -> Iterable[Found]:
        before, refusals = self._before.get(record.seat), self._refusals.pop(record.seat, [])
        self._before[record.seat] = (record.seq, record.value)
        if before is not None and refusals and before[1] != record.value:
            changed = sorted(
                name for name in {*before[1], *record.value} if before[1].get(name) != record.value.get(name)
            )
            yield (
                self.check,
                record.seat,
                Finding.failed(
                    want="a refused request without effect",
                    got=f"{', '.join(changed)} changed",
                    evidence=[before[0], *refusals, record.seq],
                ),
            )

    def _forget(self) -> None:
        self._before.clear()
        self._refusals.clear()

    def end(self) -> Iterable[Found]:
        return ()


@monitor("connection-coordinator")
class RefusalAtProvider(_NoEffect):
    """CC-CONN-006/2 and its like: a refusal leaves no trace (I11 of coordinator-harness 7.2)."""

    check = "CC-CONN-006/2"


@monitor("federation-interconnect")
class RefusalAtOperator(_NoEffect):
    """FI-AUTH-007/1: the state dump is identical before and after a refusal."""

    check = "FI-AUTH-007/1"
