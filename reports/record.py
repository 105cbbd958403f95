"""What happens in a run, one record per event (architecture note, "One idea: one trace, one judge").

A request and its response are separate records, joined by their ``exchange`` id: between the two, much may
happen, and that is what races are made of. Records carry no secret: values are redacted before they are put
here (``reports.redact``). ``seq`` and ``at`` are given by the trace when a record is appended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

Seat = str
"""Who: ``csp-a``, ``csp-b``, ``csp-c``, ``op1``, ``op2``, ``op3``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has: its place in the trace and the moment in milliseconds of the run's clock."""

    seq: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta(Record):
    """A mark in the trace: ``run``, ``scenario`` (begins), ``end`` (of a scenario), ``step`` (of a world begins)."""

    mark: Literal["run", "scenario", "end", "step"]
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Record):
    """A customer or an operator asks something of a seat, northbound."""

    seat: Seat
    action: str
    inputs: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """How an action ended, or that it is still ``running``; ``of`` is the ``seq`` of its Action.

    ``refused``: nothing was attempted at the peer and nothing kept. ``failed``: tried and undone.
    """

    of: int
    seat: Seat
    action: str
    result: Literal["ok", "running", "refused", "failed", "unavailable"]
    reason: str | None = None
    outputs: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Record):
    """A request leaves ``sender`` for ``receiver``.

    ``ours`` marks requests that the harness made by hand in the sender's name, so that they are never taken
    for the behaviour of an implementation. ``malformed`` says that ``body`` could not be read as JSON
    (then ``body`` is None and ``size`` counts the bytes). ``credentials`` holds the keys that travelled, by
    ``bearer`` and ``x-api-key``, redacted, where the protocol binds keys to federations (FI-AUTH-001); in
    ``customer-proof`` what a plug-in says of the proof that came along (CC-SEC-004). ``endpoint`` is where below the
    receiver's address it arrived, for who is registered at several places (CC-ENV-006). ``continues`` names the exchange of
    the first page where the harness asks for a further one of a list that it wants whole (CC-PAGE-001).
    """

    exchange: str
    sender: Seat
    receiver: Seat
    operation: str | None
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json = None
    size: int = 0
    malformed: bool = False
    ours: bool = False
    credentials: dict[str, str] = field(default_factory=dict)
    endpoint: str = ""
    stray: bool = False
    continues: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Record):
    """The answer to the request with the same ``exchange``; ``sender`` is who answered.

    ``ours`` marks answers that the harness made in the sender's name.
    """

    exchange: str
    sender: Seat
    receiver: Seat
    operation: str | None
    status: int
    body: Json = None
    size: int = 0
    malformed: bool = False
    media_type: str | None = None
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Record):
    """A request was not delivered, or its answer did not come back: the caller knows nothing."""

    exchange: str
    sender: Seat
    receiver: Seat
    operation: str | None
    what: Literal["request", "response", "unknown"]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Record):
    """What a seat shows of its state when it is asked: never its tables, only an answer.

    ``source``: ``wire`` (an east/west GET made by us), ``customer`` (a northbound read) or ``dump``
    (the operator's state dump), in falling order of trust (coordinator-harness, section 4).
    """

    seat: Seat
    what: str
    value: Json
    source: Literal["wire", "customer", "dump"] = "dump"
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Record):
    """The adversary acted: ``drop``, ``lose-response``, ``duplicate``, ``late``, ``crash``, …"""

    fault: str
    exchange: str | None = None
    seat: Seat | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Record):
    """The run's clock was moved forward by ``by`` milliseconds."""

    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """A step claims that ``check`` can be judged here: ``rule`` with ``params`` over the records from ``since`` on.

    The judge evaluates it live and again later, from the stored trace, over the records before the claim; over those up
    to ``until`` and the records ``late`` where the claim was kept open until the end of the run.
    """

    check: str
    seat: Seat
    rule: str
    params: dict[str, Json] = field(default_factory=dict)
    since: int = 0
    errata: tuple[str, ...] = ()
    until: int = 0
    late: list[int] = field(default_factory=list)


AnyRecord = Meta | Action | Outcome | Request | Response | Lost | Observation | Fault | ClockMoved | Claim

RECORD_TYPES: dict[str, type[AnyRecord]] = {
    cls.__name__: cls for cls in (Meta, Action, Outcome, Request, Response, Lost, Observation, Fault, ClockMoved, Claim)
}
