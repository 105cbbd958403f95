"""A topology as graphs. The only module that knows networkx, whose import costs most of a start of the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import networkx as nx

from simulator.topology.physical import Device, Environment, Interconnect, Port, Site, Topology

Node = Site | Device | Port

SEARCH_STEPS = 20_000
"""How far an exact search for a rota goes before it gives up."""
SEARCH_DEVICES = 200


def physical_graph(topology: Topology) -> nx.Graph[Node]:
    """Every router at its site, every port in its router, every cross connect between two ports."""
    graph: nx.Graph[Node] = nx.Graph()
    for environment in topology.environments:
        graph.add_nodes_from(environment.sites)
    for _, _, channel in topology.channels():
        for member in channel.members:
            for port in member.ends:
                graph.add_edge(port.device.site, port.device)
                graph.add_edge(port.device, port)
            graph.add_edge(*member.ends)
    return graph


def disjoint_ways(environment: Environment, interconnect: Interconnect) -> int:
    """How many ways from site to site share no router and no port: so many failures it takes to cut the interconnect."""
    alone = replace(environment, interconnects=(interconnect,))
    return int(nx.node_connectivity(physical_graph(Topology((alone,))), *environment.sites))


def exclusions(topology: Topology) -> nx.Graph[Device]:
    """Which routers, of all providers, must never be in scheduled maintenance together (CC-MAINT-001).

    Two windows exclude each other if together they take channels of an interconnect that neither takes alone. So the
    routers of one side exclude each other, and the two ends of one channel do not.
    """
    graph: nx.Graph[Device] = nx.Graph()
    for environment, interconnect in topology.interconnects():
        taken: dict[Device, set[str]] = {}
        for channel in interconnect.channels:
            for provider in environment.providers:
                for device in channel.devices(provider):
                    taken.setdefault(device, set()).add(channel.id)
        graph.add_nodes_from(taken)
        for (one, ones), (other, others) in combinations(taken.items(), 2):
            if not (ones <= others or others <= ones):
                graph.add_edge(one, other)
    return graph


def linked(graph: nx.Graph[Device]) -> Iterator[nx.Graph[Device]]:
    """The parts of an exclusion graph that have nothing to do with one another, each in an order of its own."""
    for part in nx.connected_components(graph):
        copy: nx.Graph[Device] = nx.Graph()  # a subgraph of networkx would iterate in the order of a set
        members = sorted(part, key=_in_order)
        copy.add_nodes_from(members)
        copy.add_edges_from((one, other) for one in members for other in graph[one])
        yield copy


def has_rota(graph: nx.Graph[Device], windows: int) -> bool | None:
    """Can every router have one of so many windows, none together with one that it excludes? None: not decided."""
    if not graph:
        return True
    greedy: dict[Device, int] = nx.greedy_color(graph, "saturation_largest_first")
    if max(greedy.values()) < windows:
        return True
    if any(len(clique) > windows for clique in nx.find_cliques(graph)):
        return False
    core = nx.k_core(graph, windows)  # a router with fewer neighbours than windows finds one whatever the others have
    if len(core) > SEARCH_DEVICES:
        return None
    return _search(core, windows)


def crowd(graph: nx.Graph[Device], windows: int) -> tuple[Device, ...]:
    """Who is in the way when there is no rota: the most routers of which each excludes all others, if these are more
    than the windows; otherwise all that are left without those that find a window whatever the others have."""
    cliques = (sorted(clique, key=_in_order) for clique in nx.find_cliques(graph))
    largest = min(cliques, key=lambda clique: (-len(clique), [_in_order(device) for device in clique]))
    return tuple(largest if len(largest) > windows else sorted(nx.k_core(graph, windows), key=_in_order))


def _in_order(device: Device) -> tuple[str, str, str]:
    return device.provider, device.site.code, device.name


def _search(graph: nx.Graph[Device], windows: int) -> bool | None:
    """Try every assignment, always of the router with the fewest windows left; a fresh window is tried once only."""
    chosen: dict[Device, int] = {}
    steps = 0

    def left(device: Device) -> list[int]:
        used = {chosen[each] for each in graph[device] if each in chosen}
        fresh = 1 + max(chosen.values(), default=-1)
        return [window for window in range(min(fresh + 1, windows)) if window not in used]

    def settle() -> bool | None:
        nonlocal steps
        open_ = [device for device in graph if device not in chosen]
        if not open_:
            return True
        steps += 1
        if steps > SEARCH_STEPS:
            return None
        device = min(open_, key=lambda each: (len(left(each)), -len(graph[each]), _in_order(each)))
        for window in left(device):
            chosen[device] = window
            found = settle()
            if found is not False:
                return found
            del chosen[device]
        return False

    return settle()
