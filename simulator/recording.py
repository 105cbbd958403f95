"""What can be seen of the steps of a world, as the records of a trace (the same that a live run leaves)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from reference_impl.kernel.operation import Operation
from reports.record import Action, Fault, Lost, Outcome, Request, Response
from reports.redact import Redactor
from reports.trace import Trace
from simulator.exchange import Exchange

Result = Literal["ok", "running", "refused"]


class Recorder:
    """Appends to its ``trace``. Copies of a call share the name of one exchange; names are never used twice.

    Time stands still in a world, so every record is dated 0. The keys that secrets are replaced under are the same
    in every run: a replay gives the same bytes, and the keys of a simulation open nothing.
    """

    def __init__(self) -> None:
        self.trace = Trace()
        self._redactor = Redactor(b"interlock-schedule")
        self._names: dict[int, str] = {}
        self._given = 0

    def action(self, seat: str, action: str, inputs: Mapping[str, Any]) -> None:
        self.trace.append(Action(seat=seat, action=action, inputs=self._redactor.json(dict(inputs))))

    def outcome(self, seat: str, action: str, status: int, body: Mapping[str, Any]) -> None:
        """How the last action of this seat ended."""
        asked = (each.seq for each in reversed(self.trace) if isinstance(each, Action) and each.seat == seat)
        result: Result = "ok" if status == 200 else "running" if status == 202 else "refused"
        outputs = self._redactor.json(dict(body.get("outputs", {})))
        self.trace.append(
            Outcome(
                of=next(asked, 0), seat=seat, action=action, result=result, reason=body.get("detail"), outputs=outputs
            )
        )

    def request(self, exchange: Exchange, operation: Operation, copy_of: Exchange | None = None) -> None:
        """A request leaves; ``copy_of`` is the exchange that the adversary copied."""
        if copy_of is None:
            self._given += 1
        self._names[exchange.slot] = f"x{self._given}" if copy_of is None else self._name(copy_of)
        self.trace.append(
            Request(
                exchange=self._name(exchange),
                sender=exchange.caller,
                receiver=exchange.server,
                operation=exchange.operation,
                method=operation.method,
                path=operation.url(dict(exchange.path)),
                query=dict(exchange.query),
                body=self._redactor.json(exchange.body.to_json()) if exchange.body else None,
            )
        )

    def response(self, exchange: Exchange) -> None:
        self.trace.append(
            Response(
                exchange=self._name(exchange),
                sender=exchange.server,
                receiver=exchange.caller,
                operation=exchange.operation,
                status=exchange.status,
                body=self._redactor.json(exchange.answer.to_json()) if exchange.answer else None,
            )
        )

    def lost(self, exchange: Exchange, what: Literal["request", "response", "unknown"], why: str) -> None:
        self.trace.append(
            Lost(
                exchange=self._name(exchange),
                sender=exchange.caller,
                receiver=exchange.server,
                operation=exchange.operation,
                what=what,
                why=why,
            )
        )

    def fault(self, name: str, seat: str, note: str, exchange: Exchange | None) -> None:
        about = self._name(exchange) if exchange is not None else None
        self.trace.append(Fault(fault=name, exchange=about, seat=seat, note=note))

    def _name(self, exchange: Exchange) -> str:
        """An exchange that began before the recording goes by its slot."""
        return self._names.get(exchange.slot, f"s{exchange.slot}")
