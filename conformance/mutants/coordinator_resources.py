"""Wrong implementations of connections, guidance and features: what a party answers about them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from conformance.twist import Answer, Asked, Twist, answering, showing
from reference_impl.connection_coordinator.decisions import PROVIDER

RESPONDER, NEGOTIATOR = "csp-a", "csp-b"
PROBLEM = {"title": "Refused", "status": 400, "detail": "no"}


def _mutant(id: str, vice: str, caught_by: str, seat: str, twist: Twist | None = None, **decisions: Any) -> Mutant:
    return Mutant(id, vice, caught_by, "connection-coordinator", seat, replace(PROVIDER, **decisions), twist)


def _instead(operation: str, old: Collection[int], new: int, when: Callable[[Asked], bool] = lambda it: True) -> Twist:
    """Another status in the place of these, where the request is such a one."""
    return answering(
        operation,
        lambda asked, answer: (
            (new, {} if new < 300 else PROBLEM | {"status": new}) if answer[0] in old and when(asked) else answer
        ),
    )


def _with(**members: Any) -> Callable[[Any], Any]:
    return lambda body: {name: value for name, value in (body | members).items() if value is not None}


def _guidance(change: Callable[[list[Any]], list[Any]]) -> Twist:
    return showing(
        ("GenerateFeatureGuidance",), lambda body: body | {"featureGuidance": change(body.get("featureGuidance", []))}
    )


def _mtu(body: Any) -> Any:
    config = body["featureConfig"]
    l3 = config["l3BaseConfig"]
    return body | {"featureConfig": config | {"l3BaseConfig": l3 | {"mtuBytes": l3["mtuBytes"] - 100}}}


def _outside(asked: Asked) -> bool:
    """A subnet that no guidance offers."""
    try:
        return not str(asked.body["featureConfig"]["l3BaseConfig"]["ipv4Subnet"]).startswith("169.254.")
    except (KeyError, TypeError):
        return False


def _refuses_in_words(asked: Asked, answer: Answer) -> Answer:
    return (400, PROBLEM) if answer[0] < 300 and _outside(asked) else answer


def _no_bandwidth(asked: Asked) -> bool:
    return not isinstance(asked.body, dict) or not isinstance(asked.body.get("bandwidthMbps"), int)


def _no_id(asked: Asked) -> bool:
    return not asked.query.get("connectionId")


def _vlan_as_text(asked: Asked) -> bool:
    config = asked.body.get("featureConfig") if isinstance(asked.body, dict) else None
    l3 = config.get("l3BaseConfig") if isinstance(config, dict) else None
    return isinstance(l3, dict) and isinstance(l3.get("vlanId"), str)


def _constant(body: Any) -> Any:
    l3 = {"vlanId": 2000, "ipv4Subnet": "169.254.0.0", "ipv4SubnetPrefixLength": 29, "mtuBytes": 1500}
    return body | {"featureConfig": {"featureType": "FEATURE_TYPE_L3_BASE", "l3BaseConfig": l3}}


def _nameless_context(body: Any) -> bool:
    contexts = [each for name, value in (body or {}).items() if name.endswith("Contexts") for each in value]
    return any(isinstance(each, dict) and "name" not in each for each in contexts)


def _of_another_type(asked: Asked) -> bool:
    config = asked.body.get("featureConfig") if isinstance(asked.body, dict) else None
    return isinstance(config, dict) and config.get("featureType") != "FEATURE_TYPE_L3_BASE"


MUTANTS = (
    _mutant(
        "cc-nameless-connection",
        "answers a create without the connection's name",
        "CC-CONN-002/1",
        RESPONDER,
        showing(("CreateConnection",), _with(name=None)),
    ),
    _mutant(
        "cc-one-connection-everywhere",
        "shows a connection under any interconnect",
        "CC-CONN-002/3",
        RESPONDER,
        _instead("GetConnection", (404,), 200),
    ),
    _mutant(
        "cc-connection-without-id",
        "says yes to a create without connectionId",
        "CC-CONN-003/1",
        RESPONDER,
        _instead("CreateConnection", (400,), 200, _no_id),
    ),
    _mutant(
        "cc-breaks-on-bodies",
        "breaks on a body that it does not understand",
        "CC-CONN-003/4",
        RESPONDER,
        _instead("CreateConnection", (400, 415, 422), 500, _no_bandwidth),
    ),
    _mutant(
        "cc-counts-nothing",
        "counts no connection that is placed already",
        "CC-CONN-005/1",
        RESPONDER,
        fits=lambda room, size: room.max_mbps >= size,
    ),
    _mutant(
        "cc-full-is-400",
        "answers 400 where there is no room",
        "CC-CONN-006/1",
        RESPONDER,
        _instead("CreateConnection", (409,), 400),
    ),
    _mutant(
        "cc-places-odd-sizes",
        "places sizes that the interconnect does not list",
        "CC-CONN-012/1",
        RESPONDER,
        supports=lambda sizes, mbps: True,
        covers=lambda key, environment, mbps: True,
    ),
    _mutant(
        "cc-takes-claimed-state",
        "shows the state that the caller claimed",
        "CC-CONN-014/1",
        RESPONDER,
        showing(("CreateConnection", "GetConnection"), _with(verificationState="VERIFICATION_STATE_VERIFIED")),
    ),
    _mutant(
        "cc-lists-two-connections",
        "lists no more than two connections of an interconnect",
        "CC-CONN-016/1",
        RESPONDER,
        showing(("ListConnections",), lambda body: body | {"connections": body.get("connections", [])[:2]}),
    ),
    _mutant(
        "cc-guidance-for-three",
        "gives guidance for three channels",
        "CC-GUIDE-002/1",
        RESPONDER,
        _guidance(lambda each: each[:3]),
    ),
    _mutant(
        "cc-guidance-twice",
        "gives guidance for a channel twice",
        "CC-GUIDE-002/1",
        RESPONDER,
        _guidance(lambda each: [*each, *each[:1]]),
    ),
    _mutant(
        "cc-untyped-guidance",
        "does not say for which type its guidance is",
        "CC-GUIDE-004/1",
        RESPONDER,
        _guidance(lambda all_: [_with(featureType=None)(each) for each in all_]),
    ),
    _mutant(
        "cc-guidance-always-enabled",
        "shows every channel as enabled in its guidance",
        "CC-GUIDE-004/2",
        RESPONDER,
        _guidance(lambda all_: [each | {"channelAdminState": "ADMIN_STATE_ENABLED"} for each in all_]),
    ),
    _mutant(
        "cc-another-mtu",
        "takes a proposal over with another MTU",
        "CC-FEAT-002/1",
        RESPONDER,
        showing(("CreateFeature", "GetFeature"), _mtu),
    ),
    _mutant(
        "cc-refuses-in-words",
        "keeps the feature that it refuses",
        "CC-FEAT-003/2",
        RESPONDER,
        answering("CreateFeature", _refuses_in_words),
        breach=lambda *given: None,
    ),
    _mutant(
        "cc-breaks-on-texts",
        "breaks on a VLAN that is a text",
        "CC-FEAT-012/3",
        RESPONDER,
        _instead("CreateFeature", (400, 422), 500, _vlan_as_text),
    ),
    _mutant(
        "cc-takes-any-type",
        "acknowledges a feature of a type that it does not know",
        "CC-FEAT-016/1",
        RESPONDER,
        _instead("CreateFeature", (400, 422), 200, _of_another_type),
    ),
    _mutant(
        "cc-lists-other-features",
        "lists a feature fewer than it agreed",
        "CC-FEAT-019/1",
        NEGOTIATOR,
        showing(("ListFeatures",), lambda body: body | {"features": body.get("features", [])[1:]}),
    ),
    _mutant(
        "cc-forgets-a-feature",
        "leaves the last feature out of the list",
        "CC-FEAT-022/1",
        RESPONDER,
        showing(
            ("ListFeatures",),
            lambda body: (
                body | {"features": [each for each in body.get("features", []) if not each["channel"].endswith("/ch4")]}
            ),
        ),
    ),
    _mutant(
        "cc-features-of-nothing",
        "lists no features of a connection that it does not know, with 200",
        "CC-FEAT-022/3",
        RESPONDER,
        _instead("ListFeatures", (404,), 200),
    ),
    _mutant(
        "cc-stateless-feature",
        "does not say how far a feature is provisioned",
        "CC-FEAT-021/1",
        RESPONDER,
        showing(("GetFeature",), _with(provisioningState=None)),
    ),
    _mutant(
        "cc-final-at-once",
        "shows a feature as FINAL before it is provisioned",
        "CC-ACT-002/1",
        RESPONDER,
        showing(
            ("ListFeatures",),
            lambda body: (
                body
                | {
                    "features": [
                        each | {"provisioningState": "PROVISIONING_STATE_FINAL"} for each in body.get("features", [])
                    ]
                }
            ),
        ),
    ),
    _mutant(
        "cc-moves-anybodys",
        "says yes to the placement of another provider's connection",
        "CC-MIG-001/3",
        RESPONDER,
        _instead("CreateConnection", (400,), 200, lambda asked: isinstance(asked.body, dict)),
    ),
    _mutant(
        "cc-one-configuration",
        "shows one configuration for features of the same name",
        "CC-MIG-003/3",
        RESPONDER,
        showing(("GetFeature",), _constant),
    ),
    _mutant(
        "cc-untitled-issues",
        "opens issues that lack a title",
        "CC-ISSUE-001/3",
        RESPONDER,
        _instead("CreateIssue", (400, 422), 200, lambda asked: "title" not in (asked.body or {})),
    ),
    _mutant(
        "cc-nameless-contexts",
        "opens issues whose context names nothing",
        "CC-ISSUE-002/3",
        RESPONDER,
        _instead("CreateIssue", (400, 422), 200, lambda asked: _nameless_context(asked.body)),
    ),
)
