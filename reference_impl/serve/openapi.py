"""The OpenAPI document of a protocol, made from its operation table: every operation, status, error document and link.

It needs no app: the served ``/openapi.json`` and a contract that is printed or compared are the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Message
from reference_impl.serve.protocol import Served

Json = dict[str, Any]

REFERENCE = "#/components/schemas/"
_ALWAYS = {
    400: "the path, a parameter or the body is not usable",
    401: "no valid credentials",
    503: "this server is restarting",
}
_WITH_BODY = {413: "the body is too large", 415: "the body is not JSON"}


def document(served: Served) -> Json:
    """The OpenAPI 3.1 document."""
    schemas, names = _schemas(served)
    paths: dict[str, Json] = {}
    for operation in served.operations.values():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(served, operation, names)
    security = security_schemes(served.key_headers)
    about = {"description": served.about} if served.about else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": served.title, "version": served.version, **about},
        "paths": paths,
        "components": {"schemas": _explained(served, schemas), "securitySchemes": security},
        "security": [{name: []} for name in security],
    }


def security_schemes(headers: Iterable[str]) -> Json:
    schemes: Json = {}
    for header in headers:
        if header == "authorization":
            schemes["bearer"] = {"type": "http", "scheme": "bearer"}
        else:
            schemes[header] = {"type": "apiKey", "in": "header", "name": header}
    return schemes


def _schemas(served: Served) -> tuple[Json, Mapping[type[Message], str]]:
    """The schemas of all messages, and the reference of each class."""
    classes = {served.error_class: None}
    for operation in served.operations.values():
        classes.update({each: None for each in (operation.request, operation.response) if each is not None})
    references, top = models_json_schema([(each, "validation") for each in classes], ref_template=REFERENCE + "{model}")
    return top.get("$defs", {}), {each: references[each, "validation"]["$ref"] for each in classes}


def _explained(served: Served, schemas: Json) -> Json:
    """The schemas with what is said of their members: their meaning and syntax stand beside their types."""
    general = served.members.get("", {})
    for name, schema in schemas.items():
        said = served.members.get(name, {})
        for member, described in schema.get("properties", {}).items():
            described |= said.get(member) or general.get(member, {})
    return schemas


def _examples(served: Served, operation: Operation, part: str) -> Json:
    """``examples`` beside a schema, where there is one."""
    example = served.examples.get(operation.id, {}).get(part)
    return {} if example is None else {"examples": {"usual": {"value": example}}}


def _operation(served: Served, operation: Operation, names: Mapping[type[Message], str]) -> Json:
    described: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": [*path_parameters(operation), *_query_parameters(served, operation)],
        "responses": _responses(served, operation, names),
    }
    if operation.request is not None:
        described["requestBody"] = {
            "required": operation.body_required,
            "content": {
                "application/json": {"schema": {"$ref": names[operation.request]}}
                | _examples(served, operation, "request")
            },
        }
    if operation.caller:
        described["x-callers"] = list(operation.caller)
    return described


def path_parameters(operation: Operation) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in operation.pattern().groupindex
    ]


def _query_parameters(served: Served, operation: Operation) -> list[Json]:
    example = served.examples.get(operation.id, {}).get("query", {})
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "description": parameter.description,
            "schema": {"type": parameter.type}
            | ({"format": parameter.format} if parameter.format else {})
            | ({"enum": list(parameter.enum)} if parameter.enum else {}),
        }
        | ({"examples": {"usual": {"value": example[parameter.name]}}} if parameter.name in example else {})
        for parameter in operation.query
    ]


def statuses(operation: Operation) -> dict[int, str]:
    """Every status that the operation can answer, with its meaning, in order."""
    general = _ALWAYS | (_WITH_BODY if operation.request is not None else {})
    return dict(sorted((general | dict(operation.statuses)).items()))


def _responses(served: Served, operation: Operation, names: Mapping[type[Message], str]) -> Json:
    responses: Json = {}
    for status, meaning in statuses(operation).items():
        described: Json = {"description": meaning or HTTPStatus(status).phrase}
        if status < 300:
            schema = {"type": "object"} if operation.response is None else {"$ref": names[operation.response]}
            described["content"] = {"application/json": {"schema": schema} | _examples(served, operation, "response")}
            if operation.links:
                described["links"] = {
                    _link_name(name): link(operation, served.operations[name]) for name in operation.links
                }
        else:
            said = served.error(status, described["description"]).model_dump(mode="json", exclude_none=True)
            described["content"] = {
                served.error_media_type: {
                    "schema": {"$ref": names[served.error_class]},
                    "examples": {"usual": {"value": said}},
                }
            }
        if status == HTTPStatus.UNAUTHORIZED:
            described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string", "const": "Bearer"}}}
        responses[str(status)] = described
    return responses


def _link_name(operation: str) -> str:
    """An operation's id as OpenAPI allows it as the name of a link."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", operation).strip("-")


def link(source: Operation, target: Operation) -> Json:
    """How a success of ``source`` makes ``target`` possible: which of the target's parameters are known from it.

    A path parameter is the source's own, or the id that the source took in its query (``connectionId`` names the
    ``connection``); a query parameter is repeated, or taken from the member of that name in the request's body. Of the
    body, members that both requests must have are repeated. From an operation to itself the token leads to the next page.
    """
    known = {name: f"$request.path.{name}" for name in source.pattern().groupindex}
    known |= {each.name.removesuffix("Id"): f"$request.query.{each.name}" for each in source.query if each.required}
    members = _required(source)
    asked = {name: known[name] for name in target.pattern().groupindex if name in known}
    repeated = {each.name for each in source.query}
    for parameter in target.query:
        if parameter.name in repeated:
            asked[parameter.name] = f"$request.query.{parameter.name}"
        elif parameter.name in members:
            asked[parameter.name] = f"$request.body#/{parameter.name}"
    if source is target:
        asked["pageToken"] = "$response.body#/nextPageToken"
    body = {name: f"$request.body#/{name}" for name in _required(target) if name in members}
    return {"operationId": target.id, "parameters": asked, **({"requestBody": body} if body else {})}


def _required(operation: Operation) -> list[str]:
    """The members that a request of this operation must have."""
    members = {} if operation.request is None else operation.request.model_fields
    return [name for name, member in members.items() if member.is_required()]
