"""Demands that the wire can show and that no mutant breaks, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

_TO_COME = "its scenarios are there, a mutant is to come"

WITHOUT: Mapping[str, str] = {
    "FI-AUTH-002": _TO_COME,
    "FI-CLOUDLET-001": _TO_COME,
}
