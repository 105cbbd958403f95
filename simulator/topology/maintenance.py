"""Can every router be maintained? Interconnects that share routers in part may leave one without any window.

The documents give an example and no rule (Protocols, Maintenance Coordination): interconnects on routers a b c d, on
a e c d and on b e, after which neither b nor e can be maintained. Our reading of it (CC-MAINT-006): there is a rota, in
which every router has a window of its own kind and routers that exclude each other (CC-MAINT-001) have different ones;
it has as many windows as the widest of the linked interconnects has routers at one end. In the example there are
four. The first two interconnects leave b and e the same one, the third forbids it: each waits for the window of the
other for ever. Windows of both providers count together (CC-MAINT-001), so interconnects may deadlock although each
side alone has grouped its routers well. Emergencies are exempt (CC-MAINT-005).

The rule that the documents do state is simpler and safe: the routers of two interconnects are the same or all
different. ``mixed_groups`` judges that one; it is a SHOULD, and so are both findings warnings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reports.verdict import Finding, Verdict
from simulator.topology import graph
from simulator.topology.flaws import Flaw
from simulator.topology.physical import Device, Environment, Interconnect, Topology

REQUIREMENT = "CC-MAINT-006"


def mixed_groups(topology: Topology) -> Iterator[Flaw]:
    """The routers of two interconnects are neither the same nor all different; one flaw per two groups that mix."""
    for provider in topology.providers:
        groups: dict[frozenset[Device], str] = {}  # each group, named by the first interconnect on it
        members: dict[Device, list[frozenset[Device]]] = {}
        for environment, interconnect in topology.interconnects():
            devices = interconnect.devices(provider)
            group = frozenset(devices)
            if not group or group in groups:
                continue
            place = groups[group] = environment.place(interconnect.id)
            mixing = dict.fromkeys(other for device in devices for other in members.get(device, ()))
            for device in devices:
                members.setdefault(device, []).append(group)
            for other in mixing:
                shared, alone = _names(group & other), _names(group ^ other)
                yield Flaw(
                    REQUIREMENT,
                    f"{groups[other]} and {place}",
                    Finding(
                        Verdict.WARNED,
                        want=f"the same routers of {provider} or no router in common",
                        got=f"{shared} in both, {alone} in one",
                    ),
                )


def deadlocks(topology: Topology) -> Iterator[Flaw]:
    """There is no rota for routers that are linked by shared interconnects."""
    bundles_on: dict[Device, dict[str, tuple[Environment, Interconnect]]] = {}
    for environment, interconnect in topology.interconnects():
        for device in _devices(environment, interconnect):
            bundles_on.setdefault(device, {})[environment.place(interconnect.id)] = environment, interconnect
    for part in graph.linked(graph.exclusions(topology)):
        bundles = {place: bundle for device in part for place, bundle in bundles_on[device].items()}
        windows = max(
            len(interconnect.devices(side)) for env, interconnect in bundles.values() for side in env.providers
        )
        rota = graph.has_rota(part, windows)
        if rota:
            continue
        crowd = frozenset(graph.crowd(part, windows))
        places = [place for place, bundle in bundles.items() if len(crowd & _devices(*bundle)) > 1]
        told = f"{_names(crowd)} are in each other's way" if rota is False else "no answer within the steps allowed"
        yield Flaw(
            REQUIREMENT,
            " and ".join(places),
            Finding(
                Verdict.INCONCLUSIVE if rota is None else Verdict.WARNED,
                want=f"a rota of {windows} windows in which no two routers of an interconnect meet",
                got=told,
            ),
        )


def _devices(environment: Environment, interconnect: Interconnect) -> frozenset[Device]:
    return frozenset(device for side in environment.providers for device in interconnect.devices(side))


def _names(devices: Collection[Device]) -> str:
    return ", ".join(sorted(device.name for device in devices)) or "none"
