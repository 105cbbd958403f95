"""FI-RACE-013 explored: what is stored last is what was told last, also across federations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.federation_interconnect.operators import OP1, OP2, federated
from simulator.race import Cast
from simulator.races.fi_race_013 import race
from simulator.world import Step
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (252, 449, 13)),
        ("drop=1", (969, 1937, 30)),
        ("lose-response=1", (1069, 2235, 28)),
        ("duplicate=1", (1042, 2483, 26)),
        ("late=1", (1737, 4240, 30)),
        ("crash=1", (2033, 4850, 30)),
        ("late=1,duplicate=1", (7580, 22742, 60)),
        ("lose-response=1,late=1", (6800, 19244, 62)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (4488, 10113, 74)


VARIANTS = {
    "does not wait for the answer before the next word": (
        "",
        ("attributes mirrored at rest (I9)", "operator1 451, ('01',), ; operator2 452, ('01',), ", 12),
    ),
    "forgets what it has carried out": (
        "lose-response=1,late=1",
        ("nothing has ended in doubt", "add_partner of operator1 did", 10),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found


def zones_instead(cast: Cast) -> Sequence[Step]:
    """OP2 creates and deletes a zone, while OP1 removes it and adds it again."""
    federated(cast)
    zone = {"zone": "zone-0002", "cloudlets": [f"cloudlet-{OP2}"], "geo_location": "1,1"}
    return (
        Step("share a zone", OP2, "create_zone", zone),
        Step("delete it", OP2, "delete_zone", {"zone": "zone-0002"}, after="share a zone"),
        Step("remove", OP1, "remove_partner", {"partner": OP2}),
        Step("add again", OP1, "add_partner", {"partner": OP2}, after="remove"),
    )


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (264, 460, 16)),
        ("lose-response=1", (1122, 2303, 35)),
        ("duplicate=1", (1085, 2537, 33)),
        ("late=1", (1841, 4408, 37)),
        ("crash=1", (2150, 5037, 37)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_a_zone_of_an_earlier_federation_does_not_come_back(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(replace(race, prepare=zones_instead, sometimes={}), faults) == counts
