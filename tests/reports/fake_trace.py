"""Traces that look like those of a run: two providers place a connection, with and without bad luck."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.record import (
    Action,
    Claim,
    ClockMoved,
    Fault,
    Json,
    Lost,
    Meta,
    Observation,
    Outcome,
    Request,
    Response,
)
from reports.trace import Trace

KEY = (
    'secret:activation-key:0f6cd06b12a94a11;{"encoding": "base64", "members": '
    '{"connectionSizeMbps": 1000, "destinationAccountId": "acct-x", "version": "1"}}'
)


def uuid(number: int) -> str:
    return f"8f2c1a{number % 256:02x}-4b7e-4c1d-9d2a-{number:012x}"


@dataclass
class Stage:
    """Writes records with a clock that the stage moves itself."""

    clock: list[int] = field(default_factory=lambda: [0])
    exchanges: int = 0

    def __post_init__(self) -> None:
        self.trace = Trace(now=lambda: self.clock[0])

    def ask(
        self, sender: str, operation: str, path: str, body: Json = None, *, method: str = "POST", ours: bool = False
    ) -> Request:
        self.exchanges += 1
        self.clock[0] += 4
        receiver = "csp-a" if sender == "csp-b" else "csp-b"
        return self.trace.append(
            Request(
                exchange=f"x{self.exchanges}",
                sender=sender,
                receiver=receiver,
                operation=operation,
                method=method,
                path=f"/v1/providers/{sender}/environments/env1/{path}",
                body=body,
                size=len(str(body)),
                ours=ours,
            )
        )

    def answer(self, request: Request, status: int = 200, body: Json = None) -> Response:
        self.clock[0] += 3
        return self.trace.append(
            Response(
                exchange=request.exchange,
                sender=request.receiver,
                receiver=request.sender,
                operation=request.operation,
                status=status,
                body=body,
                size=len(str(body)),
                media_type="application/json",
                ours=request.ours,
            )
        )

    def lose(self, request: Request, what: str) -> None:
        self.clock[0] += 2000
        self.trace.append(
            Lost(
                exchange=request.exchange,
                sender=request.sender,
                receiver=request.receiver,
                operation=request.operation,
                what="request" if what == "request" else "response",
                why="the caller's time-out of 2 s is over",
            )
        )


def place_connection(
    stage: Stage, name: str, number: int, claims: tuple[str, ...], *, unlucky: bool = False
) -> tuple[int, int]:
    """One scenario, from the customer's order to the claims; returns the ``seq`` of its first and last record."""
    trace, shared = stage.trace, uuid(number)
    first = trace.append(Meta(mark="scenario", data={"name": name})).seq
    offer = trace.append(
        Action(seat="csp-a", action="offer", inputs={"environment": "env1", "Mbps": 1000, "account": "acct-x"})
    )
    trace.append(
        Outcome(of=offer.seq, seat="csp-a", action="offer", result="ok", outputs={"handle": f"h{number}", "key": KEY})
    )
    accept = trace.append(Action(seat="csp-b", action="accept", inputs={"key": KEY, "consent": True}))
    confirm = stage.ask("csp-b", "ConfirmActivationKey", "ConfirmActivationKey", {"encodedKey": KEY})
    stage.answer(confirm, 200, {"decision": "ACTIVATION_KEY_CONFIRMED"})
    connection = {
        "name": f"providers/csp-b/environments/env1/interconnects/ix1/connections/{shared}",
        "bandwidthMbps": 1000,
        "activationKey": KEY,
        "verificationState": "VERIFICATION_STATE_UNVERIFIED",
        "deferProvisioning": False,
    }
    full = stage.ask("csp-b", "CreateConnection", "interconnects/ix2/connections", {**connection, "name": ""})
    stage.answer(full, 409, {"type": "about:blank", "title": "Conflict", "detail": "no room on ix2 for 1000 Mbps"})
    create = stage.ask("csp-b", "CreateConnection", "interconnects/ix1/connections", {**connection, "name": ""})
    if unlucky:
        trace.append(Fault(fault="lose-response", exchange=create.exchange))
        stage.answer(create, 200, connection)
        stage.lose(create, "response")
        look = stage.ask("csp-b", "GetConnection", f"interconnects/ix1/connections/{shared}", method="GET")
        stage.answer(look, 200, connection)
        trace.append(Fault(fault="duplicate", exchange=create.exchange, note="handled again while the first is open"))
        trace.append(
            Request(
                exchange=create.exchange,
                sender="csp-b",
                receiver="csp-a",
                operation="CreateConnection",
                method="POST",
                path=create.path,
                body=create.body,
                size=create.size,
            )
        )
        stage.answer(create, 409, {"title": "Conflict", "detail": "the connection exists"})
        dropped = stage.ask("csp-b", "GenerateFeatureGuidance", f"interconnects/ix1/connections/{shared}/guidance")
        stage.lose(dropped, "request")
    else:
        stage.answer(create, 200, connection)
    trace.append(ClockMoved(by=7_200_000))
    stage.clock[0] += 7_200_000
    propose = stage.ask(
        "csp-b",
        "CreateFeature",
        f"interconnects/ix1/connections/{shared}/features",
        {
            "featureType": "FEATURE_TYPE_L3_BASE",
            "channel": "providers/csp-b/environments/env1/interconnects/ix1/channels/ch1",
            "l3Base": {
                "vlan": 1100,
                "mtu": 8500,
                "bgp": [
                    {"asn": 64600, "ipv4": "169.254.1.17/30", "md5BgpPassword": "secret:bgp-password:11aa22bb33cc44dd"}
                ],
            },
        },
    )
    notify = stage.ask(
        "csp-a", "NotifyConnectionStatus", f"interconnects/ix1/connections/{shared}/NotifyConnectionStatus"
    )
    stage.answer(propose, 200, {"state": "FEATURE_STATE_PENDING"})
    stage.answer(notify, 200)
    for interconnect in ("ix1", "ix2"):
        listing = stage.ask(
            "csp-a", "ListConnections", f"interconnects/{interconnect}/connections", method="GET", ours=True
        )
        stage.answer(listing, 200, {"connections": [connection] if interconnect == "ix1" else []})
    trace.append(Observation(seat="csp-b", what="connections", value=[connection], source="wire"))
    trace.append(Observation(seat="csp-a", what="state", value={"stage": "verified"}, subject=shared))
    trace.append(Outcome(of=accept.seq, seat="csp-b", action="accept", result="ok", outputs={"handle": f"h{number}b"}))
    for check in claims:
        trace.append(Claim(check=check, seat="csp-a", rule="agree", params={"uuid": shared}, since=first))
    last = trace.append(Meta(mark="end", data={"name": name})).seq
    return first, last
