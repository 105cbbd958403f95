"""The served contracts: every operation, status, error document and link is in them, and every reference resolves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reference_impl.kernel.operation import Parameter
from reference_impl.kernel.party import Message
from reference_impl.serve.hook_table import HOOKS
from reference_impl.serve.openapi import document, link
from reference_impl.serve.protocol import Served
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.served_nodes import Side, play


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


class SizeRequest(Message):
    bandwidthMbps: int  # noqa: N815 # spelled as on the wire


@pytest.mark.parametrize("served", SERVED.values(), ids=list(SERVED))
def test_every_operation_is_described(served: Served) -> None:
    contract = document(served)
    described = {
        each["operationId"]: (method, path, each)
        for path, methods in contract["paths"].items()
        for method, each in methods.items()
    }
    assert sorted(described) == sorted(served.operations)
    error = f"#/components/schemas/{served.error_class.__name__}"
    for id, operation in served.operations.items():
        method, path, each = described[id]
        assert (method.upper(), path) == (operation.method, operation.path)
        assert {int(status) for status in each["responses"]} >= {*operation.statuses, 400, 401, 503}
        assert ("413" in each["responses"]) is (operation.request is not None) is ("requestBody" in each)
        for status, response in each["responses"].items():
            if int(status) >= 400:
                (told,) = response["content"].items()
                assert (told[0], told[1]["schema"]) == (served.error_media_type, {"$ref": error})
                example = told[1]["examples"]["usual"]["value"]
                assert example[served.detail_member] == response["description"]
        assert "WWW-Authenticate" in each["responses"]["401"]["headers"]
        links = each["responses"]["200"].get("links", {})
        assert [link["operationId"] for link in links.values()] == list(operation.links)
        declared = {(parameter["in"], parameter["name"]) for parameter in each["parameters"]}
        assert declared == {("path", name) for name in re.findall(r"\{(\w+)\}", path)} | {
            ("query", parameter.name) for parameter in operation.query
        }


@pytest.mark.parametrize("served", SERVED.values(), ids=list(SERVED))
def test_every_reference_resolves(served: Served) -> None:
    contract = document(served)
    schemas = contract["components"]["schemas"]
    references = {node["$ref"] for node in _walk(contract) if "$ref" in node}
    assert {reference.removeprefix("#/components/schemas/") for reference in references} <= set(schemas)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for node in _walk(contract) for name in node.get("links", {}))


def _links(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in contract["paths"].values():
        for each in methods.values():
            for link_ in each["responses"]["200"].get("links", {}).values():
                yield each["operationId"], link_


def test_links_lead_from_the_agreed_names_to_every_operation() -> None:
    """Whoever knows an environment, an interconnect and a channel reaches everything else by links alone."""
    served = SERVED["connection-coordinator"]
    agreed = {"ListProviders", "GetProvider", "GetEnvironment", "GetInterconnect", "GetChannel"}
    leading = dict.fromkeys(agreed)
    links = [(source, each["operationId"]) for source, each in _links(document(served))]
    for _ in served.operations:
        leading |= {target: None for source, target in links if source in leading}
    assert sorted(served.operations.keys() - leading) == []


@pytest.mark.parametrize("served", SERVED.values(), ids=list(SERVED))
def test_a_link_knows_the_whole_path_of_the_next_request(served: Served) -> None:
    for source, each in _links(document(served)):
        target = served.operations[each["operationId"]]
        assert each["parameters"].keys() >= target.pattern().groupindex.keys(), (source, target.id)


def test_a_list_leads_to_its_next_page() -> None:
    contract = document(SERVED["connection-coordinator"])
    pages = {source: each for source, each in _links(contract) if source == each["operationId"]}
    assert sorted(pages) == [
        "ListChannels",
        "ListComments",
        "ListConnections",
        "ListEnvironments",
        "ListFeatures",
        "ListInterconnects",
        "ListIssues",
    ]
    assert pages["ListIssues"]["parameters"] == {
        "provider": "$request.path.provider",
        "pageSize": "$request.query.pageSize",
        "pageToken": "$response.body#/nextPageToken",
    }


def test_a_link_says_what_the_next_request_takes_over() -> None:
    operations = SERVED["connection-coordinator"].operations
    created = document(SERVED["connection-coordinator"])["paths"][operations["CreateConnection"].path]["post"]
    assert created["responses"]["200"]["links"]["GetConnection"] == {
        "operationId": "GetConnection",
        "parameters": {
            "provider": "$request.path.provider",
            "environment": "$request.path.environment",
            "interconnect": "$request.path.interconnect",
            "connection": "$request.query.connectionId",
        },
    }
    updated = operations["UpdateConnection"]
    masked = replace(updated, query=(Parameter("bandwidthMbps"), Parameter("updateMask"), Parameter("other")))
    keyed = replace(updated, request=SizeRequest, query=(Parameter("updateMask"),))
    assert link(keyed, masked)["parameters"].keys() - {"provider", "environment", "interconnect", "connection"} == {
        "bandwidthMbps",
        "updateMask",
    }
    added = document(SERVED["federation-interconnect"])["paths"]["/operator/partner"]["post"]
    assert added["responses"]["200"]["links"]["POST-operator-zone"] == {
        "operationId": "POST /operator/zone",
        "parameters": {},
        "requestBody": {
            "origFederationId": "$request.body#/origFederationId",
            "destFederationId": "$request.body#/destFederationId",
            "operator": "$request.body#/operator",
        },
    }


def test_the_served_document_is_the_contract() -> None:
    async def work(side: Side) -> tuple[Any, Any]:
        east_west = await side.east_west.get("/openapi.json")
        northbound = await side.northbound.get("/openapi.json")
        return east_west.json(), northbound.json()

    east_west, northbound = play(work)
    assert east_west == document(SERVED["connection-coordinator"])
    assert east_west["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}
    table = SERVED["connection-coordinator"].actions
    assert sorted(northbound["paths"]) == sorted(
        [
            "/actions",
            *(f"/actions/{name}" for name in table),
            "/operations/{handle}",
            "/state",
            *(f"/hooks/{name}" for name in HOOKS),
        ]
    )
    offer = northbound["paths"]["/actions/offer"]["post"]
    asked = offer["requestBody"]["content"]["application/json"]["schema"]
    assert asked["required"] == ["remote_account", "environment", "mbps"]
    assert asked["properties"]["mbps"] == {"type": "integer", "description": "one of the environment's sizes"}
    answered = offer["responses"]["200"]["content"]["application/json"]["schema"]["allOf"][1]
    assert list(answered["properties"]["outputs"]["properties"]) == ["uuid", "activation_key", "state"]
    assert ("202" in offer["responses"], "202" in northbound["paths"]["/actions/accept"]["post"]["responses"]) == (
        False,
        True,
    )
    schemas = northbound["components"]["schemas"]
    assert {node["$ref"].rpartition("/")[2] for node in _walk(northbound) if "$ref" in node} == set(schemas)


def _bodies(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operation, part and content of every request and success that has a body."""
    for methods in contract["paths"].values():
        for each in methods.values():
            if "requestBody" in each:
                yield each["operationId"], "request", each["requestBody"]["content"]["application/json"]
            content = each["responses"]["200"]["content"]["application/json"]
            if "$ref" in content["schema"]:
                yield each["operationId"], "response", content


