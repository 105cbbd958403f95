"""What travels on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A JSON object on the wire: immutable, strictly typed, unknown members ignored, null the same as absent."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    def to_json(self) -> dict[str, Any]:
        """The JSON object, absent members left out."""
        return self.model_dump(mode="json", exclude_none=True)
