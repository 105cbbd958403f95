"""TARGET.toml, read and checked. ``target.schema.json`` describes the same keys.

Every error is one line that names file, line and key, what was wanted and what came (``ConfigError``).
"""

from __future__ import annotations

from pathlib import Path

from conformance.requirements import PROTOCOLS
from conformance.target.adapters import read_northbound, seconds_at
from conformance.target.credentials import read_auth
from conformance.target.declared import DECLARATIONS, FI, TIMEOUTS
from conformance.target.inventory import read_source
from conformance.target.records import (
    PARTS,
    ClockChoice,
    Counterpart,
    Declares,
    Identity,
    Listening,
    Target,
    Timeouts,
    Who,
)
from reference_impl.serve.config import address_at, id_at, try_tls, url_at
from reference_impl.serve.tls import NO_TLS, Tls
from reference_impl.serve.tomlfile import Section, read_toml

TABLES = (*("target", "identity", "auth", "counterpart", "inventory", "northbound", "clock", "declares", "timeouts"),)
TARGET = ("name", "protocol", "seats", "base_url", "capabilities", "version")
IDENTITY = ("target", "counterpart", "third", "accounts")
PROVIDER = ("id", "display_name", "asn")
OPERATOR = ("id", "operator", "country", "mcc", "mnc", "locator")
ACCOUNTS = ("X", "Y", "Z", "S")
COUNTERPART = ("listen", "public_url", "tls", "third")
LISTENING = ("listen", "public_url")
TLS = ("certificate", "key", "client_ca")
THIRD_SEATS = {"connection-coordinator": "csp-c", "federation-interconnect": "op3"}


def read_target(file: Path) -> Target:
    """The target that a file describes, with its secrets. Raises ConfigError."""
    document = read_toml(file)
    document.only(*TABLES)
    section = document.section("target")
    if section is None:
        raise document.error("target", "a table [target]", "none")
    section.only(*TARGET)
    want = " or ".join(sorted(PROTOCOLS))
    protocol = section.text("protocol", want=want)
    if protocol not in PROTOCOLS:
        raise section.wrong("protocol", want)
    federation = protocol == FI
    target = Target(
        file=file,
        name=section.text("name"),
        protocol=protocol,
        seats=_seats(section, protocol),
        base_url=url_at(section, "base_url"),
        all_seats=(*PROTOCOLS[protocol].seats, THIRD_SEATS[protocol]),
        version=section.text("version", ""),
        capabilities=_capabilities(section, protocol),
        identity=_identity(document, federation),
        auth=read_auth(document, federation),
        counterpart=_counterpart(document),
        northbound=read_northbound(document, protocol),
        clock=_clock(document),
        declares=_declares(document, protocol),
        timeouts=_timeouts(document, protocol),
    )
    _consistent(document, target)
    return read_source(document, target)


def _seats(section: Section, protocol: str) -> tuple[str, ...]:
    seats = PROTOCOLS[protocol].seats
    want = f"a list of {' and '.join(seats)}, or one of them"
    given = section.list_of("seats", str, want)
    if not given or len(set(given)) < len(given) or not set(given) <= set(seats):
        third = THIRD_SEATS[protocol]
        if third in given:
            raise section.error("seats", f"{want}; {third} is always ours", repr(third))
        raise section.error("seats", want, repr(list(given)))
    return tuple(seat for seat in seats if seat in given)


def _capabilities(section: Section, protocol: str) -> tuple[str, ...]:
    extended = [name for name, is_extended in PROTOCOLS[protocol].profiles.items() if is_extended]
    want = f"a list out of the extended profiles {', '.join(extended)}"
    given = section.list_of("capabilities", str, want, ())
    for name in given:
        if name not in extended:
            got = f"{name!r}, which every target is judged by" if name in PROTOCOLS[protocol].profiles else repr(name)
            raise section.error("capabilities", want, got)
    return tuple(name for name in extended if name in given)


def _identity(document: Section, federation: bool) -> Identity:
    section = document.section("identity")
    if section is None:
        return Identity()
    section.only(*IDENTITY)
    parts = {part: _who(section, part, federation) for part in PARTS}
    ids = [who.id for who in parts.values() if who.id]
    for part in PARTS:
        if ids.count(parts[part].id) > 1:
            raise section.error(part, "an id of its own for each party", repr(parts[part].id))
    return Identity(parts["target"], parts["counterpart"], parts["third"], _accounts(section))


