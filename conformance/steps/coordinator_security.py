"""Steps of security: the harness calls without credentials, under other prefixes, on crooked paths, and with guesses."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.keys import altered
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange
from reference_impl.connection_coordinator.operations import OPERATIONS

THIRD = "csp-c"
NOWHERE = "csp-x"
UNKNOWN = "aMemberNobodyKnows"
GUESSES = 50
"""The catalogue says 1000; the shape of the answers is seen with fewer, and a run stays short."""

ELSEWHERE: list[str] = []
"""The operations of the API that the contract table does not have yet (extended profiles)."""

ISSUE = "issue-of-a-sweep"
MACSEC_KEY = "key-of-a-sweep"
MANAGED = {"csp-a": "ch1", "csp-b": "ch3"}
"""A channel whose MACsec keys each seat manages (coordinator-harness, section 5)."""

QUERIES = {
    "CreateConnection": {"connectionId": "00000000-0000-4000-8000-000000000001"},
    "CreateFeature": {"featureId": "f-new"},
    "UpdateConnection": {"updateMask": "bandwidthMbps"},
    "CreateIssue": {"issueId": ISSUE},
    "CreateMacSecKey": {"macSecKeyId": MACSEC_KEY},
}


def call(session: Session, operation: str, provider: str, *, query: Any = None, **how: Any) -> Exchange:
    """A valid request of any operation, in the peer's name, below ``provider``; ``how``: json, headers, authenticated."""
    caller = prologue.OTHER[session.target]
    path = {
        "provider": provider,
        "environment": "env1",
        "interconnect": "ix1",
        "channel": MANAGED[caller],
        "connection": session.notes["uuid"],
        "feature": "f-ch1",
        "issue": ISSUE,
        "macSecKey": MACSEC_KEY,
    }
    how.setdefault("json", body_of(session, operation))
    return session.send(
        caller, session.target, operation, path, query=query if query is not None else QUERIES.get(operation), **how
    )


def body_of(session: Session, operation: str) -> Any:
    peer = prologue.OTHER[session.target]
    if operation == "ConfirmActivationKey":
        return {"encodedKey": session.notes["key"]}
    if operation == "CreateConnection":
        return {"bandwidthMbps": 1000, "activationKey": session.notes["key"]}
    if operation == "UpdateConnection":
        return {"bandwidthMbps": 1000}
    if operation == "CreateFeature":
        return prologue.proposal(session, peer, "ch2", 2)
    if operation == "CreateIssue":
        return {"title": "A question", "body": "Is anybody there?"}
    if operation == "CreateMacSecKey":
        return {"cak": "0123456789abcdef" * 2, "ckn": "0123456789abcdef"}
    if operation == "AddComment":
        return {"comment": {"body": "Nobody answers."}}
    return {} if OPERATIONS[operation].method == "POST" else None


@given("the target holds a connection of its peer with a feature")
def holds_connection_with_feature(session: Session) -> None:
    prologue.place_by_hand(session, session.target, "ix1")
    agreed = prologue.feature_by_hand(session, prologue.OTHER[session.target], "ch1")
    if not agreed.succeeded:
        raise Unprepared(f"the target does not take a feature: {agreed.told()}")


@given("the target holds a connection of csp-c")
def holds_connection_of_third(session: Session) -> None:
    asked = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000, "peer": THIRD}
    made = session.act(session.target, "offer", **asked)
    if made.result != "ok":
        raise Unprepared(f"no key for csp-c: {made.answered.reason}")
    uuid, key = made.outputs["uuid"], made.outputs["activation_key"]
    place = {"provider": THIRD, "environment": "env1"}
    session.send(THIRD, session.target, "ConfirmActivationKey", place, json={"encodedKey": key})
    created = session.send(
        THIRD,
        session.target,
        "CreateConnection",
        place | {"interconnect": "ix1"},
        query={"connectionId": uuid},
        json={"bandwidthMbps": 1000, "activationKey": key},
    )
    if not created.succeeded:
        raise Unprepared(f"the target does not take the connection of csp-c: {created.told()}")
    session.notes.update(uuid=uuid, key=key, third=uuid, mbps=1000, environment="env1", interconnect="ix1")


