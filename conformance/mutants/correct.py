"""Correct implementations that are unlike the reference: what the documents leave open, done otherwise."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Variant
from conformance.twist import Answer, Asked, Twist, answering, showing
from reference_impl.connection_coordinator.decisions import LARGEST_PAGE, PROVIDER, Room
from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.federation_interconnect.decisions import OPERATOR

ONE, OTHER = "csp-a", "csp-b"
EVERYWHERE = tuple(OPERATIONS)
UNORDERED = tuple(each for each in OPERATIONS if each != "ListComments")
"""Comments come newest first (CC-ISSUE-007); no other list has an order."""


def _variant(
    id: str, otherwise: str, seat: str, twist: Twist | None = None, erratum: str = "", **decisions: Any
) -> Variant:
    return Variant(id, otherwise, "connection-coordinator", seat, replace(PROVIDER, **decisions), twist, erratum)


def _own_errors(asked: Asked, answer: Answer) -> Answer:
    status, body = answer
    return answer if status < 400 else (status, {"error": {"code": status, "message": str(body)[:20]}})


def _gone_is_fine(asked: Asked, answer: Answer) -> Answer:
    return (200, {}) if answer[0] == 404 and asked.path.startswith(f"/providers/{ONE}/") else answer


def _instead(operations: Collection[str], old: int, new: int, empty: bool = False) -> Twist:
    return Twist(
        lambda asked, answer: (
            (new, None if empty else answer[1]) if asked.operation in operations and answer[0] == old else answer
        )
    )


def _through(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    """The change made to every object, the innermost first."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return change({name: changed(each) for name, each in value.items()})
        return [changed(each) for each in value] if isinstance(value, list) else value

    return changed


def _brief(each: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in each.items() if value not in (0, False, "", [])}


def _backwards(each: dict[str, Any]) -> dict[str, Any]:
    return {name: value[::-1] if isinstance(value, list) else value for name, value in each.items()}


def _bare_sites(each: dict[str, Any]) -> dict[str, Any]:
    bare = str(each["providerId"]).removeprefix("providers/") if "providerId" in each else None
    return each | ({"providerId": bare} if bare else {})


def _with_own_members() -> Twist:
    """Every object that is said has one member more, of which no two have the same value."""
    revisions = itertools.count(1)
    more = _through(lambda each: each | {"vendorRevision": next(revisions)})
    return Twist(lambda asked, answer: (answer[0], more(answer[1])) if answer[0] < 300 else answer, sends=more)


def _smaller_id(candidates: Sequence[Room], size: int, refused: Collection[str]) -> str | None:
    open_ = [room for room in candidates if room.id not in refused and room.free >= size]
    most = max((room.free for room in open_), default=0)
    return min((room.id for room in open_ if room.free == most), default=None)


def _url_safe(key: ActivationKey) -> str:
    return base64.urlsafe_b64encode(key.model_dump_json().encode()).decode().rstrip("=")


CORRECT = (
    _variant("cc-own-error-bodies", "words its errors in a format of its own", ONE, Twist(_own_errors), "CC-ERR-13"),
    _variant(
        "cc-created",
        "answers 201 where something is created",
        ONE,
        _instead(("CreateIssue", "CreateMacSecKey"), 200, 201),
        "CC-ERR-13",
    ),
    _variant(
        "cc-no-content",
        "answers notifications and deletions of features without a body",
        ONE,
        _instead(("NotifyConnectionStatus", "NotifyMaintenance", "DeleteFeature", "DeleteMacSecKey"), 200, 204, True),
        "CC-ERR-13",
    ),
    _variant("cc-unprocessable", "answers 422 for 400", ONE, _instead(("CreateFeature",), 400, 422), "CC-ERR-07"),
    _variant(
        "cc-providers-as-environments",
        "lists providers under the name of the schema only",
        ONE,
        showing(("ListProviders",), lambda body: {name: each for name, each in body.items() if name != "providers"}),
        "CC-ERR-05",
    ),
    _variant(
        "cc-omits-defaults",
        "leaves out zeros, falsehoods and empty lists",
        ONE,
        showing(EVERYWHERE, _through(_brief)),
        "CC-ERR-43",
    ),
    _variant("cc-backwards", "gives its lists in another order", OTHER, showing(UNORDERED, _through(_backwards))),
    _variant(
        "cc-bare-site-providers",
        "names the providers of a site by their bare IDs",
        OTHER,
        showing(("ListEnvironments", "GetEnvironment"), _through(_bare_sites)),
        "CC-ERR-30",
    ),
    _variant(
        "cc-gone-is-fine",
        "answers the deletion of what is gone with 200",
        OTHER,
        answering("DeleteConnection", _gone_is_fine),
        "CC-ERR-40",
    ),
    _variant(
        "cc-smaller-id-first",
        "takes the smaller ID where two interconnects have the same room",
        OTHER,
        None,
        "CC-ERR-09",
        choose_interconnect=_smaller_id,
    ),
    _variant(
        "cc-own-feature-ids",
        "names features in its own manner",
        OTHER,
        None,
        "CC-ERR-55",
        feature_id=lambda channel, attempts: f"attachment-{attempts}-of-{channel}",
    ),
    _variant(
        "cc-patient",
        "waits longer before each repetition",
        OTHER,
        None,
        "CC-ERR-50",
        backoff=lambda attempt: min(2_000 << (attempt - 1), 16_000),
    ),
    _variant(
        "cc-small-pages",
        "gives at most ten items on a page",
        ONE,
        page_size=lambda wanted: min(wanted or LARGEST_PAGE, 10),
    ),
    _variant(
        "cc-url-safe-keys",
        "writes keys in the URL-safe alphabet, without padding",
        ONE,
        None,
        "CC-ERR-02",
        writes_key=_url_safe,
    ),
    *(_variant(f"cc-own-members-{at}", "adds members of its own", at, _with_own_members()) for at in (ONE, OTHER)),
    *(
        Variant(
            f"fi-own-members-{at}",
            "adds members of its own",
            "federation-interconnect",
            at,
            OPERATOR,
            _with_own_members(),
        )
        for at in ("op1", "op2")
    ),
)
