"""Calling a partner: one HTTP request with the key it has given us, and what comes back."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlencode, urlsplit

from .words import Json

PATIENCE = 9.0
"""Seconds that we wait for an answer."""


class NoAnswer(Exception):
    """Nothing came back: nobody knows whether it was done."""


def call(
    endpoint: str, key: str, method: str, path: str, body: Json | None, query: Json | None = None
) -> tuple[int, Any]:
    """Status and JSON document (None where there is none, or it cannot be read). An endpoint without a scheme is https."""
    parts = urlsplit(endpoint if "//" in endpoint else f"https://{endpoint}")
    where = (parts.hostname or "", parts.port)
    connection = (
        http.client.HTTPConnection(*where, timeout=PATIENCE)
        if parts.scheme == "http"
        else http.client.HTTPSConnection(*where, timeout=PATIENCE, context=ssl.create_default_context())
    )
    target = parts.path.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    headers = {"X-Api-Key": key, "Accept": "application/json", "Connection": "close"}
    if content:
        headers["Content-Type"] = "application/json; charset=utf-8"
    try:
        connection.request(method, target, content, headers)
        response = connection.getresponse()
        told = response.read(4 * 1024 * 1024)
    except (OSError, http.client.HTTPException) as problem:
        raise NoAnswer(type(problem).__name__) from problem
    finally:
        connection.close()
    try:
        return response.status, json.loads(told) if told else None
    except ValueError:
        return response.status, None
