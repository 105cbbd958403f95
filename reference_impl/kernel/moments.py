"""Moments: milliseconds inside, RFC 3339 on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(ms: int) -> str:
    """``2026-01-01T00:00:00.000Z``"""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(text: str | None) -> int | None:
    """The moment in milliseconds; None for what is no moment, or has no offset."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return None if moment.tzinfo is None else (moment - _EPOCH) // timedelta(milliseconds=1)