@when("every operation of the target is called without and with wrong credentials")
def calls_as_stranger(session: Session) -> None:
    session.observe(session.target)
    peer = prologue.OTHER[session.target]
    wrong = {"authorization": "Bearer none-of-yours"}
    exchanges = [
        call(session, operation, peer, authenticated=False, headers=headers)
        for operation in OPERATIONS
        for headers in (None, wrong)
    ]
    session.observe(session.target)
    session.notes["strange"] = [each.request.exchange for each in exchanges]


@when("its peer calls every operation of the target under the prefix of csp-c, and under one that does not exist")
def calls_under_foreign_prefix(session: Session) -> None:
    session.observe(session.target)
    below = [each for each in OPERATIONS if each != "ListProviders"]
    foreign = [call(session, operation, THIRD).request.exchange for operation in below]
    nowhere = [call(session, operation, NOWHERE).request.exchange for operation in below]
    session.observe(session.target)
    session.notes["pairs"] = dict(zip(foreign, nowhere, strict=True))


@when("its peer reads environments, interconnects and connections of the target")
def reads_own(session: Session) -> None:
    peer = prologue.OTHER[session.target]
    reads = ("ListEnvironments", "GetEnvironment", "ListInterconnects", "GetInterconnect", "ListConnections")
    session.notes["own"] = [call(session, each, peer).request.exchange for each in reads]


@when("its peer sends paths with traversal and encoded separators to the target")
def sends_crooked(session: Session) -> None:
    peer, uuid = prologue.OTHER[session.target], session.notes["third"]
    own, below = f"/providers/{peer}", f"environments/env1/interconnects/ix1/connections/{uuid}"
    paths = [
        f"{own}%2F..%2F{THIRD}/environments/env1",
        f"{own}/..%2F{THIRD}/{below}",
        f"{own}/%2e%2e/{THIRD}/{below}",
        f"{own}/../{THIRD}/{below}",
        f"{own};{THIRD}/environments/env1",
        f"{own}%3B{THIRD}/environments/env1",
        f"{own}/environments/env1/interconnects/ix1/connections/..%2F..%2F..%2F..%2F..%2F..%2F{THIRD}%2F{below}",
        f"/providers/{THIRD}%2Fenvironments/env1",
        f"/providers/%63sp-c/{below}",
        f"{own}/environments/env1%2Finterconnects%2Fix1",
        f"{own}/environments/env1;v=1/interconnects",
    ]
    sent = [session.send_path(peer, session.target, "GET", path) for path in paths]
    session.notes["crooked"] = [each.request.exchange for each in sent]


@when("its peer asks the target to confirm keys of guessed UUIDs")
def guesses(session: Session) -> None:
    peer, key = prologue.OTHER[session.target], session.notes["key"]
    texts = [altered(key, sharedConnectionUuid=str(uuids.UUID(int=number << 90 | number))) for number in range(GUESSES)]
    sent = [call(session, "ConfirmActivationKey", peer, json={"encodedKey": text}) for text in texts]
    session.notes["guesses"] = [each.request.exchange for each in sent]


@when("its peer reads the connection and the list of connections")
def reads_connections(session: Session) -> None:
    """While the target has another key outstanding, which is nobody's business."""
    peer = prologue.OTHER[session.target]
    placed = {name: session.notes[name] for name in ("uuid", "key")}
    prologue.offer(session, session.target)
    session.notes.update(placed)
    reads = [call(session, each, peer) for each in ("GetConnection", "ListConnections")]
    session.notes["own"] = [each.request.exchange for each in reads]


