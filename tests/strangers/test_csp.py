"""A provider in another language, certified from its target file alone: what is right passes, what is wrong is caught.

A choice of scenarios for seconds; the whole run is `python -m tests.strangers.certify`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.served import node, stranger
from tests.strangers.vices import CAUGHT

pytestmark = pytest.mark.skipif(node() is None, reason="the stranger needs node")

CHOSEN: dict[str, dict[str, int]] = {
    "csp-a": {"CC-ENV-005": 2, "CC-CH-002": 3, "CC-KEY-014": 2},
    "csp-b": {"CC-CONN-009": 3},
}
"""What each seat is judged by here, with the number of its checks."""

ACCENTS = "absolute-uris,bare-ids,both-lists,one-by-one,url-safe-keys,wordless"


@pytest.mark.parametrize(("seat", "accent"), [("csp-a", ACCENTS), ("csp-b", "")])
def test_a_stranger_passes(seat: str, accent: str, tmp_path: Path) -> None:
    with stranger(tmp_path, seats=[seat], accent=accent) as served:
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
    with stranger(tmp_path) as served:
        told = served.interlock("doctor", "target.toml", "--json")
    assert told.returncode == 0, told.stdout
    assert '"level": "bad"' not in told.stdout


def test_every_vice_has_its_check() -> None:
    """The stranger's list of vices is ours."""
    text = (Path(__file__).parent / "csp" / "vices.mjs").read_text(encoding="utf-8")
    listed = [line.split("'")[1] for line in text.splitlines() if line.startswith("  '")]
    assert sorted(listed) == sorted(each.vice for each in CAUGHT if each.seat.startswith("csp"))
