"""Every choice of the protocol, in one frozen record.

Where the documents leave a choice, or an implementation could get it wrong, the choice is a member of ``Decisions``
and nowhere else: a variant or a mutant is ``replace(PROVIDER, …)``. Everything here is a pure function or a number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reference_impl.connection_coordinator import l3
from reference_impl.connection_coordinator.issue_decisions import ISSUE_HANDLER, IssueDecisions
from reference_impl.connection_coordinator.macsec_decisions import MACSEC, MacSecDecisions
from reference_impl.connection_coordinator.maintenance_decisions import MAINTAINER, MaintenanceDecisions
from reference_impl.connection_coordinator.messages import ActivationKey, L3BaseConfig, L3BaseGuidance
from reference_impl.connection_coordinator.messages import Connection as ConnectionMessage
from reference_impl.connection_coordinator.messages import Environment as EnvironmentMessage
from reference_impl.connection_coordinator.names import decode_key, encode_key, environment_of_uri
from reference_impl.connection_coordinator.records import Key, KeyState, Stage
from reference_impl.connection_coordinator.removal_decisions import REMOVER, RemovalDecisions
from reference_impl.connection_coordinator.security_decisions import GUARDED, SecurityDecisions

LARGEST_PAGE = 100
"""Items on a page when the caller names no size, and the most it gets."""


@dataclass(frozen=True, slots=True)
class Room:
    """One interconnect's account of bandwidth at this side, in Mbps. ``tentative`` is reserved by own open proposals."""

    id: str
    max_mbps: int
    placed: int
    tentative: int

    @property
    def free(self) -> int:
        return self.max_mbps - self.placed - self.tentative


@dataclass(frozen=True, slots=True)
class Progress:
    """The three conditions of CC-ACT-005."""

    ready: bool
    acked: bool
    confirmed: bool


def fits(room: Room, size: int) -> bool:
    """Is there room for ``size`` Mbps? Own tentative placements count (CC-CONN-005, CC-RACE-001)."""
    return room.free >= size


def choose_interconnect(candidates: Sequence[Room], size: int, refused: Collection[str]) -> str | None:
    """The interconnect with most room that was not refused, or None (CC-CONN-008, CC-ERR-09; ties by the greater id)."""
    open_ = [room for room in candidates if room.id not in refused and fits(room, size)]
    best = max(open_, key=lambda room: (room.free, room.id), default=None)
    return best.id if best else None


def on_crossing(own: Collection[str], incoming: str) -> Literal["hold", "refuse"]:
    """Two proposals cross and both want the last room: ``own`` are the UUIDs of our open ones (coordinator-harness, 8).

    The smallest UUID is never held up, so there is no circle of waiting: an incoming proposal waits for the outcome
    of ours only if its UUID is smaller than each of ours.
    """
    return "hold" if own and all(incoming < uuid for uuid in own) else "refuse"


def confirms(key: Key, presented: str | None, members: ActivationKey | None, environment: str, caller: str) -> bool:
    """May the issuer answer keyValid true (CC-KEY-014 to CC-KEY-019)? The exact text counts (CC-ERR-02)."""
    text = presented if presented is not None else encode_key(members) if members is not None else ""
    return (
        text == key.text
        and key.state in (KeyState.ISSUED, KeyState.CONFIRMED)
        and key.peer == caller
        and key.environment == environment
    )


def may_accept(account: str, acts_for: Collection[str], destination: str) -> bool:
    """Only the account named in the key, or one that acts for it, may accept it (CC-KEY-011)."""
    return account == destination or destination in acts_for


def names_environment(uri: str, own: str, peer: str, environment: str) -> bool:
    """Does a key's destinationEnvironmentUri mean this environment? Either party's id may stand in it (CC-ERR-31)."""
    found = environment_of_uri(uri)
    return found is not None and found[0] in (own, peer) and found[1] == environment


def may_see(caller: str, provider: str, server: str) -> bool:
    """Which provider ids a caller reaches: its own; the server's own Provider is served apart (CC-SEC-003)."""
    return provider == caller


