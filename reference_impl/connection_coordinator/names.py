"""Resource names and activation keys: the two texts that travel between the parties."""

from __future__ import annotations

import base64
import binascii
import re
import uuid

from pydantic import ValidationError

from reference_impl.connection_coordinator.messages import ActivationKey

API_VERSION = 1
"""ActivationKey.version for the API version v1 (CC-ERR-54)."""

_ENVIRONMENT_URI = re.compile(r"(?:https?://[^/]+)?/?(?:.*/)?providers/([^/]+)/environments/([^/]+)/?")


def provider_name(provider: str) -> str:
    return f"providers/{provider}"


def environment_name(provider: str, environment: str) -> str:
    return f"providers/{provider}/environments/{environment}"


def interconnect_name(provider: str, environment: str, interconnect: str) -> str:
    return f"{environment_name(provider, environment)}/interconnects/{interconnect}"


def channel_name(provider: str, environment: str, interconnect: str, channel: str) -> str:
    return f"{interconnect_name(provider, environment, interconnect)}/channels/{channel}"


def connection_name(provider: str, environment: str, interconnect: str, connection: str) -> str:
    return f"{interconnect_name(provider, environment, interconnect)}/connections/{connection}"


def feature_name(provider: str, environment: str, interconnect: str, connection: str, feature: str) -> str:
    return f"{connection_name(provider, environment, interconnect, connection)}/features/{feature}"


def environment_of_uri(uri: str) -> tuple[str, str] | None:
    """The provider and environment segments of a destinationEnvironmentUri, absolute or relative (CC-ERR-31)."""
    found = _ENVIRONMENT_URI.fullmatch(uri)
    return (found[1], found[2]) if found else None


def encode_key(key: ActivationKey) -> str:
    """The activation key as the customer carries it: JSON in standard base64 (CC-ERR-02)."""
    return base64.b64encode(key.model_dump_json().encode()).decode()


def decode_key(text: str) -> ActivationKey | None:
    """The key in a text, or None if it is not one (CC-KEY-009).

    The URL-safe alphabet and missing padding are tolerated on decoding (CC-ERR-02); all five members must be there
    with their types, and the UUID must be one.
    """
    try:
        padded = text.strip() + "=" * (-len(text.strip()) % 4)
        key = ActivationKey.model_validate_json(base64.b64decode(padded.translate(_URL_SAFE), validate=True))
        uuid.UUID(key.sharedConnectionUuid)
    except (binascii.Error, ValidationError, ValueError):
        return None
    return key


_URL_SAFE = str.maketrans("-_", "+/")
