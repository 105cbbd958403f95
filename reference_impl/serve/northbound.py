"""Northbound: a party's customers and its operator, on a port of their own (coordinator-harness, sections 2 and 3;
federation-wire, section 9).

``POST /actions/{action}`` takes the inputs as a JSON object and answers 200 ``{"result": "ok", "outputs": {…}}`` or
``{"result": "failed", "reason": …}``, 202 ``{"result": "running", "operation": …}`` where ``GET /operations/{handle}``
tells how it goes on, or a problem document with ``"result": "refused"``: nothing was attempted and nothing kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kernel.action import Action
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Acted, Refusal
from reference_impl.serve import bodies
from reference_impl.serve.answers import Answering, answering, bare_app, headers_of, json_response, title_of
from reference_impl.serve.authentication import UNAUTHORIZED, Authenticate
from reference_impl.serve.hook_table import HOOKS, SERVER_ACTIONS
from reference_impl.serve.journal import exchange_of
from reference_impl.serve.limits import NORTHBOUND_LIMITS, Limits
from reference_impl.serve.northbound_openapi import described, northbound_document
from reference_impl.serve.probes import PROBES
from reference_impl.serve.protocol import Served, Submits

Hook = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""A control hook: inputs in, outputs out; raises Refusal where it cannot."""

OPERATIONS = (
    Operation("ListActions", "GET", "/actions", summary="All actions and hooks, with their inputs and outputs"),
    Operation("Act", "POST", "/actions/{action}", summary="Ask for an action, with its inputs as a JSON object"),
    Operation("Poll", "GET", "/operations/{handle}", summary="How does a long action stand?"),
    Operation("Dump", "GET", "/state", summary="The state of the party, without secrets"),
    Operation("Control", "POST", "/hooks/{hook}", summary="Control the party from outside, for tests"),
)


def problem(status: int, detail: str) -> Response:
    """A problem document (RFC 9457); every error of this side means that nothing was done."""
    content = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "result": "refused",
    }
    response = json_response(content, status, "application/problem+json")
    response.headers.update(headers_of(status))
    return response


def northbound_app(
    node: Submits,
    served: Served,
    operator: Authenticate | None,
    hooks: Mapping[str, Hook],
    limits: Limits = NORTHBOUND_LIMITS,
    server_actions: Mapping[str, Hook] = MappingProxyType({}),
    probes: Mapping[str, Answering] = MappingProxyType({}),
) -> FastAPI:
    """The northbound app of a Node. ``operator`` recognises the operator; None, in one process only: everybody is.

    ``server_actions`` are actions that the server does itself; ``probes`` answers what needs no token.
    """
    side = _Northbound(node, served, operator, hooks, limits, server_actions)
    answers: Mapping[str, Answering] = {
        "ListActions": side.guarded(side.list_actions),
        "Act": side.guarded(side.act),
        "Poll": side.guarded(side.poll),
        "Dump": side.guarded(side.dump),
        "Control": side.guarded(side.control),
        **probes,
    }
    operations = [each for each in (*OPERATIONS, *PROBES) if each.id in answers]
    document = northbound_document(
        f"{served.title}, northbound", served.version, operations, side.actions.values(), side.hook_rows.values()
    )
    app = bare_app(document["info"]["title"], served.version, operations, document, problem)
    for operation in operations:
        app.add_api_route(
            operation.path,
            answering(answers[operation.id], problem),
            methods=[operation.method],
            operation_id=operation.id,
            name=operation.id,
            summary=operation.summary,
        )
    return app


class _Northbound:
    """The answers of the northbound routes."""

    def __init__(
        self,
        node: Submits,
        served: Served,
        operator: Authenticate | None,
        hooks: Mapping[str, Hook],
        limits: Limits,
        server_actions: Mapping[str, Hook],
    ) -> None:
        names = [*node.party.handlers.acted, *server_actions]
        rows = {**served.actions, **SERVER_ACTIONS}
        self.actions = {name: rows.get(name) or Action(name, "operator", "") for name in names}
        self.hook_rows = {name: HOOKS[name] for name in hooks}
        self._node = node
        self._served = served
        self._operator = operator
        self._hooks = hooks
        self._limits = limits
        self._server_actions = server_actions

    def guarded(self, work: Answering) -> Answering:
        """Only for the operator."""

        async def guard(request: Request) -> Response:
            exchange = exchange_of(request.scope)
            exchange.operation = request.scope["route"].name
            if self._operator is not None and self._operator(request.headers) is None:
                raise Refusal(401, UNAUTHORIZED)
            exchange.counterpart = "operator"
            return await work(request)

        return guard

    async def list_actions(self, request: Request) -> Response:
        """The names, and the rows of the tables that they are from."""
        table = [described(each) for each in self.actions.values()]
        hooks = [described(each) for each in self.hook_rows.values()]
        shown = {"protocol": self._served.id, "actions": list(self.actions), "hooks": list(self._hooks)}
        return json_response(shown | {"table": table, "hook_table": hooks})

    async def act(self, request: Request) -> Response:
        name: str = request.path_params["action"]
        self._known("action", name, list(self.actions))
        exchange = exchange_of(request.scope)
        exchange.operation = name
        inputs = await self._inputs(request)
        self.actions[name].check(inputs)
        exchange.about(inputs.get("uuid"))
        if name in self._server_actions:
            return json_response({"result": "ok", "outputs": await self._server_actions[name](inputs)})
        return await self._ask(name, inputs)

    async def poll(self, request: Request) -> Response:
        self._known("action", "poll", list(self.actions))
        exchange_of(request.scope).about(request.path_params["handle"].rpartition(":")[2])
        return await self._ask("poll", {"operation": request.path_params["handle"]})

    async def dump(self, request: Request) -> Response:
        self._known("action", "dump", list(self.actions))
        return await self._ask("dump", {})

    async def control(self, request: Request) -> Response:
        hook: str = request.path_params["hook"]
        self._known("hook", hook, list(self._hooks))
        inputs = await self._inputs(request)
        self.hook_rows[hook].check(inputs)
        exchange_of(request.scope).operation = hook
        outputs = await self._hooks[hook](inputs)
        return json_response({"result": "ok", "outputs": outputs})

    async def _ask(self, action: str, inputs: dict[str, Any]) -> Response:
        reply = await self._node.submit(Acted("", action, inputs))
        if reply.status >= 400:
            return problem(reply.status, self._served.detail_of(reply.body))
        return json_response({} if reply.body is None else reply.body.to_json(), reply.status)

    async def _inputs(self, request: Request) -> dict[str, Any]:
        """The JSON object in the body; no body is an empty one."""
        body = await bodies.json_body(request, self._limits)
        try:
            inputs = from_json(body or b"{}", allow_inf_nan=False)
        except ValueError as fault:
            raise Refusal(400, f"body: want JSON, got a text that is none ({fault})") from None
        if not isinstance(inputs, dict):
            raise Refusal(
                400, f"body: want a JSON object of inputs, got {'a list' if isinstance(inputs, list) else 'a value'}"
            )
        return inputs

    @staticmethod
    def _known(kind: str, name: str, names: list[str]) -> None:
        if name not in names:
            raise Refusal(404, f"{kind}: want one of {', '.join(names) or 'none at all'}; got {name[:60]!r}")
