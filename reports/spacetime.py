"""A course as a space-time diagram: time runs downwards, one row a step; messages cross between the lifelines of the
seats; beside them, in the same rows, how much each side has given away of each resource.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap

from reports.course import Course, Lane, Leg, Mark, Span
from reports.digest import shortened
from reports.wording import legible

ROW = 30
HEAD = 66
"""Height of the heads: names of seats, sides and resources."""
GUTTER = 66
"""Room for the bracket of a cycle and the numbers of the steps."""
SIDE = 188
"""Room beside the outermost lifelines, for what happens at a seat."""
GAP = 452
"""Between two lifelines."""
LANE = 50
LANE_GAP = 14
SIDE_GAP = 26
"""Between the lanes of two sides."""
SIDE_NAME = 96
"""Room for the name of a side, with its unit."""
VERDICT = 46
"""Height of what is told below the step that broke a rule."""
DESCENT = 96
"""How far beside its lifeline a message comes down to the row in which it arrives."""
UNDER_WAY = 20
"""Height of a row, below all steps, with a message that is still under way."""
LETTER = 6.3
SMALL = 5.9
"""Mean widths of a letter at 12 and at 11 px."""


def diagram(course: Course) -> str:
    """The diagram as SVG text, its style left to the page."""
    return _Diagram(course).svg()


class _Diagram:
    def __init__(self, course: Course) -> None:
        self._course = course
        self._last = len(course.steps)
        self._x = {seat: GUTTER + SIDE + GAP * place for place, seat in enumerate(course.seats)}
        self._right = GUTTER + 2 * SIDE + GAP * (len(course.seats) - 1)
        self._lanes = _shown(course.lanes)
        self._lane_x, self._width = _lane_columns(self._lanes, self._right)
        below = self._y(self._last) + ROW // 2 + (VERDICT if self._broken_at == self._last else 0)
        flying = [leg for leg in course.legs if leg.arrived is leg.lost is None and not leg.unheard]
        self._under_way = {leg: below + UNDER_WAY * (place + 1) - 6 for place, leg in enumerate(flying)}
        self._stacked: dict[Leg, int] = {}
        """Of messages lost in one step on one side, the place among them."""
        for leg in course.legs:
            if leg.arrived is None and leg.lost is not None:
                same = [each for each in self._stacked if (each.lost, each.source) == (leg.lost, leg.source)]
                self._stacked[leg] = len(same)
        self._bottom = below + UNDER_WAY * len(flying) + 6

    @property
    def _broken_at(self) -> int | None:
        return self._course.broken.step if self._course.broken else None

    def _y(self, step: float) -> int:
        """The middle of a step's row; what breaks is told below its row."""
        below = VERDICT if self._broken_at is not None and step > self._broken_at else 0
        return round(HEAD + (step - 0.5) * ROW + 8 + below)

    def svg(self) -> str:
        course = self._course
        parts = [
            *(self._row(step) for step in range(1, self._last + 1)),
            *(self._span(span) for span in course.spans if span.kind == "partition"),
            *(f'<path class="lifeline" d="M{x} {HEAD - 12}V{self._bottom}"/>' for x in self._x.values()),
            *(self._span(span) for span in course.spans if span.kind != "partition"),
            *(self._leg(leg) for leg in course.legs),
            self._verdict(),
            *(self._lane(lane, x) for lane, x in zip(self._lanes, self._lane_x, strict=True)),
            *(self._mark(mark) for mark in course.marks),
            *(self._head(seat, x) for seat, x in self._x.items()),
            self._lane_heads(),
            self._bracket(),
        ]
        height = self._bottom + 10
        return (
            f'<svg class="spacetime" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {height}" '
            f'width="{self._width}" height="{height}" role="img" aria-label="{len(course.steps)} steps">'
            f"{''.join(parts)}</svg>"
        )

    # --- rows ---------------------------------------------------------------------------------------------------

    def _row(self, number: int) -> str:
        step = self._course.steps[number - 1]
        classes = " ".join(
            ["step", *(["fault"] if step.fault else []), *(["broken"] if number == self._broken_at else [])]
        )
        y = self._y(number)
        return (
            f'<g class="{classes}"><title>{_text(f"{number}  {step.label}")}</title>'
            f'<rect x="26" y="{y - ROW // 2}" width="{self._width - 30}" height="{ROW}"/>'
            f'<text x="{GUTTER - 10}" y="{y + 4}">{number}</text></g>'
        )

    def _verdict(self) -> str:
        """What broke, below the step that broke it."""
        broken = self._course.broken
        if broken is None:
            return ""
        y = self._y(broken.step) + ROW // 2
        room = int((self._right - GUTTER) / LETTER)
        told = shortened(f"want {broken.want}; got {broken.got}", room)
        return (
            f'<g class="verdict"><rect class="cover" x="26" y="{y}" width="{self._right - 30}" height="{VERDICT}"/>'
            f'<rect x="26" y="{y}" width="{self._width - 30}" height="{VERDICT}"/>'
            f'<text class="rule" x="{GUTTER}" y="{y + 18}">✗ {_text(shortened(broken.rule, room))}</text>'
            f'<text x="{GUTTER}" y="{y + 36}">{_text(told)}</text></g>'
        )

    def _bracket(self) -> str:
        """What goes on for ever, embraced, with an arrow back to where it begins."""
        if self._course.cycle is None:
            return ""
        top, bottom = self._y(self._course.cycle + 1) - 10, self._y(self._last) + 10
        middle = (top + bottom) // 2
        return (
            f'<g class="bracket"><path d="M34 {bottom}H28Q18 {bottom} 18 {bottom - 10}V{top + 10}Q18 {top} 28 {top}H34'
            f'm-6-4l7 4l-7 4"/><text transform="translate(12 {middle}) rotate(-90)">for ever</text></g>'
        )

    # --- seats and what happens at them ---------------------------------------------------------------------------

    def _head(self, seat: str, x: int) -> str:
        width = round(len(seat) * 8 + 28)
        return (
            f'<g class="head"><rect x="{x - width // 2}" y="{HEAD - 40}" width="{width}" height="27"/>'
            f'<text x="{x}" y="{HEAD - 22}">{_text(seat)}</text></g>'
        )

    def _mark(self, mark: Mark) -> str:
        """Beside the lifeline, on the outer side; of a seat in the middle, on the right."""
        x, y = self._x[mark.seat], self._y(mark.step)
        text = shortened(mark.text, int((SIDE - 34) / SMALL))
        width = round(len(text) * SMALL + 20)
        left = x - 12 - width if x == min(self._x.values()) else x + 12
        tip = f"<title>{_text(mark.text)}</title>" if text != mark.text else ""
        return (
            f'<g class="mark {mark.kind}">{tip}<path d="M{x} {y}H{x - 12 if left < x else x + 12}"/>'
            f'<circle cx="{x}" cy="{y}" r="4"/><rect x="{left}" y="{y - 10}" width="{width}" height="20"/>'
            f'<text x="{left + width // 2}" y="{y + 4}">{_text(text)}</text></g>'
        )

    def _span(self, span: Span) -> str:
        top = self._y(span.first)
        bottom = self._y(span.last) if span.last is not None else self._bottom
        if span.kind == "partition":
            left, right = sorted(self._x[seat] for seat in span.seats)
            tall = bottom - top > 2 * ROW
            words = f'<text x="{(left + right) // 2}" y="{(top + bottom) // 2 + 4}">partition</text>' if tall else ""
            return (
                f'<g class="span partition"><rect x="{left}" y="{top}" width="{right - left}" '
                f'height="{bottom - top}"/>{words}</g>'
            )
        x, width = self._x[span.seats[0]], 8 if span.kind == "held" else 18
        told = "holds its answer" if span.kind == "held" else "is down"
        return (
            f'<g class="span {span.kind}"><title>{_text(f"{span.seats[0]} {told}")}</title>'
            f'<rect x="{x - width // 2}" y="{top}" width="{width}" height="{bottom - top}"/></g>'
        )

    # --- messages -------------------------------------------------------------------------------------------------

    def _leg(self, leg: Leg) -> str:
        """A message leaves its source in one row, comes down beside that lifeline, and arrives along another row, where
        its words stand: so no two messages write over each other."""
        x, y = self._x[leg.source], self._y(leg.sent)
        target = self._x[leg.target]
        way = 1 if target > x else -1
        tip = f"<title>{_text(leg.text)}</title>"
        if leg.arrived is not None:
            foot = self._y(leg.arrived)
            drawn = (
                f'<path d="{_down(x, y, foot, way)}H{target - 7 * way}"/>'
                f'<path class="tip" d="M{target - 4 * way} {foot}l{-9 * way}-4.5v9z"/>'
            )
            middle = (x + target + DESCENT * way) // 2
            words = self._words(leg, leg.text, middle, foot - 5, abs(target - x) - DESCENT - 24)
        elif leg.lost is not None:
            foot = max(self._y(leg.lost), y + 3) + self._stacked[leg] * 13
            cross = x + (DESCENT + 22) * way
            drawn = (
                f'<path d="{_down(x, y, foot, way)}H{cross}"/>'
                f'<path class="cross" d="M{cross - 6} {foot - 6}l12 12m0-12l-12 12"/>'
            )
            words = self._beside(leg, f"{leg.text} – {leg.why}", cross + 14 * way, foot + 4, way)
        elif leg.unheard:
            drawn = f'<path d="M{x + 5 * way} {y}q{28 * way} 0 {38 * way} 9"/>'
            words = self._beside(leg, f"{leg.text} – nobody waits for it", x + 46 * way, y + 13, way)
        else:
            foot = self._under_way[leg]
            drawn = f'<path d="{_down(x, y, foot, way)}H{x + (DESCENT + 16) * way}"/>'
            words = self._beside(leg, f"{leg.text} – still under way", x + (DESCENT + 24) * way, foot + 4, way)
        return f'<g class="{_classes(leg)}">{tip}{drawn}<circle cx="{x}" cy="{y}" r="2.5"/>{words}</g>'

    def _words(self, leg: Leg, told: str, x: int, y: int, room: int, anchor: str = "") -> str:
        text = shortened(told + (" (again)" if leg.again else ""), int(room / LETTER))
        return f'<text class="words"{anchor} x="{x}" y="{y}">{_text(text)}</text>'

    def _beside(self, leg: Leg, told: str, x: int, y: int, way: int) -> str:
        """The words of what does not arrive, where it ends."""
        anchor = f' style="text-anchor:{"start" if way > 0 else "end"}"'
        return self._words(leg, told, x, y, GAP - DESCENT - 50, anchor)

    # --- resources ------------------------------------------------------------------------------------------------

    def _lane_heads(self) -> str:
        """Each side above its lanes, and each lane's name with its maximum."""
        told = []
        for side in dict.fromkeys(lane.side for lane in self._lanes):
            own = [x for lane, x in zip(self._lanes, self._lane_x, strict=True) if lane.side == side]
            units = {lane.unit for lane in self._lanes if lane.side == side}
            left, right = min(own), max(own) + LANE
            unit = f'<tspan class="unit"> {_text(units.pop())}</tspan>' if len(units) == 1 else ""
            told.append(
                f'<text class="side" x="{(left + right) / 2}" y="{HEAD - 42}">{_text(side)}{unit}</text>'
                f'<path class="side" d="M{left} {HEAD - 35}H{right}"/>'
            )
        for lane, x in zip(self._lanes, self._lane_x, strict=True):
            lines = wrap(lane.name, 10) if lane.maximum is None else [lane.name, f"≤ {lane.maximum:,}"]
            name, most = (shortened(line, 9) for line in (*lines, "")[:2])
            tip = f"{lane.side}: {lane.name}" + (
                f", at most {lane.maximum:,} {lane.unit}" if lane.maximum is not None else f", {lane.unit}"
            )
            second = "most" if lane.maximum is not None else ""
            middle = x + LANE / 2
            told.append(
                f'<g class="lane-head"><title>{_text(tip)}</title><text x="{middle}" y="{HEAD - 21}">{_text(name)}</text>'
                f'<text class="{second}" x="{middle}" y="{HEAD - 8}">{_text(most)}</text></g>'
            )
        return "".join(told)

    def _lane(self, lane: Lane, x: int) -> str:
        """A step curve: the parts beside each other, the maximum dashed, what exceeds it in the colour of a failure.

        A maximum that is far off is left out: what there is shall be seen.
        """
        peak = max(1, *(sum(values) for values in lane.values))
        far = lane.maximum is not None and peak > 1 and lane.maximum > 4 * peak
        scale = LANE * 0.94 / (2 * peak if far else max(peak, lane.maximum or 1))
        drawn = [f'<rect class="ground" x="{x}" y="{HEAD}" width="{LANE}" height="{self._bottom - HEAD}"/>']
        for first, last in _stretches(lane.values):
            values = lane.values[first]
            top = self._y(first) if first else HEAD
            bottom = self._y(last + 1) if last < self._last else self._bottom
            left = float(x)
            told = f"{lane.side} {lane.name}: " + ", ".join(
                f"{name} {value:,}" for name, value in zip(lane.parts, values, strict=True) if value
            )
            for place, value in enumerate(values):
                if value:
                    drawn.append(
                        f'<rect class="part{place}" x="{left:.1f}" y="{top}" width="{value * scale:.1f}" '
                        f'height="{bottom - top}"><title>{_text(told)} {_text(lane.unit)}</title></rect>'
                    )
                    left += value * scale
            if lane.maximum is not None and values[0] > lane.maximum:
                over = (values[0] - lane.maximum) * scale
                drawn.append(
                    f'<rect class="over" x="{x + lane.maximum * scale:.1f}" y="{top}" width="{over:.1f}" '
                    f'height="{bottom - top}"><title>{_text(told)}, more than {lane.maximum:,}</title></rect>'
                )
        if lane.maximum is not None and not far:
            drawn.append(f'<path class="maximum" d="M{x + lane.maximum * scale:.1f} {HEAD}V{self._bottom}"/>')
        return f'<g class="lane">{"".join(drawn)}</g>'


