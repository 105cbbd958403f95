"""What a certification plays: seats, profiles, selectors and shards."""

from __future__ import annotations

import pytest

from conformance.choice import BadChoice, Choice, chosen, everything, shard
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selection import NothingSelected

CC, BOTH = "connection-coordinator", ("csp-a", "csp-b")


def judged_profiles(pairs: list[tuple[str, str]], seat: str) -> list[set[str]]:
    """For each pair the profiles that it judges in this seat."""
    scenarios = {each.id: each for each in load_scenarios()}
    registry = load_registry()
    return [
        {
            registry.requirements[check.partition("/")[0]].profile
            for check, at in scenarios[id_].checks_for(judged)
            if at == seat
        }
        for id_, judged in pairs
    ]


def test_a_profile_is_all_that_judges_it_and_nothing_else() -> None:
    found = chosen(CC, BOTH, (), Choice(profiles=("core-issuer",)))
    assert found["csp-a"]
    assert all("core-issuer" in each for each in judged_profiles(found["csp-a"], "csp-a"))
    whole = everything(CC, BOTH, ())["csp-a"]
    rest = [pair for pair in whole if pair not in found["csp-a"]]
    assert not any("core-issuer" in each for each in judged_profiles(rest, "csp-a"))


def test_what_is_not_claimed_is_not_played() -> None:
    without, claimed = everything(CC, BOTH, ()), everything(CC, BOTH, ("delete",))
    assert set(without["csp-b"]) < set(claimed["csp-b"])
    extra = set(claimed["csp-b"]) - set(without["csp-b"])
    assert all(each == {"delete"} for each in judged_profiles(sorted(extra), "csp-b"))


def test_shards_are_a_partition() -> None:
    whole = chosen(CC, BOTH, ("update", "delete"))
    parts = [chosen(CC, BOTH, ("update", "delete"), Choice(shard=(one, 3))) for one in (1, 2, 3)]
    for seat in BOTH:
        rows = [pair for part in parts for pair in part[seat]]
        assert sorted(rows) == sorted(whole[seat])
    sizes = [sum(map(len, part.values())) for part in parts]
    assert max(sizes) - min(sizes) <= 1


def test_a_choice_comes_back_from_a_trace() -> None:
    choice = Choice(("CC-KEY-001",), ("core-issuer", "security"), (2, 5))
    assert Choice.from_json(choice.as_json()) == choice
    assert Choice.from_json({}) == Choice()


@pytest.mark.parametrize("text", ["0/3", "4/3", "x", "1", "1/0", "-1/2"])
def test_a_shard_that_is_none(text: str) -> None:
    with pytest.raises(BadChoice, match="want i/n with i from 1 to n"):
        shard(text)


def test_a_shard() -> None:
    assert shard("2/5") == (2, 5)


@pytest.mark.parametrize(
    ("profile", "told"),
    [("core", "--profile: want one of core-issuer, "), ("macsec", "'macsec' is not in its capabilities")],
)
def test_a_profile_that_cannot_be_chosen(profile: str, told: str) -> None:
    with pytest.raises(BadChoice, match=told):
        chosen(CC, BOTH, (), Choice(profiles=(profile,)))


def test_nothing_to_play_is_told() -> None:
    with pytest.raises(NothingSelected, match="judges nothing of the target's seats csp-b"):
        chosen(CC, ("csp-b",), (), Choice(("CC-KEY-018",)))
