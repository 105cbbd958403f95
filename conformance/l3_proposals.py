"""Proposals that the harness makes as negotiator: drawn from the guidance it was given, then changed as a table says.

A row of a scenario's table changes one proposal. Columns: ``vlan``, ``subnet`` and ``ipv6`` (address/length, the hosts
follow), ``mtu``, ``asn`` (the responder's), ``hosts`` (the responder's, then the caller's); and ``member`` with
``value`` (JSON, or ``(missing)``) for any member, addressed as in ``MEMBERS``.
"""

from __future__ import annotations

import copy
import ipaddress
import itertools
import json
from collections.abc import Mapping
from typing import Any

from conformance.l3_reading import HIGHEST_VLAN, LOWEST_VLAN, lies_in, ranges

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "channel": ("channel",),
    "provisioningState": ("provisioningState",),
    "featureConfig": ("featureConfig",),
    "featureType": ("featureConfig", "featureType"),
    "l3BaseConfig": ("featureConfig", "l3BaseConfig"),
    "bgp": ("featureConfig", "l3BaseConfig", "providerBgpConfigs"),
}
"""Where the first word of a dotted member leads; any other is a member of the l3BaseConfig. Digits count entries:
``bgp.0`` is the responder's."""

MISSING = "(missing)"

CALLER_ASN = 64600


def drawn(guidance: Mapping[str, Any], number: int, server: str, caller: str) -> dict[str, Any]:
    """The proposal number ``number`` inside this guidance; different numbers differ in VLAN and subnet."""
    vlans = ranges(guidance, "vlanRanges") or [(LOWEST_VLAN, HIGHEST_VLAN)]
    mtus = ranges(guidance, "mtuRanges") or [(1500, 1500)]
    asns = ranges(guidance, "asnRanges") or [(64512, 64512)]
    start, stop = max(vlans[0][0], LOWEST_VLAN), min(vlans[0][1], HIGHEST_VLAN)
    config = {
        "mtuBytes": mtus[0][0] + number * 53 % (mtus[0][1] - mtus[0][0] + 1),
        "vlanId": start + number * 37 % (stop - start + 1),
        "providerBgpConfigs": [
            {"provider": f"providers/{server}", "asn": asns[0][0]},
            {"provider": f"providers/{caller}", "asn": CALLER_ASN},
        ],
    }
    return with_subnet(config, "ipv4", str(_subnet(guidance, number)))


def _subnet(guidance: Mapping[str, Any], number: int) -> ipaddress.IPv4Network:
    space = (guidance.get("ipv4SubnetGuidance") or [{"includeSubnet": "169.254.0.0/16"}])[0]
    include = ipaddress.IPv4Network(space["includeSubnet"])
    length = max(
        [30] if not guidance.get("ipv4AllowedSubnetPrefixLengths") else guidance["ipv4AllowedSubnetPrefixLengths"]
    )
    count = 1 << (length - include.prefixlen)
    for place in itertools.count(number * 101):
        address = include.network_address + ((place % count) << (32 - length))
        subnet = ipaddress.IPv4Network(f"{address}/{length}")
        if lies_in(subnet, space):
            return subnet
    raise AssertionError("itertools.count ends")


def with_subnet(config: Mapping[str, Any], family: str, subnet: str) -> dict[str, Any]:
    """The configuration with this subnet, taken as it is written, and its first two usable hosts."""
    address, _, length = subnet.partition("/")
    network = ipaddress.ip_network(subnet, strict=False)
    first = network.network_address + (0 if network.prefixlen == network.max_prefixlen - 1 else 1)
    host = f"hostIpv{network.version}"
    entries = [{**entry, host: str(first + number)} for number, entry in enumerate(config["providerBgpConfigs"])]
    return {
        **config,
        f"{family}Subnet": address,
        f"{family}SubnetPrefixLength": int(length),
        "providerBgpConfigs": entries,
    }


def proposed(config: Mapping[str, Any], channel: str, row: Mapping[str, str]) -> dict[str, Any]:
    """The body of CreateFeature for a configuration, with the changes of a table's row."""
    changed = copy.deepcopy(dict(config))
    if row.get("vlan"):
        changed["vlanId"] = int(row["vlan"])
    if row.get("mtu"):
        changed["mtuBytes"] = int(row["mtu"])
    if row.get("subnet"):
        changed = with_subnet(changed, "ipv4", row["subnet"])
    if row.get("ipv6"):
        changed = with_subnet(changed, "ipv6", row["ipv6"])
    if row.get("asn"):
        changed["providerBgpConfigs"][0]["asn"] = int(row["asn"])
    if row.get("hosts"):
        for entry, host in zip(changed["providerBgpConfigs"], row["hosts"].split(), strict=True):
            entry["hostIpv4"] = host
    body = {
        "channel": channel,
        "featureConfig": {"featureType": "FEATURE_TYPE_L3_BASE", "l3BaseConfig": changed},
    }
    if row.get("member"):
        _set(body, row["member"], row["value"])
    return body


def _set(body: dict[str, Any], member: str, value: str) -> None:
    first, *rest = member.split(".")
    path = [*MEMBERS.get(first, ("featureConfig", "l3BaseConfig", first)), *rest]
    place: Any = body
    for step in path[:-1]:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    last: Any = int(path[-1]) if isinstance(place, list) else path[-1]
    if value == MISSING:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(json.loads(value))
    else:
        place[last] = json.loads(value)
