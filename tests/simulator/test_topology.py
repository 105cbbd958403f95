"""One physical graph and what each provider's inventory makes of it: exact counts and rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import networkx as nx
import pytest

from reference_impl.connection_coordinator import inventory_records
from simulator.inventories import ACCOUNTS, PLANS, copies, guidance_of, inventories, topology_of
from simulator.topology.builders import Bundle, Path, large, lay
from simulator.topology.graph import disjoint_ways, physical_graph
from simulator.topology.physical import Device, Port, Site, Topology

SHAPES = {  # environments, interconnects, channels and Mbps in all, of the topology
    "standard": (1, 2, 8, 200_000),
    "two-environments": (2, 3, 12, 300_000),
    "private-environment": (2, 3, 12, 300_000),
    "three-partners": (3, 4, 16, 400_000),
    "closed-and-pending": (1, 3, 12, 220_000),
    "all-closed": (1, 2, 8, 200_000),
    "unequal-rooms": (1, 3, 12, 70_000),
    "one-left": (1, 1, 4, 1_000),
    "one-left-each": (1, 2, 8, 2_000),
    "three-left": (1, 2, 8, 103_000),
    "nine-left": (1, 1, 4, 10_000),
    "tight-and-roomy": (1, 2, 8, 110_000),
    "open-guidance": (1, 2, 8, 200_000),
    "narrow-guidance": (1, 2, 8, 200_000),
    "wide-asn-guidance": (1, 2, 8, 200_000),
    "preferring-guidance": (1, 2, 8, 200_000),
    "three-sizes": (1, 1, 4, 100_000),
    "extra-size": (1, 2, 8, 200_000),
    "missing-size": (1, 2, 8, 150_000),
    "five-channels-only": (1, 2, 8, 200_000),
    "odd-channels": (1, 2, 8, 200_000),
    "five-of-each": (5, 9, 37, 900_000),
    "deferral": (2, 3, 12, 300_000),
    "five-channels": (1, 2, 9, 200_000),
    "shared-device": (1, 3, 12, 300_000),
    "macsec-split": (1, 2, 8, 200_000),
    "macsec-blank": (1, 2, 8, 200_000),
    "two-endpoints": (2, 3, 12, 300_000),
    "proving-customers": (1, 2, 8, 200_000),
}


def test_the_named_topologies() -> None:
    assert {name: shape(topology_of(name)) for name in PLANS} == SHAPES
    with pytest.raises(KeyError, match="no inventory 'nothing'; there are standard, two-environments, "):
        topology_of("nothing")


def shape(topology: Topology) -> tuple[int, int, int, int]:
    return (
        len(topology.environments),
        len(list(topology.interconnects())),
        len(list(topology.channels())),
        sum(interconnect.max_mbps for _, interconnect in topology.interconnects()),
    )


def test_the_physical_graph_of_the_standard() -> None:
    graph = physical_graph(topology_of("standard"))
    assert Counter(type(node) for node in graph) == {Site: 2, Device: 16, Port: 16}
    assert graph.number_of_edges() == 16 + 16 + 8  # router at site, port in router, cross connect
    near, far = Site("csp-a", "a-east-1"), Site("csp-b", "b-east1")
    assert nx.node_connectivity(graph, near, far) == 8
    port = Port(Device(near, "a-east-1-101"), 1, 100)
    assert set(graph[port]) == {port.device, Port(Device(far, "b-east1-101"), 1, 100)}


def test_shared_routers_hand_out_their_ports_in_order() -> None:
    topology = topology_of("shared-device")
    devices = {ix.id: [device.name for device in ix.devices("csp-b")] for _, ix in topology.interconnects()}
    assert devices == {
        "ix1": ["b-east1-101", "b-east1-102", "b-east1-103", "b-east1-104"],
        "ix2": ["b-east1-101", "b-east1-102", "b-east1-103", "b-east1-104"],
        "ix3": ["b-east1-105", "b-east1-106", "b-east1-107", "b-east1-108"],
    }
    ports = {(ix.id, ch.id): [port.number for port in ch.ports("csp-b")] for _, ix, ch in topology.channels()}
    assert Counter(number for numbers in ports.values() for number in numbers) == {1: 8, 2: 4}
    assert (ports["ix1", "ch2"], ports["ix2", "ch2"]) == ([1], [2])
    sites = topology.environments[0].sites
    assert nx.node_connectivity(physical_graph(topology), *sites) == 8
    assert [disjoint_ways(*each) for each in topology.interconnects()] == [4, 4, 4]


def test_both_copies_of_a_channel_differ_only_in_their_ends() -> None:
    copy = inventories("standard", ids={"csp-a": "alpha", "csp-b": "beta"}, api_uri=lambda seat: f"https://{seat}")
    assert list(copy) == ["csp-a", "csp-b"]
    one, other = copy["csp-a"], copy["csp-b"]
    assert one.partners == (inventory_records.Partner("beta", "Cloud Service Provider B", "alpha"),)
    assert one.accounts == other.accounts == ACCOUNTS
    assert one.environments == (
        inventory_records.Environment(
            "beta", "env1", (1000, 10000), (("alpha", "a-east-1"), ("beta", "b-east1")), "https://csp-b"
        ),
    )
    assert other.interconnects[1] == inventory_records.Interconnect(
        "alpha", "env1", "ix2", 100_000, "INTERCONNECT_STATE_ACTIVE", (1000, 10000)
    )
    assert one.channels[2] == inventory_records.Channel(
        "beta",
        "env1",
        "ix1",
        "ch3",
        device="a-east-1-103",
        demarc="env1/ix1/3",
        member_gbps=100,
        members=1,
        macsec_manager="beta",
        crossconnect_manager="beta",
        guidance=guidance_of("csp-a"),
    )
    for mine, theirs in zip(one.channels, other.channels, strict=True):
        assert replace(mine, peer="alpha", device=theirs.device, guidance=theirs.guidance) == theirs


def test_what_only_the_harness_serves_is_not_agreed() -> None:
    copy = inventories("five-channels-only")
    assert [channel.id for channel in copy["csp-a"].channels] == ["ch1", "ch2", "ch3", "ch4", "ch5"]
    assert len(copy["csp-b"].channels) == 8


def test_three_partners_derive_from_one_topology() -> None:
    copy = inventories("three-partners")
    assert [partner.id for partner in copy["csp-c"].partners] == ["csp-a", "csp-b"]
    assert [(row.peer, row.id, row.sites) for row in copy["csp-c"].environments] == [
        ("csp-a", "env1", (("csp-c", "c-east-third"), ("csp-a", "a-east-1-third"))),
        ("csp-b", "env1", (("csp-c", "c-east-third"), ("csp-b", "b-east1-third"))),
    ]
    assert [channel.device for channel in copy["csp-c"].channels] == [f"c-east-{120 + n}" for n in (1, 2, 3, 4)] * 2


def test_few_channels_make_a_small_world() -> None:
    assert [channel.id for channel in inventories("five-channels", 1)["csp-b"].channels] == ["ch1", "ch1"]


def test_lags_of_several_ports() -> None:
    topology = lay([("csp-a", "csp-b", (Path("env1", (Bundle("ix1", 800_000, ports=2, gbps=400),)),))])
    assert [channel.mbps for _, _, channel in topology.channels()] == [800_000] * 4
    assert {(row.members, row.member_gbps) for row in copies(topology)["csp-b"].channels} == {(2, 400)}


def test_routers_are_one_per_channel() -> None:
    bundle = Bundle("ix1", near=(1, 5, 3, 4), far=(1, 2, 3))
    with pytest.raises(ValueError, match="ix1: want 4 routers, one per channel; got 3"):
        lay([("csp-a", "csp-b", (Path("env1", (bundle,)),))])


def test_what_no_record_can_describe_is_told() -> None:
    topology = topology_of("one-left")
    (environment,) = topology.environments
    (interconnect,) = environment.interconnects
    channels = interconnect.channels
    two = replace(channels[0], members=channels[0].members + channels[1].members)
    crossed = replace(environment, interconnects=(replace(interconnect, channels=(two,)),))
    told = "env1/ix1/ch1: want ports of one size on one router, got 100 Gbps on a-east-1-101, 100 Gbps on a-east-1-102"
    with pytest.raises(ValueError, match=told):
        copies(Topology((crossed,)))


def test_a_large_world() -> None:
    topology = large()
    assert shape(topology) == (10, 1000, 4000, 100_000_000)
    devices = {device for _, ix in topology.interconnects() for device in ix.devices("csp-a")}
    assert len(devices) == 4 * 25 * 10  # groups of four for four interconnects each, in ten environments
    assert {seat: (len(copy.interconnects), len(copy.channels)) for seat, copy in copies(topology).items()} == {
        "csp-a": (1000, 4000),
        "csp-b": (1000, 4000),
    }
    ids = [interconnect.id for _, interconnect in topology.interconnects()]
    assert ids == [f"ix{number}" for number in range(1, 1001)]
    assert large() == topology


def test_a_large_world_of_three_providers() -> None:
    topology = large(1000, ("csp-a", "csp-b", "csp-c"), ports=4, gbps=400)
    assert shape(topology) == (30, 1000, 4000, 1_600_000_000)
    assert {seat: len(copy.interconnects) for seat, copy in copies(topology).items()} == {
        "csp-a": 667,
        "csp-b": 667,
        "csp-c": 666,
    }


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"providers": ("csp-a", "csp-x")}, "want some of csp-a, csp-b, csp-c; got csp-x"),
        ({"providers": ("csp-a",)}, "want at least two, each once; got csp-a"),
        ({"providers": ("csp-a", "csp-a")}, "want at least two, each once; got csp-a, csp-a"),
        ({"gbps": 40}, "gbps: want 100 or 400 .CC-CH-003., got 40"),
        ({"interconnects": 9}, "an interconnect in each of the 10 environments; got 10, 4, 1 and 9"),
        ({"sharing": 0}, "sharing and ports of at least 1 .*; got 10, 0, 1 and 1000"),
    ],
)
def test_what_cannot_be_built(asked: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        large(**asked)  # type: ignore[arg-type]  # wrong on purpose
