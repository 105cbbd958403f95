"""The documented tables: every cell is mapped, or the features do not load and the message says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import features
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.tables import TableError, read_tables, tables

FOLDER = "federation_interconnect"
CELLS = "cloudlets-and-zones.cells.yaml"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The federation's features, to be spoiled."""
    shutil.copytree(features.ROOT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def spoil(root: Path, old: str, new: str, file: str = CELLS) -> None:
    path = root / FOLDER / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_untouched_copy_loads(copied: Path) -> None:
    assert [table.id for table in read_tables(copied)] == [
        table.id for table in tables() if table.protocol == "federation-interconnect"
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        (
            "      elsewhere: [FI-AZ-001/2]\n",
            "      elsewhere: [FI-AZ-001/99]\n",
            "row 2, OP1",
            "FI-AZ-001 has FI-AZ-001/1 to FI-AZ-001/2",
        ),
        ("check: FI-AZ-001/1", "check: FI-AZ-901/1", "row 2, OP1", "no requirement, check or erratum has the id"),
        (
            "rule: shows_only_zones",
            "rule: shows_no_such_thing",
            "row 4, OP2",
            "no rule is called 'shows_no_such_thing'",
        ),
        (
            "act: operator2-onboards-cloudlets",
            "act: operator9-rests",
            "row 3, User Action",
            "no act is called 'operator9-rests'",
        ),
        (
            "text: Operator2 onboards cloudlets",
            "text: Operator2 onboards clouds",
            "row 3, User Action",
            "has the text 'Operator2 onboards clouds', the table 'Operator2 onboards cloudlets'",
        ),
        ("    OP1:\n", "    OP3:\n", "row 1, OP3", "is mapped, but the columns are"),
        (
            "check: FI-AZ-001/1, seat: op1",
            "check: FI-AZ-001/1, seat: op2",
            "row 2, OP1",
            "is judged in op1, not in 'op2'",
        ),
        (
            "      claims:\n        - {check: FI-AZ-001/1, seat: op1, rule: shows_zone, params: {at: op1, zone: north-zone-1, "
            "cloudlets: [edge-a1]}}\n",
            "      claims: []\n",
            "row 2, OP1",
            "makes no claim",
        ),
        (
            "  - User Action: {text: Operator1 onboards cloudlets, act: operator1-onboards-cloudlets}\n    OP1:\n",
            "  - OP1:\n",
            "row 1, User Action",
            "is not mapped; the table has 'Operator1 onboards cloudlets'",
        ),
        (
            "  - User Action: {text: Operator1 onboards cloudlets, act: operator1-onboards-cloudlets}\n    OP1:\n",
            "  - User Action: {text: Operator1 onboards cloudlets, act: operator1-onboards-cloudlets}\n    OP2:\n",
            "row 1, OP1",
            "is not mapped; the table has '- cloudlet onboarding'",
        ),
        ("title:", "heading:", CELLS, "want the members title, document, place and rows"),
    ],
)
def test_a_cell_that_does_not_fit_is_named_with_its_file(
    copied: Path, old: str, new: str, place: str, problem: str
) -> None:
    spoil(copied, old, new)
    with pytest.raises(TableError) as refused:
        read_tables(copied)
    assert str(refused.value).startswith(CELLS)
    assert place in str(refused.value)
    assert problem in str(refused.value)


def test_a_mapping_without_a_cell(copied: Path) -> None:
    path = copied / FOLDER / CELLS
    extra = "  - User Action: {text: Operator3 onboards cloudlets, act: operator1-onboards-cloudlets}\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    wanted = r"row 5: maps \['Operator3 onboards cloudlets'\], but the table has no such row"
    with pytest.raises(TableError, match=wanted):
        read_tables(copied)


def test_a_mapping_of_an_empty_cell(copied: Path) -> None:
    claims = "{text: '', claims: [{check: FI-CLOUDLET-002/1, seat: op2, rule: all_of}]}"
    spoil(copied, "    OP1:\n", f"    OP2: {claims}\n    OP1:\n")
    with pytest.raises(TableError, match="row 1, OP2: maps '', but the table's cell is empty"):
        read_tables(copied)


def test_a_row_of_the_table_that_nobody_maps(copied: Path) -> None:
    row = "      | Operator3 onboards cloudlets | | |\n"
    spoil(copied, "    Then every cell holds\n", f"{row}    Then every cell holds\n", "cloudlets_and_zones.feature")
    with pytest.raises(TableError, match=r"row 5: is not mapped; the table has \['Operator3 onboards cloudlets'\]"):
        read_tables(copied)


def test_a_changed_text_of_the_document(copied: Path) -> None:
    spoil(copied, "- cloudlet onboarding   ", "- cloudlet offboarding  ", "cloudlets_and_zones.feature")
    wanted = "row 1, OP1: has the text '- cloudlet onboarding', the table '- cloudlet offboarding'"
    with pytest.raises(TableError, match=wanted):
        read_tables(copied)


def test_a_table_without_cells_and_cells_without_a_table(copied: Path) -> None:
    (copied / FOLDER / CELLS).rename(copied / FOLDER / "other.cells.yaml")
    with pytest.raises(TableError, match=f"table 'cloudlets-and-zones' has no {CELLS} beside it"):
        read_tables(copied)
    (copied / FOLDER / "other.cells.yaml").rename(copied / FOLDER / CELLS)
    shutil.copy(copied / FOLDER / CELLS, copied / FOLDER / "other.cells.yaml")
    with pytest.raises(TableError, match=r"other\.cells\.yaml: no scenario is tagged @table:other"):
        read_tables(copied)


def test_a_scenario_that_does_not_follow_its_table(copied: Path) -> None:
    spoil(copied, "    Then every cell holds\n", "", "cloudlets_and_zones.feature")
    with pytest.raises(TableError, match="wants one tag"):
        read_tables(copied)


def test_every_cell_of_the_shipped_tables_has_a_check_of_the_registry() -> None:
    registry = load_registry()
    shipped = {table.id: table for table in tables() if table.protocol == "federation-interconnect"}
    assert {"cloudlets-and-zones", "add-partner-2021-08", "add-partner"} <= set(shipped)
    for table in shipped.values():
        assert table.header == ("User Action", "OP1", "OP2")
        for row in table.rows:
            assert row[0].act is not None or not row[0].text
            for cell in row[1:]:
                assert bool(cell.checks) == bool(cell.text)
                assert all(registry.check(check) for check in cell.checks)


def test_checks_judged_elsewhere_are_declared_by_another_scenario() -> None:
    declared = {each.check for scenario in load_scenarios() if scenario.table is None for each in scenario.declared}
    elsewhere = {check for table in tables() for row in table.rows for cell in row for check in cell.elsewhere}
    assert elsewhere <= declared
