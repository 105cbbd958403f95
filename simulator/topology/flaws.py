"""What is wrong with a topology: the requirement it breaks, where, and what was wanted and found there."""

from __future__ import annotations

from dataclasses import dataclass

from reports.verdict import Finding


@dataclass(frozen=True, slots=True)
class Flaw:
    """``where`` names an environment, interconnect or channel as ``Environment.place`` does."""

    requirement: str
    where: str
    finding: Finding

    def __str__(self) -> str:
        told = f"{self.requirement} {self.where}: want {self.finding.want}, got {self.finding.got}"
        return f"{told} ({', '.join(self.finding.errata)})" if self.finding.errata else told
