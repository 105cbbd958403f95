"""Can the target reach us? We listen where the counterpart will, ask the target for something that makes it call, and look
at what comes."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.inbound import TargetAndOurs
from conformance.keys import encoded
from conformance.northbound import Northbound, NorthboundError
from conformance.target import Inbound, Target
from conformance.target.declared import FI
from conformance.target.inventory import provider_copies
from conformance.target.limited import Limited, document_of, why_not
from conformance.target.sending import tls_of
from reference_impl.connection_coordinator.names import API_VERSION, environment_name
from reference_impl.serve.server import serving
from reference_impl.serve.tls import PeerCertificate, peer_certificate, server_context

OURSELVES = "/interlock-doctor"
PARTNER = "interlock-doctor"


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that came, and what its sender showed."""

    what: str
    headers: Headers
    certificate: PeerCertificate | None


@dataclass(slots=True)
class Door:
    """What listens in our place: it notes who calls, and answers so that nothing comes of it (keyValid false, 400)."""

    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    seen: list[Knock] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        await self._answer(request)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.url.path
        if path.endswith(OURSELVES):
            return JSONResponse({"nonce": self.nonce})
        self.seen.append(Knock(f"{request.method} {path}", request.headers, peer_certificate(request.scope)))
        self.arrived.set()
        if path.endswith("/ConfirmActivationKey"):
            return JSONResponse({"keyValid": False})
        why = "the doctor was only looking whether this arrives"
        return JSONResponse({"message": why, "title": why, "status": 400, "detail": why}, 400)


async def of_target(target: Target, northbound: Northbound) -> list[Finding]:
    findings: list[Finding] = []
    async with AsyncExitStack() as closing:
        door = Door()
        tls = target.counterpart.tls
        context = server_context(tls, clients=tls.client_ca is not None) if tls.serves else None
        url = ""
        for key, place in (("counterpart", target.counterpart.here), ("counterpart.third", target.counterpart.third)):
            where = f"{place.listen.host}:{place.listen.port}"
            try:
                listening = serving(door, place.listen.host, place.listen.port, tls=context)
                opened = await closing.enter_async_context(listening)
            except OSError as problem:
                why = problem.strerror or str(problem)
                return [
                    *findings,
                    bad("counterpart.listen", f"{where}: {why}", f"{key}.listen: an address that is free"),
                ]
            public = place.public_url or opened
            url = url or public
            findings += await _knock(target, key, public, door)
        return [*findings, *await _called(target, northbound, door, url)]


async def _knock(target: Target, key: str, url: str, door: Door) -> list[Finding]:
    """From here; the target may have another way."""
    try:
        async with httpx.AsyncClient(
            transport=Limited(tls_of(target.auth.outbound, target.auth.trust)), timeout=5, trust_env=False
        ) as client:
            answer = document_of(await client.get(url + OURSELVES))
    except httpx.HTTPError as problem:
        change = f"{key}.public_url: the URL by which the target reaches us, if it is not meant so"
        return [warn(f"{key}.url", f"{url} does not lead here from this machine: {why_not(problem)}", change)]
    if answer != {"nonce": door.nonce}:
        return [
            bad(f"{key}.url", f"{url} leads to somebody else", f"{key}.public_url: the URL by which we are reached")
        ]
    return [ok(f"{key}.url", f"{url} leads here")]


async def _called(target: Target, northbound: Northbound, door: Door, url: str) -> list[Finding]:
    check = "counterpart.reached"
    if target.northbound.kind not in ("http", "python"):
        return [warn(check, f"not asked: northbound is {target.northbound.kind}", "the first scenarios will show it")]
    try:
        asked = await (_add(target, northbound, url) if target.protocol == FI else _accept(target, northbound))
    except NorthboundError as problem:
        return [bad(check, str(problem), "[northbound]: where and how the target is asked")]
    if asked.skipped:
        return [warn(check, f"not asked: {asked.skipped}", "the first scenarios will show it")]
    seconds = target.timeouts["answer"] / 1000
    try:
        await asyncio.wait_for(door.arrived.wait(), seconds)
    except TimeoutError:
        change = "the target's own entry for its partner, counterpart.public_url, a firewall"
        return [bad(check, f"{asked.action}: {asked.result}, and nothing came to {url} in {seconds:g} s", change)]
    finally:
        if asked.clean_up:
            await northbound.hook("reset", {})
    knock = door.seen[0]
    return [ok(check, f"{asked.action}: {knock.what} came"), *_presented(target, knock)]