def _down(x: int, y: int, foot: int, way: int) -> str:
    """From a lifeline down to the row ``foot``, in a curve that leaves and arrives level."""
    bend = DESCENT * 0.55 * way
    return f"M{x + 5 * way} {y}C{x + bend:.0f} {y} {x + DESCENT * way - bend:.0f} {foot} {x + DESCENT * way} {foot}"


def _shown(lanes: tuple[Lane, ...]) -> tuple[Lane, ...]:
    """All of a few lanes; of many, those in which something happens."""
    if len(lanes) <= 6:
        return lanes
    return tuple(lane for lane in lanes if len(set(lane.values)) > 1)


def _lane_columns(lanes: tuple[Lane, ...], start: int) -> tuple[list[int], int]:
    """The left edge of each lane, and the width of the whole. Each side has room for its name."""
    columns: list[int] = []
    x = start + 8
    for side in dict.fromkeys(lane.side for lane in lanes):
        number = sum(lane.side == side for lane in lanes)
        span = number * LANE + (number - 1) * LANE_GAP
        room = max(span, SIDE_NAME)
        columns += [x + (room - span) // 2 + place * (LANE + LANE_GAP) for place in range(number)]
        x += room + SIDE_GAP
    return columns, x - SIDE_GAP + 12 if lanes else start


def _stretches(values: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    """The first and last step of each stretch in which nothing changes."""
    stretches: list[tuple[int, int]] = []
    first = 0
    for step in range(1, len(values) + 1):
        if step == len(values) or values[step] != values[first]:
            stretches.append((first, step - 1))
            first = step
    return stretches


def _classes(leg: Leg) -> str:
    given = (("bad", leg.bad), ("again", leg.again), ("lost", leg.lost is not None), ("unheard", leg.unheard))
    return " ".join([leg.kind, *(name for name, holds in given if holds)])


def _text(text: str) -> str:
    return escape(legible(text), quote=False)
