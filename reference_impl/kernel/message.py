"""What travels on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A JSON object on the wire: immutable, strictly typed, unknown members ignored, null the same as absent."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    def __eq__(self, other: object) -> bool:
        """As every record: the same class, the same members. Pydantic's own looks for much that a message cannot have."""
        return self.__class__ is other.__class__ and self.__dict__ == other.__dict__

    def to_json(self) -> dict[str, Any]:
        """The JSON object, absent members left out."""
        return self.model_dump(mode="json", exclude_none=True)
