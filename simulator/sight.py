"""What one side shows: to rules, to readers and to pictures. Each protocol has one, made of its own operator's dump."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from reference_impl.kernel.tables import Tables

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of one thing a side has given away: parts by name, in ``unit``. ``maximum`` bounds the first of them (None:
    nothing does); what is only under way may exceed it."""

    name: str
    unit: str
    maximum: int | None
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sight(Generic[V]):
    """``view`` is what rules judge; ``dump`` what the operator reads, in the documents' names, secrets left out.

    ``rows`` names, for each list of the dump, the members that tell its rows apart. ``gauges`` are the resources whose
    course a picture draws; each call names the same ones in the same order.
    """

    view: Callable[[str, Tables], V]
    dump: Callable[[Tables], dict[str, Any]]
    rows: Mapping[str, tuple[str, ...]]
    gauges: Callable[[Tables], tuple[Gauge, ...]]

    def __call__(self, seat: str, tables: Tables) -> V:
        return self.view(seat, tables)