def _presented(target: Target, knock: Knock) -> list[Finding]:
    """Does it authenticate as the file says?"""
    inbound: Inbound = target.auth.inbound
    change = "auth.inbound: the credential that the target sends us, or let it send that one"
    if inbound.bound and (knock.certificate is None or not inbound.bound.fits(knock.certificate)):
        shown = knock.certificate
        came = f"the certificate of {shown.subject}, {shown.sha256}" if shown is not None else "no certificate"
        return [bad("auth.inbound", came, change)]
    if inbound.kind in ("bearer", "header") and TargetAndOurs("target", inbound, {})(knock.headers) is None:
        header = "authorization" if inbound.kind == "bearer" else inbound.header
        came = f"no header {header}" if knock.headers.get(header) is None else f"another value in {header}"
        return [bad("auth.inbound", came, change)]
    if inbound.kind in ("none", "arranged") and not inbound.bound:
        return []
    return [ok("auth.inbound", "the target authenticates as expected")]


@dataclass(frozen=True, slots=True)
class _Asked:
    action: str
    result: str = ""
    skipped: str = ""
    clean_up: bool = False


async def _accept(target: Target, northbound: Northbound) -> _Asked:
    """A customer brings a key that we never issued; the target asks us to confirm it (CC-KEY-013), and we do not."""
    if "csp-b" not in target.seats:
        return _Asked("", skipped="a target in csp-a calls nobody before a connection is placed")
    seat = "csp-b"
    own = target.id_of("counterpart", seat)
    agreed = provider_copies(target, seat)[seat]
    environment = next((row for row in agreed.environments if row.peer == own), None)
    if environment is None:
        return _Asked("", skipped="the inventory has no environment with the counterpart")
    key = encoded(
        {
            "version": API_VERSION,
            "destinationEnvironmentUri": environment_name(own, environment.id),
            "sharedConnectionUuid": str(uuid.uuid4()),
            "connectionSizeMbps": environment.sizes[0],
            "destinationAccountId": target.identity.account("X"),
        }
    )
    inputs = {"account": target.identity.account("X"), "activation_key": key, "consent": True}
    answered = await northbound.act("accept", inputs)
    if answered.result in ("unavailable", "refused"):
        return _Asked("", skipped=f"accept {answered.result}: {answered.reason}")
    return _Asked("accept", answered.result)


async def _add(target: Target, northbound: Northbound, url: str) -> _Asked:
    """The operator adds us as a partner, which we refuse; what was arranged for it goes with a reset, or nothing is done."""
    if "op1" not in target.seats:
        return _Asked("", skipped="a target in op2 calls nobody before it has a partner")
    reset = await northbound.hook("reset", {})
    if reset.result != "ok":
        return _Asked("", skipped="without the hook reset what is arranged for it would stay")
    who = target.identity.target
    attributes = {"operator": who.operator or "operator-one", "country": who.country or "DE", "mcc": who.mcc or "262"}
    federation = {"federation": who.id} if who.id else {}
    arranged = {"partner": PARTNER, "operator": PARTNER, "country": "FR", "address": url}
    steps = (
        (
            "create_self_federation",
            attributes | {"mnc": list(who.mnc) or ["01"], "address": target.base_url} | federation,
        ),
        ("expect_partner", arranged),
        ("add_partner", arranged | {"api_key": secrets.token_urlsafe(24)}),
    )
    for action, inputs in steps:
        answered = await northbound.act(action, dict(inputs))
        if answered.result in ("unavailable", "refused"):
            await northbound.hook("reset", {})
            return _Asked("", skipped=f"{action} {answered.result}: {answered.reason}")
    return _Asked("add_partner", answered.result, clean_up=True)