def verified(progress: Progress) -> bool:
    """VERIFIED needs local readiness, an acknowledged send and a receipt that the refresh confirmed (CC-ACT-005)."""
    return progress.ready and progress.acked and progress.confirmed


def ready(final: Sequence[bool], enough: int) -> bool:
    """Is this side ready? Every agreed feature is FINAL, and there are enough of them (CC-ACT-003, CC-ERR-12)."""
    return len(final) >= enough and all(final)


def announces(is_ready: bool, announced: bool, notified: bool) -> bool:
    """Is a change of readiness told? The first FINAL and whatever changes later, however far the peer is (CC-ACT-007)."""
    return is_ready or announced


def told_again(status: int | None) -> bool:
    """Is a notification repeated that was answered so? Until it is acknowledged or the connection gone (CC-ACT-003)."""
    return status is None or not (200 <= status < 300 or status == 404)


def threshold(channels: int) -> int:
    """How many agreed features suffice: three of four; N-1 above four, N below (CC-ERR-12)."""
    return channels if channels < 4 else channels - 1


def gives_way(own: str, rivals: Collection[str]) -> bool:
    """A proposal was refused: is another configuration proposed at once (coordinator-harness, 8, RACE-005)?

    Proposals that cross refuse each other. If both sides moved on, they might meet again until no value is left. So the
    smallest UUID pauses and then repeats its own. ``rivals`` are the peer's connections that may have met this one.
    """
    return not rivals or any(own > rival for rival in rivals)


def backoff(attempt: int) -> int:
    """Milliseconds before attempt number ``attempt`` (from 1): 1 s, 2 s, 4 s, … at most 16 s (CC-CONN-010)."""
    return min(1000 << (attempt - 1), 16_000)


def room_for_update(room: Room, old: int, new: int) -> bool:
    """The difference must fit; a decrease always does (CC-UPD-003)."""
    return new <= old or room.free >= new - old


def device_id(device: str) -> str:
    """What names a device to a peer: the same on every read, and silent about the device's name (CC-CH-004)."""
    return hashlib.sha256(f"obfuscated device {device}".encode()).hexdigest()[:16]


def takes_connections(state: str) -> bool:
    """Does an interconnect in this state take new connections? Only an ACTIVE one (CC-IX-005)."""
    return state == "INTERCONNECT_STATE_ACTIVE"


