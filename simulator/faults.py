"""What may go wrong between two parties, with budgets, under the names of the architecture note.

The order of deliveries and the moment of a time-out are free choices; faults cost. ``drop``: the request is lost.
``lose_response``: the effect stays, the caller gets no response. ``duplicate``: the request is handled again while the
caller's call is open. ``late``: a copy is handled after the caller gave up. ``clock-jump``: a timer is quicker than a
message that is under way. ``crash``: a party loses the requests it holds and the answers to its calls, and is not there
until it restarts, at a moment that is free. ``partition``: whatever is in flight between two parties is lost, and all
that they send until it heals, at a moment that is free. ``slow-provisioning``: a timer is quicker than the equipment.
``fail-provisioning``: the equipment fails a job.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each fault may still happen."""

    drop: int = 0
    lose_response: int = 0
    duplicate: int = 0
    late: int = 0
    clock_jump: int = 0
    crash: int = 0
    partition: int = 0
    slow_provisioning: int = 0
    fail_provisioning: int = 0

    def less(self, fault: str) -> Faults:
        """One less of a fault, by its member's name."""
        return _less(self, fault)

    def named(self) -> dict[str, int]:
        """The budgets that are not zero, by the names used on the command line."""
        return {
            each.name.replace("_", "-"): budget for each in fields(self) if (budget := getattr(self, each.name)) > 0
        }

    @classmethod
    def parse(cls, text: str) -> Faults:
        """``drop=1,duplicate=1``; ValueError names what is not understood and what there is."""
        known = {each.name.replace("_", "-"): each.name for each in fields(cls)}
        budgets: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, number = part.partition("=")
            if name not in known or not (number or "1").isdigit():
                raise ValueError(f"want faults such as drop=1,duplicate=1 out of {', '.join(known)}; got {part!r}")
            budgets[known[name]] = int(number or "1")
        return cls(**budgets)


@lru_cache(maxsize=1 << 10)
def _less(faults: Faults, fault: str) -> Faults:
    return replace(faults, **{fault: getattr(faults, fault) - 1})


NO_FAULTS = Faults()

_MEMBERS = {each.name.replace("_", "-"): each.name for each in fields(Faults)}


def fault_of(label: str) -> str | None:
    """The budget that a label spends, by its member of Faults: ``lose_response``; None for what is free."""
    return _MEMBERS.get(label.partition(" ")[0])
