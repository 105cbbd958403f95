"""Platforms driven by events, and the wire between them: every message makes the journey through JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.operator_platform import operator
from reference_impl.federation_interconnect.records import SEEN_REQUESTS
from reference_impl.federation_interconnect.views import dump
from reference_impl.kernel.action import ActionResult
from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    Acted,
    Call,
    Ctx,
    Event,
    Job,
    Message,
    NoResponse,
    Party,
    Provisioned,
    Reply,
    Requested,
    Responded,
)
from reference_impl.kernel.tables import Tables

NO_QUERY: Mapping[str, str] = MappingProxyType({})
OP1, OP2, OP3 = "federation-of-op1", "federation-of-op2", "federation-of-op3"
OPERATORS = {OP1: ("operator-one", "DE"), OP2: ("operator-two", "KR"), OP3: ("operator-six", "FR")}


@dataclass(slots=True)
class Side:
    """One platform with its tables and a clock of its own; fresh ids are counted by kind."""

    federation: str
    party: Party[Decisions]
    tables: Tables
    now: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """The keys it issued, by the partner that must use them ("" for everybody else)."""

    def fresh(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}-{self.counts[kind]}-of-{self.party.me}"

    def handle(self, event: Event) -> tuple[Reply, ...]:
        with self.tables.begin() as tx:
            return self.party.handle(tx, event, Ctx(self.now, self.fresh))

    def act(self, action: str, **inputs: Any) -> Reply:
        (reply,) = self.handle(Acted("operator", action, inputs))
        return reply

    def outputs(self, action: str, **inputs: Any) -> dict[str, Any]:
        """The outputs of an action that must not be refused."""
        reply = self.act(action, **inputs)
        assert isinstance(reply.body, ActionResult), reply
        return dict(reply.body.outputs)

    def poll(self, started: Reply) -> tuple[str, str | None]:
        """Result and reason of a long action."""
        assert isinstance(started.body, ActionResult), started
        body = self.act("poll", operation=started.body.operation).body
        assert isinstance(body, ActionResult), body
        return body.result, body.reason

    def ask(
        self, operation: str, body: Message | None, credential: str | None, query: Mapping[str, str] = NO_QUERY
    ) -> Reply:
        (reply,) = self.handle(Requested("peer", "", operation, {}, query, body, credential))
        return reply

    def calls(self) -> list[Call]:
        return list(self.tables.rows(CALLS))

    def only_call(self) -> Call:
        (call,) = self.calls()
        return call

    def send(self, call: Call) -> Call:
        """A call leaves: from now on a restart would know that its fate is open."""
        with self.tables.begin() as tx:
            return tx.put(CALLS, replace(call, sent=True))

    def jobs(self) -> list[Job]:
        return list(self.tables.rows(JOBS))

    def work(self, done: bool = True) -> None:
        """The equipment ends whatever it has to do, well or not."""
        for job in self.jobs():
            assert self.handle(Provisioned(job.kind, job.subject, done)) == ()

    def answer(self, call: Call, status: int, body: Message | None = None) -> None:
        assert self.handle(Responded(call.id, status, body)) == ()

    def say_nothing(self, call: Call) -> None:
        assert self.handle(NoResponse(call.id)) == ()

    def dump(self) -> dict[str, Any]:
        return dump(self.tables)


def side(federation: str, decisions: Decisions = OPERATOR) -> Side:
    party = operator(federation.removeprefix("federation-of-"), decisions)
    return Side(federation, party, Tables(party.schema))


def set_up(who: Side, **changes: Any) -> Reply:
    """The federation of a side, with its usual attributes."""
    name, country = OPERATORS[who.federation]
    usual = {
        "federation": who.federation,
        "operator": name,
        "country": country,
        "mcc": "262",
        "mnc": ["01", "02"],
        "locator": "locator.example:443",
        "address": f"https://{who.party.me}.example",
    }
    return who.act("create_self_federation", **{**usual, **changes})


def arrangement(partner: str) -> dict[str, Any]:
    name, country = OPERATORS[partner]
    address = f"https://{partner.removeprefix('federation-of-')}.example"
    return {"partner": partner, "operator": name, "country": country, "address": address}


@dataclass(slots=True)
class Wire:
    """Carries calls between sides. ``seen`` keeps (caller, operation, attempt, status)."""

    sides: dict[str, Side]
    seen: list[tuple[str, str, int, int]] = field(default_factory=list)

    def carry(self, caller: Side, call: Call) -> Reply:
        """Deliver one call; its answer is on its way."""
        operation = caller.party.operations[call.operation]
        body = None
        if call.body is not None:
            assert operation.request is not None
            body = operation.request.model_validate_json(call.body.model_dump_json(exclude_none=True))
        reply = self.sides[call.peer].ask(call.operation, body, call.credential or None, dict(call.query))
        self.seen.append((caller.party.me, call.operation, call.attempt, reply.status))
        return reply

    def bring(self, caller: Side, call: Call, reply: Reply) -> None:
        """Deliver the answer of a call, as its transport reads it."""
        response = caller.party.operations[call.operation].response
        body = None
        if 200 <= reply.status < 300 and response is not None and reply.body is not None:
            body = response.model_validate_json(reply.body.model_dump_json(exclude_none=True))
        caller.answer(call, reply.status, body)

    def exchange(self, caller: Side) -> None:
        call = caller.only_call()
        self.bring(caller, call, self.carry(caller, call))

    def until_quiet(self) -> None:
        self.until_quiet_but()

    def until_quiet_but(self, *operations: str) -> None:
        """Until nothing is under way but calls of these operations, which do not leave."""
        while any(call.operation not in operations for each in self.sides.values() for call in each.calls()):
            for each in self.sides.values():
                for call in each.calls():
                    if call.operation not in operations:
                        self.bring(each, call, self.carry(each, call))


def introduce(one: Side, other: Side) -> None:
    """Both operators arrange each other out of band: each issues the key that the other must use."""
    for here, there in ((one, other), (other, one)):
        here.keys[there.federation] = here.outputs("expect_partner", **arrangement(there.federation))["api_key"]
    for here, there in ((one, other), (other, one)):
        here.act("set_partner_api_key", partner=there.federation, api_key=there.keys[here.federation])


def pair(lead: Decisions = OPERATOR, host: Decisions = OPERATOR) -> tuple[Side, Side, Wire]:
    """OP1 and OP2, set up and arranged; OP2 has two zones, OP1 one."""
    op1, op2 = side(OP1, lead), side(OP2, host)
    for each in (op1, op2):
        each.keys[""] = str(_outputs(set_up(each))["api_key"])
        own = each.party.me
        for number in (1, 2):
            each.outputs(
                "onboard_cloudlet",
                name=f"cloudlet-{number}-{own}",
                location={"lat": 1.5, "long": 2},
                capacity={"cpu": 8 * number, "ram": 32},
            )
    place = {"city": "Seoul, Busan", "state": "Gyeonggi", "locality": "urban"}
    op2.outputs("create_zone", zone="zone-east-01", cloudlets=["cloudlet-1-op2"], geo_location="37.5, 127", **place)
    op2.outputs(
        "create_zone", zone="zone-east-02", cloudlets=["cloudlet-1-op2", "cloudlet-2-op2"], geo_location="31,-91"
    )
    op1.outputs("create_zone", zone="zone-west-01", cloudlets=["cloudlet-1-op1"], geo_location="52.5,13.4")
    introduce(op1, op2)
    return op1, op2, Wire({OP1: op1, OP2: op2})


def federated(lead: Decisions = OPERATOR, host: Decisions = OPERATOR) -> tuple[Side, Side, Wire]:
    """As ``pair``, and OP1 has added OP2."""
    op1, op2, wire = pair(lead, host)
    started = op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    return op1, op2, wire


def kept(who: Side) -> list[list[Any]]:
    """Every row of every table, but for the requests that it remembers: a refusal changes none of them."""
    return [sorted(map(repr, who.tables.rows(table))) for table in who.party.schema if table is not SEEN_REQUESTS]


def roles(who: Side) -> list[tuple[str, bool, bool]]:
    """Partner, access and share of everybody that the side shows."""
    return [(row["partner"], row["access"], row["share"]) for row in who.dump()["partners"]]


def known(who: Side) -> list[tuple[str, str, bool]]:
    """Partner, zone and whether it is registered, of every zone learnt."""
    return [(row["partner"], row["zone"], row["registered"]) for row in who.dump()["partner_zones"]]


def registered(who: Side) -> list[tuple[str, str]]:
    return [(row["zone"], row["partner"]) for row in who.dump()["registrations"]]


def deciding(who: Side, **changes: Any) -> Side:
    """The same platform, deciding differently from now on."""
    return replace(who, party=who.party.deciding(replace(who.party.decisions, **changes)))


def _outputs(reply: Reply) -> dict[str, Any]:
    assert isinstance(reply.body, ActionResult), reply
    return dict(reply.body.outputs)
