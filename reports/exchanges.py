"""Which records belong to one exchange, and what became of them: copies, losses, late answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.record import AnyRecord, Lost, Request, Response
from reports.wording import called


@dataclass(frozen=True, slots=True)
class Exchanges:
    """What the whole trace says about single records, by ``seq``.

    A second request (or response) of one exchange is a copy. What a Lost record says was lost is the last request
    or response of its exchange before it. A response is apart if something else lies between it and its request.
    """

    requests: dict[str, Request]
    copies: frozenset[int]
    lost: frozenset[int]
    apart: frozenset[int]
    answers_lost: frozenset[str]
    """Exchanges of which a response is on record that was lost on its way."""

    @classmethod
    def of(cls, records: Iterable[AnyRecord]) -> Exchanges:
        requests: dict[str, Request] = {}
        latest: dict[tuple[str, str], int] = {}
        copies, lost, apart, answers_lost = set[int](), set[int](), set[int](), set[str]()
        before: AnyRecord | None = None
        for record in records:
            match record:
                case Request() | Response():
                    what = "request" if isinstance(record, Request) else "response"
                    if (what, record.exchange) in latest:
                        copies.add(record.seq)
                    latest[what, record.exchange] = record.seq
                    if isinstance(record, Request):
                        requests.setdefault(record.exchange, record)
                    elif not (isinstance(before, Request) and before.exchange == record.exchange):
                        apart.add(record.seq)
                case Lost() if (record.what, record.exchange) in latest:
                    lost.add(latest[record.what, record.exchange])
                    if record.what == "response":
                        answers_lost.add(record.exchange)
            before = record
        return cls(requests, frozenset(copies), frozenset(lost), frozenset(apart), frozenset(answers_lost))

    def name(self, record: Response | Lost) -> str:
        """``CreateConnection ix1``: the request that was answered or lost."""
        request = self.requests.get(record.exchange)
        return called(request) if request else record.operation or "?"

    def caller(self, exchange: str | None) -> str | None:
        request = self.requests.get(exchange) if exchange else None
        return request.sender if request else None
