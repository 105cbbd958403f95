"""Rules of milestones 3 and 4: announcements, refreshes and what a connection reads (CC-ACT-001 to CC-ACT-007)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from conformance.documented import documented_of
from conformance.l3_reading import short
from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_l3_proposals import listed
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

NOTIFY = "NotifyConnectionStatus"


@rule
def connection_reads(view: TraceView, read: str, state: str) -> Finding | Waiting:
    """GetConnection showed this verification state; an absent one reads as UNVERIFIED (CC-ERR-43)."""
    seen = exchange_of(view, read)
    body = seen.response.body if seen.succeeded and seen.response else None
    if not isinstance(body, dict):
        return Finding.failed(want=f"the connection, {state}", got=seen.told(), evidence=seen.evidence)
    got = str(body.get("verificationState") or "UNVERIFIED").removeprefix("VERIFICATION_STATE_")
    if got != state:
        return Finding.failed(want=state, got=got, evidence=seen.evidence)
    return Finding.passed(got, evidence=seen.evidence)


def announcements(view: TraceView, sender: str, uuid: str) -> list[Exchange]:
    """What the sender announced of this connection, in the order of the requests."""
    return view.exchanges(NOTIFY, sender=sender, ours=False, about=uuid)


@rule
def announced(view: TraceView, sender: str, uuid: str, at_least: int = 1) -> Finding | Waiting:
    """The sender called NotifyConnectionStatus for the connection, so many times at least."""
    made = announcements(view, sender, uuid)
    if len(made) < at_least:
        return Waiting(f"{at_least} {NOTIFY} from {sender}", f"{len(made)}")
    return Finding.passed(f"{len(made)}", evidence=[each.request.seq for each in made])


@rule
def announcement_form(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """It addresses the connection under the sender's own provider ID and carries an object, of which
    no member means anything (CC-ACT-003)."""
    made = announcements(view, sender, uuid)
    if not made:
        return Waiting(f"{NOTIFY} from {sender}")
    for each in made:
        own = each.request.path.startswith(f"/providers/{sender}/") and each.segment("connections") == uuid
        if not own or not isinstance(each.request.body, dict):
            return Finding.failed(
                want=f"/providers/{sender}/…/connections/{uuid}/{NOTIFY} with {{}}",
                got=f"{each.request.path} with {each.request.body}",
                evidence=each.evidence,
            )
    return Finding.passed(made[0].told(), evidence=made[0].evidence)


@rule
def announcements_accepted(
    view: TraceView, sender: str, receiver: str, uuid: str, exchanges: Sequence[str] = ()
) -> Finding | Waiting:
    """Each notification (these ones, or all of the sender's) was answered 2xx with an empty message, members of its own left
    out (CC-ACT-004)."""
    made = [exchange_of(view, each) for each in exchanges] or announcements(view, sender, uuid)
    made = [each for each in made if each.request.receiver == receiver]
    if not made:
        return Waiting(f"{NOTIFY} from {sender}")
    for each in made:
        if not each.succeeded or documented_of(each) not in ({}, None):
            got = f"{each.told()} {each.response.body if each.response else ''}"
            return Finding.failed(want="2xx with {}", got=got, evidence=each.evidence)
    return Finding.passed(f"{len(made)} accepted", evidence=[each.request.seq for each in made])


@rule
def announcement_repeated(view: TraceView, sender: str, uuid: str, failures: int) -> Finding | Waiting:
    """After failures it is repeated with growing gaps until it succeeds; the sender reads VERIFIED only then (CC-ACT-003).

    Whoever announces feature by feature (CC-ERR-11) may have several under way at once: each is repeated for itself.
    """
    made = announcements(view, sender, uuid)
    want = f"{failures} failures, growing gaps, then a success"
    succeeded = next((place for place, each in enumerate(made) if each.succeeded), None)
    if succeeded is None or succeeded < failures:
        return Waiting(want, str([each.status for each in made]))
    evidence = [each.request.seq for each in made]
    gaps = [b.request.at - a.request.at for a, b in itertools.pairwise(made[: succeeded + 1])]
    if any(later <= earlier for earlier, later in itertools.pairwise(gaps)):
        rows = series(made)
        if rows is None:
            return Finding.failed(want=want, got=f"gaps of {gaps} ms", evidence=evidence)
        if max(map(len, rows)) < 3:
            return Finding.inconclusive(f"{len(rows)} announcements at once share the failures", evidence=evidence)
        gaps = [b.request.at - a.request.at for a, b in itertools.pairwise(sorted(rows, key=len)[-1])]
    for read in view.exchanges("GetConnection", receiver=sender, about=uuid):
        body = read.response.body if read.succeeded and read.response else None
        early = read.evidence[-1] < made[succeeded].evidence[-1]
        if early and isinstance(body, dict) and str(body.get("verificationState")).endswith("_VERIFIED"):
            return Finding.failed(want="UNVERIFIED until the 2xx", got="VERIFIED", evidence=read.evidence)
    return Finding.passed(f"gaps of {gaps} ms", evidence=evidence)


BURST = 300
"""Milliseconds within which announcements count as sent at once."""


def series(made: Sequence[Exchange]) -> list[list[Exchange]] | None:
    """Announcements sent at once, each with its repeats at growing gaps: one way to tell them apart, None if there is none.

    A repeat follows a failure; what begins a row began at once with the first.
    """
    if not made:
        return []

    def placed(rest: Sequence[Exchange], rows: list[list[Exchange]]) -> list[list[Exchange]] | None:
        if not rest:
            return rows
        each = rest[0]
        for place, row in enumerate(rows):
            if _repeats(row, each) and (found := placed(rest[1:], [*rows[:place], [*row, each], *rows[place + 1 :]])):
                return found
        if each.request.at - made[0].request.at <= BURST:
            return placed(rest[1:], [*rows, [each]])
        return None

    return placed(made[1:], [[made[0]]])


def _repeats(row: Sequence[Exchange], each: Exchange) -> bool:
    """Can this one be the next of the row? Its last one has failed, and the gap is longer than the one before, by a fifth
    at least: less could be the pace of another row."""
    last = row[-1]
    gap = each.request.at - last.request.at
    if last.succeeded or last.evidence[-1] > each.request.seq:
        return False
    return len(row) == 1 or 5 * gap > 6 * (last.request.at - row[-2].request.at)


@rule
def announcements_stop(view: TraceView, sender: str, uuid: str, most: int) -> Finding | Waiting:
    """After a 404 the notification is not repeated on and on (CC-ACT-003)."""
    made = announcements(view, sender, uuid)
    if not [each for each in made if each.status == 404]:
        return Waiting(f"a 404 to {NOTIFY} from {sender}", f"{len(made)} sent")
    if len(made) > most:
        got = f"{len(made)} attempts"
        return Finding.failed(want=f"at most {most}", got=got, evidence=[e.request.seq for e in made])
    return Finding.passed(f"{len(made)} attempts", evidence=[each.request.seq for each in made])


@rule
def no_longer_held_as_good(view: TraceView, read: str) -> Finding | Waiting:
    """The side reads UNVERIFIED, or no longer knows the connection."""
    seen = exchange_of(view, read)
    if seen.status == 404:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    return connection_reads(view, read, "UNVERIFIED")


@rule
def refreshed_after(
    view: TraceView, notifications: Sequence[str], by: str, uuid: str, within_ms: int = 5_000, failures: int = 0
) -> Finding | Waiting:
    """After each notification the receiver read the sender's connection at once, again if it failed (CC-ACT-006).

    Features are read too, or only the connection, which CC-ERR-11 tolerates.
    """
    evidence: list[int] = []
    bare = False
    for exchange in notifications:
        told = exchange_of(view, exchange)
        reads = [
            each
            for operation in ("GetConnection", "ListFeatures")
            for each in view.exchanges(operation, sender=by, ours=False, about=uuid)
            if each.request.seq > told.request.seq
        ]
        soon = [each for each in reads if each.request.at - told.request.at <= within_ms]
        failed = [each for each in reads if not each.succeeded]
        read = [each for each in reads if each.succeeded]
        want = f"a refresh by {by} within {within_ms} ms" + (
            f", repeated after {failures} failures" if failures else ""
        )
        if not soon or len(failed) < failures or not read:
            return Waiting(want, f"{len(soon)} in time, {len(failed)} failed, {len(read)} succeeded", told.evidence)
        bare = bare or not [each for each in reads if each.request.operation == "ListFeatures"]
        evidence += [*told.evidence, soon[0].request.seq]
    return Finding.passed(f"{len(notifications)} refreshed", evidence=evidence, errata=("CC-ERR-11",) if bare else ())


@rule
def feature_states(view: TraceView, read: str, states: dict[str, str], count: int) -> Finding | Waiting:
    """The list holds ``count`` features, those of these channels in these states (PENDING or FINAL)."""
    seen = exchange_of(view, read)
    shown = {
        short(str(each.get("channel"))): str(each.get("provisioningState")).removeprefix("PROVISIONING_STATE_")
        for each in listed(seen)
    }
    if not seen.succeeded or len(shown) != count or any(shown.get(name) != state for name, state in states.items()):
        return Finding.failed(want=f"{count} features, {states}", got=f"{seen.told()}: {shown}", evidence=seen.evidence)
    return Finding.passed(str(shown), evidence=seen.evidence)


@rule
def both_changes_announced(view: TraceView, sender: str, uuid: str, after: int) -> Finding | Waiting:
    """After record ``after`` the sender announced PENDING and then FINAL: the peer's refreshes show both (CC-ACT-007)."""
    made = [each for each in announcements(view, sender, uuid) if each.request.seq > after]
    want = f"{NOTIFY} from {sender} when a feature is PENDING, and again when all are FINAL"
    seen: list[str] = []
    for each in made:
        later = [
            read
            for read in view.exchanges("ListFeatures", receiver=sender, about=uuid)
            if read.succeeded and read.request.seq > each.request.seq
        ]
        if later:
            states = {str(feature.get("provisioningState")) for feature in listed(later[0])}
            seen.append("FINAL" if states == {"PROVISIONING_STATE_FINAL"} else "PENDING")
    if "PENDING" in seen and "FINAL" in seen[seen.index("PENDING") :]:
        return Finding.passed(str(seen), evidence=[each.request.seq for each in made])
    return Waiting(want, f"{len(made)} announcements, after which was read {seen}", tuple(e.request.seq for e in made))


@rule
def customer_informed(
    view: TraceView, seat_told: str, uuid: str, state: str, mbps: int | None = None
) -> Finding | Waiting:
    """What the customer of a seat read last of the connection (CC-ACT-008)."""
    read = [each for each in view.outcomes(seat_told, "read") if each.outputs.get("uuid", uuid) == uuid]
    if not read:
        return Waiting(f"the customer of {seat_told} to read")
    last = read[-1]
    got = f"{last.outputs.get('state')} with {last.outputs.get('mbps')} Mbps"
    if last.outputs.get("state") != state or mbps not in (None, last.outputs.get("mbps")):
        return Finding.failed(want=state + (f" with {mbps} Mbps" if mbps else ""), got=got, evidence=[last.seq])
    return Finding.passed(got, evidence=[last.seq])


@rule
def verified_without_another(view: TraceView, sender: str, uuid: str, after: int, read: str) -> Finding | Waiting:
    """VERIFIED, although the peer announced nothing any more after record ``after`` (CC-RACE-012)."""
    more = [each for each in announcements(view, sender, uuid) if each.request.seq > after]
    if more:
        return Finding.inconclusive(f"{sender} notified again", evidence=more[0].evidence)
    return connection_reads(view, read, "VERIFIED")


@rule
def hidden_and_unaffected(view: TraceView, notifications: Sequence[str], before: str, after: str) -> Finding | Waiting:
    """Notifications of a foreign connection are answered 403 or 404, and its owner reads what it read before."""
    for each in notifications:
        seen = exchange_of(view, each)
        if seen.status not in (403, 404):
            return Finding.failed(want="403 or 404", got=seen.told(), evidence=seen.evidence)
    was, now = exchange_of(view, before), exchange_of(view, after)
    bodies = [documented_of(each) for each in (was, now)]
    evidence = (*was.evidence, *now.evidence)
    if not was.succeeded or was.status != now.status or bodies[0] != bodies[1]:
        return Finding.failed(want=str(bodies[0]), got=f"{now.told()} {bodies[1]}", evidence=evidence)
    return Finding.passed("hidden, and nothing changed", evidence=evidence)
