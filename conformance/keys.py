"""Activation keys as the harness takes them apart and alters them (CC-ERR-02: JSON with the schema's names in base64)."""

from __future__ import annotations

import base64
import json
from typing import Any


def members_of(text: str) -> dict[str, Any]:
    """The members of an issued key; ValueError if it is not base64 of a JSON object."""
    found = json.loads(
        base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & set("-_") else None)
    )
    if not isinstance(found, dict):
        raise ValueError("the activation key is no JSON object")
    return found


def encoded(members: Any) -> str:
    """The key text of these members, in the compact form and the standard alphabet."""
    return base64.b64encode(json.dumps(members, separators=(",", ":")).encode()).decode()


def altered(text: str, without: str | None = None, **changes: Any) -> str:
    """An issued key with members changed, added, or one left out."""
    return encoded({name: value for name, value in (members_of(text) | changes).items() if name != without})
