"""``interlock matrix``: partners pairwise, each pair over a recording proxy."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.gallery import mutants
from tests.conformance.interop.partners import CC, FI, free_ports, partners

Out = pytest.CaptureFixture[str]
THREE = ("alpha", "beta", "gamma")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPERATOR", "operator-1")
    monkeypatch.chdir(tmp_path)


def code(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def doors(first: int) -> dict[tuple[str, str], int]:
    return {(a, b): first + 3 * THREE.index(a) + THREE.index(b) for a, b in permutations(THREE, 2)}


def test_three_providers_work_together(tmp_path: Path, capsys: Out) -> None:
    first = free_ports(9)[0]
    with partners(tmp_path, CC, doors(first)) as files:
        assert code("matrix", *files.values(), "--listen", f"127.0.0.1:{first}", "--report", "m", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads(Path("m/matrix.json").read_text(encoding="utf-8"))
    assert (found["protocol"], found["seats"], found["partners"]) == (
        CC,
        ["csp-a", "csp-b"],
        ["Alpha", "Beta", "Gamma"],
    )
    assert [(each["one"], each["other"], each["verdict"]) for each in found["cells"]] == [
        (one.title(), other.title(), "passed") for one, other in permutations(THREE, 2)
    ]
    page = Path("m/matrix.html").read_text(encoding="utf-8")
    assert page.count('<td class="passed">') == 6
    for one, other in permutations(THREE, 2):
        place = f"{one}--{other}/report.html"
        assert f'href="{place}"' in page
        assert (Path("m") / place).exists()
    trace = [json.loads(line) for line in Path("m/alpha--beta/trace.jsonl").read_text(encoding="utf-8").splitlines()]
    operations = {each["operation"]: each["sender"] for each in trace if each.get("type") == "Request"}
    assert operations["CreateConnection"] == "csp-b"  # it accepts, so it places
    assert {each["path"].split("/")[2] for each in trace if each.get("type") == "Request"} <= {"csp-a", "csp-b"}


def test_a_partner_that_does_not_take_part_is_named(tmp_path: Path, capsys: Out) -> None:
    first = free_ports(9)[0]
    vice = next(each for each in mutants() if each.caught_by == "CC-KEY-014/1" and each.seat == "csp-a")
    with partners(tmp_path, CC, doors(first), {"gamma": vice.decisions}) as files:
        assert code("matrix", *files.values(), "--listen", f"127.0.0.1:{first}", "--report", "m") == 1
    cells = json.loads(Path("m/matrix.json").read_text(encoding="utf-8"))["cells"]
    failed = {(each["one"], each["other"]): each["told"] for each in cells if each["verdict"] != "passed"}
    assert set(failed) == {("Gamma", "Alpha"), ("Gamma", "Beta")}
    assert failed["Gamma", "Beta"].startswith("the connection is not established: ")
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Gamma"))
    assert row.split() == ["Gamma", "failed:", "the", "connection", "is", "failed:", "the", "connection", "is", "–"]


def test_operators_work_together(tmp_path: Path, capsys: Out) -> None:
    first = free_ports(4)[0]
    two = {("alpha", "beta"): first + 1, ("beta", "alpha"): first + 2}
    with partners(tmp_path, FI, two) as files:
        assert code("matrix", *files.values(), "--listen", f"127.0.0.1:{first}", "--json") == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert [(each["one"], each["other"], each["verdict"], each["told"]) for each in cells] == [
        ("Alpha", "Beta", "passed", ""),
        ("Beta", "Alpha", "passed", ""),
    ]


def test_only_pairings_that_the_seats_allow(tmp_path: Path, capsys: Out) -> None:
    first = free_ports(9)[0]
    only = {"alpha": ["csp-a"], "beta": ["csp-b"], "gamma": ["csp-b"]}
    with partners(tmp_path, CC, doors(first), seats=only) as files:
        assert code("matrix", *files.values(), "--listen", f"127.0.0.1:{first}", "--json") == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert [(each["one"], each["other"]) for each in cells] == [("Alpha", "Beta"), ("Alpha", "Gamma")]


def test_the_plan_tells_where_everybody_is_reached(tmp_path: Path, capsys: Out) -> None:
    with partners(tmp_path, CC, doors(9100)) as files:
        assert code("matrix", *files.values(), "--plan") == 0
        told = capsys.readouterr().out.splitlines()
        assert len(told) == 6
        assert told[0] == "Alpha reaches Beta (beta) at http://127.0.0.1:9101"
        assert told[5] == "Gamma reaches Beta (beta) at http://127.0.0.1:9107"
        assert code("matrix", files["alpha"]) == 2
        assert "matrix: want two partners or more, got 1" in capsys.readouterr().err
        assert code("matrix", files["alpha"], files["alpha"]) == 2
        assert "want a name of its own for each partner" in capsys.readouterr().err
        assert code("matrix", files["alpha"], files["beta"], "--listen", "x") == 2
        assert "--listen: want HOST:PORT" in capsys.readouterr().err
