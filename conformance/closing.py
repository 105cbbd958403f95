"""The closing windows of a run whose target has no clock that can be moved: silence is waited for once, not by scenario.

A claim that rests on silence ("nothing arrives") holds when nothing has arrived in a quiet window. Three cases, decided for
each claim when its scenario ends:

* The target is emptied between the scenarios (its adapter has the hook ``reset``). Then nothing of a scenario can come any
  more once the next one begins, and the claim has the window of its scenario: it is waited for before the reset.
* It is not emptied, and the claim names its connection. Then what belongs to it is known wherever it comes, for no two
  scenarios have a connection in common: the claim is kept open, and after the last scenario one window is awaited for all
  of them. Requests about a connection of an earlier scenario are marked as strays when they come (``Request.stray``); they
  are hidden from the scenario in which they arrive and shown to the claims of their own (``Claim.until``, ``Claim.late``).
* It is not emptied, and the claim names no connection (a channel's keys, anything sent to a partner). What came later could
  belong to any scenario: the claim has the window of its scenario.

Kept open are the claims that a step makes for the end (``Session.check_in_the_end``), and those that passed because nothing
was seen after a look for rest that ended before the quiet window (``at_rest``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reports.record import Action, AnyRecord, Claim, Lost, Meta, Outcome, Request, Response
from reports.trace import Trace


@dataclass(frozen=True, slots=True)
class Later:
    """What one scenario leaves open: the mark with which it began, its last record, and the claims, with the place up to
    which each looks at the scenario itself."""

    begun: Meta
    end: int
    claims: tuple[Claim, ...]


def names_connection(params: Mapping[str, Any]) -> bool:
    """Does a claim with these parameters look at one connection only?"""
    return any(isinstance(params.get(name), str) and params[name] for name in ("uuid", "about"))


def connections_in(records: Iterable[AnyRecord]) -> set[str]:
    """The UUIDs of all connections that these records are about."""
    found: set[str] = set()
    for each in records:
        if isinstance(each, Outcome):
            found.add(str(each.outputs.get("uuid") or ""))
        elif isinstance(each, Action):
            found.add(str(each.inputs.get("uuid") or ""))
        elif isinstance(each, Request):
            found |= connections_of(each.path, each.query)
    return found - {""}


def connections_of(path: str, query: Mapping[str, str]) -> set[str]:
    """The connection that a request is about, none or one."""
    parts = path.split("/")
    named = parts[parts.index("connections") + 1] if "connections" in parts[:-1] else query.get("connectionId", "")
    return {named} - {""}


def closed(trace: Trace, later: Sequence[Later]) -> list[tuple[int, int]]:
    """Put the claims that were kept open onto the trace, scenario by scenario; the first and the last record of each."""
    marks = []
    until = len(trace)
    for each in later:
        own = connections_in(trace[each.begun.seq : each.end])
        late = _late(trace[each.end : until], own)
        first = trace.append(Meta(mark="scenario", data=each.begun.data | {"closes": each.begun.seq})).seq
        for claim in each.claims:
            trace.append(replace(claim, until=claim.until or each.end, late=late))
        marks.append((first, trace.append(Meta(mark="end")).seq))
    return marks


def _late(records: Sequence[AnyRecord], own: set[str]) -> list[int]:
    """The exchanges among these records that are strays of these connections."""
    strays = {
        each.exchange
        for each in records
        if isinstance(each, Request) and each.stray and connections_of(each.path, each.query) & own
    }
    return [each.seq for each in records if isinstance(each, Request | Response | Lost) and each.exchange in strays]


def unclosed(trace: Sequence[AnyRecord]) -> set[int]:
    """Where scenarios begin whose claims were kept open and never closed: the run was broken off before."""
    open_: set[int] = set()
    last: Meta | None = None
    for each in trace:
        if not isinstance(each, Meta):
            continue
        if each.mark == "scenario":
            last = each
            open_.discard(each.data.get("closes", 0))
        elif each.mark == "end" and last is not None and each.data.get("open"):
            open_.add(last.seq)
    return open_
