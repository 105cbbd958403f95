"""PARTY.toml: what a served party is, where it listens, whom it knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from reference_impl.kernel.tables import Tables
from reference_impl.serve.protocol import Counterpart, Served, Stock
from reference_impl.serve.tomlfile import Section, read_toml

_ADDRESS = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")
_URL = re.compile(r"https?://(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes any free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class PartyConfig:
    """One party. ``provisioning_ms`` is what every job of its simulated equipment takes; ``stock`` fills its tables at
    the first start."""

    file: Path
    protocol: str
    id: str
    listen: Address
    northbound: Address
    northbound_token: str = field(repr=False)
    partners: tuple[Counterpart, ...]
    provisioning_ms: int
    stock: Stock


def read_config(file: Path, served: Served) -> PartyConfig:
    """The party that a file describes, for this protocol. Raises ConfigError."""
    document = read_toml(file)
    document.only("party", "partners", "provisioning", "inventory")
    party = document.section("party")
    if party is None:
        raise document.error("party", "a table [party]", "none")
    party.only(
        "protocol", "id", "listen", "northbound", "northbound_token", "northbound_token_env", "northbound_token_file"
    )
    if party.text("protocol") != served.id:
        raise party.wrong("protocol", f"{served.id}, which is to be served")
    id = _id(party, "id")
    partners = _partners(document, id, served)
    return PartyConfig(
        file=file,
        protocol=served.id,
        id=id,
        listen=_address(party, "listen"),
        northbound=_address(party, "northbound"),
        northbound_token=party.secret("northbound_token"),
        partners=partners,
        provisioning_ms=_provisioning(document.section("provisioning")),
        stock=_stock(document, served, id, partners),
    )


def _partners(document: Section, me: str, served: Served) -> tuple[Counterpart, ...]:
    if served.stock is None:
        for key in ("partners", "inventory"):
            if key in document.data:
                raise document.error(key, f"none: {served.title} arranges all of it northbound", "a table")
        return ()
    partners: list[Counterpart] = []
    for section in document.sections("partners"):
        partner = _partner(section, me)
        if partner.id in (me, *(other.id for other in partners)):
            raise section.wrong("id", "an id of its own for each partner")
        if partner.token_in in [other.token_in for other in partners]:
            raise section.error("token_in", "a token of its own for each partner", "another partner's")
        partners.append(partner)
    if not partners:
        raise document.error("partners", "at least one table [[partners]]", "none")
    return tuple(partners)


def _partner(section: Section, me: str) -> Counterpart:
    spellings = [f"{name}{how}" for name in ("token_out", "token_in") for how in ("", "_env", "_file")]
    section.only("id", "url", "own_id", "display_name", *spellings)
    id = _id(section, "id")
    return Counterpart(
        id,
        _url(section, "url"),
        _id(section, "own_id") if "own_id" in section.data else me,
        section.text("display_name", id),
        section.secret("token_out"),
        section.secret("token_in"),
    )


def _stock(document: Section, served: Served, me: str, partners: tuple[Counterpart, ...]) -> Stock:
    if served.stock is None:
        return _nothing
    section = document.section("inventory")
    if section is None:
        raise document.error("inventory", "a table [inventory]", "none")
    return served.stock(section, me, partners)


def _nothing(tables: Tables) -> None:
    """A party that starts empty."""


def _provisioning(section: Section | None) -> int:
    if section is None:
        return 2_000
    section.only("seconds")
    seconds = section.data.get("seconds", 2)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 86_400:
        raise section.wrong("seconds", "a number from 0 to 86400")
    return round(seconds * 1000)


def _id(section: Section, key: str) -> str:
    want = "an id of letters, digits and . _ ~ -"
    if not _ID.fullmatch(section.text(key, want=want)):
        raise section.wrong(key, want)
    return section.text(key)


def _address(section: Section, key: str) -> Address:
    want = 'host:port, such as "127.0.0.1:8001"'
    found = _ADDRESS.fullmatch(section.text(key, want=want))
    if found is None or int(found[2]) > 65535:
        raise section.wrong(key, want)
    return Address(found[1].strip("[]"), int(found[2]))


def _url(section: Section, key: str) -> str:
    want = "an http or https URL without query"
    text = section.text(key, want=want)
    found = _URL.fullmatch(text)
    if found is None or int(found[1] or 0) > 65535:
        raise section.error(key, want, "one with a user" if "@" in text else repr(text))
    return text.rstrip("/")
