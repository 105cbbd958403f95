"""What the seats are called on the wire: provider IDs and accounts, as the target file gives them.

Scenarios, steps and rules speak of seats (``csp-a``) and of the accounts X, Y, Z and S; on the wire stand the ids of the
target file (coordinator-harness, section 1). ``Names`` translates at the border: ``out`` for what the harness sends or
asks, ``seen`` for what goes onto the trace. So a trace is in the normal form of section 4.1: provider prefixes exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from reference_impl.connection_coordinator.inventory_records import Inventory
from simulator.inventories import ASNS

_ACCOUNT_MEMBERS = frozenset({"account", "remote_account"})
_SEAT_MEMBERS = frozenset({"peer", "provider", "providerId", "macsecManagerProvider", "crossConnectManagerProvider"})
"""They name a provider, and may do so by its bare ID (CC-ERR-30)."""


@dataclass(frozen=True)
class Names:
    """``ids`` maps seats to provider IDs, ``accounts`` the letters of the scenarios to accounts of the target, ``asns`` seats
    to the ASNs of their networks where they are others than those of the inventories."""

    ids: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    asns: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Is anything called otherwise than in the scenarios?"""
        return any(seat != id_ for seat, id_ in self.ids.items()) or bool(self.accounts)

    def id_of(self, seat: str) -> str:
        return self.ids.get(seat, seat)

    def asn_of(self, seat: str) -> int:
        return self.asns.get(seat) or ASNS[seat]

    def seat_of(self, id_: str) -> str:
        return self._seats.get(id_, id_)

    @cached_property
    def _seats(self) -> dict[str, str]:
        return {id_: seat for seat, id_ in self.ids.items()}

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {account: letter for letter, account in self.accounts.items()}

    def out(self, value: Any) -> Any:
        """A JSON value as it stands on the wire."""
        return self._renamed(value, self.ids, self.accounts) if self else value

    def seen(self, value: Any) -> Any:
        """A JSON value as it stands on the trace."""
        return self._renamed(value, self._seats, self._letters) if self else value

    def inventory(self, copy: Inventory) -> Inventory:
        """What one of us keeps, with the accounts called as the target calls its own: one customer has one name."""
        if not self.accounts:
            return copy

        def there(letters: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self.accounts.get(each, each) for each in letters)

        accounts = tuple(
            replace(each, id=self.accounts.get(each.id, each.id), acts_for=there(each.acts_for))
            for each in copy.accounts
        )
        environments = tuple(replace(each, admitted=there(each.admitted)) for each in copy.environments)
        return replace(copy, accounts=accounts, environments=environments)

    def _renamed(self, value: Any, ids: Mapping[str, str], accounts: Mapping[str, str], member: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._renamed(each, ids, accounts, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self._renamed(each, ids, accounts) for each in value]
        if not isinstance(value, str):
            return value
        if member in _ACCOUNT_MEMBERS:
            return accounts.get(value, value)
        if accounts and _DESTINATION in value:
            value = _destination(tuple(accounts)).sub(lambda found: found[1] + accounts[found[2]] + found[3], value)
        if member in _SEAT_MEMBERS and value in ids:
            return ids[value]
        return _pattern(tuple(ids)).sub(lambda found: ids[found[0]], value)


_DESTINATION = '"destinationAccountId"'


@cache
def _destination(accounts: tuple[str, ...]) -> re.Pattern[str]:
    """The account in the facts of a redacted key."""
    named = "|".join(map(re.escape, accounts))
    return re.compile(rf'({_DESTINATION}: ?")({named})(")')


@cache
def _pattern(ids: tuple[str, ...]) -> re.Pattern[str]:
    """An id of a provider where it names one: in a path, a resource name, a sentence, or the facts of a redacted key."""
    named = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    return re.compile(rf"(?<=\bproviders/)(?:{named})(?![A-Za-z0-9_~-])")


AS_THEY_ARE = Names()
"""On the wire the seats are called as in the scenarios."""
