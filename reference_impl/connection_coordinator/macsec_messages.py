"""The messages of MACsec keys (schemas/macseckey.yaml; MacSecKeyRotationRequest of schemas/channel.yaml)."""

from __future__ import annotations

from reference_impl.connection_coordinator.messages import Moment
from reference_impl.kernel.party import Message


class MacSecKey(Message):
    """The resource as served, and as handed over: in a request ``startTime`` and ``active`` do not count."""

    name: str | None = None
    cak: str | None = None
    ckn: str | None = None
    startTime: Moment | None = None
    active: bool | None = None


class ListMacSecKeysResponse(Message):
    """All keys of a channel: there are no pages (CC-ERR-36)."""

    macSecKeys: tuple[MacSecKey, ...] = ()


class MacSecKeyRotationRequest(Message):
    reason: str | None = None