def _who(section: Section, part: str, federation: bool) -> Who:
    table = section.section(part)
    if table is None:
        return Who()
    table.only(*(OPERATOR if federation else PROVIDER))
    id_ = id_at(table, "id") if "id" in table.data else ""
    if not federation:
        return Who(id_, table.text("display_name", ""), table.number("asn", 0, high=2**32 - 1))
    mnc = table.list_of("mnc", str, "a list of texts of digits", ())
    if not all(each.isdecimal() for each in mnc):
        raise table.wrong("mnc", "a list of texts of digits")
    return Who(
        id_,
        operator=table.text("operator", ""),
        country=table.text("country", ""),
        mcc=table.text("mcc", ""),
        mnc=mnc,
        locator=table.text("locator", ""),
    )


def _accounts(section: Section) -> dict[str, str]:
    table = section.section("accounts")
    if table is None:
        return {}
    table.only(*ACCOUNTS)
    accounts = {name: table.text(name) for name in table.data}
    for name, own in accounts.items():
        if any(own == (accounts.get(other) or other) for other in ACCOUNTS if other != name):
            raise table.error(name, "an account of its own", f"{own!r}, which another one has")
    return accounts


def _counterpart(document: Section) -> Counterpart:
    section = document.section("counterpart")
    if section is None:
        return Counterpart()
    section.only(*COUNTERPART)
    tls = section.section("tls")
    third = section.section("third")
    if third is not None:
        third.only(*LISTENING)
    return Counterpart(
        _listening(section, tls is not None),
        _listening(third, tls is not None) if third is not None else Listening(),
        _tls(tls) if tls is not None else NO_TLS,
    )


def _listening(section: Section, tls: bool) -> Listening:
    url = url_at(section, "public_url") if "public_url" in section.data else ""
    if tls and url.startswith("http:") and "listen" in section.data:
        raise section.error("public_url", "an https URL, for there is a table counterpart.tls", repr(url))
    listen = address_at(section, "listen") if "listen" in section.data else Listening().listen
    return Listening(listen, url)


def _tls(section: Section) -> Tls:
    section.only(*TLS)
    tls = Tls(*(section.file(name) for name in TLS))
    for name in ("certificate", "key"):
        if name not in section.data:
            raise section.error(name, "a certificate and its key", "nothing")
    try_tls(section, tls)
    return tls


def _clock(document: Section) -> ClockChoice:
    section = document.section("clock")
    if section is None:
        return ClockChoice()
    section.only("kind")
    kind = section.text("kind", want="northbound or none")
    if kind not in ("northbound", "none"):
        raise section.wrong("kind", "northbound or none")
    return ClockChoice("northbound" if kind == "northbound" else "none")


def _declares(document: Section, protocol: str) -> Declares:
    known = DECLARATIONS[protocol]
    values = {name: each.default for name, each in known.items()}
    section = document.section("declares")
    if section is not None:
        section.only(*known)
        for name, value in section.data.items():
            if not known[name].fits(value):
                raise section.wrong(name, known[name].want)
            values[name] = value
    return Declares({name: tuple(each) if isinstance(each, list) else each for name, each in values.items()})


def _timeouts(document: Section, protocol: str) -> Timeouts:
    known = TIMEOUTS[protocol]
    values = {name: round(limit.seconds * 1000) for name, limit in known.items()}
    section = document.section("timeouts")
    if section is not None:
        section.only(*known)
        values |= {name: seconds_at(section, name, 1) for name in section.data}
    return Timeouts(values)


def _consistent(document: Section, target: Target) -> None:
    """What one table says of another."""
    northbound = target.northbound
    clock = document.section("clock")
    if clock is not None and target.clock.kind == "northbound":
        offered = (
            northbound.kind == "python"
            or (northbound.http is not None and northbound.http.style == "interlock")
            or (northbound.http is not None and "advance_clock" in northbound.http.hooks)
            or (northbound.manual is not None and "advance_clock" in northbound.manual.offers)
        )
        if not offered:
            raise clock.error("kind", "none, or a northbound side with the hook advance_clock", "no such hook")
    for seat in target.seats if target.protocol != FI else ():
        names = target.names(seat)
        if twice := [part for part, who in names.items() if list(names.values()).count(who) > 1]:
            identity = document.section("identity") or Section(document.source, ("identity",), {})
            want = f"an id of its own for everybody while the target is {seat}"
            raise identity.error("counterpart", want, f"{names[twice[0]]!r} for {' and '.join(twice)}")
    bound = [target.auth.inbound.bound, target.auth.third_inbound.bound]
    if any(bound) and target.counterpart.tls.client_ca is None:
        counterpart = document.section("counterpart") or Section(document.source, ("counterpart",), {})
        raise counterpart.error("tls", "client_ca in it, for certificates of the target are bound in [auth]", "none")
