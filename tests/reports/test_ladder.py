from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from reports.ladder import ladder, mermaid, style
from reports.record import AnyRecord, Claim, Fault, Lost, Meta, Observation, Request, Response
from reports.sequence import Arrow, Badges, Note, story
from reports.trace import Trace
from tests.reports.fake_trace import Stage, place_connection

SVG = "{http://www.w3.org/2000/svg}"


def unlucky() -> Trace:
    stage = Stage()
    place_connection(stage, "unlucky", 1, ("CC-KEY-001/1", "CC-KEY-001/2"), unlucky=True)
    return stage.trace


def verdicts(trace: Trace) -> dict[int, str]:
    claims = [record.seq for record in trace if isinstance(record, Claim)]
    return dict(zip(claims, ("passed", "failed"), strict=True))


def labels(svg: str, inside: str | None = None) -> list[str]:
    """The words of the chart from top to bottom, times left out; ``inside`` selects groups by class."""
    found: list[tuple[int, int, str]] = []
    for group in ET.fromstring(svg):
        classes = (group.get("class") or "").split()
        if group.tag not in (f"{SVG}g", f"{SVG}a") or "time" in classes or (inside and inside not in classes):
            continue
        found += [(int(it.get("y", "0")), int(it.get("x", "0")), it.text or "") for it in group.iter(f"{SVG}text")]
    return [text for _, _, text in sorted(found)]


def test_every_step_from_top_to_bottom() -> None:
    trace = unlucky()
    heads = ["customer / operator", "csp-a", "csp-b", "harness"]
    assert labels(ladder(trace, verdicts(trace))) == [
        *heads,
        "offer env1 1000 acct-x",
        "ok",
        "accept",
        "ConfirmActivationKey env1",
        "200",
        "CreateConnection ix2",
        "409 no room on ix2 for 1000 Mbps",
        "CreateConnection ix1",
        "lose-response",
        "200 ← CreateConnection ix1",
        "no answer to CreateConnection ix1: the caller's time-out of 2 s is over",
        "GetConnection ix1 8f2c1a01",
        "200",
        "duplicate: handled again while the first is open",
        "CreateConnection ix1",
        "409 the connection exists",
        "GenerateFeatureGuidance ix1 8f2c1a01",
        "no answer to GenerateFeatureGuidance ix1 8f2c1a01: the caller's time-out of…",
        "the clock moves by 2:00:00",
        "CreateFeature ix1 8f2c1a01",
        "NotifyConnectionStatus ix1 8f2c1a01",
        "200 ← CreateFeature ix1 8f2c1a01",
        "200 ← NotifyConnectionStatus ix1 8f2c1a01",
        "2 reads: ListConnectio…",
        "state 8f2c1a01",
        "accept ok",
        "✓ CC-KEY-001/1 csp-a",
        "✗ CC-KEY-001/2 csp-a",
        *heads,
    ]


def test_times_stand_where_they_change() -> None:
    times = ET.fromstring(ladder(unlucky())).find(f"{SVG}g[@class='time']")
    assert times is not None
    assert [it.text for it in times][:4] == ["0.000 s", "+0.004 s", "+0.007 s", "+0.011 s"]
    assert [it.text for it in times][-1] == "+2:00:04.063"


def test_lost_copied_refused_and_judged_steps_are_marked() -> None:
    trace = unlucky()
    svg = ladder(trace, verdicts(trace))
    assert labels(svg, "bad") == ["409 no room on ix2 for 1000 Mbps", "409 the connection exists"]
    assert labels(svg, "copy") == ["CreateConnection ix1", "409 the connection exists"]
    crossed = [
        group.findtext(f"{SVG}text") for group in ET.fromstring(svg) if group.find(f"{SVG}path[@class='cross']") is not None
    ]  # fmt: skip
    assert crossed == ["200 ← CreateConnection ix1", "GenerateFeatureGuidance ix1 8f2c1a01"]
    assert labels(svg, "failed") == ["✗ CC-KEY-001/2 csp-a"]
    assert labels(svg, "clock") == ["the clock moves by 2:00:00"]
    assert labels(ladder(trace), "unjudged") == ["· CC-KEY-001/1 csp-a", "· CC-KEY-001/2 csp-a"]


def test_an_arrow_that_was_lost_has_no_head_and_does_not_arrive() -> None:
    lost = Lost(exchange="x1", sender="op1", receiver="op2", operation="Look", what="request")
    look = Request(exchange="x1", sender="op1", receiver="op2", operation="Look", method="GET", path="/")
    for records, lines in (
        (numbered(look), ["M258 66H744l-7-4v8l7-4"]),
        (numbered(look, lost), ["M258 66H608", "M603 61l10 10m0-10l-10 10"]),
    ):
        group = ET.fromstring(ladder(records)).find(f"{SVG}g[@class='request']")
        assert group is not None
        assert [path.get("d") for path in group.iter(f"{SVG}path")] == lines


def test_the_same_records_give_the_same_bytes() -> None:
    assert ladder(unlucky(), verdicts(unlucky())) == ladder(unlucky(), verdicts(unlucky()))