@when("its peer calls each operation of the target with a valid request")
def calls_each(session: Session) -> None:
    """First what reads and asks, then what creates and changes, deletion last. What the target reads at its peer after
    the notification is not answered: the connection exists at the target only."""
    peer = prologue.OTHER[session.target]
    for operation in ("ListFeatures", "GetConnection"):
        session.disturb("answer", operation, sender=session.target, status=503, body={}, times=-1)
    placed = {name: session.notes[name] for name in ("uuid", "key")}
    fresh = prologue.offer(session, session.target)
    exchanges = [prologue.confirm_by_hand(session, peer), prologue.create_by_hand(session, peer, "ix2")]
    session.notes.update(placed, interconnect="ix1")
    last = ("UpdateConnection", "DeleteConnection")
    asked = [each for each in OPERATIONS if each not in ("ConfirmActivationKey", "CreateConnection", *last)]
    exchanges += [call(session, operation, peer) for operation in (*asked, *last)]
    session.notes.update(asked=[each.request.exchange for each in exchanges], fresh=fresh["uuid"])


@when("its peer sends requests with a member that nobody knows to the target")
def sends_unknown(session: Session) -> None:
    peer = prologue.OTHER[session.target]
    more = {UNKNOWN: {"deep": [1, 2]}}
    placed = {name: session.notes[name] for name in ("uuid", "key")}
    made = prologue.offer(session, session.target)
    place = prologue.connection_path(session, peer, "ix2")
    confirm = call(session, "ConfirmActivationKey", peer, json={"encodedKey": made["key"]} | more)
    body = {"bandwidthMbps": 1000, "activationKey": made["key"]}
    if not confirm.succeeded:  # refused for the member: the creation needs a confirmation
        prologue.confirm_by_hand(session, peer)
    query = {"connectionId": place.pop("connection")}
    create = session.send(peer, session.target, "CreateConnection", place, query=query, json=body | more)
    session.notes.update(placed, interconnect="ix1")
    rest = ("GenerateFeatureGuidance", "CreateFeature", "NotifyConnectionStatus")
    others = [call(session, each, peer, json=body_of(session, each) | more) for each in rest]
    session.notes["unknown"] = [each.request.exchange for each in (confirm, create, *others)]


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the target refuses each with 401 or 403, tells nothing and changes nothing {CHECK}"))
def refuses_strangers(session: Session, check: str, at: str | None) -> None:
    params = {"provider": session.target, "exchanges": session.notes["strange"]}
    claim(session, check, at, "strangers_refused", unasked=ELSEWHERE, **params)


@then(parsers.re(rf"the target answers 403 or 404, the same to both, and nothing changes {CHECK}"))
def hides_foreign(session: Session, check: str, at: str | None) -> None:
    params = {"provider": session.target, "pairs": session.notes["pairs"], "ids": [THIRD, NOWHERE]}
    claim(session, check, at, "foreign_prefix_hidden", unasked=ELSEWHERE, **params)


@then(parsers.re(rf"the target shows only what belongs to its peer {CHECK}"))
def shows_own_only(session: Session, check: str, at: str | None) -> None:
    prefix = f"providers/{prologue.OTHER[session.target]}/"
    params = {"prefix": prefix, "wanted": ["env1", "ix1", "ix2"], "hidden": [session.notes["third"]]}
    claim(session, check, at, "only_own_resources", exchanges=session.notes["own"], **params)


@then(parsers.re(rf"the target refuses each of these paths and shows nothing of csp-c {CHECK}"))
def refuses_crooked(session: Session, check: str, at: str | None) -> None:
    hidden = [session.notes["third"], f"providers/{THIRD}/"]
    claim(session, check, at, "crooked_paths_refused", exchanges=session.notes["crooked"], hidden=hidden)


@then(parsers.re(rf"the target confirms none of them, with answers of one shape {CHECK}"))
def confirms_none(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "guesses_in_vain", exchanges=session.notes["guesses"])


@then(parsers.re(rf"the target shows no activation key, or only that of the connection itself {CHECK}"))
def shows_no_key(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["own"], "issuer": session.target}
    claim(session, check, at, "key_not_disclosed", **params)


@then(parsers.re(rf"the target serves each operation {CHECK}"))
def serves_each(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "operations_served", asked=session.notes["asked"], unasked=ELSEWHERE)


@then(parsers.re(rf"the target ignores the member everywhere, or refuses it everywhere {CHECK}"))
def treats_alike(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["unknown"], "member": UNKNOWN}
    claim(session, check, at, "unknown_members_alike", **params)