def test_the_contract_of_the_federation_has_an_example_of_everything_and_each_fits_its_schema() -> None:
    contract = document(SERVED["federation-interconnect"])
    schemas = {"$defs": contract["components"]["schemas"]}
    seen = 0
    for id, part, content in _bodies(contract):
        assert "examples" in content, (id, part)
        wanted = {"$ref": content["schema"]["$ref"].replace("#/components/schemas/", "#/$defs/"), **schemas}
        wanted = json.loads(json.dumps(wanted).replace("#/components/schemas/", "#/$defs/"))
        found = list(Draft202012Validator(wanted).iter_errors(content["examples"]["usual"]["value"]))
        assert not found, (id, part, [each.message for each in found])
        seen += 1
    assert seen == 16
    for methods in contract["paths"].values():
        for each in methods.values():
            assert all("examples" in parameter for parameter in each["parameters"]), each["operationId"]


def test_a_member_outside_its_syntax_does_not_fit_the_contract() -> None:
    schemas = document(SERVED["federation-interconnect"])["components"]["schemas"]
    one = Draft202012Validator(schemas["DeregisterZonesRequest"])
    right = {
        "origFederationId": "federation-1",
        "destFederationId": "federation-2",
        "operator": "op",
        "zones": ["zone-0001"],
    }
    assert one.is_valid(right)
    assert not one.is_valid(right | {"zones": []})
    assert not one.is_valid(right | {"zones": ["_zone-0001"]})
    assert not one.is_valid(right | {"origFederationId": "short"})


def test_every_member_of_the_federation_is_explained_or_speaks_for_itself() -> None:
    """Names that are left to themselves are those of components, which the documents leave without a word."""
    schemas = document(SERVED["federation-interconnect"])["components"]["schemas"]
    silent = {
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member, described in schema.get("properties", {}).items()
        if "description" not in described
    }
    kept = ("AppComponent", "AppMetadata", "AppSpecification", "ComponentDetail", "ComponentSource", "ExposedInterface")
    others = ("Gpu", "InputParameter", "PersistentVolume", "ResourceRequirements")
    assert {each.partition(".")[0] for each in silent} <= {
        *kept,
        *others,
        "OnboardApplicationRequest",
        "UploadArtifactRequest",
    }