def test_nothing_stands_outside_of_the_chart() -> None:
    root = ET.fromstring(ladder(unlucky()))
    width, height = (int(root.get(name, "0")) for name in ("width", "height"))
    assert width == 900
    for rect in root.iter(f"{SVG}rect"):
        left, top, wide, high = (int(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert 0 <= left < left + wide <= width
        assert 0 <= top < top + high <= height


def test_tooltips_are_excerpts() -> None:
    big = Request(
        exchange="x", sender="a", receiver="b", operation="Put", method="PUT", path="/", body={"m": "y" * 900}
    )
    titles = [it.text or "" for it in ET.fromstring(ladder([big])).iter(f"{SVG}title")]
    assert titles == ['{"m": "' + "y" * 392 + "…"]
    assert len(titles[0]) == 400
    assert "<title>" not in ladder([big], tip=0)


def test_an_embedded_chart_links_to_the_records_and_leaves_the_style_to_the_page() -> None:
    trace = unlucky()
    alone, embedded = ladder(trace), ladder(trace, embedded=True)
    assert f"<style>{style()}</style>" in alone
    assert "href" not in alone
    assert "<style>" not in embedded
    targets = [int(it.get("href", "").removeprefix("#r")) for it in ET.fromstring(embedded).iter(f"{SVG}a")]
    assert targets == sorted(targets)
    assert set(targets) <= {record.seq for record in trace}


def test_a_hostile_body_breaks_nothing() -> None:
    hostile = Response(
        exchange="x", sender="a", receiver="b", operation=None, status=400, body={"detail": "</svg>\x00&<b>"}
    )
    assert labels(ladder([hostile])) == ["a", "b", "400 </svg>\ufffd&<b> ← ?"]


def test_a_trace_without_steps_is_an_empty_chart() -> None:
    assert labels(ladder([Meta(mark="scenario")])) == []


def ask(exchange: str, method: str = "GET", **members: Any) -> Request:
    values: dict[str, Any] = {
        "sender": "op1",
        "receiver": "op2",
        "operation": "Look",
        "path": "/x",
        "ours": True,
        **members,
    }
    return Request(exchange=exchange, method=method, **values)


def tell(exchange: str, status: int = 200) -> Response:
    return Response(exchange=exchange, sender="op2", receiver="op1", operation="Look", status=status, ours=True)


def numbered(*records: AnyRecord) -> Trace:
    trace = Trace()
    for record in records:
        trace.append(record)
    return trace


def told(*records: AnyRecord) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for step in story(numbered(*records)).steps:
        match step:
            case Arrow():
                lines.append((step.kind, step.source, step.target, step.text))
            case Note():
                lines.append((step.kind, step.beside or "", step.text))
            case Badges():
                lines.append(("claims", *(badge.text for badge in step.badges)))
    return lines


def test_reads_of_the_harness_are_one_line() -> None:
    seen = Observation(seat="op2", what="zones", value=[], source="wire")
    dump = Observation(seat="op1", what="zones", value=[])
    assert told(ask("x1"), tell("x1"), seen, ask("x2"), tell("x2", 404), dump) == [
        ("read", "harness", "op2", "2 reads: Look, Look"),
        ("state", "op1", "zones"),
    ]
    assert told(ask("x1"), tell("x1")) == [("read", "harness", "op2", "Look → 200")]
    assert told(seen, dump) == [("state", "op2", "zones"), ("state", "op1", "zones")]


def test_reads_that_something_came_between_are_told_one_by_one() -> None:
    fault = Fault(fault="partition")
    assert told(ask("x1"), fault, tell("x1")) == [
        ("request", "harness", "op2", "Look (as op1)"),
        ("fault", "", "partition"),
        ("response", "op2", "harness", "200 ← Look"),
    ]
    assert [line[0] for line in told(ask("x1"), ask("x2"), tell("x1"), fault, tell("x2"))] == [
        "request",
        "request",
        "response",
        "fault",
        "response",
    ]


def test_what_the_harness_sends_by_hand_comes_from_the_harness() -> None:
    assert told(ask("x1", "POST"), tell("x1")) == [
        ("request", "harness", "op2", "Look (as op1)"),
        ("response", "op2", "harness", "200"),
    ]
    assert told(ask("x1", ours=False), tell("x1")) == [
        ("request", "op1", "op2", "Look"),
        ("response", "harness", "op1", "200"),
    ]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("request", [("request", True), ("fault", False)]),
        ("response", [("request", False), ("response", True)]),
        ("unknown", [("request", False), ("fault", False)]),
    ],
)
def test_what_was_lost_ends_in_a_cross(what: Any, expected: list[tuple[str, bool]]) -> None:
    lost = Lost(exchange="x1", sender="op1", receiver="op2", operation="Look", what=what)
    steps = story(numbered(ask("x1", ours=False), lost)).steps
    assert [(it.kind, isinstance(it, Arrow) and it.lost) for it in steps if isinstance(it, Arrow | Note)] == expected


def test_lifelines_are_those_who_take_part() -> None:
    trace = numbered(ask("x1", ours=False, sender="op2", receiver="op1"))
    assert story(trace).lifelines == ("op1", "op2")
    assert story(unlucky()).lifelines == ("customer / operator", "csp-a", "csp-b", "harness")


def test_mermaid() -> None:
    records = numbered(
        ask("x1", ours=False),
        ask("x1", ours=False),
        Lost(exchange="x1", sender="op1", receiver="op2", operation="Look", what="response", why="cut; #1"),
        Claim(check="FI-X-001/1", seat="op2", rule="r"),
    )
    assert mermaid(records, {4: "passed"}) == (
        "sequenceDiagram\n"
        "    participant p1 as op1\n"
        "    participant p2 as op2\n"
        "    p1->>p2: Look\n"
        "    p1->>p2: Look (again)\n"
        "    p2--xp1: answer lost: cut#59; #35;1\n"
        "    Note over p1,p2: FI-X-001/1 op2 passed\n"
    )
