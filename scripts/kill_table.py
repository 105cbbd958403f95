"""Print the kill table: every flow goes on after either party was killed at any exchange.

    .venv/bin/python scripts/kill_table.py [WORDS ...]

runs the cells whose names hold all the words, all of them without any: SQLite and, where it is installed, PostgreSQL.
Ends with 1 where one did not end well.
"""

from __future__ import annotations

import sys
import time

from tests.durability.databases import SQLITE
from tests.durability.table import CELLS, Row, play, text
from tests.reference_impl.kernel.postgresql import NotHere


def main(words: list[str]) -> int:
    cells = [cell for cell in CELLS if all(word in str(cell) for word in words)]
    begun = time.monotonic()
    told = _told if sys.stderr.isatty() else lambda row: None
    try:
        rows = play(cells, told)
    except NotHere as why:
        sys.stderr.write(f"without PostgreSQL: {why}\n")
        rows = play([cell for cell in cells if cell.database == SQLITE], told)
    sys.stdout.write(f"{text(rows)}\n{time.monotonic() - begun:.0f} s\n")
    return 1 if any(row.missing for row in rows) else 0


def _told(row: Row) -> None:
    sys.stderr.write(f"{row.cell}: {row.missing or 'ok'}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
