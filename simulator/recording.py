"""What can be seen of the steps of a world, as the records of a trace (the same that a live run leaves)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from reference_impl.kernel.operation import Operation
from reports.record import Action, Fault, Lost, Meta, Outcome, Request, Response
from reports.redact import Redactor
from reports.trace import Trace
from reports.wording import answered
from simulator.exchange import Exchange
from simulator.journey import Journey

Result = Literal["ok", "running", "refused"]


class Recorder:
    """Appends to its ``trace``, where each step begins with a mark that holds its label; follows the ``journeys``.

    Copies of a call share the name of one exchange; names are never used twice.

    Time stands still in a world, so every record is dated 0. The keys that secrets are replaced under are the same
    in every run: a replay gives the same bytes, and the keys of a simulation open nothing.
    """

    def __init__(self) -> None:
        self.trace = Trace()
        self.journeys: list[Journey] = []
        self._steps = 0
        self._travelling: dict[int, Journey] = {}
        """By the slot of the exchange."""
        self._redactor = Redactor(b"interlock-schedule")
        self._names: dict[int, str] = {}
        self._given = 0

    def step(self, label: str) -> None:
        """What follows is seen of this step."""
        self._steps += 1
        self.trace.append(Meta(mark="step", data={"label": label}))

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
                path=operation.url(dict(exchange.letter.path)),
                query=dict(exchange.letter.query),
                body=self._redactor.json(exchange.letter.body.to_json()) if exchange.letter.body else None,
            )
        )
        journey = Journey(
            self._name(exchange),
            exchange.caller,
            exchange.server,
            exchange.operation,
            exchange.letter.told,
            copy_of is not None,
            self._steps,
        )
        self._travelling[exchange.slot] = journey
        self.journeys.append(journey)

    def delivered(self, exchange: Exchange) -> None:
        """The server begins to handle a request."""
        if (journey := self._travelling.get(exchange.slot)) is not None:
            journey.delivered = self._steps

    def replied(self, exchange: Exchange) -> None:
        """The server's answer leaves."""
        if (journey := self._travelling.get(exchange.slot)) is not None:
            journey.replied, journey.status = self._steps, exchange.status
            journey.answer = answered(self._response(exchange))

    def response(self, exchange: Exchange) -> None:
        """The answer arrives."""
        self.trace.append(self._response(exchange))
        if (journey := self._travelling.get(exchange.slot)) is not None:
            journey.answered = self._steps

    def _response(self, exchange: Exchange) -> Response:
        return Response(
            exchange=self._name(exchange),
            sender=exchange.server,
            receiver=exchange.caller,
            operation=exchange.operation,
            status=exchange.status,
            body=self._redactor.json(exchange.answer.to_json()) if exchange.answer else None,
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
        if (journey := self._travelling.get(exchange.slot)) is None:
            return
        if what == "unknown":
            journey.given_up = self._steps
        else:
            journey.lost, journey.why = self._steps, why

    def fault(self, name: str, seat: str, note: str, exchange: Exchange | None) -> None:
        about = self._name(exchange) if exchange is not None else None
        self.trace.append(Fault(fault=name, exchange=about, seat=seat, note=note))
        if name == "crash":
            for journey in self._travelling.values():
                if journey.server == seat and journey.delivered and not journey.replied:
                    journey.forgotten = journey.forgotten or self._steps

    def _name(self, exchange: Exchange) -> str:
        """An exchange that began before the recording goes by its slot."""
        return self._names.get(exchange.slot, f"s{exchange.slot}")
