"""Who plays: for each protocol its seats and how a reference party takes one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.connection_coordinator import provider as coordinator
from reference_impl.connection_coordinator import statement
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.federation_interconnect import operator_platform as federation
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.kernel.node import Node
from reference_impl.kernel.party import Call, Party
from reference_impl.kernel.tables import Tables
from reference_impl.kernel.tls import STRICT, TlsChoice
from reference_impl.kernel.transport import Endpoint
from simulator.inventories import inventories


@dataclass(frozen=True, slots=True)
class Cast:
    """The cast of a protocol.

    ``seats`` in the order in which they join; ``seats[2]`` is the third partner, for isolation. ``party`` makes the
    reference party of a seat with given decisions. ``stock`` fills a seat's empty tables with a named inventory, given
    where each seat is reached and its id where that is another. ``endpoint`` finds where a call goes, given the origins
    and the bearer tokens by (caller, server). ``bearer``: callers are told apart by bearer tokens; otherwise the party
    itself checks the key that was presented (FI-AUTH-004). ``tls``: what a party of these decisions does with TLS.
    """

    protocol: str
    seats: tuple[str, str, str]
    decisions: Any
    party: Callable[[str, Any], Party[Any]]
    stock: Callable[[str, str, Callable[[str], str], Mapping[str, str] | None], Callable[[Tables], None]]
    endpoint: Callable[[Node, str, Call, Mapping[str, str], Mapping[tuple[str, str], str]], Endpoint | None]
    bearer: bool = True
    inventory: str = "standard"
    tls: Callable[[Any], TlsChoice] = lambda decisions: STRICT


def _stock_provider(
    seat: str, inventory: str, origin_of: Callable[[str], str], ids: Mapping[str, str] | None = None
) -> Callable[[Tables], None]:
    copies = inventories(inventory, ids=ids, api_uri=origin_of)
    return lambda tables: coordinator.stock(tables, copies[seat]) if seat in copies else None


def _provider_endpoint(
    node: Node, seat: str, call: Call, origins: Mapping[str, str], tokens: Mapping[tuple[str, str], str]
) -> Endpoint | None:
    """Only configured counterparts are called, whatever a key names; below their address, where the environment says so."""
    if call.peer not in origins:
        return None
    base = origins[call.peer]
    url = coordinator.endpoint_of(node.tables, call, base, node.party.decisions)
    proof = {statement.HEADER: call.credential} if call.credential else {}
    headers = {"authorization": f"Bearer {tokens[seat, call.peer]}"} | proof
    return Endpoint(url if url.startswith(f"{base}/") else base, headers)


CONNECTION_COORDINATOR = Cast(
    protocol="connection-coordinator",
    seats=("csp-a", "csp-b", "csp-c"),
    decisions=PROVIDER,
    party=coordinator.provider,
    stock=_stock_provider,
    endpoint=_provider_endpoint,
    tls=lambda decisions: decisions.security.tls,
)


def _nothing_agreed(
    seat: str, inventory: str, origin_of: Callable[[str], str], ids: Mapping[str, str] | None = None
) -> Callable[[Tables], None]:
    """The operators set up everything themselves."""
    return lambda tables: None


def _operator_endpoint(
    node: Node, seat: str, call: Call, origins: Mapping[str, str], tokens: Mapping[tuple[str, str], str]
) -> Endpoint | None:
    """Where the partner's record says (FI-AUTH-012), with the key it issued in both headers (FI-AUTH-001)."""
    address = federation.address_of(node.tables, call.peer, node.party.decisions)
    if address is None:
        return None
    key = call.credential
    return Endpoint(address, {"authorization": f"Bearer {key}", "x-api-key": key} if key else {})


FEDERATION_INTERCONNECT = Cast(
    protocol="federation-interconnect",
    seats=("op1", "op2", "op3"),
    decisions=OPERATOR,
    party=federation.operator,
    stock=_nothing_agreed,
    endpoint=_operator_endpoint,
    bearer=False,
)

CASTS: dict[str, Cast] = {cast.protocol: cast for cast in (CONNECTION_COORDINATOR, FEDERATION_INTERCONNECT)}
