"""The records of the requirement registry: what is demanded, how it is checked, and how an unclear passage is read.

Ids are permanent: they tag scenarios, name checks in reports and are caught by mutants.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How binding a requirement is; a SHOULD that is not met warns, a MAY never fails (CC-ERR-56)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@dataclass(frozen=True, slots=True)
class Source:
    """A place in one of the catalogue's documents: the document's label there, and the section, type or function."""

    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Untestable:
    """Why nobody can judge a check, and who accepted that it is left out."""

    reason: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class Check:
    """One judged consequence of a requirement; its id is the requirement's id and its number, as in CC-KEY-001/2."""

    id: str
    requirement: str
    n: int
    given: str
    when: str
    then: str
    untestable: Untestable | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand of the documents in our words.

    `operation` is None where no single operation carries it. `observable` names what must be seen to judge it:
    wire, northbound, state, time, data-plane. `checks` are numbered from 1 without gaps.
    """

    id: str
    protocol: str
    title: str
    level: Level
    statement: str
    roles: tuple[str, ...]
    operation: str | None
    flow: str
    source: tuple[Source, ...]
    profile: str
    observable: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Erratum:
    """A passage that is silent, contradictory or undecided, the reading taken, and the requirements it touches."""

    id: str
    protocol: str
    where: str
    problem: str
    reading: str
    affects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of requirements that is certified together. An extended one is judged only where a target claims it."""

    id: str
    protocol: str
    requirements: tuple[str, ...]
    extended: bool
