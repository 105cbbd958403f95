"""How often a caller may ask: one bucket for each, filled by time.

A bucket belongs to whoever was recognised, never to whom a stranger claims to be, so that strangers cannot use up a
partner's allowance (FI-INPUT-006, FI-ERR-32). The number of buckets is bounded; the one longest unused goes first.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """``per_second`` requests in the long run and ``burst`` at once, for each caller. ``now`` in seconds."""

    def __init__(
        self, per_second: float, burst: int, now: Callable[[], float] = time.monotonic, callers: int = 4096
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._callers = callers
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allow(self, caller: str) -> bool:
        """Count a request of this caller; False where it is one too many."""
        now = self._now()
        bucket = self._buckets.pop(caller, None) or _Bucket(self._burst, now)
        self._buckets[caller] = bucket
        if len(self._buckets) > self._callers:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
