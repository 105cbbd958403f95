"""The plug-in of a pair for the proof of a customer's act: the reference's own, or a class beside the target file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conformance.northbound import NorthboundError
from conformance.proof import Statements, proof_of
from conformance.target.records import Declares, Target

CLASS = """
class Stamp:
    def made(self, account, operation, connection, expires):
        return f"{account}:{operation}:{connection}"

    def headers(self, text):
        return {"x-stamp": text}

    def problem(self, headers, account, operation, connection, now):
        return None if headers.get("x-stamp") == f"{account}:{operation}:{connection}" else "no stamp"
"""


def target(directory: Path, proof: str) -> Target:
    return Target(
        file=directory / "target.toml",
        name="Target",
        protocol="connection-coordinator",
        seats=("csp-a",),
        base_url="https://127.0.0.1:1",
        all_seats=("csp-a", "csp-b", "csp-c"),
        declares=Declares({"proof": proof}),
    )


def test_without_a_plug_in_there_is_none(tmp_path: Path) -> None:
    assert proof_of(target(tmp_path, "")) is None


def test_statements_of_the_reference(tmp_path: Path) -> None:
    plug_in = proof_of(target(tmp_path, "statement"))
    assert isinstance(plug_in, Statements)
    headers = plug_in.headers(plug_in.made("X", "UpdateConnection", "u", 1000))
    assert list(headers) == ["customer-proof"]
    assert plug_in.problem(headers, "X", "UpdateConnection", "u", 999) is None
    assert plug_in.problem(headers, "X", "UpdateConnection", "u", 1000) == "expired"
    assert plug_in.problem(headers, "Y", "UpdateConnection", "u", 999) == "not signed by the account"
    assert plug_in.problem({}, "X", "UpdateConnection", "u", 999) == "absent"


def test_a_class_beside_the_target_file(tmp_path: Path) -> None:
    (tmp_path / "stamps_of_a_test.py").write_text(CLASS, encoding="utf-8")
    before = list(sys.path)
    plug_in = proof_of(target(tmp_path, "stamps_of_a_test:Stamp"))
    assert sys.path == before
    assert plug_in is not None
    headers = plug_in.headers(plug_in.made("X", "DeleteConnection", "u", 0))
    assert headers == {"x-stamp": "X:DeleteConnection:u"}
    assert plug_in.problem(headers, "X", "DeleteConnection", "u", 0) is None
    assert plug_in.problem(headers, "X", "DeleteConnection", "v", 0) == "no stamp"


@pytest.mark.parametrize("named", ["no_such_module_of_a_test:Stamp", "json:Stamp", "stamp"])
def test_what_is_no_plug_in_is_told(tmp_path: Path, named: str) -> None:
    with pytest.raises(NorthboundError, match=f"declares.proof: want statement or module:Class, got '{named}'"):
        proof_of(target(tmp_path, named))
