"""``report.html``: the whole report for a person, in one file that reaches no network."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import digest
from reports.exchanges import Exchanges
from reports.ladder import GLYPHS, ladder
from reports.record import AnyRecord, Meta
from reports.report import CheckResult, Report, ScenarioResult
from reports.transcript import row
from reports.wording import legible

SCENARIOS_BUDGET = 6_400_000
"""Bytes for all ladders and transcripts; the rest of the page takes below 1.6 MB."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a scenario is shown: characters of a body and of a tooltip; without ``records`` none at all."""

    body: int
    tip: int
    records: bool = True


DETAILS = (Detail(2000, 400), Detail(700, 160), Detail(240, 60), Detail(120, 0), Detail(0, 0), Detail(0, 0, False))
"""From everything to nothing: a run too large for one page loses the bodies of what passed first."""
_WORTH = (*digest.FAULTY, *digest.UNDECIDED)
_AHEAD = 2
"""By so many levels, scenarios that are worth a look keep more than the others."""
_SAMPLE = 40
"""From so many scenarios the size of all is guessed, before all are made."""
_GUESSING = 1.25
"""By this factor a guess may be wrong."""


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario, the anchor that links lead to, and the records that are its own."""

    result: ScenarioResult
    anchor: str
    records: Sequence[AnyRecord]


def render(report: Report, trace: Sequence[AnyRecord], verdict_of_claim: Mapping[int, str]) -> str:
    """The page. ``verdict_of_claim`` gives the verdict of each Claim record by its ``seq``."""
    environment = templates()
    scenarios = _scenarios(report, trace)
    details = _fitting(environment, scenarios, verdict_of_claim)
    shown = {f"r{record.seq}" for view in scenarios if details[view.anchor] for record in view.records}
    text = environment.get_template("report.html.j2").render(
        report=report,
        digest=digest,
        glyphs=GLYPHS,
        scenarios=scenarios,
        details=details,
        shown=shown,
        scenario_of=_finder(scenarios),
        verdicts=[str(verdict) for verdict in digest.ORDER],
    )
    return legible(text)


def _scenarios(report: Report, trace: Sequence[AnyRecord]) -> list[ScenarioView]:
    """The scenarios with their records; a record belongs to the first scenario that holds it."""
    places = [record.seq for record in trace]
    anchors: set[str] = set()
    own: dict[int, Sequence[AnyRecord]] = {}
    taken = 0
    for place, result in sorted(enumerate(report.scenarios), key=lambda item: item[1].first):
        first, last = bisect_left(places, max(result.first, taken + 1)), bisect_right(places, result.last)
        own[place] = [record for record in trace[first:last] if not isinstance(record, Meta)]
        taken = max(taken, result.last)
    return [
        ScenarioView(result, _anchor(f"{result.id}-{result.seat}", anchors), own[place])
        for place, result in enumerate(report.scenarios)
    ]


def _anchor(name: str, taken: set[str]) -> str:
    slug = "scenario-" + re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")
    anchor, number = slug, 1
    while anchor in taken:
        number += 1
        anchor = f"{slug}-{number}"
    taken.add(anchor)
    return anchor


def _finder(scenarios: Iterable[ScenarioView]) -> Callable[[CheckResult, str], ScenarioView | None]:
    """Scenario id -> the run of it in the check's seat, else any run of it."""
    exact = {(view.result.id, view.result.seat): view for view in scenarios}
    any_seat: dict[str, ScenarioView] = {}
    for view in scenarios:
        any_seat.setdefault(view.result.id, view)
    return lambda check, name: exact.get((name, check.seat)) or any_seat.get(name)


def _fitting(
    environment: Environment, scenarios: Sequence[ScenarioView], verdicts: Mapping[int, str]
) -> dict[str, Markup]:
    """Ladder and transcript of every scenario, by anchor, in as much detail as the budget allows.

    What has to be looked at keeps more; the text of a scenario that is left out is empty. Where not even bare rows of all
    fit, the first ones have them.
    """
    template = environment.get_template("scenario.html.j2")

    def text(view: ScenarioView, detail: Detail) -> Markup:
        if not detail.records or not view.records:
            return Markup("")
        exchanges = Exchanges.of(view.records)
        start = view.records[0].at
        rows = [row(it, start, exchanges, verdicts.get(it.seq, ""), detail.body) for it in view.records]
        chart = Markup(ladder(view.records, verdicts, tip=detail.tip, embedded=True))
        return Markup(template.render(rows=rows, ladder=chart, bodies=detail.body > 0))

    def detail(view: ScenarioView, level: int) -> Detail:
        ahead = _AHEAD if view.result.verdict in _WORTH else 0
        return DETAILS[min(max(level - ahead, 0), len(DETAILS) - 1)]

    last = len(DETAILS) - 1 + _AHEAD
    sample = scenarios[:: max(len(scenarios) // _SAMPLE, 1)]
    for level in range(last + 1):
        guess = sum(_size(text(view, detail(view, level))) for view in sample) / max(len(sample), 1) * len(scenarios)
        if guess > SCENARIOS_BUDGET * _GUESSING and level < last:
            continue  # far too much by the sample: not worth making all of it
        texts = {view.anchor: text(view, detail(view, level)) for view in scenarios}
        left = SCENARIOS_BUDGET - sum(map(_size, texts.values()))
        if left >= 0 or level == last:
            break
    for view in scenarios:  # what would show nothing shows what it can, as long as there is room
        if left > 0 and not texts[view.anchor] and (plain := text(view, DETAILS[-2])) and _size(plain) <= left:
            texts[view.anchor] = plain
            left -= _size(plain)
    return texts


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def templates() -> Environment:
    """The templates of pages, with their filters."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["content"] = _content
    environment.filters["inline"] = _inline
    environment.filters["headline"] = digest.headline
    return environment


def _content(text: str) -> Markup:
    """Text between two tags: there quotes need no escape, and JSON is full of them."""
    return Markup(escape(text, quote=False))


def _inline(text: str) -> Markup:
    """A cell of a documented table: ``**bold**`` and code between backticks, everything else as it is."""
    escaped = escape(text, quote=False)
    escaped = re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", escaped))
