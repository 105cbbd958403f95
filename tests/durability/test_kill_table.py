"""kill -9 of either party at every exchange of every flow, with real processes, sockets and databases.

Each cell is a test of its own; the cells that were asked for run together, several pairs at a time.
`scripts/kill_table.py` prints the table.
"""

from __future__ import annotations

import pytest

from tests.durability.flows import FLOWS, Flow
from tests.durability.table import CELLS, Cell, Row, play

Rows = dict[Cell, Row]


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest) -> Rows:
    wanted: dict[Cell, None] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module and "cell" in item.fixturenames:
            cell = item.callspec.params["cell"]
            if isinstance(cell, Cell):
                wanted[cell] = None
    return {row.cell: row for row in play(wanted)}


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.killed], ids=str)
def test_a_flow_goes_on_after_a_kill(cell: Cell, rows: Rows) -> None:
    assert rows[cell].missing == ""
    assert cell.exchange in rows[cell].seen


@pytest.mark.parametrize("cell", [cell for cell in CELLS if not cell.killed], ids=str)
def test_an_undisturbed_flow_has_the_exchanges_of_the_table(cell: Cell, rows: Rows) -> None:
    """No kind of exchange is missing in the table. How often a side reads the other depends on who is quicker."""
    assert rows[cell].missing == ""
    assert set(cell.flow.exchanges) <= set(rows[cell].seen)
    assert {_kind(each) for each in rows[cell].seen} == {_kind(each) for each in cell.flow.exchanges}


def _kind(exchange: str) -> str:
    return exchange.rpartition(" ")[0]


def test_the_table_has_a_row_for_every_flow_and_four_cells_for_every_exchange() -> None:
    def cells(flow: Flow) -> int:
        return len([cell for cell in CELLS if cell.flow is flow and cell.killed])

    assert {flow.name: cells(flow) for flow in FLOWS} == {
        "establish": 52,
        "update": 36,
        "delete": 4,
        "add partner": 4,
        "register zone": 4,
    }
