"""Maintenance over shared routers: the documents' example, both sides together, and the search against brute force."""

from __future__ import annotations

from itertools import product

import networkx as nx
import pytest

from reports.verdict import Verdict
from simulator.inventories import topology_of
from simulator.topology import graph
from simulator.topology.builders import Bundle, Path, lay
from simulator.topology.graph import exclusions, has_rota
from simulator.topology.maintenance import deadlocks, mixed_groups
from simulator.topology.physical import Device, Site, Topology

A, B = "a-east-1-10", "b-east1-10"


def between(*bundles: Bundle) -> Topology:
    return lay([("csp-a", "csp-b", (Path("env1", bundles),))])


def pair(id: str, near: tuple[int, ...], far: tuple[int, ...] = ()) -> Bundle:
    """An interconnect on these routers of csp-a, and on the same numbers of csp-b unless told otherwise."""
    return Bundle(id, near=near, far=far or near, channels=tuple(f"ch{n}" for n, _ in enumerate(near, start=1)))


EXAMPLE = (pair("ix1", (1, 2, 3, 4)), pair("ix2", (1, 5, 3, 4)), pair("ix3", (2, 5)))
"""Protocols, Maintenance Coordination: [a,b,c,d], [a,e,c,d] and [b,e], with a to e numbered 1 to 5."""


def test_the_example_of_the_documents_deadlocks() -> None:
    innocent = pair("ix4", (1, 9))  # linked, but it makes no two of them exclude each other
    (flaw,) = deadlocks(between(*EXAMPLE, innocent))
    assert flaw.finding.verdict is Verdict.WARNED
    assert str(flaw) == (
        "CC-MAINT-006 csp-a, csp-b: env1/ix1 and csp-a, csp-b: env1/ix2 and csp-a, csp-b: env1/ix3: "
        "want a rota of 4 windows in which no two routers of an interconnect meet, "
        f"got {A}1, {A}2, {A}3, {A}4, {A}5 are in each other's way"
    )


def test_without_the_third_interconnect_the_two_share_a_window() -> None:
    assert list(deadlocks(between(*EXAMPLE[:2]))) == []
    assert [flaw.finding.got for flaw in mixed_groups(between(*EXAMPLE[:2]))] == [
        f"{A}1, {A}3, {A}4 in both, {A}2, {A}5 in one",
        f"{B}1, {B}3, {B}4 in both, {B}2, {B}5 in one",
    ]


def test_the_plan_of_shared_device() -> None:
    """Groups of routers that are equal or disjoint are fine; ix4 would link two of them (CC-MAINT-006/2)."""
    sound = topology_of("shared-device")
    assert [*mixed_groups(sound), *deadlocks(sound)] == []
    planned = between(Bundle("ix1"), Bundle("ix2"), Bundle("ix3", devices=5), Bundle("ix4", devices=3))
    assert [(flaw.where, flaw.finding.want, flaw.finding.got) for flaw in mixed_groups(planned)] == [
        (
            f"csp-a, csp-b: env1/{one} and csp-a, csp-b: env1/ix4",
            f"the same routers of {side} or no router in common",
            f"{shared} in both, {alone} in one",
        )
        for side, name in (("csp-a", A), ("csp-b", B))
        for one, shared, alone in (
            ("ix1", f"{name}3, {name}4", f"{name}1, {name}2, {name}5, {name}6"),
            ("ix3", f"{name}5, {name}6", f"{name}3, {name}4, {name}7, {name}8"),
        )
    ]
    assert list(deadlocks(planned)) == []


def test_two_sides_deadlock_together_that_are_well_grouped_alone() -> None:
    """csp-a has both interconnects on routers 1 to 4, and so has csp-b, which swapped the first two channels of ix2."""
    crossed = between(pair("ix1", (1, 2, 3, 4)), pair("ix2", (1, 2, 3, 4), far=(2, 1, 3, 4)))
    assert list(mixed_groups(crossed)) == []
    (flaw,) = deadlocks(crossed)
    assert flaw.where == "csp-a, csp-b: env1/ix1 and csp-a, csp-b: env1/ix2"
    assert flaw.finding.want == "a rota of 4 windows in which no two routers of an interconnect meet"
    assert flaw.finding.got == f"{A}1, {A}2, {A}3, {A}4, {B}1, {B}2 are in each other's way"


def test_a_ring_of_five_deadlocks_although_no_three_exclude_each_other() -> None:
    ring = [pair(f"ix{n}", (n, n % 5 + 1)) for n in range(1, 6)]
    (flaw,) = deadlocks(between(*ring))
    assert flaw.finding.want == "a rota of 2 windows in which no two routers of an interconnect meet"
    assert flaw.finding.got == ", ".join(f"{side}{n}" for side in (A, B) for n in range(1, 6)) + (
        " are in each other's way"
    )
    assert list(deadlocks(between(*ring[:4]))) == []


def test_an_undecided_search_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = between(*(pair(f"ix{n}", (n, n % 5 + 1)) for n in range(1, 6)))
    for bound in ("SEARCH_STEPS", "SEARCH_DEVICES"):
        with monkeypatch.context() as bounded:
            bounded.setattr(graph, bound, 3)
            (flaw,) = deadlocks(ring)
            (sure,) = deadlocks(between(*EXAMPLE))  # five that all exclude each other are seen without a search
        assert (flaw.finding.verdict, flaw.finding.got) == (Verdict.INCONCLUSIVE, "no answer within the steps allowed")
        assert sure.finding.verdict is Verdict.WARNED


def test_who_excludes_whom() -> None:
    """Routers of different channels, of both providers; not the two ends of one channel (CC-MAINT-001)."""
    excluded = exclusions(topology_of("one-left"))
    near = next(device for device in excluded if device.name == f"{A}2")
    assert sorted(device.name for device in excluded[near]) == [f"{A}1", f"{A}3", f"{A}4", f"{B}1", f"{B}3", f"{B}4"]


def test_a_window_that_another_one_contains_excludes_nothing() -> None:
    """Both channels of csp-a are on one router: its window takes all that a window of csp-b can take."""
    excluded = exclusions(between(pair("ix1", (1, 1), far=(1, 2))))
    assert [(one.name, other.name) for one, other in excluded.edges] == [(f"{B}1", f"{B}2")]


def test_windows_that_take_more_together_than_each_alone_exclude_each_other() -> None:
    """a-east-1-101 hosts ch1 and ch2, b-east1-102 hosts ch2 and ch3: they share one and would take all three."""
    excluded = exclusions(between(pair("ix1", (1, 1, 2), far=(1, 2, 2))))
    assert sorted(sorted(device.name for device in edge) for edge in excluded.edges) == [
        [f"{A}1", f"{A}2"],
        [f"{A}1", f"{B}2"],
        [f"{A}2", f"{B}1"],
        [f"{B}1", f"{B}2"],
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_search_agrees_with_brute_force(seed: int) -> None:
    drawn = nx.gnp_random_graph(7, 0.35 + seed / 150, seed=seed)
    excluded: nx.Graph[Device] = nx.relabel_nodes(drawn, {n: Device(Site("csp-a", "x"), str(n)) for n in drawn})
    for windows in (1, 2, 3, 4):
        possible = any(
            all(given[one] != given[other] for one, other in drawn.edges)
            for given in product(range(windows), repeat=len(drawn))
        )
        assert has_rota(excluded, windows) is possible
