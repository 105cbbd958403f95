"""The command: exit codes, messages that help, and JSON that is nothing but JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.cli import main
from simulator.races import RACES

Out = pytest.CaptureFixture[str]


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--protocol", "foo"], "want connection-coordinator or federation-interconnect, got 'foo'"),
        (["run", "--over", "tcp"], "--over: want asgi or http, got 'tcp'"),
        (["run", "--select", "CC-KEY-0144"], "closest: "),
        (
            ["list", "nonsense"],
            "want one of errata, inventories, mutants, profiles, races, requirements, scenarios, tables",
        ),
        (["explain", "CC-KEY-999"], "no requirement, check or erratum has the id 'CC-KEY-999'; closest: "),
        (["explore", "CC-RACE-999"], "there are: CC-RACE-001"),
        (["explore", "CC-RACE-001", "--faults", "bogus=1"], "got 'bogus=1'"),
        (["explore", "CC-RACE-001", "--variant", "x"], "it has: ignores tentative reservations"),
        (["contract", "diff", "connection-coordinator"], "contract: want show PROTOCOL, or diff PROTOCOL PATH-OR-URL"),
        (["run", "--select", "four_milestones", "--report", "/proc/x"], "/proc/x: the report cannot be written here: "),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_a_wrong_call_says_what_it_wants(arguments: list[str], told: str, capsys: Out) -> None:
    assert code(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err


@pytest.mark.parametrize(
    ("what", "count"),
    [("requirements", 297), ("errata", 102), ("profiles", 16), ("inventories", 29), ("tables", 10)],
)
def test_lists_as_json(what: str, count: int, capsys: Out) -> None:
    assert code("list", what, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)[what]) == count


@pytest.mark.parametrize(
    "what", ["requirements", "errata", "profiles", "inventories", "races", "tables", "scenarios", "mutants"]
)
def test_lists_for_people_fit_a_hundred_columns(what: str, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert code("list", what) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 100


def test_a_race_with_its_variants(capsys: Out) -> None:
    assert code("list", "races", "--protocol", "connection-coordinator", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["races"]
    assert [row["id"] for row in rows] == sorted(id for id in RACES if id.startswith("CC"))
    assert all(row["requirement"] == row["id"] for row in rows)
    assert rows[0] == {
        "id": "CC-RACE-001",
        "protocol": "connection-coordinator",
        "title": "Two sides place connections on the last capacity",
        "requirement": "CC-RACE-001",
        "faults": {"drop": 1, "duplicate": 1},
        "variants": [
            "ignores tentative reservations",
            "refuses each other at once",
            "does not look before it tries elsewhere",
        ],
        "boundary": "the story ends when each connection is placed or has failed; attempts bounded at three, one round",
        "errata": ["CC-ERR-06", "CC-ERR-57", "CC-ERR-60"],
    }
    assert code("list", "races") == 0
    assert "- refuses each other at once" in capsys.readouterr().out


def test_an_inventory_in_numbers(capsys: Out) -> None:
    assert code("list", "inventories", "--json") == 0
    (row,) = (row for row in json.loads(capsys.readouterr().out)["inventories"] if row["id"] == "closed-and-pending")
    assert row == {
        "id": "closed-and-pending",
        "protocol": "connection-coordinator",
        "providers": 2,
        "environments": 1,
        "interconnects": 3,
        "channels": 12,
        "capacity_mbps": 220_000,
        "sizes_mbps": [1000, 10000],
    }
    assert code("list", "inventories", "--protocol", "federation-interconnect", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"inventories": []}


def test_a_run_as_json_is_the_report(capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert code("run", "--select", "four_milestones", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["format"] == "interlock-report/1"
    assert len(report["requirements"]) == 178
    assert list(tmp_path.iterdir()) == []


def test_a_run_for_people_writes_the_report(capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert code("run", "--select", "four_milestones") == 0
    names = sorted(path.name for path in (tmp_path / "interlock-report").iterdir())
    assert names == ["junit.xml", "report.html", "report.json", "report.md", "trace.jsonl"]
    assert "2 checks expected, 2 executed, 2 judged" in capsys.readouterr().out


def test_explain_tells_the_demand_the_scenario_and_the_wire(capsys: Out) -> None:
    assert code("explain", "CC-KEY-001") == 0
    told = capsys.readouterr().out
    for part in (
        "Each CSP offers a customer function that starts a connection",
        "CC-KEY-001/1",
        "create_connection_at_csp_a.feature:",
        "On the wire: ",
        "csp-a: offer",
    ):
        assert part in told


def test_steps_are_told_as_one_writes_them(capsys: Out) -> None:
    assert code("steps") == 0
    told = capsys.readouterr().out
    assert "Given a customer of <seat> holds an activation key for <mbps> Mbps in <environment>" in told
    assert "(?P<" not in told


def test_our_contract_is_an_openapi_document(capsys: Out) -> None:
    assert code("contract", "show", "federation-interconnect") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["openapi"].startswith("3.")
    assert "post" in document["paths"]["/operator/partner"]


def test_what_breaks_here_is_told_as_our_own_fault(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> int:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("conformance.cli.contracts.show", breaks)
    assert code("contract", "show", "connection-coordinator") == 3
    shown = capsys.readouterr().err
    assert "ZeroDivisionError: by nothing" in shown
    assert shown.endswith("interlock: our own fault (ZeroDivisionError): please report it, with the lines above\n")
