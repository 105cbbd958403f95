"""A provider in another language, certified from its target file alone: what is right passes, what is wrong is caught.

A choice of scenarios for seconds; the whole run is `python -m tests.strangers.certify`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.certify import caught
from tests.strangers.served import node, stranger
from tests.strangers.vices import CAUGHT

pytestmark = pytest.mark.skipif(node() is None, reason="the stranger needs node")

CHOSEN: dict[str, dict[str, int]] = {
    "csp-a": {"CC-ENV-005": 2, "CC-CH-002": 3, "CC-KEY-014": 2, "CC-CONN-006": 3, "CC-FEAT-003": 3},
    "csp-b": {"CC-KEY-009": 2, "CC-KEY-013": 4, "CC-CONN-009": 3, "CC-FEAT-019": 2},
}
"""What each seat is judged by here, with the number of its checks."""

ACCENTS = "absolute-uris,bare-ids,both-lists,one-by-one,url-safe-keys,wordless"

IN_SECONDS = ("confirms-used-key", "forgets-capacity", "goes-on-unconfirmed")


@pytest.mark.parametrize(("seat", "accent"), [("csp-a", ""), ("csp-a", ACCENTS), ("csp-b", ACCENTS)])
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


@pytest.mark.parametrize("name", IN_SECONDS)
def test_a_vice_dies_by_its_check(name: str, tmp_path: Path) -> None:
    (row,) = (each for each in CAUGHT if each.vice == name)
    assert caught(row, tmp_path)


def test_every_vice_has_its_check() -> None:
    """The stranger's list of vices is ours."""
    text = (Path(__file__).parent / "csp" / "vices.mjs").read_text(encoding="utf-8")
    listed = [line.split("'")[1] for line in text.splitlines() if line.startswith("  '")]
    assert sorted(listed) == sorted(each.vice for each in CAUGHT if each.seat.startswith("csp"))
