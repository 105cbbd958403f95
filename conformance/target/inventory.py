"""What was agreed out of band, from the target's inventory file; and our copies of it.

For a provider the file has the tables of examples/inventory.toml, ``[inventories.NAME]`` with the same tables for every
further named inventory that the target can be given, and ``[base_urls]`` by environment. A row's ``peer`` is the
counterpart where it names none. Providers may be named by their ids, by the seats, or as target, counterpart and
third. For an operator the file has
``cloudlets`` and ``zones`` of the target and ``[base_urls]`` by group of operations (FI-ERR-28).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.target.declared import FI
from conformance.target.records import InventorySource, Target
from reference_impl.connection_coordinator.inventory_records import Inventory
from reference_impl.serve.config import url_at
from reference_impl.serve.inventory import read_inventory
from reference_impl.serve.protocol import Counterpart
from reference_impl.serve.tomlfile import Section, read_toml
from simulator.inventories import DISPLAY_NAMES, PLANS, guidance_of, inventories

STANDARD = "standard"
ROWS = ("accounts", "environments", "interconnects", "channels")
PROVIDER = (*ROWS, "guidance", "inventories", "base_urls")
NAMED = (*ROWS, "guidance")
OPERATOR = ("cloudlets", "zones", "base_urls")
CLOUDLET = ("name", "lat", "long", "capacity")
CAPACITY = ("cpu", "ram", "disk")
ZONE = ("id", "cloudlets", "geo_location", "country", "city", "state", "locality")
GROUPS = ("partner", "zone", "notify", "application")
"""Groups of operations of a federation, by what follows /operator/ in their paths."""
_NAMING = ("peer", "provider", "macsec_manager", "crossconnect_manager")


@dataclass(frozen=True, slots=True)
class Cloudlet:
    """A cloudlet of the target; ``lat`` and ``long`` in decimal degrees, ``capacity`` in cores and GB."""

    name: str
    lat: float = 0.0
    long: float = 0.0
    capacity: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """An availability zone of the target, of its own cloudlets."""

    id: str
    cloudlets: tuple[str, ...]
    geo_location: str
    country: str = ""
    city: str = ""
    state: str = ""
    locality: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an operator has of its own."""

    cloudlets: tuple[Cloudlet, ...] = ()
    zones: tuple[Zone, ...] = ()


def read_source(document: Section, target: Target) -> Target:
    """The target with its ``[inventory]``, read once for every seat that it takes. Raises ConfigError."""
    section = document.section("inventory")
    if section is None:
        return target
    tables = section
    file = None
    if "file" in section.data:
        section.only("file")
        file = section.source.file.parent / section.text("file")
        tables = read_toml(file)
    tables.only(*(OPERATOR if target.protocol == FI else PROVIDER))
    further = tables.section("inventories")
    names = (STANDARD, *(name for name in further.data if name != STANDARD)) if further is not None else (STANDARD,)
    if further is not None and STANDARD in further.data:
        raise further.error(STANDARD, "the tables of the standard inventory at the top", "a table of that name")
    found = replace(target, inventory=InventorySource(file, tables, names, _base_urls(tables, target)))
    if target.protocol == FI:
        holdings(found)
    else:
        for seat in target.seats:
            for name in names:
                copies = provider_copies(found, seat, name)
                _known_environments(tables, {row.id for row in copies[seat].environments}, name)
    return found


def _base_urls(tables: Section, target: Target) -> dict[str, str]:
    section = tables.section("base_urls")
    if section is None:
        return {}
    if target.protocol == FI:
        section.only(*GROUPS)
    return {name: url_at(section, name) for name in section.data}


def _known_environments(tables: Section, known: set[str], name: str) -> None:
    section = tables.section("base_urls")
    for environment in section.data if section is not None and name == STANDARD else ():
        if environment not in known:
            assert section is not None
            want = f"an environment of the inventory, {', '.join(sorted(known)) or 'there is none'}"
            raise section.error(environment, want, "another one")


# --- providers ----------------------------------------------------------------------------------------------------


def provider_copies(
    target: Target, seat: str, name: str = STANDARD, api_uri: Callable[[str], str] | None = None
) -> dict[str, Inventory]:
    """The copies of all seats of a named inventory while the target is in ``seat``; KeyError where there is none.

    ``api_uri`` gives the URL of each seat, by default the target's own base URL and "" for ours. Ours are those of the
    scenarios' plan of that name, which may differ on purpose from what was agreed; where the target's file has an
    inventory of its own, ours mirror it.
    """
    names = target.names(seat)
    words = names | {part: names[each] for each, part in target.parts(seat).items()}
    uri = api_uri or (lambda each: target.base_url if each == seat else "")
    planned = inventories(name, ids=names, api_uri=uri) if name in PLANS else {}
    if target.inventory.tables is None:
        if not planned:
            raise KeyError(f"no inventory {name!r}; there are {', '.join(PLANS)}")
        return planned
    if name not in target.inventory.names:
        raise KeyError(f"no inventory {name!r}; there are {', '.join(target.inventory.names)}")
    tables = _named(target.inventory.tables, name)
    by_part = {part: each for each, part in target.parts(seat).items()}
    own = _copy(target, seat, seat, tables, uri, _for_target(tables, words))
    if planned and not (PLANS[name].issuers and seat == target.all_seats[0]) and _same(own, planned[seat]):
        return planned | {seat: own}
    copies = {seat: own}
    for part in ("counterpart", "third"):
        ours = by_part[part]
        copies[ours] = _copy(target, seat, ours, tables, uri, _for_us(tables, words, part))
    return copies


