"""The registry: every requirement, check and erratum of all protocols, read once from the catalogues shipped here."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from conformance.requirements.catalogue import read_catalogue
from conformance.requirements.model import Check, Erratum, Profile, Requirement
from conformance.requirements.protocols import PROTOCOLS


class UnknownId(LookupError):
    """Nothing has this id; the message names the closest ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """Requirements and errata by id, in the order of the catalogues.

    `digest` is sha256 over the catalogue files, one after the other in the order of PROTOCOLS. `documents` maps
    protocol and document label to the document's full name, where the registry was read from files.
    """

    requirements: Mapping[str, Requirement] = field(repr=False)
    errata: Mapping[str, Erratum] = field(repr=False)
    digest: str
    documents: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def check(self, check_id: str) -> Check:
        """The check with an id such as CC-KEY-001/2. Raises UnknownId."""
        requirement = self.requirements.get(check_id.partition("/")[0])
        for check in requirement.checks if requirement else ():
            if check.id == check_id:
                return check
        raise self.unknown(check_id)

    def profiles(self, protocol: str | None = None) -> tuple[Profile, ...]:
        """All profiles, in the order of the companions' tables. `security` is one in each protocol."""
        return tuple(
            Profile(
                id=profile,
                protocol=name,
                requirements=tuple(r.id for r in self.select(name) if r.profile == profile),
                extended=extended,
            )
            for name in _protocols(protocol)
            for profile, extended in PROTOCOLS[name].profiles.items()
        )

    def select(self, protocol: str | None = None) -> tuple[Requirement, ...]:
        """The requirements of one protocol or of all. Raises UnknownId for an unknown protocol."""
        wanted = _protocols(protocol)
        return tuple(r for r in self.requirements.values() if r.protocol in wanted)

    def errata_of(self, requirement_id: str) -> tuple[Erratum, ...]:
        """The errata that touch a requirement. Raises UnknownId."""
        if requirement_id not in self.requirements:
            raise self.unknown(requirement_id)
        return tuple(erratum for erratum in self.errata.values() if requirement_id in erratum.affects)

    def unknown(self, id_: str) -> UnknownId:
        """The error for an id that nothing has: what exists in its place."""
        parent, slash, _ = id_.partition("/")
        if slash and (requirement := self.requirements.get(parent)):
            return UnknownId(
                f"no check has the id {id_!r}; {parent} has {parent}/1 to {parent}/{len(requirement.checks)}"
            )
        candidates = [*self.requirements, *self.errata]
        close = difflib.get_close_matches(parent.strip().upper(), candidates, n=5, cutoff=0.7)
        hint = f"closest: {', '.join(close)}" if close else "interlock list requirements (or errata) names them all"
        return UnknownId(f"no requirement, check or erratum has the id {id_!r}; {hint}")


@cache
def load_registry() -> Registry:
    """The registry shipped with this package, read and validated on first use. Raises CatalogueError."""
    return read_registry(files("conformance.requirements"))


def read_registry(directory: Traversable) -> Registry:
    """Read `<protocol>.yaml` of every protocol from a directory. Raises CatalogueError naming the file and the id."""
    digest = hashlib.sha256()
    catalogues = []
    for protocol in PROTOCOLS.values():
        file = directory.joinpath(f"{protocol.id}.yaml")
        data = file.read_bytes()
        digest.update(data)
        catalogues.append(read_catalogue(protocol, file.name, data))
    return Registry(
        requirements=MappingProxyType({r.id: r for catalogue in catalogues for r in catalogue.requirements}),
        errata=MappingProxyType({e.id: e for catalogue in catalogues for e in catalogue.errata}),
        digest=f"sha256:{digest.hexdigest()}",
        documents=MappingProxyType({catalogue.protocol.id: catalogue.documents for catalogue in catalogues}),
    )


def _protocols(protocol: str | None) -> tuple[str, ...]:
    if protocol is None:
        return tuple(PROTOCOLS)
    if protocol not in PROTOCOLS:
        raise UnknownId(f"unknown protocol {protocol!r}; known are {', '.join(PROTOCOLS)}")
    return (protocol,)
