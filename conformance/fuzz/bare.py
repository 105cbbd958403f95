"""schemathesis alone, for comparison: the bare contract, its own checks, our credential, and a target with something in it.

What it says of the reference as well is no discovery: the checks of a tool that does not know the protocol complain about
what the protocol allows. Only what it says of a mutant and not of the reference counts.
"""

from __future__ import annotations

from functools import cache

import httpx
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from conformance.fuzz.case import Sent
from conformance.fuzz.contract import PATIENCE, SCHEMATHESIS, TOKEN, Wishes
from conformance.fuzz.courier import SILENCE, deliver
from conformance.fuzz.course import Broken, Field, field_on
from conformance.fuzz.relay import Relay
from conformance.play import self_play
from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED

Complaint = tuple[str, str]
"""A check of schemathesis and the operation that failed it."""


def complaints(field: Field, wishes: Wishes) -> frozenset[Complaint]:
    """What schemathesis says of a target. Broken."""
    courier = field.courier()

    def carry(made: Sent) -> httpx.Response:
        response = deliver(courier.session, courier.ground, made) or SILENCE
        return courier.ground.told(response)

    schema = schemathesis.openapi.from_dict(document(SERVED[field.stage.cast.protocol]), config=_config(wishes))
    schema.app = Relay(carry)
    found: set[Complaint] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise Broken(f"schemathesis: {event}")
        if isinstance(event, events.ScenarioFinished):
            for case, checks in event.recorder.checks.items():
                operation = event.recorder.cases[case].value.operation.label
                found |= {(check.name, operation) for check in checks if check.status is Status.FAILURE}
    return frozenset(found)


@cache
def of_the_reference(protocol: str, seat: str, wishes: Wishes) -> frozenset[Complaint]:
    """What it says of what is right."""
    with field_on(self_play("asgi", 1), protocol, seat) as field:
        return complaints(field, wishes)


def _config(wishes: Wishes) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": wishes.seed,
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "request-timeout": PATIENCE,
            "generation": {"max-examples": wishes.examples, "database": "none", "no-shrink": True},
            "phases": {phase: {"enabled": phase in wishes.phases} for phase in SCHEMATHESIS},
        }
    )