def _same(one: Inventory, other: Inventory) -> bool:
    """Are these the same environments, interconnects and channels?"""

    def rows(copy: Inventory) -> tuple[set[object], set[object], set[object]]:
        return (
            {(row.peer, row.id, row.sizes, row.private) for row in copy.environments},
            set(copy.interconnects),
            {(row.peer, row.environment, row.interconnect, row.id, row.macsec_manager) for row in copy.channels},
        )

    return rows(one) == rows(other)


def _named(tables: Section, name: str) -> Section:
    """The tables of one inventory; accounts and guidance are those of the top where it has none."""
    top = {key: tables.data[key] for key in NAMED if key in tables.data}
    if name == STANDARD:
        return Section(tables.source, tables.place, top)
    further = tables.section("inventories")
    assert further is not None
    section = further.section(name)
    assert section is not None
    section.only(*NAMED)
    shared = {key: top[key] for key in ("accounts", "guidance") if key in top}
    return Section(section.source, section.place, shared | dict(section.data))


def _for_target(tables: Section, words: Mapping[str, str]) -> dict[str, Any]:
    """As the target sees it: every row with its peer, everybody by id."""
    found: dict[str, Any] = _renamed(dict(tables.data), words)
    for key in ("environments", "interconnects", "channels"):
        if isinstance(found.get(key), list):
            found[key] = [{"peer": words["counterpart"]} | row if isinstance(row, dict) else row for row in found[key]]
    return found


def _for_us(tables: Section, words: Mapping[str, str], part: str) -> dict[str, Any]:
    """As one of us sees it: only the rows that the target has with it, the target being the peer."""
    rows = _for_target(tables, words)
    for key in ("environments", "interconnects", "channels"):
        rows[key] = [
            {member: value for member, value in row.items() if member not in ("guidance", "api_uri")}
            | {"peer": words["target"]}
            for row in rows.get(key, ())
            if row["peer"] == words[part]
        ]
    rows.pop("guidance", None)
    return rows


def _renamed(value: Any, words: Mapping[str, str], member: str = "") -> Any:
    """Seats and parts in the members that name providers become ids."""
    if isinstance(value, dict):
        return {key: _renamed(each, words, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, words) for each in value]
    return words.get(value, value) if member in _NAMING and isinstance(value, str) else value


def _copy(
    target: Target, seat: str, whose: str, tables: Section, uri: Callable[[str], str], rows: dict[str, Any]
) -> Inventory:
    names = target.names(seat)
    peers = [each for each in target.all_seats if each != whose] if whose == seat else [seat]
    parts = target.parts(seat)
    known = tuple(
        Counterpart(names[each], "", names[whose], target.who(parts[each]).display_name or DISPLAY_NAMES[each], "", ())
        for each in peers
    )
    read = read_inventory(Section(tables.source, tables.place, rows), names[whose], known)
    seats = {id_: each for each, id_ in names.items()}
    environments = tuple(
        replace(row, api_uri=row.api_uri or target.inventory.base_urls.get(row.id, "") or uri(seats[row.peer]))
        if whose != seat
        else replace(row, api_uri=row.api_uri or uri(seats[row.peer]))
        for row in read.environments
    )
    if whose == seat:
        return replace(read, environments=environments)
    guidance = guidance_of(whose)
    return replace(
        read, environments=environments, channels=tuple(replace(row, guidance=guidance) for row in read.channels)
    )


# --- operators ----------------------------------------------------------------------------------------------------


def holdings(target: Target) -> Holdings:
    """Cloudlets and zones of the target by its inventory; empty without one. Raises ConfigError."""
    tables = target.inventory.tables
    if tables is None:
        return Holdings()
    cloudlets = tuple(_cloudlet(each) for each in tables.sections("cloudlets"))
    names = [each.name for each in cloudlets]
    zones: list[Zone] = []
    for section, cloudlet in zip(tables.sections("cloudlets"), cloudlets, strict=True):
        if names.count(cloudlet.name) > 1:
            raise section.wrong("name", "each of the cloudlets once")
    for section in tables.sections("zones"):
        zone = _zone(section, names)
        if any(zone.id == other.id for other in zones):
            raise section.wrong("id", "each of the zones once")
        zones.append(zone)
    return Holdings(cloudlets, tuple(zones))


def _cloudlet(section: Section) -> Cloudlet:
    section.only(*CLOUDLET)
    capacity = section.section("capacity")
    if capacity is not None:
        capacity.only(*CAPACITY)
    return Cloudlet(
        section.text("name"),
        _degrees(section, "lat", 90),
        _degrees(section, "long", 180),
        {key: capacity.number(key) for key in capacity.data} if capacity is not None else None,
    )


def _degrees(section: Section, key: str, most: int) -> float:
    value = section.data.get(key, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        raise section.wrong(key, f"decimal degrees from -{most} to {most}")
    return float(value)


def _zone(section: Section, cloudlets: list[str]) -> Zone:
    section.only(*ZONE)
    members = section.list_of("cloudlets", str, "a list of names of cloudlets")
    for name in members:
        if name not in cloudlets:
            raise section.error("cloudlets", f"cloudlets of this file, {', '.join(cloudlets) or 'there is none'}", name)
    return Zone(
        section.text("id"),
        members,
        section.text("geo_location"),
        *(section.text(key, "") for key in ("country", "city", "state", "locality")),
    )
