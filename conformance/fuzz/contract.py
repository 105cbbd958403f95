"""What schemathesis reads: the contract of a protocol as its seat serves it, and how it is to be fuzzed."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema
from starlette.types import ASGIApp

from conformance.fuzz.bodies import Bodies
from conformance.fuzz.ground import Words
from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED

SCHEMATHESIS = ("examples", "coverage", "fuzzing", "stateful")
"""As schemathesis names them, in its order: the contract's examples; each boundary of each parameter; random requests; and
sequences along the contract's links."""

MODEL = "model"
"""Our own phase: sequences of legal and illegal moves, judged by a model of the documents' state tables."""

PHASES = (*SCHEMATHESIS, MODEL)

PATIENCE = 600
"""Seconds that schemathesis waits for an answer: ground may be laid anew before it, and the target's own limit is watched
elsewhere."""

OFTEN = 0.85
"""How often a word is drawn where there are any; else schemathesis makes something up."""

TOKEN = "stands-for-our-credential"
"""What schemathesis believes the credential to be. The courier sends the right one instead; anything else goes as it is."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """``examples``: requests for each operation while fuzzing, sequences along links, and sequences of the model. ``phases``:
    some of PHASES."""

    seed: int = 1
    examples: int = 20
    phases: tuple[str, ...] = PHASES


def contract(protocol: str, words: Words, bodies: Bodies) -> dict[str, Any]:
    """The OpenAPI document without security, for the courier has the credential; with examples of what there is."""
    whole = copy.deepcopy(document(SERVED[protocol]))
    whole.pop("security", None)
    for item in whole["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
            for parameter in operation.get("parameters", ()):
                if drawn := words.get(f"{parameter['in']}.{parameter['name']}"):
                    parameter["example"] = drawn[0]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content.pop("examples", None)
                if operation["operationId"] in bodies:
                    content["example"] = bodies[operation["operationId"]]
    return whole


def loaded(protocol: str, words: Words, bodies: Bodies, wishes: Wishes, app: ASGIApp) -> BaseSchema:
    """The contract in schemathesis, which sends to ``app``; its own checks are off, for the trace is judged."""
    schema = schemathesis.openapi.from_dict(contract(protocol, words, bodies), config=_config(words, wishes))
    schema.app = app
    return schema


def _config(words: Words, wishes: Wishes) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": wishes.seed,
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "request-timeout": PATIENCE,
            "checks": {"enabled": False},
            "generation": {"max-examples": wishes.examples, "database": "none", "no-shrink": True},
            "phases": {phase: {"enabled": phase in wishes.phases} for phase in SCHEMATHESIS},
            "dictionaries": {_name(place): {"values": list(values)} for place, values in words.items()},
            "parameters": _bindings(words),
        }
    )


def _bindings(words: Words) -> Mapping[str, Any]:
    return {place: {"dictionary": _name(place), "probability": OFTEN} for place in words}


def _name(place: str) -> str:
    return re.sub(r"\W+", "-", place).strip("-")
