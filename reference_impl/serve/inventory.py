"""The inventory of a Connection Coordinator provider from TOML: what it agreed with its partners out of band.

``[inventory]`` of PARTY.toml holds the tables ``accounts``, ``environments``, ``interconnects`` and ``channels``, or
names a ``file`` that does; both sides can share one file, for a row's ``peer`` is the only partner where it names
none. ``guidance`` holds the ranges that this side serves for its channels; a channel may have its own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from reference_impl.connection_coordinator.inventory_records import (
    NO_RESTRICTION,
    Account,
    Channel,
    Environment,
    Interconnect,
    Inventory,
    Partner,
)
from reference_impl.connection_coordinator.messages import (
    ASNRange,
    L3BaseGuidance,
    MTURange,
    SubnetGuidance,
    VLANRange,
)
from reference_impl.serve.protocol import Counterpart
from reference_impl.serve.tomlfile import Section, read_toml

Row = TypeVar("Row")

_TABLES = ("accounts", "environments", "interconnects", "channels")
_SIZES = (1000, 10000)


def read_inventory(section: Section, me: str, counterparts: tuple[Counterpart, ...]) -> Inventory:
    """The rows of an ``[inventory]`` table. Raises ConfigError, with the line of the file that is wrong."""
    section.only("file", "guidance", *_TABLES)
    tables = section
    if "file" in section.data:
        tables = read_toml(section.source.file.parent / section.text("file"))
        tables.only("guidance", *_TABLES)
        for name in _TABLES:
            if name in section.data:
                raise section.error(name, f"{name} in one place", "a file beside it")
    ranges = section.section("guidance") or tables.section("guidance")
    partners = tuple(Partner(each.id, each.display_name, each.own_id) for each in counterparts)
    return _Reader(me, partners, guidance(ranges) if ranges else NO_RESTRICTION).read(tables)


class _Reader:
    def __init__(self, me: str, partners: tuple[Partner, ...], ranges: L3BaseGuidance) -> None:
        self._me = me
        self._partners = partners
        self._ranges = ranges

    def read(self, tables: Section) -> Inventory:
        accounts = _rows(tables, "accounts", _account, lambda row: row.id)
        self._accounts = {account.id for account in accounts}
        environments = _rows(tables, "environments", self._environment, lambda row: (row.peer, row.id))
        self._environments = {(row.peer, row.id) for row in environments}
        interconnects = _rows(
            tables, "interconnects", self._interconnect, lambda row: (row.peer, row.environment, row.id)
        )
        self._interconnects = {(row.peer, row.environment, row.id) for row in interconnects}
        channels = _rows(
            tables, "channels", self._channel, lambda row: (row.peer, row.environment, row.interconnect, row.id)
        )
        return Inventory(self._partners, accounts, environments, interconnects, channels)

    def _peer(self, section: Section) -> str:
        ids = [partner.id for partner in self._partners]
        peer = section.text("peer", ids[0] if len(ids) == 1 else None, want=f"one of {', '.join(ids)}")
        if peer not in ids:
            raise section.wrong("peer", f"one of {', '.join(ids)}")
        return peer

    def _environment(self, section: Section) -> Environment:
        section.only("peer", "id", "sizes", "sites", "api_uri", "private", "admitted")
        admitted = section.list_of("admitted", str, "a list of accounts", ())
        if unknown := [account for account in admitted if account not in self._accounts]:
            raise section.error("admitted", f"accounts of this inventory, {_names(self._accounts)}", repr(unknown[0]))
        return Environment(
            self._peer(section),
            section.text("id"),
            _sizes(section),
            tuple(_site(each) for each in section.sections("sites")),
            section.text("api_uri", ""),
            section.truth("private", False),
            admitted,
        )

    def _interconnect(self, section: Section) -> Interconnect:
        section.only("peer", "environment", "id", "max_mbps", "state", "sizes")
        peer, environment = self._peer(section), section.text("environment")
        if (peer, environment) not in self._environments:
            known = [name for owner, name in self._environments if owner == peer]
            raise section.wrong("environment", f"an environment shared with {peer}: {_names(known)}")
        state = section.text("state", "ACTIVE")
        if state not in ("PENDING", "ACTIVE", "CLOSED"):
            raise section.wrong("state", "PENDING, ACTIVE or CLOSED")
        return Interconnect(
            peer,
            environment,
            section.text("id"),
            section.number("max_mbps", 100_000),
            f"INTERCONNECT_STATE_{state}",
            _sizes(section),
        )

    def _channel(self, section: Section) -> Channel:
        section.only(
            *("peer", "environment", "interconnect", "id", "device", "demarc", "member_gbps", "members"),
            *("macsec_manager", "crossconnect_manager", "enabled", "guidance"),
        )
        place = (self._peer(section), section.text("environment"), section.text("interconnect"))
        if place not in self._interconnects:
            known = [name for *owner, name in self._interconnects if tuple(owner) == place[:2]]
            raise section.wrong("interconnect", f"an interconnect of {place[1]}: {_names(known)}")
        ranges = section.section("guidance")
        return Channel(
            *place,
            section.text("id"),
            section.text("device", ""),
            section.text("demarc", ""),
            section.number("member_gbps", 100, low=1),
            section.number("members", 1, low=1),
            self._manager(section, "macsec_manager"),
            self._manager(section, "crossconnect_manager"),
            section.truth("enabled", True),
            guidance(ranges) if ranges else self._ranges,
        )

    def _manager(self, section: Section, key: str) -> str:
        ids = [self._me, *(partner.id for partner in self._partners)]
        if section.text(key, "") not in ("", *ids):
            raise section.wrong(key, f"one of {', '.join(ids)}")
        return section.text(key, "")


def _rows(
    tables: Section, name: str, read: Callable[[Section], Row], key_of: Callable[[Row], object]
) -> tuple[Row, ...]:
    rows: dict[object, Row] = {}
    for section in tables.sections(name):
        row = read(section)
        if key_of(row) in rows:
            raise section.wrong("id", f"each of the {name} once")
        rows[key_of(row)] = row
    return tuple(rows.values())


def _account(section: Section) -> Account:
    section.only("id", "good_standing", "quota", "acts_for", "proof_key")
    return Account(
        section.text("id"),
        section.truth("good_standing", True),
        section.number("quota", 1100),
        section.list_of("acts_for", str, "a list of accounts", ()),
        section.text("proof_key", ""),
    )


def _site(section: Section) -> tuple[str, str]:
    section.only("provider", "site")
    return section.text("provider"), section.text("site")


def _sizes(section: Section) -> tuple[int, ...]:
    want = "a list of sizes in Mbps"
    sizes = section.list_of("sizes", int, want, _SIZES)
    if not sizes or min(sizes) < 1:
        raise section.wrong("sizes", want)
    return sizes


def guidance(section: Section) -> L3BaseGuidance:
    """The ranges of a ``guidance`` table; what it leaves out is not restricted."""
    section.only(
        *("asn_ranges", "vlan_ranges", "mtu_ranges", "ipv4_lengths", "ipv6_lengths", "ipv4", "ipv6", "max_prefixes")
    )
    return L3BaseGuidance(
        asnRanges=tuple(ASNRange(start=low, stop=high) for low, high in _ranges(section, "asn_ranges", 2**32 - 1)),
        vlanRanges=tuple(VLANRange(start=low, stop=high) for low, high in _ranges(section, "vlan_ranges", 4094)),
        mtuRanges=tuple(MTURange(start=low, stop=high) for low, high in _ranges(section, "mtu_ranges", 65535)),
        ipv4AllowedSubnetPrefixLengths=_lengths(section, "ipv4_lengths", 32),
        ipv6AllowedSubnetPrefixLengths=_lengths(section, "ipv6_lengths", 128),
        ipv4SubnetGuidance=tuple(_subnets(each, 4) for each in section.sections("ipv4")),
        ipv6SubnetGuidance=tuple(_subnets(each, 6) for each in section.sections("ipv6")),
        maxReceivedBgpRoutePrefixes=section.number("max_prefixes") if "max_prefixes" in section.data else None,
    )


def _ranges(section: Section, key: str, top: int) -> list[tuple[int, int]]:
    want = f"a list of ranges such as [[1, 2]], from 0 to {top}"
    return [_range(section, key, want, top, each) for each in section.list_of(key, list, want, ())]


def _range(section: Section, key: str, want: str, top: int, ends: list[Any]) -> tuple[int, int]:
    if len(ends) != 2 or not all(type(end) is int for end in ends) or not 0 <= ends[0] <= ends[1] <= top:
        raise section.error(key, want, repr(ends))
    return ends[0], ends[1]


def _lengths(section: Section, key: str, top: int) -> tuple[int, ...]:
    want = f"a list of prefix lengths from 0 to {top}"
    lengths = section.list_of(key, int, want, ())
    if any(not 0 <= length <= top for length in lengths):
        raise section.wrong(key, want)
    return lengths


def _subnets(section: Section, version: int) -> SubnetGuidance:
    section.only("include", "exclude", "preferred")
    excluded = section.list_of("exclude", str, "a list of subnets", ())
    preferred = section.text("preferred", "")
    for key, texts in (("include", [section.text("include")]), ("exclude", excluded), ("preferred", [preferred])):
        if bad := [text for text in texts if text and not _is_subnet(text, version)]:
            raise section.error(key, f"an IPv{version} subnet such as {_SUBNET[version]}", repr(bad[0]))
    return SubnetGuidance(
        includeSubnet=section.text("include"), excludeSubnets=excluded, preferredSubnet=preferred or None
    )


_SUBNET = {4: "169.254.0.0/16", 6: "fd20::/40"}


def _is_subnet(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(text).version == version
    except ValueError:
        return False


def _names(known: Collection[str]) -> str:
    return ", ".join(sorted(known)) or "there is none"
