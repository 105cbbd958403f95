"""A schedule as a test: a small pytest file that needs nothing but the installed package."""

from __future__ import annotations

import json
import re
from dataclasses import fields

from simulator.explore import Violation
from simulator.faults import Faults
from simulator.schedule import Schedule

_TEST = '''\
"""{title}

Written by `interlock replay --export-test`; run it with pytest where Interlock is installed. The steps are taken one by
one: one that cannot happen any more is named, and so is a rule that breaks otherwise than EXPECTED says.
"""

from simulator.faults import Faults
from simulator.races import RACES
from simulator.replay import replay
from simulator.schedule import Entry, Schedule

EXPECTED = {expected}
STEPS = (
{steps}
)


def test_{name}() -> None:
    entries = tuple(Entry(step) for step in STEPS)
    done = replay(Schedule({race}, {variant}, {faults}, entries{cycle}), RACES)
    assert done.divergence is None, done.divergence.told()
    broken = done.violation
    assert (broken.invariant if broken else None) == EXPECTED, broken and broken.finding
'''


def as_test(schedule: Schedule, violation: Violation | None) -> str:
    """The text of a pytest file that takes these steps and expects what came of them: ``violation``, or nothing."""
    told = f", with a party that {schedule.variant}" if schedule.variant else ""
    expected = violation.invariant if violation else None
    lines = [f"{schedule.race}{told}."]
    if violation is not None:
        lines += ["", f"Broken: {violation.invariant}. Want {violation.finding.want}; got {violation.finding.got}."]
    steps = [f"    {_quoted(label)}," for label in schedule.labels]
    if schedule.cycle is not None:
        steps.insert(schedule.cycle, "    # for ever:")
    return _TEST.format(
        title="\n".join(lines).replace("\\", "\\\\").replace('"""', "'''"),
        expected=_quoted(expected),
        steps="\n".join(steps),
        name=re.sub(r"\W+", "_", " ".join(filter(None, (schedule.race, expected))).lower()).strip("_"),
        race=_quoted(schedule.race),
        variant=_quoted(schedule.variant),
        faults=_budgets(schedule.faults),
        cycle="" if schedule.cycle is None else f", {schedule.cycle}",
    )


def _quoted(text: str | None) -> str:
    return "None" if text is None else json.dumps(text, ensure_ascii=False)


def _budgets(faults: Faults) -> str:
    named = ((each.name, getattr(faults, each.name)) for each in fields(faults))
    return f"Faults({', '.join(f'{name}={budget}' for name, budget in named if budget)})"
