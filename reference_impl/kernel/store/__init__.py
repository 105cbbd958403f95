"""Where a party's tables live between restarts: one seam, ``load`` and ``commit``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from reference_impl.kernel.tables import Change, Table, Tables


class Store(Protocol):
    """Keeps the rows of one party. ``commit`` returns only when the changes would survive a crash of the process."""

    def load(self, schema: Sequence[Table[Any]]) -> Tables: ...

    def commit(self, changes: Sequence[Change]) -> None: ...

    def close(self) -> None: ...


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
