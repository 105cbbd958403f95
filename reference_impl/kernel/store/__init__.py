"""Where a party's tables live between restarts: one seam, ``load`` and ``commit``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from reference_impl.kernel.tables import Change, Table, Tables


class StoreError(Exception):
    """The store cannot be used, or did not keep a change; the message says what was expected and what to do."""


class StoreLost(StoreError):
    """The store is out of reach, and nobody knows whether it kept the last change: only ``load`` can tell."""


class Store(Protocol):
    """Keeps the rows of one party, in the order in which its tables have them.

    ``commit`` returns only when the changes would survive a crash of the process; where it raises StoreError, nothing of
    them stays. After StoreLost it takes no change until ``load`` has shown what is there. Both raise StoreError only.
    """

    def load(self, schema: Sequence[Table[Any]]) -> Tables: ...

    def commit(self, changes: Sequence[Change]) -> None: ...

    def close(self) -> None: ...


@runtime_checkable
class Flushing(Store, Protocol):
    """A store that waits for a disk. ``commit`` is ``write``, which does not wait, and then ``flush``, which does.

    ``load`` and ``flush`` may be called from another thread than the store's own; nothing else is asked meanwhile.
    """

    def write(self, changes: Sequence[Change]) -> None: ...

    def flush(self) -> None: ...


class MemoryStore:
    """Keeps the rows as long as the object lives: a Node that is started again with it finds what was committed."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Any, ...], Any]] = {}

    def load(self, schema: Sequence[Table[Any]]) -> Tables:
        tables = Tables(schema)
        with tables.begin() as tx:
            for table in schema:
                for row in self._rows.get(table.name, {}).values():
                    tx.put(table, row)
        return tables

    def commit(self, changes: Sequence[Change]) -> None:
        for change in changes:
            rows = self._rows.setdefault(change.table.name, {})
            if change.after is None:
                rows.pop(change.key, None)
            else:
                rows[change.key] = change.after

    def close(self) -> None:
        """Nothing to let go of."""
