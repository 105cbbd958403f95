"""Steps of what the target's operator settles with a partner: further provider IDs, and whether it is heard at all."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_security import call, calls_each
from conformance.steps.coordinator_static import read, remember
from reference_impl.connection_coordinator.operations import OPERATIONS


def _settle(session: Session, action: str, **inputs: str) -> None:
    """Asked of the target's operator; the peer is named by its provider ID."""
    done = session.act(session.target, action, peer=prologue.OTHER[session.target], **inputs)
    if done.result != "ok":
        raise Unprepared(f"{action}: {done.answered.reason or done.result}")


@given(parsers.re(r"the operator of the target has granted (?P<provider>csp-c) to its peer"))
def granted(session: Session, provider: str) -> None:
    _settle(session, "grant_provider", provider=provider)


@given(parsers.re(r"the operator of the target has revoked (?P<provider>csp-c) again"))
def revoked(session: Session, provider: str) -> None:
    _settle(session, "revoke_provider", provider=provider)


@when(parsers.re(r"its peer reads the environments of (?P<provider>csp-c) at the target"))
def reads_environments_of(session: Session, provider: str) -> None:
    remember(
        session,
        read(session, "ListEnvironments", provider),
        read(session, "GetEnvironment", provider, environment="env1"),
    )


@when("its peer calls every operation of the target while it is not enabled")
def calls_disabled(session: Session) -> None:
    _settle(session, "disable_partner")
    session.observe(session.target)
    peer = prologue.OTHER[session.target]
    session.notes["strange"] = [call(session, each, peer).request.exchange for each in OPERATIONS]
    session.observe(session.target)


@when("its peer is enabled and calls each operation of the target with a valid request")
def calls_enabled(session: Session) -> None:
    _settle(session, "enable_partner")
    calls_each(session)


@when(parsers.re(r"its peer sends features and issues whose bodies name resources of (?P<owner>csp-c|its peer)"))
def sends_names_of(session: Session, owner: str) -> None:
    """References, not the names of what is to be created: those a server may overlook."""
    peer = prologue.OTHER[session.target]
    provider = peer if owner == "its peer" else owner
    interconnect = f"providers/{provider}/environments/env1/interconnects/ix1"
    connection = session.notes["uuid"] if owner == "its peer" else session.notes["third"]
    feature = prologue.proposal(session, peer, "ch1") | {"channel": f"{interconnect}/channels/ch1"}
    sent = [prologue.feature_by_hand(session, peer, "ch1", feature)]
    for number, context in enumerate(
        (
            {"interconnectContexts": [{"name": interconnect}]},
            {"channelContexts": [{"name": f"{interconnect}/channels/ch1"}]},
            {"connectionContexts": [{"name": f"{interconnect}/connections/{connection}"}]},
        )
        if session.stage.offers("issues")
        else ()
    ):
        issue = {"title": "A question", "body": "Whose is this?"} | context
        query = {"issueId": f"issue-of-names-{number}"}
        sent.append(call(session, "CreateIssue", peer, query=query, json=issue))
    session.notes["naming"] = [each.request.exchange for each in sent]


# --- claims -----------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the target shows the environments of (?P<provider>csp-c) and nothing else {CHECK}"))
def shows_those_of(session: Session, provider: str, check: str, at: str | None) -> None:
    params = {"prefix": f"providers/{provider}/", "wanted": ["env1"], "hidden": []}
    claim(session, check, at, "only_own_resources", exchanges=session.notes["reads"], **params)


@then(parsers.re(rf"the target answers this with 403 or 404 {CHECK}"))
def answers_alike(session: Session, check: str, at: str | None) -> None:
    for each in session.notes["reads"]:
        claim(session, check, at, "refused", exchange=each, statuses=[403, 404])


@then(parsers.re(rf"the target (?P<answer>refuses|takes) each of them {CHECK}"))
def answers_each(session: Session, answer: str, check: str, at: str | None) -> None:
    for each in session.notes["naming"]:
        claim(session, check, at, "refused" if answer == "refuses" else "answered_with", exchange=each)
