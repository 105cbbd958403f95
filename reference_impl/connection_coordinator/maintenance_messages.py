"""The messages of maintenance (schemas/channel.yaml). Times are RFC 3339; an event has no kind, state or device (CC-ERR-35)."""

from __future__ import annotations

from reference_impl.connection_coordinator.messages import Moment
from reference_impl.kernel.party import Message


class MaintenanceEvent(Message):
    maintenanceId: str | None = None
    startTime: Moment | None = None
    endTime: Moment | None = None


class GetMaintenanceEventsResponse(Message):
    """All scheduled and running events of a channel: there are no pages (CC-ERR-36)."""

    events: tuple[MaintenanceEvent, ...] = ()


class NotifyMaintenanceRequest(Message):
    """``events`` is deprecated, and a hint at most: what counts is what the receiver then reads (CC-MAINT-003)."""

    events: tuple[MaintenanceEvent, ...] = ()
