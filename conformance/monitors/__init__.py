"""Monitors watch every record of a scenario and need no claim: what must never be seen, whoever plays.

A monitor is a fold over records. ``on`` and ``end`` give (check id, seat, finding): the check that the observation
breaks, in the seat that broke it. A monitor never passes a check; it only finds what is wrong.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import Protocol

from reports.record import AnyRecord
from reports.verdict import Finding

Found = tuple[str, str, Finding]


class Monitor(Protocol):
    def on(self, record: AnyRecord) -> Iterable[Found]: ...

    def end(self) -> Iterable[Found]: ...


MONITORS: dict[str, list[Callable[[], Monitor]]] = {"connection-coordinator": [], "federation-interconnect": []}


def monitor(*protocols: str) -> Callable[[type[Monitor]], type[Monitor]]:
    """Register a monitor class for these protocols."""

    def register(cls: type[Monitor]) -> type[Monitor]:
        for protocol in protocols:
            MONITORS[protocol].append(cls)
        return cls

    return register


@cache
def _load() -> None:
    """Import every module of this package, so that its monitors are registered."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def monitors(protocol: str) -> list[Monitor]:
    """Fresh monitors for one scenario of a protocol."""
    _load()
    return [make() for make in MONITORS.get(protocol, [])]
