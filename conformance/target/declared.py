"""What a target may declare, and the time limits that hold for it, each with its default.

The rows of coordinator-harness section 6 and federation-wire section 10; a row of one value only cannot be declared and
is not here. The reader, the JSON Schema and ``target init`` derive from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

CC, FI = "connection-coordinator", "federation-interconnect"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One thing to declare. ``one_of`` lists the values of a choice, the default first; ``high`` bounds numbers; members of
    lists are statuses (``one_of``) or texts."""

    name: str
    kind: Literal["choice", "truth", "number", "text", "texts", "statuses"]
    default: Any
    meaning: str
    one_of: tuple[Any, ...] = ()
    high: int = 2**31 - 1
    errata: tuple[str, ...] = ()

    @property
    def want(self) -> str:
        """What may stand there, for people."""
        options = ", ".join(str(each) for each in self.one_of)
        return {
            "choice": f"one of {options}",
            "truth": "true or false",
            "number": f"a whole number from 0 to {self.high}",
            "text": "a text",
            "texts": "a list of texts",
            "statuses": f"a list of statuses out of {options}",
        }[self.kind]

    def fits(self, value: object) -> bool:
        if self.kind == "choice":
            return isinstance(value, str) and value in self.one_of
        if self.kind == "truth":
            return isinstance(value, bool)
        if self.kind == "number":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= self.high
        if self.kind == "text":
            return isinstance(value, str)
        allowed = self.one_of if self.kind == "statuses" else ()
        return isinstance(value, list) and all(
            (type(each) is int and each in allowed) if allowed else (isinstance(each, str) and bool(each))
            for each in value
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: its default in seconds, and what must happen within it."""

    name: str
    seconds: float
    meaning: str
    errata: tuple[str, ...] = ()


def _choice(name: str, meaning: str, *one_of: str, errata: tuple[str, ...] = ()) -> Declaration:
    return Declaration(name, "choice", one_of[0], meaning, one_of, errata=errata)


def _truth(name: str, default: bool, meaning: str, *errata: str) -> Declaration:
    return Declaration(name, "truth", default, meaning, errata=errata)


def _number(name: str, default: int, meaning: str, *errata: str, high: int = 2**31 - 1) -> Declaration:
    return Declaration(name, "number", default, meaning, high=high, errata=errata)


def _err(*numbers: int, prefix: str = "CC") -> tuple[str, ...]:
    return tuple(f"{prefix}-ERR-{number:02}" for number in numbers)


_COORDINATOR = (
    Declaration("proof", "text", "", "the plug-in that carries the proof of the customer's act", errata=_err(29, 47)),
    _truth("merged_preview", False, "the customer sees and accepts a key in one step"),
    _choice("key_comparison", "how keys are compared", "bytes", "fields", errata=_err(2, 31)),
    _number("key_lifetime", 604_800, "seconds for which a key holds", *_err(20)),
    _choice("key_lifetime_test", "how its end can be tested", "hook", "short-setting", errata=_err(20)),
    _choice("key_used", "from when on a key counts as used", "at-creation", "at-first-confirmation", errata=_err(3)),
    _number("key_retry_window", 60, "seconds for a retry after the first confirmation", *_err(3)),
    _choice("create_unconfirmed", "a create with the exact key", "refused", "accepted", errata=_err(4)),
    _choice("room_for_keys", "is room held for outstanding keys?", "no", "locally", errata=_err(45)),
    _choice("second_placement", "while the first one is not verified", "refused", "accepted", errata=_err(10)),
    _number("quota", 0, "connections of an account; 0: no quota"),
    _number("rate_limit", 0, "requests of a partner in a second; 0: none (a 429 makes a check inconclusive)"),
    Declaration(
        "refusal_statuses",
        "statuses",
        [400, 409, 412, 422],
        "for closed, pending, and for a size that is not offered",
        (400, 409, 412, 422),
        errata=_err(7),
    ),
    Declaration(
        "guidance_statuses",
        "statuses",
        [400, 409, 422],
        "for a breach of the guidance",
        (400, 409, 422),
        errata=_err(8),
    ),
    _choice("subnet_scope", "where subnets must be disjoint", "channel", "connection", errata=_err(21)),
    _number(
        "readiness_threshold", 0, "features that make a connection ready; 0: 3 of 4, N-1 above, N below", *_err(12)
    ),
    _number("readiness_wait", 0, "seconds of waiting for the rest of the features", *_err(12)),
    _choice("disabled_channel_responder", "a feature there is", "accepted", "refused", errata=_err(38)),
    _choice("disabled_channel_negotiator", "a feature there is", "proposed", "skipped", errata=_err(38)),
    _choice("notification_per", "one notification per", "connection", "feature", errata=_err(11)),
    _choice("refresh_reads", "what is read after a notification", "features", "connection-only", errata=_err(19)),
    _choice("verified_while_pending", "VERIFIED while a feature is not FINAL", "kept", "dropped", errata=_err(51)),
    _choice("update_without_mask", "it is", "refused", "taken", errata=_err(22)),
    _choice("update_crossing", "two updates that cross", "both-refused", "tie-break", errata=_err(23)),
    _choice("update_shows", "the value while the own call is open", "old", "new", errata=_err(24)),
    _choice("increase_on_closed", "on a CLOSED interconnect", "refused", "granted", errata=_err(39)),
    _choice("deletion_repeated", "the answer to a second deletion", "404", "2xx", errata=_err(40)),
    _truth("defers", False, "provisioning is deferred, where the environment says so", *_err(15)),
    _truth("drives_deferred", True, "provisioning is driven for a peer that defers", *_err(15)),
    _number("deferral_hours", 168, "where the environment tells none", *_err(16, 17), high=168),
    _choice("after_refused_deferral", "after a 400", "negotiates-itself", "gives-up", errata=_err(18)),
    _truth("macsec_agreed", True, "MACsec is part of the agreement", *_err(25)),
    _truth("macsec_accepts_keys", True, "keys can be brought from outside", *_err(52)),
    _number("macsec_cadence", 0, "seconds between rotations by itself; 0: only when asked"),
    _choice("macsec_cak", "CAK in answers", "masked", "absent", "to-manager", errata=_err(27)),
    _choice("macsec_failed_key_bakes", "a failed key starts the bake time", "either", "yes", "no", errata=_err(26)),
    _choice("maintenance_yields", "whose window moves", "later-start", "either", errata=_err(35)),
    _number("maintenance_notice", 300, "seconds of the shortest notice", *_err(35)),
    Declaration("issue_contexts", "texts", [], "contexts that are accepted; none listed: all", errata=_err(37)),
    _choice("closed_issue", "a comment or a close on a closed issue", "2xx", "4xx", errata=_err(37)),
    _choice("feature_ids", "ids of features", "same", "by-channel", errata=_err(55)),
    Declaration("id_characters", "text", "[a-z0-9-]{1,63}", "a regular expression of ids", errata=_err(5)),
)

_FEDERATION = (
    _choice("credentials", "keys are", "per-federation", "one-for-all", "none", errata=_err(13, prefix="FI")),
    _choice("admission", "who may add itself", "prearranged", "open", errata=_err(8, prefix="FI")),
    _choice("sharing", "zones are shared", "automatic", "explicit", errata=_err(7, prefix="FI")),
    _choice("federation_ids", "own ids towards partners", "one", "per-partner", errata=_err(21, prefix="FI")),
    _choice("removal", "of a partner", "one-step", "two-steps", errata=_err(9, prefix="FI")),
    _truth("multi_cloudlet_zone", True, "a zone may hold several cloudlets", *_err(22, prefix="FI")),
    _truth("multi_zone_request", True, "one request may register several zones", *_err(23, prefix="FI")),
    _choice("artifact_encoding", "uploads are", "json-base64", "multipart", errata=_err(20, prefix="FI")),
    _choice("artifact_report", "how an upload is told", "get", "post", "lead-polls", errata=_err(3, prefix="FI")),
    _choice("repeats", "of what was not delivered", "automatic", "on-order", errata=_err(24, prefix="FI")),
    _number("components", 0, "most components of an application; 0: no limit"),
    _number("regions", 0, "most regions of an application; 0: no limit"),
    _number("artifact_bytes", 0, "largest artifact; 0: no limit"),
)

DECLARATIONS: Mapping[str, Mapping[str, Declaration]] = {
    CC: {each.name: each for each in _COORDINATOR},
    FI: {each.name: each for each in _FEDERATION},
}
"""By protocol and name."""

_COORDINATOR_LIMITS = (
    Limit("answer", 10, "an answer to a call", _err(49)),
    Limit("quiet", 10, "of silence, before a negative claim is judged", _err(49)),
    Limit("activation", 120, "from the last feature to VERIFIED", _err(49)),
    Limit("silence", 10, "of silence after a key was issued", _err(49)),
    Limit("refresh", 5, "a refresh after a notification", _err(49)),
    Limit("deletion_forwarded", 30, "a customer's deletion reaches the peer", _err(49)),
    Limit("retry", 60, "the retry of a call that was not acknowledged", _err(49)),
    Limit("placement", 60, "all retries of a placement (and a tenth more)", _err(50)),
    Limit("placement_verdict", 90, "the customer is told that there is no place", _err(50)),
    Limit("confirmation", 60, "a confirmation is given up", _err(50)),
    Limit("deletion", 60, "the transition after an acknowledged deletion", _err(40)),
    Limit("migration", 600, "the make phase of a migration is given up"),
    Limit("restoration", 60, "a lost feature is restored", _err(28)),
    Limit("issue_comment", 10, "a comment on an issue is listed", _err(37)),
)
_FEDERATION_LIMITS = (
    Limit("answer", 10, "an answer to a call"),
    Limit("quiet", 10, "of silence, before a negative claim is judged"),
    Limit("settling", 120, "background work comes to its end"),
    Limit("upload", 60, "an artifact is uploaded and reported"),
    Limit("onboarding", 1200, "an application is onboarded"),
)

TIMEOUTS: Mapping[str, Mapping[str, Limit]] = {
    CC: {each.name: each for each in _COORDINATOR_LIMITS},
    FI: {each.name: each for each in _FEDERATION_LIMITS},
}
"""By protocol and name."""

LONGEST_SECONDS = 86_400
