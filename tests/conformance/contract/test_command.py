"""``interlock contract``: exit codes, a table that fits, JSON, and messages for what cannot be read."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED
from tests.conformance.test_cli import code

COORDINATOR = "connection-coordinator"
Out = pytest.CaptureFixture[str]


def written(directory: Path, **answers: Any) -> str:
    """Our contract with ``answers`` for the responses of GetInterconnect, and without the enumerated CLOSED."""
    contract = copy.deepcopy(document(SERVED[COORDINATOR]))
    described = contract["paths"][SERVED[COORDINATOR].operations["GetInterconnect"].path]["get"]
    described["responses"] = {"default": described["responses"]["200"]}
    if answers:
        contract["components"]["schemas"]["InterconnectState"]["enum"].remove("INTERCONNECT_STATE_CLOSED")
    file = directory / "openapi.json"
    file.write_text(json.dumps(contract), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("protocol", list(SERVED))
def test_ours_is_shown_and_does_not_differ_from_itself(protocol: str, tmp_path: Path, capsys: Out) -> None:
    assert code("contract", "show", protocol) == 0
    file = tmp_path / "ours.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(file.read_text()) == document(SERVED[protocol])
    assert code("contract", "diff", protocol, str(file)) == 0
    assert capsys.readouterr().out.replace("\n", "") == f"{file} says the same as our contract."


def test_what_errata_explain_is_good_and_what_they_do_not_is_a_finding(tmp_path: Path, capsys: Out) -> None:
    assert code("contract", "diff", COORDINATOR, written(tmp_path)) == 0
    assert "CC-ERR-13" in capsys.readouterr().out
    assert code("contract", "diff", COORDINATOR, written(tmp_path, closed=False)) == 1
    out = capsys.readouterr().out
    assert "2 differences: 1 explained by errata (interlock explain tells each), 1 by nothing." in out.replace(
        "\n", " "
    )
    assert max(map(len, out.splitlines())) <= 100
    first = out.splitlines()[1]
    assert first.split()[:2] == ["enumeration", "Interconnect.state"]
    assert "nothing" in first


def test_as_json(tmp_path: Path, capsys: Out) -> None:
    file = written(tmp_path, closed=False)
    assert code("contract", "diff", COORDINATOR, file, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["protocol"], told["document"], told["unexplained"]) == (COORDINATOR, file, 1)
    assert [(each["aspect"], each["change"], each["erratum"]) for each in told["differences"]] == [
        ("enumeration", "lost", None),
        ("status", "changed", "CC-ERR-13"),
    ]
    assert told["differences"][0] == {
        "change": "lost",
        "aspect": "enumeration",
        "where": "Interconnect.state",
        "here": "INTERCONNECT_STATE_CLOSED",
        "there": "",
        "operations": ["ListInterconnects", "GetInterconnect"],
        "requirements": ["CC-IX-001", "CC-IX-002", "CC-IX-005", "CC-CONN-010", "CC-MIG-001"],
        "erratum": None,
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", COORDINATOR, "x.yaml"], "contract: want show PROTOCOL, or diff PROTOCOL PATH-OR-URL"),
        (["diff", COORDINATOR], "contract: want show PROTOCOL, or diff PROTOCOL PATH-OR-URL"),
        (
            ["diff", "roaming", "x.yaml"],
            "protocol: want connection-coordinator or federation-interconnect, got 'roaming'",
        ),
        (["diff", COORDINATOR, "x.yaml"], "x.yaml: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_usage(arguments: list[str], told: str, capsys: Out) -> None:
    assert code("contract", *arguments) == 2
    assert capsys.readouterr().err == f"interlock: {told}\n"
