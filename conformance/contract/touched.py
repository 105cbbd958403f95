"""Which requirements a difference between contracts touches, as far as the catalogue can tell."""

from __future__ import annotations

import re

from conformance.contract.difference import Difference
from conformance.requirements import Registry, Requirement

_TELLING = re.compile(r"[A-Z_]")
"""A word with a capital or an underscore means the same thing wherever it stands; ``name`` and ``409`` do not."""


def touched(registry: Registry, protocol: str, difference: Difference, erratum: str | None) -> tuple[str, ...]:
    """The ids, in the order of the catalogue.

    What has a name touches what speaks of it: among all requirements for a telling name, else among those of the
    operations concerned. Where none does, those that the erratum names; where there is none, all of these operations.
    """
    requirements = registry.select(protocol)
    concerned = [each for each in requirements if each.operation in difference.operations]
    words = _words(difference)
    found: list[Requirement] = []
    if words:
        telling = [word for word in words if _TELLING.search(word)]
        owner = difference.where.partition(".")[0].lower() if difference.aspect == "enumeration" else ""
        found = [each for each in requirements if _speaks_of(each, telling) and owner in _text(each).lower()]
        found = found or [each for each in concerned if _speaks_of(each, words)]
    if not found and erratum is not None:
        affected = registry.errata[erratum].affects
        found = [each for each in requirements if each.id in affected]
    found = found or concerned
    return tuple(each.id for each in found)


def _words(difference: Difference) -> list[str]:
    """The names that the difference is about; none for what holds of a whole answer."""
    if difference.aspect == "enumeration":
        return [tail for value in (difference.here, difference.there) for tail in _tails(value)]
    if difference.aspect == "status" and difference.where.isdigit():
        return [difference.where]
    if difference.aspect in ("operation", "status", "security", "body") or difference.where in ("request", "answer"):
        return []
    return [difference.where.rpartition(".")[2].strip("?[]")]


def _tails(value: str) -> list[str]:
    """An enumerated value whole, and as texts abbreviate it: ``INTERCONNECT_STATE_CLOSED``, ``CLOSED``."""
    words = value.split("_")
    return ["_".join(words[place:]) for place in range(len(words)) if value.isupper()] or [value][: bool(value)]


def _speaks_of(requirement: Requirement, words: list[str]) -> bool:
    text = _text(requirement)
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def _text(requirement: Requirement) -> str:
    sections = [source.section for source in requirement.source]
    checks = [text for check in requirement.checks for text in (check.given, check.when, check.then)]
    return " ".join([requirement.title, requirement.statement, *sections, *checks])
