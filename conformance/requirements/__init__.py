"""What the two protocols demand: the requirement registry and the seats in which each requirement is judged."""

from __future__ import annotations

from conformance.requirements.catalogue import CatalogueError
from conformance.requirements.model import Check, Erratum, Level, Profile, Requirement, Source, Untestable
from conformance.requirements.protocols import PROTOCOLS, Protocol
from conformance.requirements.registry import Registry, UnknownId, load_registry, read_registry
from conformance.requirements.seats import seats_of

__all__ = [
    "PROTOCOLS",
    "CatalogueError",
    "Check",
    "Erratum",
    "Level",
    "Profile",
    "Protocol",
    "Registry",
    "Requirement",
    "Source",
    "UnknownId",
    "Untestable",
    "load_registry",
    "read_registry",
    "seats_of",
]
