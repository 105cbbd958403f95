"""The checks of a topology: sound ones have no flaw, and each spoilt one has exactly the flaws it should have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.verdict import Verdict
from simulator.inventories import PLANS, topology_of
from simulator.topology.builders import Bundle, Path, large, lay
from simulator.topology.checks import flaws, routers_diverse
from simulator.topology.physical import Channel, CrossConnect, Environment, Interconnect, Topology

TOO_LARGE = (
    "CC-ENV-003 csp-a, csp-b: env1: want an interconnect on which each size fits, "
    "got 1000 Mbps at most, too little for 10000"
)


def test_the_named_inventories_have_the_flaws_they_are_made_for() -> None:
    found = {name: [str(flaw) for flaw in flaws(topology_of(name))] for name in PLANS}
    assert {name: told for name, told in found.items() if told} == {
        "one-left": [TOO_LARGE],
        "one-left-each": [TOO_LARGE],
        "missing-size": [
            "CC-IX-003 csp-a, csp-b: env1/ix2: want the sizes of the environment, 1000, 10000, got 10000 lacking"
        ],
    }


def test_a_large_world_is_sound() -> None:
    assert flaws(large()) == ()
    assert flaws(large(31, ("csp-a", "csp-b", "csp-c"), ports=3, gbps=400)) == ()


def test_a_small_world_has_too_few_channels() -> None:
    found = flaws(topology_of("closed-and-pending", 2))
    assert [(flaw.finding.verdict, str(flaw)) for flaw in found] == [
        (verdict, f"CC-CH-001 csp-a, csp-b: env1/{id}: want at least four channels, got 2 (CC-ERR-53)")
        for id, verdict in (("ix1", Verdict.FAILED), ("ix2", Verdict.WARNED), ("ix3", Verdict.WARNED))
    ]


def of(channel: Callable[[Channel], Channel]) -> Topology:
    """The standard with its first channel changed."""

    def first(interconnect: Interconnect) -> Interconnect:
        return replace(interconnect, channels=(channel(interconnect.channels[0]), *interconnect.channels[1:]))

    return bundled(first)


def bundled(interconnect: Callable[[Interconnect], Interconnect]) -> Topology:
    """The standard with its first interconnect changed."""

    def first(environment: Environment) -> Environment:
        one, *others = environment.interconnects
        return replace(environment, interconnects=(interconnect(one), *others))

    return placed(first)


def placed(environment: Callable[[Environment], Environment]) -> Topology:
    """The standard with its environment changed."""
    return Topology(tuple(map(environment, topology_of("standard").environments)))


def resized(channel: Channel, *gbps: int) -> Channel:
    """A LAG of fresh ports of these sizes, on the routers it had."""
    (member,) = channel.members
    ends = [tuple(replace(end, number=n, gbps=each) for end in member.ends) for n, each in enumerate(gbps, start=1)]
    return replace(channel, members=tuple(CrossConnect((one, other)) for one, other in ends))


def moved(channel: Channel, donor: Channel) -> Channel:
    """The channel on the router of csp-a that the donor has, at port 2."""
    (member,), (theirs,) = channel.members, donor.members
    return replace(channel, members=(CrossConnect((replace(theirs.ends[0], number=2), member.ends[1])),))


def faster_at_one_end(channel: Channel) -> Channel:
    (member,) = channel.members
    return replace(channel, members=(CrossConnect((replace(member.ends[0], gbps=400), member.ends[1])),))


def elsewhere(channel: Channel) -> Channel:
    (member,) = channel.members
    device = member.ends[0].device
    away = replace(member.ends[0], device=replace(device, site=replace(device.site, code="a-west-1")))
    return replace(channel, members=(CrossConnect((away, member.ends[1])),))


STANDARD = topology_of("standard").environments[0].interconnects
IX1, CH1 = "csp-a, csp-b: env1/ix1", "csp-a, csp-b: env1/ix1/ch1"

SPOILT: dict[str, tuple[Topology, list[str]]] = {
    "two environments of one name": (
        lay([("csp-a", "csp-b", (Path("env1", (Bundle("ix1"),)), Path("env1", (Bundle("ix2", devices=5),))))]),
        ["CC-ENV-001 csp-a, csp-b: want distinct environment ids, got env1 2 times"],
    ),
    "two interconnects of one name": (
        placed(lambda env: replace(env, interconnects=(STANDARD[0], replace(STANDARD[1], id="ix1")))),
        ["CC-IX-001 csp-a, csp-b: env1: want distinct interconnect ids, got ix1 2 times"],
    ),
    "two channels of one name": (
        of(lambda channel: replace(channel, id="ch2")),
        [f"CC-CH-001 {IX1}: want distinct channel ids, got ch2 2 times"],
    ),
    "one demarc for two channels": (
        of(lambda channel: replace(channel, demarc="env1/ix2/3")),
        ["CC-CH-002 csp-a, csp-b: want distinct demarcs, got env1/ix2/3 2 times"],
    ),
    "a stranger and nobody as managers": (
        of(lambda channel: replace(channel, macsec_manager="csp-c", crossconnect_manager="")),
        [
            f"CC-CH-002 {CH1}: want csp-a or csp-b as MACsec manager, got csp-c",
            f"CC-CH-002 {CH1}: want csp-a or csp-b as cross-connect manager, got nobody",
        ],
    ),
    "unequal ports in a LAG": (
        of(lambda channel: resized(channel, 100, 400)),
        [
            f"CC-CH-003 {CH1}: want ports of 100G, or all of 400G, got 100G and 400G",
            f"CC-CH-003 {IX1}: want one capacity for all channels, got "
            "1 x 100G + 1 x 400G on ch1; 1 x 100G on ch2, ch3, ch4",
        ],
    ),
    "unequal ends": (
        of(faster_at_one_end),
        [f"CC-CH-003 {CH1}: want ports of 100G, or all of 400G, got 100G and 400G"],
    ),
    "a port of 40G": (
        of(lambda channel: resized(channel, 40)),
        [
            f"CC-CH-003 {CH1}: want ports of 100G, or all of 400G, got 40G",
            f"CC-CH-003 {IX1}: want one capacity for all channels, got 1 x 40G on ch1; 1 x 100G on ch2, ch3, ch4",
            f"CC-IX-004 {IX1}: want at most 40000 Mbps, got 100000 Mbps to sell (CC-ERR-09)",
        ],
    ),
    "the same capacity of other ports": (
        of(lambda channel: resized(channel, 400)),
        [f"CC-CH-003 {IX1}: want one capacity for all channels, got 1 x 400G on ch1; 1 x 100G on ch2, ch3, ch4"],
    ),
    "two channels on one router": (
        of(lambda channel: moved(channel, STANDARD[0].channels[1])),
        [f"CC-CH-004 {IX1}: want 4 channels that share no router, got 3, on 3 of csp-a and 4 of csp-b"],
    ),
    "a channel on a router of another interconnect": (
        of(lambda channel: moved(channel, STANDARD[1].channels[0])),
        [
            f"CC-MAINT-006 {IX1} and csp-a, csp-b: env1/ix2: want the same routers of csp-a or no router in common, got "
            "a-east-1-105 in both, a-east-1-102, a-east-1-103, a-east-1-104, "
            "a-east-1-106, a-east-1-107, a-east-1-108 in one",
        ],
    ),
    "one port for two cross connects": (
        of(lambda channel: replace(channel, members=STANDARD[0].channels[1].members)),
        [
            "CC-CH-001 csp-a: a-east-1-102 port 1: want one cross connect, got 2",
            "CC-CH-001 csp-b: b-east1-102 port 1: want one cross connect, got 2",
            f"CC-CH-004 {IX1}: want 4 channels that share no router, got 3, on 3 of csp-a and 3 of csp-b",
        ],
    ),
    "a LAG over two routers": (
        of(
            lambda channel: replace(
                channel, members=channel.members + resized(STANDARD[0].channels[1], 0, 100).members[1:]
            )
        ),
        [
            f"CC-CH-001 {CH1}: want one router of csp-a at a-east-1, got a-east-1-101 at a-east-1, a-east-1-102 at a-east-1",
            f"CC-CH-001 {CH1}: want one router of csp-b at b-east1, got b-east1-101 at b-east1, b-east1-102 at b-east1",
            f"CC-CH-003 {IX1}: want one capacity for all channels, got 2 x 100G on ch1; 1 x 100G on ch2, ch3, ch4",
        ],
    ),
    "a channel of no port": (
        of(lambda channel: replace(channel, members=())),
        [
            f"CC-CH-001 {CH1}: want one router of csp-a at a-east-1, got none",
            f"CC-CH-001 {CH1}: want one router of csp-b at b-east1, got none",
            f"CC-CH-003 {CH1}: want ports of 100G, or all of 400G, got no port",
            f"CC-CH-003 {IX1}: want one capacity for all channels, got no port on ch1; 1 x 100G on ch2, ch3, ch4",
            f"CC-CH-004 {IX1}: want 4 channels that share no router, got 3, on 3 of csp-a and 3 of csp-b",
            f"CC-IX-004 {IX1}: want at most 0 Mbps, got 100000 Mbps to sell (CC-ERR-09)",
        ],
    ),
    "a router at another site": (
        of(elsewhere),
        [f"CC-CH-001 {CH1}: want one router of csp-a at a-east-1, got a-east-1-101 at a-west-1"],
    ),
    "no size": (
        placed(lambda environment: replace(environment, sizes=())),
        ["CC-ENV-003 csp-a, csp-b: env1: want distinct positive sizes, at least one, got none"],
    ),
    "a size twice, and one that no interconnect has": (
        placed(lambda environment: replace(environment, sizes=(1000, 1000, 5000))),
        [
            "CC-ENV-003 csp-a, csp-b: env1: want distinct positive sizes, at least one, got 1000, 1000, 5000",
            f"CC-IX-003 {IX1}: want the sizes of the environment, 1000, 1000, 5000, got 5000 lacking",
            "CC-IX-003 csp-a, csp-b: env1/ix2: want the sizes of the environment, 1000, 1000, 5000, got 5000 lacking",
        ],
    ),
    "more sold than one channel carries": (
        bundled(lambda interconnect: replace(interconnect, max_mbps=100_001)),
        [f"CC-IX-004 {IX1}: want at most 100000 Mbps, got 100001 Mbps to sell (CC-ERR-09)"],
    ),
    "less than nothing sold": (
        bundled(lambda interconnect: replace(interconnect, max_mbps=-1)),
        [f"CC-IX-002 {IX1}: want a maximum of at least 0 Mbps, got -1"],
    ),
}


@pytest.mark.parametrize("vice", list(SPOILT))
def test_what_is_wrong_is_told(vice: str) -> None:
    topology, told = SPOILT[vice]
    assert [str(flaw) for flaw in flaws(topology)] == told


def test_another_diversity_may_be_agreed() -> None:
    """Five channels: four of them must be on routers of their own, by default; and so at both ends together."""
    topology = topology_of("five-channels")
    (environment,) = topology.environments
    ix1, ix2 = environment.interconnects
    fifth = moved(ix1.channels[4], ix1.channels[3])
    migrating = replace(ix1, channels=(*ix1.channels[:4], fifth))
    shared = Topology((replace(environment, interconnects=(migrating, ix2)),))
    assert list(routers_diverse(shared)) == []
    assert [str(flaw) for flaw in routers_diverse(shared, diversity=5)] == [
        f"CC-CH-004 {IX1}: want 5 channels that share no router, got 4, on 4 of csp-a and 5 of csp-b"
    ]
