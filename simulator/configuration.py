"""The configuration of a world in two lines: which decisions are not the protocol's defaults, and how it starts."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from reference_impl.kernel.tables import digest
from simulator.world import World

DEFAULTS = "the protocol's own"


def digest_of(world: World) -> str:
    """The state of a world in 12 hex digits."""
    return f"{world.fingerprint():032x}"[:12]


def start_of(world: World) -> str:
    """The state before any step, with what bounds the story, in 12 hex digits: another inventory gives another one."""
    bounds = (None if world.operations is None else tuple(world.operations), tuple(world.folded))
    return f"{digest((world.fingerprint(), bounds)):032x}"[:12]


def decisions_of(world: World) -> str:
    """``placement_attempts=3, fits=counts_no_tentative``: by seat where the parties decide differently."""
    told = {seat: _told(party.decisions) for seat, (party, _) in world.cast.items()}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{seat}: {words}" for seat, words in told.items())


def _told(decisions: Any) -> str:
    if not is_dataclass(decisions):
        return repr(decisions)
    changed = []
    for each in fields(decisions):
        value = getattr(decisions, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != default:
            changed.append(f"{each.name}={_value(value)}")
    return ", ".join(changed) or DEFAULTS


def _value(value: Any) -> str:
    """The same in every process: a function goes by its name, not its address, and a set in the order of its members."""
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return repr(sorted(value) if isinstance(value, set | frozenset) else value)
