"""The kill table: flow x exchange x what was under way x party killed x database. Each cell is one run of real processes.

A cell holds its exchange in the tap, kills one of the two parties with SIGKILL, starts it again on the same database
and ports, and lets go. Then the flow must go on by itself and end well, with everything that was acknowledged and with
both sides agreeing.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.durability.databases import DATABASES, NewDatabase, new_databases
from tests.durability.flow import LIMIT, Flow, Story, ended
from tests.durability.flows import FLOWS
from tests.durability.pair import Pair, Refused, running
from tests.durability.tap import Hold, Point

POINTS: tuple[Point, ...] = ("request", "answer")
LANES = 6
"""So many pairs of parties at a time: a cell mostly waits, for a back-off of a second."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``killed`` is a seat; None: nobody, and nothing is held."""

    database: str
    flow: Flow
    exchange: str = ""
    point: Point = "request"
    killed: str | None = None

    def __str__(self) -> str:
        if self.killed is None:
            return f"{self.database}, {self.flow.name}, undisturbed"
        return f"{self.database}, {self.flow.name}, {self.exchange}, {self.point} held, {self.killed} killed"


@dataclass(frozen=True, slots=True)
class Row:
    """How a cell ended. ``missing`` is "" for a good end; ``seen`` are the exchanges, ``seconds`` from the kill on."""

    cell: Cell
    missing: str
    seen: tuple[str, ...]
    seconds: float


CELLS = tuple(
    cell
    for database in DATABASES
    for flow in FLOWS
    for cell in (
        Cell(database, flow),
        *(
            Cell(database, flow, exchange, point, seat)
            for exchange in flow.exchanges
            for point in POINTS
            for seat in flow.seats
        ),
    )
)


def play(cells: Iterable[Cell], told: Callable[[Row], None] = lambda row: None) -> list[Row]:
    """Run cells, several at a time; ``told`` is called as each ends. Raises NotHere where a cell needs PostgreSQL."""
    asked = list(cells)
    with new_databases({cell.database for cell in asked}) as makers:
        return asyncio.run(_play(asked, makers, told))


async def _play(cells: Sequence[Cell], makers: Mapping[str, NewDatabase], told: Callable[[Row], None]) -> list[Row]:
    rows: dict[Cell, Row] = {}
    todo = list(cells)
    lanes = [_lane(todo, makers, rows, told) for _ in range(min(LANES, len(todo)))]
    await asyncio.gather(*lanes)
    return [rows[cell] for cell in cells]


async def _lane(
    todo: list[Cell], makers: Mapping[str, NewDatabase], rows: dict[Cell, Row], told: Callable[[Row], None]
) -> None:
    """One pair of parties at a time, for as long as there are cells of its protocol and kind of database."""
    while todo:
        first = todo[0]
        like = (first.database, first.flow.protocol)
        with tempfile.TemporaryDirectory(prefix="interlock-") as folder:
            async with running(first.flow.protocol, first.flow.seats, Path(folder), makers[first.database]) as pair:
                while cell := next((each for each in todo if (each.database, each.flow.protocol) == like), None):
                    todo.remove(cell)
                    rows[cell] = await _run(pair, cell)
                    told(rows[cell])
                    if rows[cell].missing:  # what is wrong in here shall not spoil the next one
                        break


async def _run(pair: Pair, cell: Cell) -> Row:
    story: Story = {}
    hold = Hold(cell.exchange, cell.point)
    pair.journal.begin()
    begun = time.monotonic()
    try:
        await cell.flow.prepare(pair, story)
        await pair.settled()
        pair.journal.begin(hold if cell.killed else None)
        await cell.flow.begin(pair, story)
        if cell.killed is not None:
            await asyncio.wait_for(hold.arrived.wait(), LIMIT)
            begun = time.monotonic()
            seat = pair.seats[cell.killed]
            await seat.kill()
            await seat.start()
            hold.released.set()
        await ended(pair, story, cell.flow.missing)
        missing = ""
    except (TimeoutError, Refused, httpx.TransportError) as problem:
        missing = f"{str(problem) or 'it never came'}; seen were {', '.join(pair.journal.seen)}"
    finally:
        hold.released.set()
    return Row(cell, missing, tuple(pair.journal.seen), time.monotonic() - begun)


def text(rows: Iterable[Row]) -> str:
    """The table for people: a line for each exchange, a column for each way to disturb it, in seconds to the end."""
    by_cell = {row.cell: row for row in rows}
    lines = []
    for database, flow in dict.fromkeys((cell.database, cell.flow) for cell in by_cell):
        columns = [(point, seat) for point in POINTS for seat in flow.seats]
        lines.append(f"{flow.name + ', ' + database:<34}" + "".join(f"{point + ' held,':>18}" for point, _ in columns))
        lines.append(" " * 34 + "".join(f"{seat + ' killed':>18}" for _, seat in columns))
        for exchange in flow.exchanges:
            found = [by_cell.get(Cell(database, flow, exchange, point, seat)) for point, seat in columns]
            lines.append(f"  {exchange:<32}" + "".join(f"{_shown(row):>18}" for row in found))
    lost = [row for row in by_cell.values() if row.missing]
    lines.append(f"{len(by_cell)} runs, {len(by_cell) - len(lost)} ended well, {len(lost)} did not")
    return "\n".join([*lines, *(f"  {row.cell}: {row.missing}" for row in lost)])


def _shown(row: Row | None) -> str:
    if row is None:
        return "-"
    return "LOST" if row.missing else f"{row.seconds:.1f} s"
