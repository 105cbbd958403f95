"""The choices of a provider when one feature of a connection is removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemovalDecisions:
    removes: bool = True
    """An acknowledged DeleteFeature removes the feature with its reservations (CC-DEL-006)."""
    only_one: bool = True
    """The named feature, and no other one, is removed (CC-DEL-006)."""
    restores: Callable[[bool], bool] = lambda owned: owned
    """Is a missing feature negotiated again, given whether the channel is our own or not (CC-DEL-008)?"""


REMOVER = RemovalDecisions()
