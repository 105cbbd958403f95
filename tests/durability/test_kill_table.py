"""kill -9 of either party at every exchange of every flow, with real processes, sockets and databases.

Each cell is a test of its own; the cells that were asked for run together, several pairs at a time. On PostgreSQL every
third exchange of each flow is tried here, with two of the four ways to disturb it; `python -m scripts.kill_table` runs and
prints the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.durability.databases import DATABASES, SQLITE
from tests.durability.flow import Flow
from tests.durability.flows import FLOWS
from tests.durability.table import CELLS, Cell, Row, play
from tests.reference_impl.kernel.postgresql import NotHere


def tried(cell: Cell) -> bool:
    if cell.database == SQLITE or not cell.killed:
        return True
    ways = (("request", cell.flow.seats[0]), ("answer", cell.flow.seats[1]))
    return cell.exchange in cell.flow.exchanges[::3] and (cell.point, cell.killed) in ways


TRIED = [cell for cell in CELLS if tried(cell)]


@dataclass(frozen=True, slots=True)
class Played:
    """The rows of the cells that ran; ``why`` the others did not."""

    rows: dict[Cell, Row]
    why: str = ""

    def row(self, cell: Cell) -> Row:
        if cell not in self.rows:
            pytest.skip(self.why)
        return self.rows[cell]


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Played:
    wanted: dict[Cell, None] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module and "cell" in item.fixturenames:
            cell = item.callspec.params["cell"]
            if isinstance(cell, Cell):
                wanted[cell] = None
    try:
        return Played({row.cell: row for row in play(wanted)})
    except NotHere as why:
        return Played({row.cell: row for row in play(cell for cell in wanted if cell.database == SQLITE)}, str(why))


@pytest.mark.parametrize("cell", [cell for cell in TRIED if cell.killed], ids=str)
def test_a_flow_goes_on_after_a_kill(cell: Cell, played: Played) -> None:
    row = played.row(cell)
    assert row.missing == ""
    assert cell.exchange in row.seen


@pytest.mark.parametrize("cell", [cell for cell in TRIED if not cell.killed], ids=str)
def test_an_undisturbed_flow_has_the_exchanges_of_the_table(cell: Cell, played: Played) -> None:
    """No kind of exchange is missing in the table. How often a side reads the other depends on who is quicker."""
    row = played.row(cell)
    assert row.missing == ""
    assert set(cell.flow.exchanges) <= set(row.seen)
    assert {_kind(each) for each in row.seen} == {_kind(each) for each in cell.flow.exchanges}


def _kind(exchange: str) -> str:
    return exchange.rpartition(" ")[0]


@pytest.mark.parametrize("database", DATABASES)
def test_the_table_has_a_row_for_every_flow_and_four_cells_for_every_exchange(database: str) -> None:
    def cells(flow: Flow, among: list[Cell]) -> int:
        return len([cell for cell in among if cell.flow is flow and cell.killed and cell.database == database])

    assert {flow.name: cells(flow, list(CELLS)) for flow in FLOWS} == {
        "establish": 52,
        "update": 36,
        "delete": 4,
        "add partner": 4,
        "register zone": 4,
        "deregister zone": 4,
        "remove partner": 4,
        "share zone": 4,
        "delete zone": 4,
        "update attributes": 4,
        "onboard application": 16,
        "deboard application": 4,
    }
    assert all(cells(flow, TRIED) >= 2 for flow in FLOWS)
