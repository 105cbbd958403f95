"""East/west: the API between the two parties, one generic route for each operation of the table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kernel.operation import Operation, Parameter
from reference_impl.kernel.party import Message, Refusal, Reply, Requested
from reference_impl.serve import bodies
from reference_impl.serve.answers import JSON_TYPE, MakeError, answering, bare_app, headers_of
from reference_impl.serve.authentication import UNAUTHORIZED, Authenticate, Caller
from reference_impl.serve.journal import exchange_of
from reference_impl.serve.limits import DEFAULT_LIMITS, Limits
from reference_impl.serve.openapi import document
from reference_impl.serve.protocol import Served, Submits
from reference_impl.serve.rate import Rates
from reference_impl.serve.tls import Certificates, peer_certificate


@dataclass(frozen=True, slots=True)
class Gate:
    """What a request passes before the Party sees it. ``rates`` None: no counterpart asks too often."""

    authenticate: Authenticate
    limits: Limits = DEFAULT_LIMITS
    certificates: Certificates = field(default_factory=Certificates)
    rates: Rates | None = None

    def caller(self, request: Request) -> Caller:
        """Who calls, once for each request. Refusals: 401, 429."""
        caller = self.authenticate(request.headers)
        if caller is not None and caller.counterpart and not self.certified(request, caller.counterpart):
            caller = None
        if self.rates is not None and not self.rates.allow(_account(request, caller)):
            raise Refusal(429, "requests: want fewer in a second, got one too many")
        if caller is None:
            raise Refusal(401, UNAUTHORIZED)
        return caller

    def certified(self, request: Request, counterpart: str) -> bool:
        return self.certificates.admit(counterpart, peer_certificate(request.scope))


def _account(request: Request, caller: Caller | None) -> str:
    """On whose account a request goes: the counterpart's, the credential's where the Party knows whose it is, else the
    address's. A stranger who names a partner is not on the partner's account (FI-INPUT-006)."""
    if caller is not None and caller.counterpart:
        return f"counterpart {caller.counterpart}"
    if caller is not None and caller.credential:
        return f"credential {hashlib.sha256(caller.credential.encode()).hexdigest()}"
    return f"address {request.client.host if request.client else ''}"


def east_west_app(
    node: Submits,
    served: Served,
    authenticate: Authenticate,
    limits: Limits = DEFAULT_LIMITS,
    certificates: Certificates | None = None,
    rates: Rates | None = None,
) -> FastAPI:
    """The app that serves a Node to its counterparts.

    A request becomes one ``Requested`` event, its Reply the answer; the Party may hold it, and a client that left
    meanwhile changes nothing. What is not readable as a request never reaches the Party.
    """
    error = error_maker(served)
    gate = Gate(authenticate, limits, certificates or Certificates(), rates)
    app = bare_app(served.title, served.version, served.operations.values(), document(served), error)
    for operation in served.operations.values():
        app.add_api_route(
            operation.path,
            answering(_Route(node, served, gate, operation).answer, error),
            methods=[operation.method],
            operation_id=operation.id,
            name=operation.id,
            summary=operation.summary,
        )
    return app


def error_maker(served: Served) -> MakeError:
    """The protocol's error document as a response."""

    def error(status: int, detail: str) -> Response:
        return respond(served, Reply("", status, served.error(status, detail)))

    return error


_NOT_KEPT = {"Cache-Control": "no-store"}
"""No answer is for later: a GET may be a report (federation-wire 7.9, FI-ERR-03)."""


def respond(served: Served, reply: Reply) -> Response:
    """The HTTP answer of a Reply: absent members left out, no message as an empty object."""
    body = b"{}" if reply.body is None else reply.body.model_dump_json(exclude_none=True).encode()
    failed = reply.status >= 400 and isinstance(reply.body, served.error_class)
    media_type = served.error_media_type if failed else JSON_TYPE
    return Response(body, reply.status, {**headers_of(reply.status), **_NOT_KEPT}, media_type)


class _Route:
    """One operation of one Node."""

    def __init__(self, node: Submits, served: Served, gate: Gate, operation: Operation) -> None:
        self._node = node
        self._served = served
        self._gate = gate
        self._operation = operation

    async def answer(self, request: Request) -> Response:
        """The order matters: who calls, then the parameters, then the body, then the Party."""
        exchange = exchange_of(request.scope)
        exchange.operation = self._operation.id
        caller = self._gate.caller(request)
        exchange.counterpart = caller.counterpart
        exchange.about(request.path_params.get("connection") or request.query_params.get("connectionId"))
        event = Requested(
            to="",  # the Node names it
            caller=caller.counterpart,
            operation=self._operation.id,
            path=dict(request.path_params),
            query=_query(request, self._operation),
            body=await self._body(request),
            credential=caller.credential or self._accompanying(request),
        )
        sender = self._served.sender(event)
        if not caller.counterpart and not self._gate.certified(request, sender):
            raise Refusal(401, UNAUTHORIZED)
        return respond(self._served, await self._node.submit(event))

    def _accompanying(self, request: Request) -> str | None:
        """What comes along with the request for the Party; several headers count as none."""
        values = request.headers.getlist(self._served.accompanies) if self._served.accompanies else []
        return values[0] if len(values) == 1 else None

    async def _body(self, request: Request) -> Message | None:
        model = self._operation.request
        if model is None:
            return None
        length = self._served.body_limits.get(self._operation.id)
        body = await bodies.json_body(request, self._gate.limits, length)
        if not body:
            if self._operation.body_required:
                raise Refusal(400, "body: want a JSON object, got nothing")
            body = b"{}"
        return bodies.message(model, body, self._served.secrets)


def _query(request: Request, operation: Operation) -> dict[str, str]:
    """The declared query parameters; others are ignored. Refuses (400) what is missing, repeated or no number."""
    fold = str.casefold if operation.any_case else str
    given = [(fold(name), value) for name, value in request.query_params.multi_items()]
    found: dict[str, str] = {}
    for parameter in operation.query:
        values = [value for name, value in given if name == fold(parameter.name)]
        if len(values) > 1:
            raise Refusal(400, f"{parameter.name}: want it once in the query, got it {len(values)} times")
        if parameter.required and not (values and values[0]):
            raise Refusal(400, f"{parameter.name}: want it in the query, got nothing")
        if values:
            found[parameter.name] = _checked(parameter, values[0])
    return found


def _checked(parameter: Parameter, value: str) -> str:
    digits = value.removeprefix("-")
    if parameter.type == "integer" and value and not (digits.isascii() and digits.isdecimal()):
        raise Refusal(400, f"{parameter.name}: want a whole number, got a text that is none")
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise Refusal(400, f"{parameter.name}: want a text without control characters, got one with them")
    return value
