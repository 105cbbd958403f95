"""The Gherkin features, shipped as package data: one folder for each protocol, one file for each table or milestone."""

from __future__ import annotations

from pathlib import Path


class FeatureError(ValueError):
    """A feature file cannot be used; the message names file and line."""


ROOT = Path(__file__).parent


def feature_files(protocol: str | None = None) -> list[Path]:
    """The feature files of a protocol ("connection-coordinator", …) or of all, in the order of their names."""
    folder = protocol.replace("-", "_") if protocol else "*"
    return sorted(ROOT.glob(f"{folder}/*.feature"))
