"""The Gherkin features, shipped as package data: one folder for each protocol, one file for each table or milestone."""

from __future__ import annotations

import os
from pathlib import Path


class FeatureError(ValueError):
    """A feature file cannot be used; the message names file and line."""


ROOT = Path(__file__).parent


MORE = "INTERLOCK_FEATURES"
"""The environment variable that names further folders of the same layout, for scenarios of one's own."""


def feature_files(protocol: str | None = None) -> list[Path]:
    """The feature files of a protocol ("connection-coordinator", …) or of all, in the order of their names: those shipped
    here, then those of the folders in INTERLOCK_FEATURES. FeatureError: such a folder holds none."""
    folder = protocol.replace("-", "_") if protocol else "*"
    found = sorted(ROOT.glob(f"{folder}/*.feature"))
    for place in filter(None, os.environ.get(MORE, "").split(os.pathsep)):
        if not any(Path(place).glob("*/*.feature")):
            raise FeatureError(f"{MORE}: want a folder with connection_coordinator/*.feature or the like, got {place}")
        found += sorted(Path(place).resolve().glob(f"{folder}/*.feature"))
    return found
