"""The syntax of the values that cross the wire (federation-wire, section 6): a reason why not, or None.

Where two editions differ, what satisfies their union is accepted (FI-ERR-19). A reason never repeats a key and shows
at most the beginning of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reference_impl.federation_interconnect.countries import ASSIGNED

_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*[a-zA-Z0-9]")
_PLACE = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*,\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*")
_PORT = re.compile(
    r"([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])",
)
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]+))?(/\S*)?"
)

_LOCATOR = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+|(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?(?:/\S*)?")
"""A URL of any scheme, or a host with or without a port (FI-UPD-001)."""


def got(value: object) -> str:
    shown = repr(value)
    return f"got {shown if len(shown) <= 60 else shown[:60] + '…'}"


def _id(value: str, shortest: int, longest: int) -> str | None:
    if shortest <= len(value) <= longest and _ID.fullmatch(value):
        return None
    return (
        f"want {shortest} to {longest} letters, digits, hyphens and underscores, a letter or digit at both ends, "
        f"{got(value)}"
    )


def federation_id(value: str) -> str | None:
    return _id(value, 8, 128)


def zone_id(value: str) -> str | None:
    return _id(value, 8, 32)


def operator_id(value: str) -> str | None:
    """Any text that is not blank: most operators of the origin are shorter than its own pattern allows (FI-ERR-19)."""
    return None if value.strip() else f"want an operator id, {got(value)}"


def country(value: str) -> str | None:
    return None if value in ASSIGNED else f"want an assigned code of ISO 3166-1 alpha-2, {got(value)}"


def geo_location(value: str) -> str | None:
    """Decimal latitude, longitude; blanks around the numbers are harmless (FI-AZ-004)."""
    found = _PLACE.fullmatch(value)
    if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
        return None
    return f"want latitude,longitude in decimal degrees within -90..90 and -180..180, {got(value)}"


def mcc(value: str) -> str | None:
    return None if re.fullmatch("[0-9]{3}", value) else f"want 3 digits, {got(value)}"


def mnc(values: Sequence[str]) -> str | None:
    if values and all(re.fullmatch("[0-9]{2,3}", value) for value in values):
        return None
    return f"want at least one MNC of 2 or 3 digits, {got(list(values))}"


def address(value: str) -> str | None:
    """A federation address: host:port or an http or https URL; without a scheme it means https (FI-AUTH-011)."""
    found = _ADDRESS.fullmatch(value)
    if found and len(value) <= 2048 and (found["port"] is None or port(found["port"]) is None):
        return None
    return f"want host:port or a URL, {got(value)}"


def locator(value: str) -> str | None:
    return None if _LOCATOR.fullmatch(value) and len(value) <= 2048 else f"want host:port or a URL, {got(value)}"


def api_key(value: str) -> str | None:
    return None if 8 <= len(value) <= 128 else f"want 8 to 128 characters, got {len(value)}"


def port(value: str) -> str | None:
    return None if _PORT.fullmatch(value) else f"want a port number, {got(value)}"


def request_id(value: str) -> str | None:
    return None if 1 <= len(value) <= 256 else f"want 1 to 256 characters, got {len(value)}"
