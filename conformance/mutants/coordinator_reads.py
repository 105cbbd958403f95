"""Wrong implementations of the reads: what a party shows of providers, environments, interconnects and channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.mutants import Mutant
from conformance.twist import Answer, Asked, Twist, answering, showing
from reference_impl.connection_coordinator.decisions import PROVIDER

ONE, OTHER = "csp-a", "csp-b"
ENVIRONMENTS = ("ListEnvironments", "GetEnvironment")
INTERCONNECTS = ("ListInterconnects", "GetInterconnect")
CHANNELS = ("ListChannels", "GetChannel")


def _mutant(id: str, vice: str, caught_by: str, seat: str, twist: Twist) -> Mutant:
    return Mutant(id, vice, caught_by, "connection-coordinator", seat, PROVIDER, twist)


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    """The change made to a resource, or to each one of a list."""

    def changed(body: Any) -> Any:
        lists = {name: [change(each) for each in value] for name, value in body.items() if _resources(value)}
        return body | lists if lists and "name" not in body else change(body)

    return changed


def _resources(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "name" in each for each in value)


def _without(member: str, keep: Callable[[dict[str, Any]], bool]) -> Callable[[Any], Any]:
    """A list without the items that are not kept."""
    return lambda body: body | {member: [each for each in body.get(member, []) if keep(each)]}


def _with(**members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The members as given, None for those that are left out."""
    return lambda each: {name: value for name, value in (each | members).items() if value is not None}


def _second_channel(**members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda each: each | members if each["name"].endswith("/ch2") else each


def _all_but_of_four(channels: list[Any]) -> list[Any]:
    return channels[1:] if len(channels) == 4 else channels


def _first_sizes_lost(each: dict[str, Any]) -> dict[str, Any]:
    return each | {"supportedConnectionSizeMbps": each.get("supportedConnectionSizeMbps", [])[1:]}


def _bare(each: dict[str, Any]) -> dict[str, Any]:
    manager = str(each.get("macsecManagerProvider", ""))
    return each | {"macsecManagerProvider": manager.replace("providers/", "operators/")}


def _both_prefixes(path: str) -> tuple[str, ...]:
    return (path.replace("/csp-b/", "/csp-a/"), path) if path.endswith("/features") else (path,)


def _deletes(asked: Asked, answer: Answer) -> Answer:
    return (200, {}) if asked.method == "DELETE" and answer[0] == 405 else answer


MUTANTS = (
    _mutant(
        "cc-forgets-an-environment",
        "leaves an environment out of the list",
        "CC-ENV-001/2",
        ONE,
        showing(("ListEnvironments",), lambda body: body | {"environments": body.get("environments", [])[:1]}),
    ),
    _mutant(
        "cc-deletes-what-is-agreed",
        "answers a deletion of an interconnect with 200",
        "CC-ENV-005/1",
        ONE,
        Twist(_deletes),
    ),
    _mutant(
        "cc-own-sizes",
        "shows other sizes of an environment than were agreed",
        "CC-ENV-005/2",
        OTHER,
        showing(ENVIRONMENTS, _each(_first_sizes_lost)),
    ),
    _mutant(
        "cc-hides-closed",
        "leaves closed interconnects out of the list",
        "CC-IX-001/1",
        ONE,
        showing(
            ("ListInterconnects",),
            _without("interconnects", lambda each: each.get("state") != "INTERCONNECT_STATE_CLOSED"),
        ),
    ),
    _mutant(
        "cc-stateless-interconnects",
        "does not say in which state an interconnect is",
        "CC-IX-002/1",
        ONE,
        showing(INTERCONNECTS, _each(_with(state=None))),
    ),
    _mutant(
        "cc-fewer-sizes",
        "offers on its interconnects less sizes than in their environment",
        "CC-IX-003/1",
        ONE,
        showing(INTERCONNECTS, _each(_first_sizes_lost)),
    ),
    _mutant(
        "cc-no-l3",
        "does not name the L3 base type on its interconnects",
        "CC-IX-003/2",
        ONE,
        showing(INTERCONNECTS, _each(_with(supportedFeatures=None))),
    ),
    _mutant(
        "cc-three-channels",
        "leaves a channel out of a list of four",
        "CC-CH-001/1",
        ONE,
        showing(("ListChannels",), lambda body: body | {"channels": _all_but_of_four(body.get("channels", []))}),
    ),
    _mutant(
        "cc-four-channels-at-most",
        "lists no more than four channels",
        "CC-CH-001/2",
        OTHER,
        showing(("ListChannels",), lambda body: body | {"channels": body.get("channels", [])[:4]}),
    ),
    _mutant(
        "cc-manager-by-another-name",
        "names the MACsec manager in its own manner",
        "CC-CH-002/1",
        ONE,
        showing(CHANNELS, _each(_bare)),
    ),
    _mutant(
        "cc-same-demarcation",
        "shows one demarcation for all channels",
        "CC-CH-002/2",
        ONE,
        showing(CHANNELS, _each(_with(demarc="cage 12"))),
    ),
    _mutant(
        "cc-any-channel",
        "has every channel that it is asked for",
        "CC-CH-002/3",
        OTHER,
        answering("GetChannel", lambda asked, answer: (200, {"name": asked.path[1:]}) if answer[0] == 404 else answer),
    ),
    _mutant(
        "cc-odd-channel",
        "shows one channel with other members than the rest",
        "CC-CH-003/1",
        ONE,
        showing(CHANNELS, _each(_second_channel(channelMemberSizeGbps=40))),
    ),
    _mutant(
        "cc-always-enabled",
        "shows every channel as enabled",
        "CC-CH-005/1",
        ONE,
        showing(CHANNELS, _each(_with(adminState="ADMIN_STATE_ENABLED"))),
    ),
    _mutant(
        "cc-once-disabled",
        "shows a channel as disabled for good",
        "CC-CH-005/2",
        OTHER,
        showing(CHANNELS, _each(_second_channel(adminState="ADMIN_STATE_DISABLED"))),
    ),
    _mutant(
        "cc-peers-prefix",
        "looks for features under the peer's own provider ID first",
        "CC-PROV-001/2",
        OTHER,
        Twist(calls=_both_prefixes),
    ),
)
