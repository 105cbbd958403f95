"""What an adapter offers, by its description alone: nobody is asked and nothing is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from conformance.northbound.python import PythonNorthbound, python_northbound
from conformance.target.records import Target
from conformance.target.vocabulary import action_names, hook_names


@dataclass(frozen=True, slots=True)
class Offers:
    """Actions and hooks by name; ``state``: does it show the state?"""

    actions: Collection[str]
    hooks: Collection[str]
    state: bool


def offers_of(target: Target) -> Offers:
    """What the target file says; where only asking would tell, everything. NorthboundError: a class that is not there."""
    choice = target.northbound
    every = Offers(action_names(target.protocol), hook_names(), True)
    if choice.http is not None:
        http = choice.http
        return every if http.style == "interlock" else Offers(http.actions, http.hooks, bool(http.state))
    if choice.manual is not None:
        given = choice.manual.offers
        hooks = [name for name in given if name in every.hooks]
        return Offers(given or every.actions, hooks, False)
    if choice.python is not None:
        made = python_northbound(choice.python, target.protocol)
        if not isinstance(made, PythonNorthbound):
            return every
        return Offers(made.offered(), made.offered_hooks(), made.shows_state())
    return Offers((), (), False)
