"""PARTY.toml: what a served party is, where it listens, whom it knows. ``party.schema.json`` describes it too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from reference_impl.kernel.tables import Tables
from reference_impl.serve.limits import DEFAULT_LIMITS, Limits
from reference_impl.serve.protocol import Counterpart, Served, Stock
from reference_impl.serve.tls import NO_TLS, Bound, Tls, client_context, server_context
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
    the first start. ``northbound_tokens`` are all good for the operator; ``clients`` binds certificates to federations;
    ``quotas`` are the protocol's own limits, by their names there. ``registry`` is the folder of its equipment, which is
    made when something comes into it."""

    file: Path
    protocol: str
    id: str
    listen: Address
    northbound: Address
    northbound_tokens: tuple[str, ...] = field(repr=False)
    partners: tuple[Counterpart, ...]
    provisioning_ms: int
    stock: Stock
    tls: Tls = NO_TLS
    clients: Mapping[str, Bound] = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS
    quotas: Mapping[str, int] = field(default_factory=dict)
    registry: Path = Path("registry")

    @property
    def northbound_token(self) -> str:
        """The newest one."""
        return self.northbound_tokens[0]


def read_config(file: Path, served: Served) -> PartyConfig:
    """The party that a file describes, for this protocol. Raises ConfigError."""
    document = read_toml(file)
    document.only("party", "partners", "provisioning", "inventory", "tls", "limits", "registry")
    party = document.section("party")
    if party is None:
        raise document.error("party", "a table [party]", "none")
    party.only(
        "protocol", "id", "listen", "northbound", "northbound_token", "northbound_token_env", "northbound_token_file"
    )
    if party.text("protocol") != served.id:
        raise party.wrong("protocol", f"{served.id}, which is to be served")
    id = id_at(party, "id")
    partners = _partners(document, id, served)
    tls, clients = _tls(document, served, partners)
    limits, quotas = _limits(document.section("limits"), served)
    return PartyConfig(
        file=file,
        protocol=served.id,
        id=id,
        listen=address_at(party, "listen"),
        northbound=address_at(party, "northbound"),
        northbound_tokens=party.secrets("northbound_token"),
        partners=partners,
        provisioning_ms=_provisioning(document.section("provisioning")),
        stock=_stock(document, served, id, partners),
        tls=tls,
        clients=clients,
        limits=limits,
        quotas=quotas,
        registry=_registry(document, served, id),
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
        if any(set(partner.tokens_in) & set(other.tokens_in) for other in partners):
            raise section.error("token_in", "a token of its own for each partner", "another partner's")
        partners.append(partner)
    if not partners:
        raise document.error("partners", "at least one table [[partners]]", "none")
    return tuple(partners)


def _partner(section: Section, me: str) -> Counterpart:
    spellings = [f"{name}{how}" for name in ("token_out", "token_in") for how in ("", "_env", "_file")]
    section.only("id", "url", "own_id", "display_name", "ca", "certificate_sha256", "certificate_subject", *spellings)
    id = id_at(section, "id")
    return Counterpart(
        id,
        url_at(section, "url"),
        id_at(section, "own_id") if "own_id" in section.data else me,
        section.text("display_name", id),
        section.secret("token_out"),
        section.secrets("token_in"),
        section.file("ca"),
        bound_at(section),
    )


def bound_at(section: Section) -> Bound:
    """The certificate of a counterpart: SHA-256 digests of its DER form as ``openssl x509 -fingerprint`` prints them."""
    want = "the SHA-256 of a certificate, 64 hexadecimal digits, or a list of them"
    given = section.data.get("certificate_sha256", [])
    digests = [each.replace(":", "").lower() for each in section.texts("certificate_sha256", want)] if given else []
    if not all(re.fullmatch("[0-9a-f]{64}", each) for each in digests):
        raise section.wrong("certificate_sha256", want)
    return Bound(tuple(digests), section.text("certificate_subject", ""))


def _tls(document: Section, served: Served, partners: tuple[Counterpart, ...]) -> tuple[Tls, dict[str, Bound]]:
    """The files, tried, and the certificates of federations."""
    section = document.section("tls") or Section(document.source, ("tls",), {})
    section.only("certificate", "key", "client_ca", "trust", "clients")
    tls = Tls(*(section.file(name) for name in ("certificate", "key", "client_ca", "trust")))
    if (tls.certificate is None) != (tls.key is None):
        raise section.error("key" if tls.key is None else "certificate", "a certificate and its key", "one of them")
    clients = {}
    for client in section.sections("clients"):
        client.only("federation", "certificate_sha256", "certificate_subject")
        if served.keys != "party":
            raise client.error("federation", "the certificate of a partner at [[partners]]", "a table [[tls.clients]]")
        clients[client.text("federation")] = bound_at(client)
    bound = any(each.bound for each in partners) or any(clients.values())
    if bound and (tls.certificate is None or tls.client_ca is None):
        raise section.error("client_ca", "it beside certificate and key, for certificates are bound", "nothing")
    try_tls(section, tls)
    return tls, clients


def try_tls(section: Section, tls: Tls) -> None:
    """Can the files be used? Tried in the order in which they would be blamed; ConfigError where not."""
    trials: dict[str, Callable[[], object]] = {"trust": lambda: client_context(tls)}
    if tls.serves:
        trials = {"certificate": lambda: server_context(tls, clients=True)} | trials
    for name, trial in trials.items():
        try:
            trial()
        except OSError as problem:  # ssl.SSLError is one
            raise section.error(name, "PEM files that can be used", str(problem)) from None


def _limits(section: Section | None, served: Served) -> tuple[Limits, dict[str, int]]:
    """``[limits]``: the members of ``Limits`` and the protocol's own quotas."""
    if section is None:
        return DEFAULT_LIMITS, {}
    names = [each.name for each in fields(Limits)]
    section.only(*names, *served.quotas)
    numbers = {name: section.number(name, low=_LEAST.get(name, 1)) for name in names if name in section.data}
    quotas = {decision: section.number(name) for name, decision in served.quotas.items() if name in section.data}
    return Limits(**numbers), quotas


_LEAST = {"body": 1 << 10, "nesting": 8, "grace_seconds": 0}


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


def _registry(document: Section, served: Served, id: str) -> Path:
    """``[registry]``: its folder, beside the file where it is relative; NAME-registry where none is named."""
    section = document.section("registry")
    if section is not None and served.equipment is None:
        raise document.error("registry", f"none: {served.title} keeps no artifacts", "a table")
    folder = document.source.file.parent / f"{id}-registry"
    if section is None:
        return folder
    section.only("folder")
    folder = document.source.file.parent / section.text("folder", want="a folder")
    if folder.exists() and not folder.is_dir():
        raise section.wrong("folder", "a folder, or nothing there yet")
    return folder


def id_at(section: Section, key: str) -> str:
    """The id that stands at a key."""
    want = "an id of letters, digits and . _ ~ -"
    if not _ID.fullmatch(section.text(key, want=want)):
        raise section.wrong(key, want)
    return section.text(key)


def address_at(section: Section, key: str) -> Address:
    """The ``host:port`` that stands at a key."""
    want = 'host:port, such as "127.0.0.1:8001"'
    found = _ADDRESS.fullmatch(section.text(key, want=want))
    if found is None or int(found[2]) > 65535:
        raise section.wrong(key, want)
    return Address(found[1].strip("[]"), int(found[2]))


def url_at(section: Section, key: str) -> str:
    """The URL that stands at a key, without a slash at its end."""
    want = "an http or https URL without query"
    text = section.text(key, want=want)
    found = _URL.fullmatch(text)
    if found is None or int(found[1] or 0) > 65535:
        raise section.error(key, want, "one with a user" if "@" in text else repr(text))
    return text.rstrip("/")
