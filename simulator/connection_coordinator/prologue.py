"""How far two providers have come before a race begins: a key offered, the L3 parameters agreed, a connection verified."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.race import Cast, ask, through
from simulator.world import Step, World

K1 = "00000000-0000-4000-8000-000000000001"
K2 = "00000000-0000-4000-8000-000000000002"


def offered(cast: Cast, uuid: str = K1, issuer: str = "csp-a", mbps: int = 1000) -> str:
    """The customer created the connection at ``issuer``, under this UUID; returns the key's text."""
    issued = ask(
        cast, issuer, "offer", lambda kind: uuid, account="X", remote_account="X", environment="env1", mbps=mbps
    )
    return str(issued["activation_key"])


def accept(key: str, uuid: str = K1, seat: str = "csp-b", name: str = "") -> Step:
    """The customer brings the key to the other provider."""
    inputs = {"account": "X", "activation_key": key, "consent": True}
    return Step(name or f"accept {seat} {uuid[-4:]}", seat, "accept", inputs)


def asked(seat: str, action: str, uuid: str = K1, after: str = "", optional: bool = False, **inputs: object) -> Step:
    """The customer asks something for this connection: ``delete``, or ``update`` with ``mbps``."""
    name = f"{action} {seat} {uuid[-4:]}"
    return Step(name, seat, action, {"account": "X", "uuid": uuid, **inputs}, after, optional)


def agreed(cast: Cast, uuid: str = K1, mbps: int = 1000, ready: Sequence[str] = ()) -> None:
    """csp-b's customer accepted csp-a's key and all channels are agreed; only the equipment of the seats that are
    ``ready`` is done, and these told so and were heard."""
    steps = [accept(offered(cast, uuid, mbps=mbps), uuid)]
    through(World(cast, steps), "accept", "deliver", "answer", *(f"provision {seat}" for seat in ready))


def verified(cast: Cast, uuid: str = K1, mbps: int = 1000) -> None:
    """As ``agreed``, and both sides are VERIFIED; nothing is under way."""
    through(World(cast, [accept(offered(cast, uuid, mbps=mbps), uuid)]))
