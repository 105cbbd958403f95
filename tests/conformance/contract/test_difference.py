"""What sets a document apart: each change of ours is told once, and what means the same on the wire is not told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from conformance.contract.difference import Difference, differences
from conformance.contract.document import of_value
from conformance.contract.explained import _SAID_TO_BE_REQUIRED, EXPLANATIONS, explanation_of
from conformance.contract.touched import touched
from conformance.requirements import load_registry
from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED

COORDINATOR = "connection-coordinator"
CONTRACT = document(SERVED[COORDINATOR])
Json = dict[str, Any]
Change = Callable[[Json], Any]

INTERCONNECT = "/providers/{provider}/environments/{environment}/interconnects/{interconnect}"
CONNECTIONS = f"{INTERCONNECT}/connections"


def changed(*changes: Change) -> list[Difference]:
    """What sets our contract with these changes apart from itself."""
    other = copy.deepcopy(CONTRACT)
    for change in changes:
        change(other)
    return differences(of_value(CONTRACT, "ours"), of_value(other, "theirs"))


def create(contract: Json) -> Json:
    described: Json = contract["paths"][CONNECTIONS]["post"]
    return described


def schemas(contract: Json) -> Json:
    found: Json = contract["components"]["schemas"]
    return found


def required(schema: str, *members: str) -> Change:
    return lambda contract: schemas(contract)[schema].update(required=list(members))


def with_connection(**members: Any) -> Change:
    return lambda contract: schemas(contract)["Connection"]["properties"].update(members)


CONNECTION_OPERATIONS = ("ListConnections", "CreateConnection", "GetConnection", "UpdateConnection")


@pytest.mark.parametrize(
    ("change", "want"),
    [
        (
            lambda it: it["paths"][CONNECTIONS].pop("post"),
            Difference("operation", f"POST {CONNECTIONS}", "CreateConnection", "", ("CreateConnection",)),
        ),
        (
            lambda it: it["paths"].update({"/health": {"get": {"operationId": "Health", "responses": {}}}}),
            Difference("operation", "GET /health", "", "Health"),
        ),
        (
            lambda it: create(it)["parameters"].pop(),
            Difference("parameter", "?connectionId", "connectionId", "", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["parameters"].append({"name": "dry", "in": "query", "schema": {"type": "boolean"}}),
            Difference("parameter", "?dry", "", "dry", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["parameters"][-1].update(required=False),
            Difference("required", "?connectionId", "required", "optional", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["parameters"][-1].update(schema={"type": "string", "format": "uuid"}),
            Difference("type", "?connectionId", "string", "string uuid", ("CreateConnection",)),
        ),
        (
            lambda it: create(it).pop("requestBody"),
            Difference("body", "request", "JSON", "", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["requestBody"].update(required=False),
            Difference("required", "request", "required", "optional", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["responses"]["200"].pop("content"),
            Difference("body", "answer", "JSON", "", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["responses"].pop("409"),
            Difference("status", "409", "409", "", ("CreateConnection",)),
        ),
        (
            lambda it: create(it)["responses"].update({"418": {"description": "a teapot"}}),
            Difference("status", "418", "", "418", ("CreateConnection",)),
        ),
        (
            lambda it: create(it).update(security=[]),
            Difference("security", "credentials", "asked for", "not asked for", ("CreateConnection",)),
        ),
        (
            lambda it: schemas(it)["Connection"]["properties"].pop("bandwidthMbps"),
            Difference("member", "Connection.bandwidthMbps", "bandwidthMbps", "", CONNECTION_OPERATIONS),
        ),
        (
            with_connection(colour={"type": "string"}),
            Difference("member", "Connection.colour", "", "colour", CONNECTION_OPERATIONS),
        ),
        (
            with_connection(bandwidthMbps={"type": "integer", "format": "int64"}),
            Difference("type", "Connection.bandwidthMbps", "integer int32", "integer int64", CONNECTION_OPERATIONS),
        ),
        (
            with_connection(activationKey={"type": "string", "maxLength": 8}),
            Difference("limits", "Connection.activationKey", "", "maxLength 8", CONNECTION_OPERATIONS),
        ),
        (
            required("Connection", "bandwidthMbps"),
            # null may stand in its place here, and null and absent are the same
            None,
        ),
        (
            required("Feature", "channel"),
            Difference(
                "required",
                "Feature.featureConfig",
                "required",
                "optional",
                ("ListFeatures", "CreateFeature", "GetFeature"),
            ),
        ),
        (
            lambda it: schemas(it)["InterconnectState"]["enum"].remove("INTERCONNECT_STATE_CLOSED"),
            Difference(
                "enumeration",
                "Interconnect.state",
                "INTERCONNECT_STATE_CLOSED",
                "",
                ("ListInterconnects", "GetInterconnect"),
            ),
        ),
        (
            lambda it: schemas(it)["InterconnectState"]["enum"].append("INTERCONNECT_STATE_LOST"),
            Difference(
                "enumeration",
                "Interconnect.state",
                "",
                "INTERCONNECT_STATE_LOST",
                ("ListInterconnects", "GetInterconnect"),
            ),
        ),
        (
            lambda it: schemas(it)["InterconnectState"].pop("enum"),
            Difference(
                "enumeration",
                "Interconnect.state",
                "INTERCONNECT_STATE_ACTIVE, INTERCONNECT_STATE_CLOSED, INTERCONNECT_STATE_PENDING",
                "any value",
                ("ListInterconnects", "GetInterconnect"),
            ),
        ),
        (
            lambda it: schemas(it)["Interconnect"]["properties"]["supportedConnectionSizeMbps"].update(
                items={"type": "string"}
            ),
            Difference(
                "type",
                "Interconnect.supportedConnectionSizeMbps[]",
                "integer int32",
                "string",
                ("ListInterconnects", "GetInterconnect"),
            ),
        ),
    ],
)
def test_a_change_is_told_once_with_the_operations_in_which_it_shows(change: Change, want: Difference | None) -> None:
    assert changed(change) == ([want] if want else [])


def test_gained_lost_and_changed() -> None:
    (gained,), (lost,), (other,) = (
        changed(with_connection(colour={"type": "string"})),
        changed(lambda it: schemas(it)["Connection"]["properties"].pop("name")),
        changed(with_connection(name={"type": "integer"})),
    )
    assert (gained.change, lost.change, other.change) == ("gained", "lost", "changed")


@pytest.mark.parametrize(
    "change",
    [
        lambda it: None,
        with_connection(bandwidthMbps={"type": "integer", "format": "int32"}),
        with_connection(bandwidthMbps={"type": ["integer", "null"], "minimum": -(2**31), "maximum": 2**31 - 1}),
        with_connection(activationKey={"type": "string", "nullable": True}),
        with_connection(adminState={"allOf": [{"$ref": "#/components/schemas/AdminState"}], "description": "shown"}),
        lambda it: schemas(it)["AdminState"].pop("type"),
        lambda it: create(it)["responses"].update({"4XX": create(it)["responses"].pop("409")}),
        lambda it: create(it).update(summary="another", tags=["x"], description="y"),
        lambda it: it["paths"].update({CONNECTIONS.replace("{provider}", "{csp}"): it["paths"].pop(CONNECTIONS)}),
        lambda it: it.update(paths={f"/interconnect/v1{path}": each for path, each in it["paths"].items()}),
    ],
    ids=["nothing", "format", "bounds", "nullable", "allOf", "untyped", "range", "prose", "variable", "base path"],
)
def test_what_means_the_same_on_the_wire_is_no_difference(change: Change) -> None:
    assert changed(change) == []


def statuses_left_open(contract: Json) -> None:
    for methods in contract["paths"].values():
        for described in methods.values():
            described["responses"] = {"default": described["responses"]["200"]}


def test_a_document_that_leaves_the_statuses_open_differs_once_and_an_erratum_says_why() -> None:
    (found,) = changed(statuses_left_open)
    assert (found.aspect, found.where, found.here, found.there) == ("status", "statuses", "each named", "default")
    assert sorted(found.operations) == sorted(SERVED[COORDINATOR].operations)
    explained = explanation_of(COORDINATOR, found)
    assert explained is not None
    assert explained.erratum == "CC-ERR-13"


@pytest.mark.parametrize(
    ("change", "erratum"),
    [
        (lambda it: create(it).update(security=[]), "CC-ERR-14"),
        (lambda it: schemas(it)["ListProvidersResponse"]["properties"].pop("providers"), "CC-ERR-05"),
        (lambda it: schemas(it)["ProviderBgpConfig"]["properties"].update(asn={"type": "uint32"}), "CC-ERR-33"),
        (lambda it: schemas(it)["ProviderBgpConfig"]["properties"].update(asn={"type": "string"}), None),
        (required("Feature", "featureConfig"), "CC-ERR-43"),
        (required("Connection", "nothing"), None),
        (lambda it: create(it)["responses"].pop("401"), "CC-ERR-13"),
        (lambda it: create(it)["responses"].pop("409"), None),
        (lambda it: create(it)["responses"].update({"201": create(it)["responses"].pop("200")}), "CC-ERR-13"),
        (with_connection(deferConnection={"type": "boolean"}), "CC-ERR-15"),
        (with_connection(colour={"type": "string"}), None),
    ],
)
def test_an_erratum_explains_what_it_is_about_and_nothing_else(change: Change, erratum: str | None) -> None:
    for each in changed(change):
        explained = explanation_of(COORDINATOR, each)
        assert (explained.erratum if explained else None) == erratum


def test_explanations_name_errata_and_places_that_there_are() -> None:
    registry = load_registry()
    for protocol, rows in EXPLANATIONS.items():
        assert {registry.errata[row.erratum].protocol for row in rows} <= {protocol}
    for place in set(_SAID_TO_BE_REQUIRED) - {"request"}:
        schema, _, member = place.partition(".")
        assert member in schemas(CONTRACT)[schema]["required"], place


@pytest.mark.parametrize(
    ("difference", "erratum", "want"),
    [
        (
            Difference("operation", "GET /x", "RequestMacSecKeyRotation", "", ("RequestMacSecKeyRotation",)),
            None,
            ("CC-MACSEC-010",),
        ),
        (
            Difference("enumeration", "Interconnect.state", "INTERCONNECT_STATE_CLOSED", "", ("GetInterconnect",)),
            None,
            ("CC-IX-001", "CC-IX-002", "CC-IX-005", "CC-CONN-010", "CC-MIG-001"),
        ),
        (
            Difference("member", "Connection.deferConnection", "", "deferConnection"),
            "CC-ERR-15",
            ("CC-DEFER-001", "CC-DEFER-003"),
        ),
        (
            Difference("security", "credentials", "asked for", "not asked for"),
            "CC-ERR-14",
            ("CC-PROV-002", "CC-SEC-002"),
        ),
        (Difference("operation", "GET /health", "", "Health"), None, ()),
    ],
)
def test_the_requirements_that_a_difference_touches(
    difference: Difference, erratum: str | None, want: tuple[str, ...]
) -> None:
    assert touched(load_registry(), COORDINATOR, difference, erratum) == want
