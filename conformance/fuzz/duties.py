"""What a target owes to single requests of a fuzz run, beyond what the monitors watch: each duty names its check.

Only what the documents say of every implementation is here: a mandatory member that is missing, somebody else's prefix,
no credential, and a repeat. Whether a made-up value is acceptable otherwise is the target's own affair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from reference_impl.federation_interconnect.operations import OPERATIONS
from reference_impl.kernel.operation import Operation

MANDATORY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CreateConnection": ("CC-CONN-003/4", ("bandwidthMbps",)),
    "CreateFeature": ("CC-FEAT-012/1", ("featureConfig",)),
    "CreateMacSecKey": ("CC-MACSEC-002/3", ("cak", "ckn")),
    "CreateIssue": ("CC-ISSUE-001/3", ("title", "body")),
    "AddComment": ("CC-ISSUE-006/2", ("comment",)),
}
"""The check by which an operation of the Connection Coordinator is refused without a mandatory member (CC-ERR-43), and
those at the top, which the resource's own class leaves open."""

NAMED: Mapping[str, tuple[str, str]] = {
    "CreateConnection": ("CC-CONN-003/1", "connectionId"),
    "CreateFeature": ("CC-FEAT-001/2", "featureId"),
    "CreateMacSecKey": ("CC-MACSEC-002/3", "macSecKeyId"),
    "CreateIssue": ("CC-ISSUE-001/3", "issueId"),
}
"""The query parameter that names what is to be created; missing or empty it is refused."""

REPEATED: Mapping[str, str] = {
    "CreateConnection": "CC-CONN-013/3",
    "CreateFeature": "CC-RACE-004/2",
    "DeleteConnection": "CC-DEL-005/1",
    "POST /operator/partner": "FI-RACE-007/1",
    "DELETE /operator/partner": "FI-RACE-007/2",
}
"""Operations of which a second, identical request changes nothing beyond the first; its answer may differ."""

UNKNOWN_CALLER = {
    "connection-coordinator": ("CC-SEC-002/1", "CC-SEC-002/1"),
    "federation-interconnect": ("FI-AUTH-003/1", "FI-AUTH-003/2"),
}
"""The checks by which who shows no credential, and who shows a wrong one, is refused."""

FOREIGN_PREFIX = "CC-SEC-003/1"
LACKING = "FI-INPUT-002/1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it went out: ``body`` is its JSON value, None where there is none or it is not JSON."""

    operation: Operation | None
    path: str
    query: Mapping[str, str]
    body: Any


def refusal_owed(sender: str, receiver: str, request: Request) -> str | None:
    """The check by which a target refuses this request of an authenticated sender, if any."""
    operation = request.operation
    if operation is None:
        return None
    prefix = re.match(r"/providers/([^/]+)", request.path)
    if prefix is not None and prefix[1] not in (sender, receiver):
        return FOREIGN_PREFIX
    if operation.id in NAMED and not request.query.get(NAMED[operation.id][1]):
        return NAMED[operation.id][0]
    if operation.id in MANDATORY:
        check, members = MANDATORY[operation.id]
        return check if _lacks(operation, request.body, members) or not _usable(operation, request.body) else None
    if operation.id in OPERATIONS and _lacks(operation, request.body):
        return LACKING
    return None


def _usable(operation: Operation, body: Mapping[str, Any]) -> bool:
    return operation.id != "CreateMacSecKey" or all(_hexadecimal(body[name]) for name in ("cak", "ckn"))


def _lacks(operation: Operation, body: Any, members: tuple[str, ...] = ()) -> bool:
    """A member is missing or null without which the operation's request is none, however deep it lies."""
    if operation.request is None:
        return False
    if not isinstance(body, dict) or any(body.get(member) is None for member in members):
        return True
    try:
        operation.request.model_validate_json(json.dumps(body))
    except ValidationError as problem:
        return any(each["type"] == "missing" or each["input"] is None for each in problem.errors(include_url=False))
    return False


def _hexadecimal(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"(?:[0-9a-fA-F]{2})+", value) is not None


def parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
