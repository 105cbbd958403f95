"""Verdicts, findings and how they roll up (architecture note, "Verdicts")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a check, a requirement or a scenario."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    """A SHOULD that does not hold."""
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not-applicable"
    UNTESTED = "untested"
    REVIEW = "review"
    """A human looks."""
    ERROR = "error"
    """Our own fault."""


PRECEDENCE = (
    Verdict.ERROR,
    Verdict.FAILED,
    Verdict.INCONCLUSIVE,
    Verdict.REVIEW,
    Verdict.UNTESTED,
    Verdict.WARNED,
    Verdict.PASSED,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule, a monitor or an invariant says: the verdict, what was wanted, what came, and where.

    ``evidence`` holds the ``seq`` numbers of the records that show it; ``errata`` the readings that the
    target relied on.
    """

    verdict: Verdict
    want: str = ""
    got: str = ""
    evidence: tuple[int, ...] = ()
    errata: tuple[str, ...] = ()

    @classmethod
    def passed(cls, got: str = "", *, evidence: Iterable[int] = (), errata: Iterable[str] = ()) -> Finding:
        return cls(Verdict.PASSED, got=got, evidence=tuple(evidence), errata=tuple(errata))

    @classmethod
    def failed(cls, *, want: str, got: str, evidence: Iterable[int] = ()) -> Finding:
        return cls(Verdict.FAILED, want, got, tuple(evidence))

    @classmethod
    def inconclusive(cls, reason: str, *, evidence: Iterable[int] = ()) -> Finding:
        return cls(Verdict.INCONCLUSIVE, got=reason, evidence=tuple(evidence))

    @classmethod
    def untested(cls, reason: str) -> Finding:
        return cls(Verdict.UNTESTED, got=reason)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rule cannot say yet; ``want`` is what it waits for and ``got`` how things stand."""

    want: str
    got: str = "nothing yet"
    evidence: tuple[int, ...] = ()

    def given_up(self) -> Finding:
        """The finding once the time-out of a judged liveness check is over: it failed."""
        return Finding(Verdict.FAILED, self.want, self.got, self.evidence)


def roll_up(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts: the first of PRECEDENCE that occurs.

    ``not-applicable`` parts are excluded by declaration and do not count; without any other part the whole
    is ``untested``.
    """
    present = set(verdicts)
    return next((verdict for verdict in PRECEDENCE if verdict in present), Verdict.UNTESTED)