def deletion_done(status: int | None) -> bool:
    """Is a deletion done that was answered so? Acknowledged, or gone already (CC-DEL-005)."""
    return status is not None and (200 <= status < 300 or status == 404)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The choices of a provider. Times in milliseconds."""

    fits: Callable[[Room, int], bool] = fits
    choose_interconnect: Callable[[Sequence[Room], int, Collection[str]], str | None] = choose_interconnect
    on_crossing: Callable[[Collection[str], str], Literal["hold", "refuse"]] = on_crossing
    confirms: Callable[[Key, str | None, ActivationKey | None, str, str], bool] = confirms
    may_accept: Callable[[str, Collection[str], str], bool] = may_accept
    sale_checks: Collection[str] = ("visibility", "tier", "standing", "quota", "room")
    """What is verified before anything is sold or accepted (CC-KEY-002, -003, -010, CC-ENV-004)."""
    shared_uuid: Callable[[str], str] = lambda fresh: fresh
    """The UUID of a new connection, given a fresh one (CC-KEY-008)."""
    writes_key: Callable[[ActivationKey], str] = encode_key
    """The text of a new activation key (CC-KEY-005, -006)."""
    reads_key: Callable[[str], ActivationKey | None] = decode_key
    """The key in a text that a customer brings, None for what is none (CC-KEY-009)."""
    needs_consent: bool = True
    """A connection comes into being only with the customer's consent (CC-KEY-012)."""
    issuer_negotiates: Literal["never", "once confirmed", "at once"] = "never"
    """Who created the connection leaves its negotiation to the other side (CC-KEY-007, -022)."""
    same_key: Callable[[str, str], bool] = str.__eq__
    """Is the activationKey of a proposal the one that was issued for it (CC-CONN-004, CC-ERR-04)?"""
    covers: Callable[[Key, str, int], bool] = lambda key, environment, mbps: (
        (key.environment, key.mbps) == (environment, mbps)
    )
    """Does a key entitle to this environment and bandwidth (CC-CONN-004)?"""
    tells_customer: Callable[[Mapping[str, Any], Sequence[str]], Mapping[str, Any]] = lambda view, interconnects: view
    """What a customer reads of a connection: never its interconnects (CC-IX-006)."""
    presents: Callable[[EnvironmentMessage], EnvironmentMessage] = lambda environment: environment
    """How an environment is served to the peer (CC-ENV-002 to -006)."""
    lists_provider: Callable[[str, str, str], bool] = lambda provider, caller, server: provider in (caller, server)
    """Which providers a caller is shown (CC-PROV-002)."""
    page_size: Callable[[int], int] = lambda wanted: min(wanted or LARGEST_PAGE, LARGEST_PAGE)
    """Items on a page, given the number wanted, 0 for the default (CC-PAGE-001)."""
    follows: Callable[[str, str], bool] = str.__gt__
    """Does an item's id come after the last one of the page before (CC-PAGE-001)?"""
    token_fits: Callable[[str, str], bool] = str.__eq__
    """Is a token that was given for one list good for another (CC-PAGE-002)?"""
    names_environment: Callable[[str, str, str, str], bool] = names_environment
    may_see: Callable[[str, str, str], bool] = may_see
    breach: Callable[[L3BaseConfig, L3BaseGuidance, str, str], str | None] = l3.breach
    served: Callable[[L3BaseGuidance, Sequence[L3BaseConfig]], L3BaseGuidance] = l3.served
    clash: Callable[[L3BaseConfig, Sequence[L3BaseConfig]], str | None] = l3.clash
    propose: Callable[
        [L3BaseGuidance, L3BaseGuidance, Sequence[L3BaseConfig], Sequence[L3BaseConfig], str, str], L3BaseConfig | None
    ] = l3.propose
    one_feature_per_channel: bool = True
    """A connection holds one L3 feature on a channel at most (CC-FEAT-015)."""
    narrows_guidance: bool = True
    """Guidance for one channel is given on request, although the OpenAPI has no such parameter (CC-ERR-01)."""
    proposes_unguided: bool = False
    """Go on without guidance where the peer fails to give it (CC-GUIDE-001 forbids it)."""
    looks_for_features: bool = True
    """Read the peer before a proposal without a clear answer is replaced by another one (CC-FEAT-020)."""
    counts_open_proposals: bool = True
    """The values of own open proposals are taken (coordinator-harness, 8, RACE-005)."""
    feature_id: Callable[[str, int], str] = lambda channel, attempts: f"l3-{channel}"
    """The featureId of a proposal for a channel: the same for each repeat (coordinator-harness, 8, RACE-004)."""
    gives_way: Callable[[str, Collection[str]], bool] = gives_way
    ready: Callable[[Sequence[bool], int], bool] = ready
    peer_ready: Callable[[Sequence[bool], int], bool] = ready
    """The same question about the peer's features, as a refresh shows them (CC-ERR-11)."""
    announces: Callable[[bool, bool, bool], bool] = announces
    told_again: Callable[[int | None], bool] = told_again
    remembers_early_notifications: bool = True
    """A notification that comes before this side is ready is kept (CC-RACE-012)."""
    refreshes: bool = True
    """A notification makes this side read the peer; it is no proof by itself (CC-ACT-006)."""
    believes: Callable[[ConnectionMessage], bool] = lambda connection: True
    """May the peer's connection, read after its notification, be ready? Its VERIFIED is not waited for (CC-RACE-013)."""
    refreshes_once_more: bool = True
    """A notification that comes during a refresh makes this side read the peer once more (CC-RACE-013)."""
    verified: Callable[[Progress], bool] = verified
    threshold: Callable[[int], int] = threshold
    backoff: Callable[[int], int] = backoff
    room_for_update: Callable[[Room, int, int], bool] = room_for_update
    device_id: Callable[[str], str] = device_id
    takes_connections: Callable[[str], bool] = takes_connections
    supports: Callable[[Collection[int], int], bool] = lambda sizes, mbps: mbps in sizes
    """Is a size offered on an interconnect (CC-CONN-012)?"""
    deletion_done: Callable[[int | None], bool] = deletion_done
    configures: Callable[[str], bool] = lambda channel: True
    """Which channels of the guidance get a feature: each, whatever its name (CC-CH-006)."""
    knows_what_exists: bool = True
    """A create of what is placed already is a conflict and alters nothing (CC-CONN-013)."""
    takes_409_for_existing: bool = False
    """Read a 409 to the own proposal as "exists already", without a look (CC-ERR-06 forbids it)."""
    refreshes_before_retry: bool = True
    """Read the peer's interconnects before the next proposal (CC-CONN-010)."""
    reserves_with_check: bool = True
    """Room for a proposal of the peer is checked and taken in one step (CC-RACE-002)."""
    records_first: bool = True
    """Show the own copy of a connection while the proposal of it is open (CC-CONN-001)."""
    resumes: bool = True
    """What was proposed before a restart is still known after it (CC-CONN-001)."""
    calls_at_environment: bool = True
    """A call about an environment goes where its apiUri says (CC-ENV-006)."""
    reads_by_place: bool = True
    """A connection is shown under the interconnects on which it is, and no other (CC-CONN-015)."""
    one_update_at_a_time: bool = True
    """Answer 409 to the peer's update while one is under way (CC-UPD-005)."""
    changeable: Collection[str] = ("bandwidthMbps",)
    """The fields that an updateMask may name (CC-UPD-004)."""
    restores_after_refusal: bool = True
    """A refused update leaves the old bandwidth in force (CC-UPD-002)."""
    looks_after_lost_update: bool = True
    """An update without an answer is in force or not as the peer shows it (CC-UPD-002)."""
    makes_late_updates_good: bool = True
    """When a refresh shows that the peer took an update late, both sides go back to one value (CC-ERR-62)."""
    changed_when_granted: bool = False
    """Tell the customer of a new bandwidth before the equipment carries it (CC-UPD-006 forbids it)."""
    revives: Collection[str] = ()
    """Which news of a deleted connection bring it back, of "update", "notification" and "feature": none (CC-RACE-008)."""
    room_back_with: Literal["record", "call"] = "record"
    """Room is given back with the record that took it, not with every DeleteConnection (CC-RACE-010)."""
    frees_features: bool = True
    """A deleted connection's features, VLANs and subnets go with it (CC-DEL-003)."""
    buries_unplaced: bool = True
    """A deletion of what is not placed yet keeps its create, if it comes late, from being carried out (CC-ERR-65)."""
    voids_keys: bool = True
    """A deleted connection's key is void and its UUID never comes back (CC-DEL-004)."""
    takes_migrations: bool = True
    """A connection that is VERIFIED between the two may be placed once more, elsewhere (CC-MIG-001)."""
    breaks_when: Literal["verified by both", "verified here", "placed"] = "verified by both"
    """How far the new placement must be before the old one goes (CC-MIG-002)."""
    moves_to_upgrade: bool = True
    """A bandwidth for which there is room on another interconnect only is brought by a migration (CC-UPD-001)."""
    tells_placements_apart: bool = True
    """A deletion under one interconnect leaves the placement on another one alone (CC-MIG-003)."""
    gives_up_the_new_only: bool = True
    """A migration that fails leaves the old placement as it is (CC-MIG-005)."""
    one_migration_at_a_time: bool = True
    """While a connection is moved, an update and a second migration are refused (CC-RACE-018)."""
    repeats_migration: Callable[[tuple[str, str], tuple[str, str]], bool] = tuple.__lt__
    """Of two crossing migrations, (interconnect, provider) each, is the own one proposed again (coordinator-harness, 8)?"""
    migration_limit: int = 600_000
    """How long the make phase of a migration may take (coordinator-harness, 6)."""
    copies_live: int = 600_000
    """How long a copy of a call may come after its caller gave it up, for a connection that lives on (CC-ERR-65)."""
    defers: Callable[[bool], bool] = lambda prescribed: prescribed
    """Is provisioning left to the peer, given that the environment prescribes it or not (CC-DEFER-005)?"""
    hands_over: bool = True
    """Who deferred proposes nothing (CC-DEFER-001)."""
    drives: Callable[[bool], bool] = lambda willing: willing
    """Is provisioning taken over from a peer that defers, given that this party is willing or not (CC-DEFER-003)?"""
    gives_up_undriven: bool = False
    """Fail when the peer does not take over the provisioning, instead of negotiating alone (CC-ERR-18)."""
    deferral_hours: Callable[[int], int] = lambda agreed: agreed or 168
    """How long the driver has, given the hours of the environment, 0 for none (CC-DEFER-006, CC-ERR-18)."""
    trusts_driver: bool = True
    """A notification of the driver in time is success for good (CC-DEFER-006)."""
    rolls_back: Collection[str] = ("peer", "here", "customer")
    """What follows when the driver's time is over: DeleteConnection, nothing left here, the customer told (CC-DEFER-007)."""
    driver_stops: bool = True
    """A driver whose connection is cancelled lets go of it (CC-DEFER-008)."""
    taken_for_valid: Callable[[int, bool | None], bool] = lambda status, key_valid: (
        200 <= status < 300 and key_valid is True
    )
    """What the acceptor takes for a confirmed key: 2xx and keyValid true, nothing else (CC-ERR-44)."""
    restart_channels: Callable[[str, Sequence[str]], Sequence[str]] = lambda refused, all_channels: (refused,)
    """Which channels begin anew after a 409: only the refused one (CC-FEAT-005)."""
    single_unverified_placement: bool = True
    """Refuse a second placement of a UUID while the first is not verified (CC-ERR-10)."""
    looks_before_retry: bool = True
    """Read the peer before a proposal without a clear answer is repeated elsewhere (CC-RACE-003)."""
    confirm_before_create: bool = True
    """Only a confirmed key may be created (CC-CONN-004)."""
    create_waits_for_confirmation: bool = True
    """The acceptor proposes only after the key was confirmed (CC-KEY-013)."""
    sweeps_after: int = 0
    """How old a connection is when it is looked at whether it was finalized, at least seven days; 0: never (CC-CONN-017)."""
    sweeps: Callable[[Stage], bool] = lambda stage: stage is not Stage.VERIFIED
    """Which connections of that age are removed: those that were never finalized (CC-CONN-017)."""
    key_lifetime: int = 7 * 24 * 3600 * 1000
    hold_limit: int = 5_000
    """Half the answer limit of 10 s: the longest time an answer is held (coordinator-harness, 8, RACE-001)."""
    confirm_attempts: int = 5
    placement_attempts: int = 6
    placement_rounds: int = 3
    placement_span: int = 60_000
    feature_attempts: int = 5
    patience: int = 5
    """Up to which attempt the pause grows before a call that must get through (notification, deletion, refresh) is
    repeated; it is repeated for as long as that takes."""
    pending_limit: int = 100_000
    """How many connections with one partner may wait for its customer or for their placement; each has an open key."""
    living_limit: int = 1_000_000
    """How many connections with one partner there may be."""
    issues: IssueDecisions = ISSUE_HANDLER
    maintenance: MaintenanceDecisions = MAINTAINER
    removal: RemovalDecisions = REMOVER
    macsec: MacSecDecisions = MACSEC
    security: SecurityDecisions = GUARDED


PROVIDER = Decisions()
