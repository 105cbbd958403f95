"""An operator of another make, certified from its target file alone in both seats: what is right passes, what is wrong is
caught.

A choice of scenarios for seconds; the whole run is `python -m tests.strangers.certify op1 op2`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.operator.vices import VICES
from tests.strangers.served import stranger
from tests.strangers.vices import CAUGHT

CHOSEN: dict[str, dict[str, int]] = {"op1": {"FI-ZREG-002": 2}, "op2": {"FI-REMOVE-006": 3}}
"""What each seat is judged by here, with the number of its checks."""


@pytest.mark.parametrize("seat", CHOSEN)
def test_a_stranger_passes(seat: str, tmp_path: Path) -> None:
    with stranger(tmp_path, "operator", seats=[seat]) as served:
        done = served.certify("report", *CHOSEN[seat])
    asked = {
        (f"{requirement}/{number}", seat): "passed"
        for requirement, checks in CHOSEN[seat].items()
        for number in range(1, checks + 1)
    }
    assert {at: done.verdicts.get(at) for at in asked} == asked, done.printed
    assert set(done.verdicts.values()) == {"passed"}
    counts = done.report["counts"]
    assert counts["executed"] == counts["expected"] == counts["judged"]
    assert done.code == 4, "a choice is never a whole verdict"


def test_its_description_holds(tmp_path: Path) -> None:
    with stranger(tmp_path, "operator") as served:
        told = served.interlock("doctor", "target.toml", "--json")
    assert told.returncode == 0, told.stdout
    assert '"level": "bad"' not in told.stdout


def test_every_vice_has_its_check() -> None:
    assert sorted(VICES) == sorted(each.vice for each in CAUGHT if each.seat.startswith("op"))


def test_it_shares_nothing_with_this_project() -> None:
    room = Path(__file__).parent / "operator"
    lines = [line for file in sorted(room.glob("*.py")) for line in file.read_text(encoding="utf-8").splitlines()]
    imports = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
    assert not [each for each in imports if each.split(".")[0] in HERE]
    assert "http.server" in imports


HERE = {"conformance", "simulator", "reference_impl", "reports", "features", "tests"}
