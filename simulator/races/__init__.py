"""The races, by requirement id: every module of this package has one, ``race``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from simulator.race import Race

RACES: dict[str, Race[Any, Any]] = {
    race.id: race
    for race in (
        import_module(f"{__name__}.{name}").race for name in sorted(each.name for each in iter_modules(__path__))
    )
}
