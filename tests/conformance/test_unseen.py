"""What an observation does not show leaves a check untested; what it shows is judged."""

from __future__ import annotations

import pytest

from conformance.rules import evaluate
from conformance.unseen import UNSEEN, Unseen, partly
from conformance.view import TraceView
from reports.record import Observation, Request, Response
from reports.trace import Trace
from reports.verdict import Finding

ROW = {"uuid": "u1", "customer": UNSEEN, "mbps": 1000, "placements": []}


def observed(*values: object, source: str = "wire") -> TraceView:
    trace = Trace()
    for value in values:
        trace.append(
            Observation(seat="csp-b", what="state", value=value, source="wire" if source == "wire" else "dump")
        )
        if len(values) > 1 and value is values[0]:
            trace.append(
                Request(exchange="x1", sender="csp-a", receiver="csp-b", operation="P", method="POST", path="/")
            )
            trace.append(Response(exchange="x1", sender="csp-b", receiver="csp-a", operation="P", status=409))
    return TraceView(list(trace))


def said(view: TraceView, rule: str, **params: object) -> tuple[str, str]:
    found = evaluate(rule, view, params)
    assert isinstance(found, Finding), found
    return str(found.verdict), found.got


def test_a_value_that_is_not_shown() -> None:
    view = observed({"connections": [ROW]})
    want = ("untested", "adapter lacks state, and the wire does not show customer")
    assert said(view, "customer_reads", seat_shown="csp-b", uuid="u1", state="established") == want


def test_a_list_that_may_go_on() -> None:
    view = observed({"connections": [ROW, UNSEEN]})
    want = ("untested", "adapter lacks state, and the wire does not show connections")
    assert said(view, "customer_told_gone", seat_shown="csp-b", uuid="u2") == want
    whole = observed({"connections": [ROW]})
    assert said(whole, "customer_told_gone", seat_shown="csp-b", uuid="u2") == ("passed", "deleted")


def test_what_is_shown_is_judged() -> None:
    rooms = [{"id": "ix1", "max_mbps": 5000, "reserved_mbps": 1000, "state": UNSEEN}]
    view = observed({"connections": [UNSEEN], "interconnects": rooms})
    assert said(view, "reserved_is", seat_shown="csp-b", interconnects={"ix1": 1000})[0] == "passed"


def test_two_looks_are_compared_as_far_as_they_go() -> None:
    before = {"connections": [ROW, UNSEEN], "issues": UNSEEN}
    assert said(observed(before, dict(before)), "refused_without_effect", exchange="x1")[0] == "passed"
    after = {"connections": [ROW | {"mbps": 2000}, UNSEEN], "issues": UNSEEN}
    found = said(observed(before, after), "refused_without_effect", exchange="x1")
    assert found == ("failed", "POST / -> 409, but connections changed")


def test_a_dump_is_taken_at_its_word() -> None:
    view = observed({"connections": [ROW]}, source="dump")
    assert evaluate("customer_reads", view, {"seat_shown": "csp-b", "uuid": "u1", "state": "?"}) == Finding.passed(
        "? with 1000 Mbps", evidence=[1]
    )


def test_the_end_of_an_open_list_is_not_reached() -> None:
    rows = partly({"rows": [1, 2, UNSEEN]})["rows"]
    assert next(iter(rows)) == 1
    for use in (len, list, lambda each: [row for row in each if row > 5]):
        with pytest.raises(Unseen, match="does not show rows"):
            use(rows)
