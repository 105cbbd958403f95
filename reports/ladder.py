"""The records of one scenario as a ladder chart: lifelines, arrows, notes, verdict badges, the time at the left.

The layout is a column of rows, one per step of ``reports.sequence``; the same records give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from importlib import resources
from itertools import pairwise

from reports.digest import shortened
from reports.record import AnyRecord
from reports.sequence import CUSTOMER, HARNESS, Arrow, Badge, Badges, Note, Step, Story, story
from reports.wording import legible, moment

WIDTH = 900
GUTTER = 102
"""Where the times stand, left of the first lifeline."""
HEAD = 44
ROW = 30
LINE = 24
"""Height of a row with a note or badges."""
EDGE = 80
"""From the outermost lifelines to the edge: half of the widest head."""
LETTER = 6.5
"""Mean width of a letter at 12 px; what is cut because of it can be read in the tooltip."""
GLYPHS = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "warned": "△",
    "inconclusive": "?",
    "review": "◉",
    "untested": "–",
    "not-applicable": "∅",
}


def ladder(
    records: Iterable[AnyRecord],
    verdict_of_claim: Mapping[int, str] | None = None,
    *,
    tip: int = 400,
    embedded: bool = False,
) -> str:
    """The chart as SVG text. ``embedded`` leaves the style to the page and links each step to ``#r<seq>`` there."""
    told = story(records, verdict_of_claim, tip)
    return _Chart(told, embedded).svg()


def style() -> str:
    """The style of the chart, for pages that embed it."""
    folder = resources.files("reports").joinpath("templates")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("palette.css", "ladder.css"))


