"""``interlock explain ID``: what a requirement demands, what checks it, and the HTTP of one of its scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.cli import listing
from conformance.cli.listing import Section
from conformance.play import play
from conformance.requirements import load_registry
from conformance.scenarios import Scenario, load_scenarios
from conformance.view import TraceView
from reports.record import Action, AnyRecord, Outcome, Request
from simulator.races import RACES

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def explain(id_: str, http: bool) -> int:
    """Print the explanation; UnknownId names the closest ids."""
    registry = load_registry()
    asked = id_.strip().upper()
    requirement = asked.partition("/")[0]
    scenarios = [each for each in load_scenarios() if requirement in each.requirements()]
    extra = [*_races(requirement), _scenarios(scenarios)]
    if http and scenarios:
        extra.append(_http(next((each for each in scenarios if _declares(each, asked)), scenarios[0])))
    print(listing.explain(registry, asked, [section for section in extra if section.lines]))
    return 0


def _declares(scenario: Scenario, check: str) -> bool:
    return any(each.check == check for each in scenario.declared)


def _races(requirement: str) -> Iterable[Section]:
    race = RACES.get(requirement)
    if race is not None:
        yield Section(
            "Race",
            (
                *race.story.splitlines(),
                f"explore it: interlock explore {race.id}",
                *(f'a variant:  interlock explore {race.id} --variant "{name}"' for name in race.variants),
            ),
        )


def _scenarios(scenarios: list[Scenario]) -> Section:
    if not scenarios:
        return Section("Scenarios", ("none judges it yet",))
    lines: list[str] = []
    for each in scenarios:
        lines.append(f"{each.file}:{each.line}  {each.name}  [{', '.join(each.seats)}]")
        lines += [f"    {step}" for step in each.steps]
    return Section("Scenarios", tuple(lines))


def _http(scenario: Scenario) -> Section:
    """Play the scenario between reference parties and tell what went over the wire."""
    played = play([(scenario.id, scenario.seats[0])])
    return Section(f"On the wire: {scenario.name}", tuple(_told(played.trace[:])))


def _told(records: list[AnyRecord]) -> Iterable[str]:
    exchanges = {each.request.seq: each for each in TraceView(records).exchanges()}
    for record in records:
        if isinstance(record, Action):
            yield f"{record.seat}: {record.action} asked northbound"
        elif isinstance(record, Outcome) and record.result != "running":
            yield f"{record.seat}: {record.action} {record.result}{f' ({record.reason})' if record.reason else ''}"
        elif isinstance(record, Request):
            each = exchanges[record.seq]
            query = "?" + "&".join(f"{k}={v}" for k, v in record.query.items()) if record.query else ""
            end = each.status if each.response else "no answer"
            mark = " (the harness)" if record.ours else ""
            path = UUID.sub(lambda found: f"{found[0][:8]}…", record.path + query)
            yield f"{record.sender} -> {record.receiver}{mark}  {record.method} {path}  -> {end}"
