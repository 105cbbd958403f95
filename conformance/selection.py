"""Which scenarios a run plays: by protocol, and by ``--select ID|TAG|NAME|table:NAME``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from conformance.scenarios import Scenario, load_scenarios


class NothingSelected(LookupError):
    """A selector fits no scenario; the message names what is close."""


def select(protocol: str | None = None, selectors: Sequence[str] = ()) -> list[Scenario]:
    """The scenarios of a protocol (None: all) that fit at least one selector (none given: all).

    A selector is a requirement id, a check id, a tag, ``table:ID``, or a part of a scenario's or feature's name.
    """
    scenarios = [each for each in load_scenarios() if protocol in (None, each.protocol)]
    if not selectors:
        return scenarios
    chosen: dict[str, Scenario] = {}
    for selector in selectors:
        fitting = [each for each in scenarios if _fits(each, selector.removeprefix("@"))]
        if not fitting:
            known = sorted({name for each in scenarios for name in (*each.requirements(), *each.tags, each.name)})
            close = difflib.get_close_matches(selector, known, n=5, cutoff=0.5)
            hint = f"; closest: {', '.join(close)}" if close else "; `interlock list scenarios` names them all"
            raise NothingSelected(f"--select {selector!r} fits no scenario{hint}")
        chosen.update({each.id: each for each in fitting})
    return [each for each in scenarios if each.id in chosen]


def _fits(scenario: Scenario, selector: str) -> bool:
    return (
        selector in scenario.tags
        or selector in scenario.requirements()
        or any(each.check == selector for each in scenario.declared)
        or selector.casefold() in scenario.id.casefold()
        or selector.casefold() in scenario.feature.casefold()
    )