class _Chart:
    def __init__(self, told: Story, embedded: bool) -> None:
        self._told = told
        self._embedded = embedded
        self._x = _columns(told.lifelines)
        self._start = told.steps[0].at if told.steps else 0
        self._bars: list[str] = []
        self._times: list[str] = []
        self._open: dict[str, tuple[str, int, int]] = {}
        """Exchange -> its server, where the bar begins, how far it stands aside."""
        self._aside: Counter[str] = Counter()

    def svg(self) -> str:
        """Strokes that repeat are one path each: a page may hold hundreds of charts."""
        y = HEAD
        rows: list[str] = []
        shown: int | None = None
        for step in self._told.steps:
            height = self._height(step)
            if step.at != shown:
                self._times.append(f'<text x="{GUTTER - 18}" y="{y + height - 8}">{self._time(step.at)}</text>')
                shown = step.at
            rows.append(self._row(step, y))
            y += height
        foot = len(self._told.steps) > 24
        bottom = y + 12
        height = bottom + (HEAD - 10 if foot else 0)
        lines = "".join(f"M{x} {HEAD - 8}V{bottom}" for x in self._x.values())
        heads = "".join(self._head(name, 6) + (self._head(name, bottom) if foot else "") for name in self._x)
        css = "" if self._embedded else f"<style>{style()}</style>"
        return (
            f'<svg class="ladder" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">{css}'
            f'<path class="line" d="{lines}"/><path class="bar" d="{"".join(self._bars)}"/>'
            f'<g class="time">{"".join(self._times)}</g>{"".join(rows)}{heads}</svg>'
        )

    def _height(self, step: Step) -> int:
        if isinstance(step, Arrow):
            return ROW
        return LINE * len(self._packed(step.badges)) if isinstance(step, Badges) else LINE

    def _time(self, at: int) -> str:
        return f"+{moment(at - self._start)}" if at > self._start else moment(0)

    def _head(self, name: str, y: int) -> str:
        aside = " aside" if _is_aside(name) else ""
        width = round(len(name) * 7 + 24)
        x = self._x[name]
        return (
            f'<g class="head{aside}"><rect x="{x - width // 2}" y="{y}" width="{width}" height="24"/>'
            f'<text x="{x}" y="{y + 16}">{_text(name)}</text></g>'
        )

    def _row(self, step: Step, y: int) -> str:
        match step:
            case Arrow():
                return self._arrow(step, y + ROW - 8)
            case Note(beside=None):
                return self._across(step, y)
            case Note():
                return self._note(step, y)
            case Badges():
                return "".join(
                    self._badge(badge, x, y + LINE * row)
                    for row, badges in enumerate(self._packed(step.badges))
                    for badge, x in badges
                )

    def _group(self, seq: int, classes: str, drawn: str) -> str:
        if self._embedded:
            return f'<a href="#r{seq}" class="{classes}">{drawn}</a>'
        return f'<g class="{classes}">{drawn}</g>'

    def _arrow(self, arrow: Arrow, y: int) -> str:
        source, target = self._x[arrow.source], self._x[arrow.target]
        way = 1 if target >= source else -1
        start, end = source + 4 * way, target - 4 * way
        if source == target:
            start, end = source + 4, source + 64
        if arrow.lost:
            end = round(start + (end - start) * 0.72)
        self._bar(arrow, y)
        head = "" if arrow.lost else f"l{-7 * way}-4v8l{7 * way}-4"
        cross = f'<path class="cross" d="M{end - 5} {y - 5}l10 10m0-10l-10 10"/>' if arrow.lost else ""
        classes = " ".join([arrow.kind, *(["bad"] if arrow.bad else []), *(["copy"] if arrow.copy else [])])
        text = shortened(arrow.text, max(int((abs(target - source) - 20) / LETTER), 12))
        return self._group(
            arrow.seq,
            classes,
            f"{_tip(arrow.text if text != arrow.text else '', arrow.tip)}"
            f'<path d="M{start} {y}H{end}{head}"/>{cross}'
            f'<text x="{(source + target) // 2}" y="{y - 6}">{_text(text)}</text>',
        )

    def _bar(self, arrow: Arrow, y: int) -> None:
        """Remember when a request arrives; draw the bar of its handling when it is answered."""
        if arrow.kind == "request" and not arrow.lost and not arrow.copy:
            self._open[arrow.exchange] = (arrow.target, y, self._aside[arrow.target])
            self._aside[arrow.target] += 1
        elif arrow.kind == "response" and arrow.exchange in self._open:
            server, since, aside = self._open.pop(arrow.exchange)
            self._aside[server] -= 1
            self._bars.append(f"M{self._x[server] + 5 * aside} {since}V{y}")

    def _note(self, note: Note, y: int) -> str:
        text = shortened(note.text, 76)
        width = round(len(text) * LETTER + 20)
        x = self._x.get(note.beside or "", WIDTH // 2)
        left = min(max(x - width // 2, GUTTER - 8), WIDTH - width - 4)
        return self._group(
            note.seq,
            note.kind,
            f"{_tip(note.text if text != note.text else '', note.tip)}"
            f'<rect x="{left}" y="{y + 3}" width="{width}" height="19"/>'
            f'<text x="{left + width // 2}" y="{y + 16}">{_text(text)}</text>',
        )

    def _across(self, note: Note, y: int) -> str:
        middle = (GUTTER + WIDTH) // 2
        rule = f'<path d="M{GUTTER - 8} {y + 12}H{WIDTH - 8}"/>'
        words = f'<text x="{middle}" y="{y + 16}">{_text(shortened(note.text, 110))}</text>'
        return self._group(note.seq, note.kind, f"{_tip('', note.tip)}{rule}{words}")

    def _badge(self, badge: Badge, x: int, y: int) -> str:
        text = f"{GLYPHS.get(badge.verdict, '·')} {badge.text}"
        return self._group(
            badge.seq,
            f"badge {badge.verdict or 'unjudged'}",
            f"{_tip(badge.verdict or 'not judged', '')}"
            f'<rect x="{x}" y="{y + 3}" width="{_pill(badge)}" height="18"/>'
            f'<text x="{x + _pill(badge) // 2}" y="{y + 16}">{_text(text)}</text>',
        )

    def _packed(self, badges: Iterable[Badge]) -> list[list[tuple[Badge, int]]]:
        """The badges in rows, each with its left edge; rows are centred."""
        rows: list[list[Badge]] = [[]]
        for badge in badges:
            if rows[-1] and _span([*rows[-1], badge]) > WIDTH - GUTTER - 8:
                rows.append([])
            rows[-1].append(badge)
        placed = []
        for row in rows:
            x = GUTTER + (WIDTH - GUTTER - _span(row)) // 2
            edges = []
            for badge in row:
                edges.append((badge, x))
                x += _pill(badge) + 8
            placed.append(edges)
        return placed


def _columns(lifelines: tuple[str, ...]) -> dict[str, int]:
    """Where each lifeline stands. Between seats there is most to read, so they stand furthest apart."""
    gaps = [1.0 if _is_aside(left) or _is_aside(right) else 1.7 for left, right in pairwise(lifelines)]
    unit = min((WIDTH - GUTTER - 2 * EDGE) / max(sum(gaps), 1), 290)
    x = GUTTER + (WIDTH - GUTTER - unit * sum(gaps)) / 2
    columns = {}
    for name, gap in zip(lifelines, [*gaps, 0.0], strict=False):
        columns[name] = round(x)
        x += unit * gap
    return columns


def _is_aside(name: str) -> bool:
    return name in (CUSTOMER, HARNESS)


def _pill(badge: Badge) -> int:
    return round((len(badge.text) + 2) * 6.6 + 20)


def _span(badges: list[Badge]) -> int:
    return sum(_pill(badge) + 8 for badge in badges) - 8


def _text(text: str) -> str:
    return escape(legible(text), quote=False)


def _tip(head: str, body: str) -> str:
    told = "\n".join(part for part in (head, body) if part)
    return f"<title>{_text(told)}</title>" if told else ""


def mermaid(records: Iterable[AnyRecord], verdict_of_claim: Mapping[int, str] | None = None) -> str:
    """The same story as the text of a Mermaid sequence diagram."""
    told = story(records, verdict_of_claim)
    names = {name: f"p{place}" for place, name in enumerate(told.lifelines, start=1)}
    lines = ["sequenceDiagram", *(f"    participant {alias} as {name}" for name, alias in names.items())]
    ends = ",".join([*names.values()][:: max(len(names) - 1, 1)])
    for step in told.steps:
        match step:
            case Arrow():
                answers = step.kind in ("response", "outcome")
                line = ("--" if answers else "-") + ("x" if step.lost else ">>")
                again = " (again)" if step.copy else ""
                lines.append(f"    {names[step.source]}{line}{names[step.target]}: {_plain(step.text)}{again}")
            case Note():
                lines.append(f"    Note over {names.get(step.beside or '', ends)}: {_plain(step.text)}")
            case Badges():
                claims = ", ".join(f"{badge.text} {badge.verdict or 'claimed'}" for badge in step.badges)
                lines.append(f"    Note over {ends}: {_plain(claims)}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Mermaid ends a statement at a semicolon and begins an entity at a number sign."""
    return shortened(text, 120).translate({ord("#"): "#35;", ord(";"): "#59;"})
