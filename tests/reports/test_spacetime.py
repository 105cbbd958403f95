"""The space-time diagram: what stands in which row, that nothing is written over anything, and that it is well-formed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reports.course import Broken, Change, Course, Lane, Leg, Mark, Span, Taken
from reports.picture import Picture, page
from reports.spacetime import HEAD, ROW, VERDICT, diagram

SVG = "{http://www.w3.org/2000/svg}"
STEPS = tuple(
    Taken(label, label.startswith(("drop", "crash")), (Change("a", "row <1>", f"n {n} → {n + 1}"),))
    for n, label in enumerate(("order a", "deliver a Ask", "answer a Ask", "drop a Ask", "crash b", "restart b"))
)
LANE = Lane("a", "ix1", "Mbps", 10, ("placed", "under way"), ((0, 0), (0, 5), (5, 0), (5, 0), (15, 0), (15, 0), (0, 0)))
COURSE = Course(
    seats=("a", "b"),
    steps=STEPS,
    legs=(
        Leg("a", "b", "request", "Ask 1", 1, 2),
        Leg("b", "a", "response", "200 ← Ask", 2, 3),
        Leg("a", "b", "request", "Ask 2", 3, None, lost=4, why="drop"),
        Leg("a", "b", "request", "Ask 3", 3, None, again=True),
        Leg("b", "a", "response", "409 no & never", 5, None, unheard=True, bad=True),
    ),
    marks=(Mark(1, "a", "action", "order"), Mark(5, "b", "fault", "crash"), Mark(6, "b", "relief", "restart")),
    spans=(Span("held", ("b",), 2, 5), Span("down", ("b",), 5, 6), Span("partition", ("a", "b"), 1, None)),
    lanes=(LANE, replace(LANE, side="b", values=((0, 0),) * 7)),
    broken=Broken(4, "never more than 10", "at most 10", "15 <of a>"),
    cycle=2,
)


def drawn(course: Course = COURSE) -> ElementTree.Element:
    return ElementTree.fromstring(diagram(course))


def groups(svg: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [each for each in svg.iter(f"{SVG}g") if kind in (each.get("class") or "").split()]


def words(element: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def rect(element: ElementTree.Element, number: int = 0) -> dict[str, float]:
    """Edges and size of one of its rectangles."""
    found = element.findall(f"{SVG}rect")[number]
    return {name: float(found.get(name, "0")) for name in ("x", "y", "width", "height")}


def test_every_step_has_a_row_and_a_number() -> None:
    rows = groups(drawn(), "step")
    assert [words(row) for row in rows] == [["1"], ["2"], ["3"], ["4"], ["5"], ["6"]]
    assert [row.get("class") for row in rows] == ["step", "step", "step", "step fault broken", "step fault", "step"]
    tops = [rect(row)["y"] for row in rows]
    assert [after - before for before, after in pairwise(tops)] == [ROW, ROW, ROW, ROW + VERDICT, ROW]


def test_messages_say_what_became_of_them() -> None:
    svg = drawn()
    told = [words(each) for kind in ("request", "response") for each in groups(svg, kind)]
    assert told == [
        ["Ask 1"],
        ["Ask 2 – drop"],
        ["Ask 3 – still under way (again)"],
        ["200 ← Ask"],
        ["409 no & never – nobody waits for it"],
    ]
    assert len([each for each in svg.iter(f"{SVG}path") if each.get("class") == "cross"]) == 1
    assert [each.get("class") for each in groups(svg, "response")] == ["response", "response bad unheard"]


def test_messages_lost_together_are_written_below_each_other() -> None:
    """A partition loses many at once."""
    legs = tuple(Leg("a", "b", "request", f"Ask {n}", 1, None, lost=2, why="partition") for n in range(3))
    svg = drawn(replace(COURSE, legs=legs, marks=(), spans=()))
    heights = [int(text.get("y", "0")) for each in groups(svg, "request") for text in each.iter(f"{SVG}text")]
    assert [after - before for before, after in pairwise(heights)] == [13, 13]


def test_what_happens_at_a_seat_stands_on_its_outer_side() -> None:
    svg = drawn()
    order, crash, _ = groups(svg, "mark")
    heads = {words(head)[0]: head for head in groups(svg, "head")}
    lines = {name: float(head.findall(f"{SVG}text")[0].get("x", "0")) for name, head in heads.items()}
    assert rect(order)["x"] + rect(order)["width"] < lines["a"]
    assert rect(crash)["x"] > lines["b"]


def test_what_lasts() -> None:
    svg = drawn()
    assert [each.get("class") for each in groups(svg, "span")] == ["span partition", "span held", "span down"]
    tall = [rect(each)["height"] for each in groups(svg, "span")]
    assert tall[1:] == [3 * ROW + VERDICT, ROW]
    assert tall[0] > 6 * ROW  # to the end
    assert words(groups(svg, "partition")[0]) == ["partition"]


def test_the_verdict_stands_below_the_step_that_broke() -> None:
    (verdict,) = groups(drawn(), "verdict")
    assert words(verdict) == ["✗ never more than 10", "want at most 10; got 15 <of a>"]
    assert groups(drawn(replace(COURSE, broken=None)), "verdict") == []


def test_what_goes_on_for_ever_is_embraced() -> None:
    (bracket,) = groups(drawn(), "bracket")
    assert words(bracket) == ["for ever"]
    assert groups(drawn(replace(COURSE, cycle=None)), "bracket") == []


def test_a_lane_is_a_step_curve() -> None:
    """Three stretches that differ, the excess in a colour of its own; the other side gives nothing away."""
    lane, empty = groups(drawn(), "lane")
    rects = [(each.get("class"), each.get("height"), each.findtext(f"{SVG}title")) for each in lane.iter(f"{SVG}rect")]
    assert rects[1:] == [
        ("part1", str(ROW), "a ix1: under way 5 Mbps"),
        ("part0", str(2 * ROW), "a ix1: placed 5 Mbps"),
        ("part0", str(2 * ROW + VERDICT), "a ix1: placed 15 Mbps"),
        ("over", str(2 * ROW + VERDICT), "a ix1: placed 15, more than 10"),
    ]
    assert [each.get("class") for each in empty.iter(f"{SVG}rect")] == ["ground"]
    assert rect(lane, 1)["y"] == HEAD + ROW // 2 + 8


def test_a_maximum_that_is_far_off_does_not_flatten_what_there_is() -> None:
    """At most 60 of which 15 are given away: the line is drawn; of 61 it is not, and the bars keep their width."""
    widths = []
    for maximum in (60, 61):
        (lane,) = groups(drawn(replace(COURSE, lanes=(replace(LANE, maximum=maximum),))), "lane")
        lines = [each for each in lane.iter(f"{SVG}path") if each.get("class") == "maximum"]
        assert len(lines) == (1 if maximum == 60 else 0)
        widths.append(rect(lane, 3)["width"])
    assert widths == [11.8, 23.5]


@pytest.mark.parametrize(("number", "shown"), [(6, 6), (7, 1)])
def test_of_many_lanes_only_those_in_which_something_happens(number: int, shown: int) -> None:
    idle = replace(LANE, values=((0, 0),) * 7)
    lanes = (LANE, *(replace(idle, name=f"ix{n}") for n in range(2, number + 1)))
    assert len(groups(drawn(replace(COURSE, lanes=lanes)), "lane")) == shown


def test_three_seats_and_no_lane() -> None:
    svg = drawn(Course(("a", "b", "c"), STEPS, (Leg("c", "a", "request", "Ask", 1, 2),), (), (), ()))
    assert [words(head)[0] for head in groups(svg, "head")] == ["a", "b", "c"]
    assert groups(svg, "lane") == []


PICTURE = Picture(
    "X-1",
    "Two <sides>",
    "failed",
    "Refuted: never more than 10",
    ("The whole story.", "And more."),
    ("It must not.",),
    (("Variant", "v"), ("Nothing", "")),
    COURSE,
    "interlock-schedule/2\nrace X & Y\n",
    "Replay it: interlock replay FILE",
)


def test_the_page_stands_by_itself() -> None:
    text = page(PICTURE)
    assert re.findall(r"(?:src|href)=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert "default-src 'none'" in text
    assert "<h1>Two &lt;sides&gt; <small>X-1</small></h1>" in text
    assert "<dt>want</dt><dd>at most 10</dd><dt>got</dt><dd class=got>15 &lt;of a></dd>" in text.replace("&gt;", ">")
    assert "<dt>Nothing</dt>" not in text
    assert "race X &amp; Y" in text
    assert text.count('<tr class="fault broken">') == 1
    assert text.index("from here on, for ever:") > text.index("<td>deliver a Ask</td>")
    assert text.index("from here on, for ever:") < text.index("<td>answer a Ask</td>")
    assert "more than the maximum" in text


def test_a_page_where_nothing_broke() -> None:
    quiet = replace(COURSE, broken=None, cycle=None, lanes=(replace(LANE, values=((5, 0),) * 7),))
    text = page(replace(PICTURE, course=quiet, tone="passed", conclusion="Nothing is broken"))
    assert "<dt>want</dt>" not in text
    assert "more than the maximum" not in text
    assert "for ever" not in text.partition("</svg>")[2]


def test_the_parts_of_all_lanes_by_their_colour() -> None:
    lanes = (replace(LANE, parts=("registered", "shared", "leaving")), replace(LANE, parts=("registered", "known")))
    assert replace(PICTURE, course=replace(COURSE, lanes=lanes)).parts == ("registered", "shared / known", "leaving")
