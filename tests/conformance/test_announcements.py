"""CC-ACT-003/4: what repeats an announcement, and what is another one that was sent at once with it."""

from __future__ import annotations

from conformance.rules.coordinator_activation import NOTIFY, announcement_repeated
from conformance.view import TraceView
from reports.record import Request, Response
from reports.trace import Trace
from reports.verdict import Finding, Waiting

Call = tuple[int, int]
"""When it was sent, in milliseconds, and its answer."""


def judged(*calls: Call) -> Finding | Waiting:
    """Announcements as they were sent, each answered at once."""
    clock = {"now": 0}
    trace = Trace(lambda: clock["now"])
    for number, (at, status) in enumerate(calls):
        clock["now"] = at
        name = f"x{number}"
        trace.append(
            Request(exchange=name, sender="csp-b", receiver="csp-a", operation=NOTIFY, method="POST", path="/u1")
        )
        trace.append(Response(exchange=name, sender="csp-a", receiver="csp-b", operation=NOTIFY, status=status))
    return announcement_repeated(TraceView(list(trace)), sender="csp-b", uuid="u1", failures=3)


def verdict(*calls: Call) -> str:
    said = judged(*calls)
    assert isinstance(said, Finding)
    return f"{said.verdict}: {said.got}"


def test_one_announcement_with_growing_gaps() -> None:
    assert verdict((0, 503), (1000, 503), (3000, 503), (7000, 204)) == "passed: gaps of [1000, 2000, 4000] ms"


def test_one_announcement_at_one_pace() -> None:
    assert verdict((0, 503), (1000, 503), (2000, 503), (3000, 204)) == "failed: gaps of [1000, 1000, 1000] ms"


def test_two_at_once_are_repeated_each_for_itself() -> None:
    rows = [(0, 503), (20, 503), (1000, 503), (1020, 204), (3000, 204)]
    assert verdict(*rows) == "passed: gaps of [1000, 2000] ms"


def test_two_at_once_at_one_pace() -> None:
    rows = [(0, 503), (20, 503), (1000, 503), (1020, 204), (2000, 204)]
    assert verdict(*rows) == "failed: gaps of [20, 980, 20] ms"


def test_four_at_once_show_no_two_gaps() -> None:
    rows = [(0, 503), (10, 503), (20, 503), (25, 204), (1000, 204), (1010, 204), (1020, 204)]
    assert verdict(*rows) == "inconclusive: 4 announcements at once share the failures"


def test_what_was_never_taken_is_waited_for() -> None:
    assert isinstance(judged((0, 503), (1000, 503), (3000, 503)), Waiting)
