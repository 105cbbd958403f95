"""Northbound: a party's customers and its operator, on a port of their own (coordinator-harness, sections 2 and 3;
federation-wire, section 9).

``POST /actions/{action}`` takes the inputs as a JSON object and answers 200 ``{"result": "ok", "outputs": {…}}`` or
``{"result": "failed", "reason": …}``, 202 ``{"result": "running", "operation": …}`` where ``GET /operations/{handle}``
tells how it goes on, or a problem document with ``"result": "refused"``: nothing was attempted and nothing kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Acted, Refusal
from reference_impl.serve import bodies
from reference_impl.serve.answers import Answering, answering, bare_app, headers_of, json_response, title_of
from reference_impl.serve.authentication import UNAUTHORIZED, Tokens
from reference_impl.serve.limits import NORTHBOUND_LIMITS, Limits
from reference_impl.serve.openapi import northbound_document
from reference_impl.serve.protocol import Served, Submits

Hook = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""A control hook: inputs in, outputs out; raises Refusal where it cannot."""

OPERATIONS = (
    Operation("ListActions", "GET", "/actions", summary="The names of all actions and hooks"),
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
    token: str | None,
    hooks: Mapping[str, Hook],
    limits: Limits = NORTHBOUND_LIMITS,
) -> FastAPI:
    """The northbound app of a Node. ``token`` is the operator's bearer token; None, in one process only: no token."""
    side = _Northbound(node, served, token, hooks, limits)
    answers: Mapping[str, Answering] = {
        "ListActions": side.list_actions,
        "Act": side.act,
        "Poll": side.poll,
        "Dump": side.dump,
        "Control": side.control,
    }
    document = northbound_document(f"{served.title}, northbound", served.version, OPERATIONS, side.actions, list(hooks))
    app = bare_app(document["info"]["title"], served.version, OPERATIONS, document, problem)
    for operation in OPERATIONS:
        app.add_api_route(
            operation.path,
            answering(side.guarded(answers[operation.id]), problem),
            methods=[operation.method],
            operation_id=operation.id,
            name=operation.id,
            summary=operation.summary,
        )
    return app


class _Northbound:
    """The answers of the northbound routes."""

    def __init__(
        self, node: Submits, served: Served, token: str | None, hooks: Mapping[str, Hook], limits: Limits
    ) -> None:
        self.actions = list(node.party.handlers.acted)
        self._node = node
        self._served = served
        self._operator = None if token is None else Tokens({"operator": [token]})
        self._hooks = hooks
        self._limits = limits

    def guarded(self, work: Answering) -> Answering:
        """Only for the operator."""

        async def guard(request: Request) -> Response:
            if self._operator is not None and self._operator(request.headers) is None:
                raise Refusal(401, UNAUTHORIZED)
            return await work(request)

        return guard

    async def list_actions(self, request: Request) -> Response:
        return json_response({"actions": self.actions, "hooks": list(self._hooks)})

    async def act(self, request: Request) -> Response:
        action: str = request.path_params["action"]
        self._known("action", action, self.actions)
        return await self._ask(action, await self._inputs(request))

    async def poll(self, request: Request) -> Response:
        self._known("action", "poll", self.actions)
        return await self._ask("poll", {"operation": request.path_params["handle"]})

    async def dump(self, request: Request) -> Response:
        self._known("action", "dump", self.actions)
        return await self._ask("dump", {})

    async def control(self, request: Request) -> Response:
        hook: str = request.path_params["hook"]
        self._known("hook", hook, list(self._hooks))
        outputs = await self._hooks[hook](await self._inputs(request))
        return json_response({"result": "ok", "outputs": outputs})

    async def _ask(self, action: str, inputs: dict[str, Any]) -> Response:
        reply = await self._node.submit(Acted("", action, inputs))
        if reply.status >= 400:
            return problem(reply.status, self._served.detail_of(reply.body))
        return json_response({} if reply.body is None else reply.body.to_json(), reply.status)

    async def _inputs(self, request: Request) -> dict[str, Any]:
        """The JSON object in the body; no body is an empty one."""
        body = await bodies.json_body(request, self._limits.body, self._limits.nesting)
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
