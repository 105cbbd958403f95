"""The inventory file that ``target init`` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.target.inventory import STANDARD
from reference_impl.connection_coordinator.inventory_records import Inventory
from reference_impl.connection_coordinator.messages import L3BaseGuidance
from simulator.inventories import PLANS, inventories


def provider_inventory(seats: Sequence[str], names: Sequence[str]) -> str:
    """The named inventories as the target has them, by the seat that comes first."""
    seat = seats[0]
    lines = [
        "# What the target and its partners agreed out of band: set it up at the target as it stands here, or write here",
        "# what is set up there. Providers are called by their ids, by their seats (csp-a, csp-b), or target, counterpart and",
        "# third. A row without `peer` is shared with the counterpart. The tables at the top are the inventory `standard`,",
        "# which every run needs; [inventories.NAME] are further ones, for a target with a hook `reset`.",
        "",
        *_inventory_lines(_copy(STANDARD, seat), ""),
    ]
    for name in names:
        if name != STANDARD:
            lines += ["", f"[inventories.{name}]", *_inventory_lines(_copy(name, seat), f"inventories.{name}.", seat)]
    lines += [
        "",
        "# Environments that are served elsewhere:",
        "# [base_urls]",
        '# env2 = "https://west.example/v1"',
        "",
    ]
    return "\n".join(lines)


def _copy(name: str, seat: str) -> Inventory:
    """The target's own copy; where csp-a's is wrong on purpose, what was agreed."""
    return inventories(name)["csp-b" if PLANS[name].issuers else seat]


def _inventory_lines(copy: Inventory, prefix: str, seat: str = "") -> Iterator[str]:
    own = copy.partners[0].own_id
    standard_peer = {"csp-a": "csp-b", "csp-b": "csp-a"}[own]

    def place(peer: str) -> dict[str, Any]:
        return {} if peer == standard_peer else {"peer": "third"}

    def called(provider: str, peer: str) -> str:
        """With the third partner the target is the target, whatever its seat."""
        return provider if peer == standard_peer else "target" if provider == own else "third"

    if not prefix:
        yield from _rows(
            "accounts",
            (
                {"id": each.id}
                | ({} if each.good_standing else {"good_standing": False})
                | ({"acts_for": list(each.acts_for)} if each.acts_for else {})
                for each in copy.accounts
            ),
        )
        yield ""
    yield from _rows(
        "environments",
        (
            place(each.peer)
            | {"id": each.id, "sizes": list(each.sizes)}
            | {"sites": [{"provider": called(name, each.peer), "site": site} for name, site in each.sites]}
            | ({"private": True, "admitted": list(each.admitted)} if each.private else {})
            for each in copy.environments
        ),
    )
    yield from _rows(
        "interconnects",
        (
            place(each.peer)
            | {"environment": each.environment, "id": each.id, "max_mbps": each.max_mbps}
            | ({} if each.state.endswith("_ACTIVE") else {"state": each.state.rpartition("_")[2]})
            | {"sizes": list(each.sizes)}
            for each in copy.interconnects
        ),
    )
    yield from _rows(
        "channels",
        (
            place(each.peer)
            | {"environment": each.environment, "interconnect": each.interconnect, "id": each.id}
            | {"device": each.device, "demarc": each.demarc}
            | {"macsec_manager": called(each.macsec_manager, each.peer)}
            | {"crossconnect_manager": called(each.crossconnect_manager, each.peer)}
            for each in copy.channels
        ),
    )
    guidance = copy.channels[0].guidance
    if not prefix or guidance != _copy(STANDARD, own).channels[0].guidance:
        yield ""
        yield f"[{prefix}guidance] # the ranges that the target serves"
        yield from _guidance_lines(guidance)


def _rows(name: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """An array with one inline table in each line."""
    yield f"{name} = ["
    for row in rows:
        yield f"  {toml(row)},"
    yield "]"


def _guidance_lines(ranges: L3BaseGuidance) -> Iterator[str]:
    for key, given in (
        ("asn_ranges", ranges.asnRanges),
        ("vlan_ranges", ranges.vlanRanges),
        ("mtu_ranges", ranges.mtuRanges),
    ):
        if given:
            yield f"{key} = {toml([[each.start, each.stop] for each in given])}"
    for key, subnets in (("ipv4", ranges.ipv4SubnetGuidance), ("ipv6", ranges.ipv6SubnetGuidance)):
        if subnets:
            rows = [
                {"include": each.includeSubnet}
                | ({"exclude": list(each.excludeSubnets)} if each.excludeSubnets else {})
                | ({"preferred": each.preferredSubnet} if each.preferredSubnet else {})
                for each in subnets
            ]
            yield f"{key} = {toml(rows)}"
    for key, lengths in (
        ("ipv4_lengths", ranges.ipv4AllowedSubnetPrefixLengths),
        ("ipv6_lengths", ranges.ipv6AllowedSubnetPrefixLengths),
    ):
        if lengths:
            yield f"{key} = {toml(list(lengths))}"


def toml(value: Any) -> str:
    """A value in TOML, in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return json.dumps(value)


def operator_inventory() -> str:
    """Room for what an operator has of its own."""
    return "\n".join(
        [
            "# Cloudlets and zones that the target has of its own. Without them the scenarios onboard cloudlets and create",
            "# zones by the actions onboard_cloudlet and create_zone.",
            "",
            "cloudlets = [",
            '  # { name = "edge-1", lat = 50.1, long = 8.7, capacity = { cpu = 64, ram = 512, disk = 4000 } },',
            "]",
            "zones = [",
            '  # { id = "zone-1", cloudlets = ["edge-1"], geo_location = "50.1,8.7", city = "Frankfurt" },',
            "]",
            "",
            "# Groups of operations that are served elsewhere: partner, zone, notify, application",
            "# [base_urls]",
            '# application = "https://operator.example/v2"',
            "",
        ]
    )
