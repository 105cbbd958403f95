"""Claims of milestones 3 and 4: what the target reads, announces, accepts and refreshes."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then

from conformance import prologue
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_activation import read
from conformance.steps.coordinator_negotiator import features
from conformance.view import Exchange


def about_target(session: Session) -> dict[str, Any]:
    return {"sender": session.target, "uuid": session.notes["uuid"]}


@then(parsers.re(rf"the target reads UNVERIFIED {CHECK}"))
def reads_unverified(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "connection_reads", read=read(session).request.exchange, state="UNVERIFIED")


@then(parsers.re(rf"the target reads VERIFIED {CHECK}"))
def reads_verified(session: Session, check: str, at: str | None) -> None:
    """At once if it is, else at the end of the activation time-out."""
    claim(session, check, at, "connection_reads", read=until_verified(session), state="VERIFIED")


def until_verified(session: Session) -> str:
    end = session.stage.limit("activation") + session.stage.clock.now()
    seen, pause = read(session), 500
    while not _verified(seen) and session.stage.clock.now() < end:
        session.pass_time(pause)
        seen, pause = read(session), min(2 * pause, 10_000)
    return seen.request.exchange


def _verified(seen: Exchange) -> bool:
    body = seen.response.body if seen.succeeded and seen.response else {}
    return str((body or {}).get("verificationState")) == "VERIFICATION_STATE_VERIFIED"


@then(parsers.re(rf"the target reads VERIFIED, although its peer was silent {CHECK}"))
def verified_in_silence(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "verified_without_another",
        sender=prologue.OTHER[session.target],
        uuid=session.notes["uuid"],
        after=session.notes["released"],
        read=until_verified(session),
    )


@then(parsers.re(rf"the target reads UNVERIFIED, or does not know the connection any more {CHECK}"))
def not_good(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "no_longer_held_as_good", read=read(session).request.exchange)


@then(
    parsers.re(
        rf"the target holds (?P<count>\d) features(?:, (?P<which>those of [\w ]+|all) (?P<state>PENDING|FINAL))? {CHECK}"
    )
)
def holds_features(
    session: Session, count: str, which: str | None, state: str | None, check: str, at: str | None
) -> None:
    names = [] if which is None else [f"ch{n}" for n in (1, 2, 3, 4) if which == "all" or f"ch{n}" in which]
    states = {name: str(state) for name in names}
    seen = features(session, session.target).request.exchange
    claim(session, check, at, "feature_states", read=seen, states=states, count=int(count))


@then(parsers.re(rf"the target deletes nothing {CHECK}"))
def deletes_nothing(session: Session, check: str, at: str | None) -> None:
    uuid = session.notes["uuid"]
    claim(session, check, at, "never_called", operation="DeleteConnection", sender=session.target, about=uuid)


@then(parsers.re(rf"the target has announced nothing {CHECK}"))
def target_silent(session: Session, check: str, at: str | None) -> None:
    uuid = session.notes["uuid"]
    claim(session, check, at, "never_called", operation="NotifyConnectionStatus", sender=session.target, about=uuid)


@then(parsers.re(rf"the target has announced its readiness {CHECK}"))
def target_announced(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "announced", **about_target(session))


@then(parsers.re(rf"the target's notification names the connection under its own ID, with an empty object {CHECK}"))
def well_formed(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "announcement_form", **about_target(session))


@then(parsers.re(rf"the target repeated its notification after (?P<failures>\d+) failures, ever more slowly {CHECK}"))
def repeated(session: Session, failures: str, check: str, at: str | None) -> None:
    claim(session, check, at, "announcement_repeated", failures=int(failures), **about_target(session))


@then(parsers.re(rf"the target's notifications stop {CHECK}"))
def stop(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "announcements_stop", most=3, **about_target(session))


@then(parsers.re(rf"the target accepts (?P<which>its peer's notifications|each of the notifications) {CHECK}"))
def accepts(session: Session, which: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "announcements_accepted",
        sender=prologue.OTHER[session.target],
        receiver=session.target,
        uuid=session.notes["uuid"],
        exchanges=session.notes["notified"] if which == "each of the notifications" else [],
    )


@then(parsers.re(rf"the target refuses each of the notifications {CHECK}"))
def refuses(session: Session, check: str, at: str | None) -> None:
    for exchange in session.notes["notified"]:
        claim(session, check, at, "refused", exchange=exchange)


@then(
    parsers.re(
        rf"the target refreshes after each of the notifications(?P<again>, again after (?P<n>\d) failures)? {CHECK}"
    )
)
def refreshes(session: Session, again: str | None, n: str | None, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "refreshed_after",
        notifications=session.notes["notified"],
        by=session.target,
        uuid=session.notes["uuid"],
        within_ms=session.stage.limit("refresh"),
        failures=int(n or 0),
    )


@then(parsers.re(rf"the target announced that it was PENDING, and then FINAL {CHECK}"))
def announced_both(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "both_changes_announced", after=session.notes["changed"], **about_target(session))


@then(
    parsers.re(
        rf"the customer of the target is told (?P<state>pending|established)(?: with (?P<mbps>\d+) Mbps)? {CHECK}"
    )
)
def told(session: Session, state: str, mbps: str | None, check: str, at: str | None) -> None:
    uuid, seat = session.notes["uuid"], session.target
    session.act(seat, "read", account="X", uuid=uuid)
    size = int(mbps) if mbps else None
    claim(session, check, at, "customer_informed", seat_told=seat, uuid=uuid, state=state, mbps=size)


@then(parsers.re(rf"its peer's reads were answered {CHECK}"))
def reads_answered(session: Session, check: str, at: str | None) -> None:
    for exchange in session.notes["reads"]:
        claim(session, check, at, "answered_with", exchange=exchange)


@then(parsers.re(rf"the target refuses them, and the third partner reads the same as before {CHECK}"))
def third_unaffected(session: Session, check: str, at: str | None) -> None:
    before, after = session.notes["third-read"]
    claim(
        session,
        check,
        at,
        "hidden_and_unaffected",
        notifications=session.notes["notified"],
        before=before.request.exchange,
        after=after.request.exchange,
    )
