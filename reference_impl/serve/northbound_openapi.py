"""The OpenAPI document of a northbound app: each action and each hook of the tables is a path of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reference_impl.kernel.action import Action, Value
from reference_impl.kernel.operation import Operation
from reference_impl.serve.openapi import REFERENCE, Json, path_parameters, security_schemes

_OPEN = ("/healthz", "/readyz", "/metrics")
"""What needs no token."""


def described(action: Action) -> Json:
    """A row of a table as ``GET /actions`` shows it; inputs and outputs as JSON Schema."""
    return {
        "name": action.name,
        "asked_by": action.asked_by,
        "summary": action.summary,
        "long": action.long,
        "inputs": schema(action.inputs),
        "outputs": schema(action.outputs),
    }


def schema(values: Iterable[Value]) -> Json:
    """The JSON Schema of an object with these members."""
    members = {each.name: each for each in values}
    shown: Json = {"type": "object", "properties": {name: _member(each) for name, each in members.items()}}
    required = [name for name, each in members.items() if each.required]
    return shown | ({"required": required} if required else {})


def _member(value: Value) -> Json:
    shown = value.kind.schema
    if not value.required:
        shown.pop("minLength", None)
    if value.one_of:
        shown["enum"] = list(value.one_of)
    return shown | ({"description": value.summary} if value.summary else {})


def northbound_document(
    title: str, version: str, operations: Iterable[Operation], actions: Iterable[Action], hooks: Iterable[Action]
) -> Json:
    """The OpenAPI 3.1 document of a northbound app, whose actions and hooks are the party's own."""
    rows = {"{action}": list(actions), "{hook}": list(hooks)}
    paths: dict[str, Json] = {}
    for operation in operations:
        for path, described_ in _paths(operation, rows):
            paths.setdefault(path, {})[operation.method.lower()] = described_
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": {"ActionResult": _RESULT, "Refused": _REFUSED},
            "securitySchemes": security_schemes(["authorization"]),
        },
        "security": [{"bearer": []}],
    }


def _paths(operation: Operation, rows: dict[str, list[Action]]) -> Iterator[tuple[str, Json]]:
    """The paths of an operation: one for each action or hook where it takes them."""
    for parameter, actions in rows.items():
        if parameter in operation.path:
            for action in actions:
                yield operation.path.replace(parameter, action.name), _action(operation, action)
            return
    shown: Json = {"operationId": operation.id, "summary": operation.summary, "parameters": path_parameters(operation)}
    if operation.path in _OPEN:
        answer = {"description": "as asked"}
        yield operation.path, shown | {"responses": {"200": answer}, "security": []}
    else:
        yield operation.path, shown | {"responses": _answers(_RESULT_SCHEMA)}


def _action(operation: Operation, action: Action) -> Json:
    outputs: Json = {"allOf": [_RESULT_SCHEMA, {"type": "object", "properties": {"outputs": schema(action.outputs)}}]}
    return {
        "operationId": f"{operation.id}-{action.name}",
        "summary": action.summary,
        "tags": [action.asked_by],
        "parameters": [],
        "requestBody": {
            "required": any(each.required for each in action.inputs),
            "content": {"application/json": {"schema": schema(action.inputs)}},
        },
        "responses": _answers(outputs, action.long),
    }


_TEXT: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}
_RESULT: Json = {
    "type": "object",
    "properties": {
        "result": {"enum": ["ok", "running", "failed", "refused"]},
        "reason": _TEXT,
        "operation": _TEXT,
        "outputs": _OBJECT,
    },
}
_REFUSED: Json = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "result": {"const": "refused"},
    },
    "required": ["title", "status", "detail", "result"],
}
_RESULT_SCHEMA: Json = {"$ref": REFERENCE + "ActionResult"}


def _answers(result: Json, long: bool = True) -> Json:
    refused = {"application/problem+json": {"schema": {"$ref": REFERENCE + "Refused"}}}
    done = {"application/json": {"schema": result}}
    meanings = {
        400: "not readable",
        401: "not the operator, or nobody's customer",
        403: "not for this account",
        404: "no such thing",
        408: "not in time",
        409: "not now",
        413: "the body is too large",
        415: "the body is not JSON",
        422: "not so",
        503: "this server is restarting, or cannot keep anything",
    }
    answers: Json = {"200": {"description": "done", "content": done}}
    if long:
        answers["202"] = {"description": "running", "content": done}
    return answers | {str(status): {"description": said, "content": refused} for status, said in meanings.items()}
