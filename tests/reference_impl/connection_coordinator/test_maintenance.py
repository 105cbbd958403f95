"""Maintenance: windows that exclude each other never stand in both calendars for good, and every change is told."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.connection_coordinator import maintenance_messages as m
from reference_impl.connection_coordinator import moments
from reference_impl.kernel.party import Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair

HOUR = 3_600_000
T0 = "2026-01-01T00:00:00.000Z"


def at(hours: float) -> str:
    start = moments.read(T0)
    assert start is not None
    return moments.written(start + int(hours * HOUR))


def plan(duo: Pair, seat: str, channel: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    place = {"environment": "env1", "interconnect": "ix1", "channel": channel}
    return duo.act(seat, "open_maintenance", **place, start=at(start), end=at(end), **more)


def windows(duo: Pair, seat: str) -> list[tuple[str, str, str, str]]:
    """(channel, start, end, stage) of each window."""
    return [
        ("+".join(place.rpartition("/")[2] for place in row["channels"]), row["start"], row["end"], row["stage"])
        for row in duo.dump(seat)["maintenance"]
    ]


def events(duo: Pair, seat: str, channel: str, interconnect: str = "ix1") -> tuple[m.MaintenanceEvent, ...]:
    peer = {"csp-a": "csp-b", "csp-b": "csp-a"}[seat]
    path = {"provider": peer, "environment": "env1", "interconnect": interconnect, "channel": channel}
    body = duo.submit(seat, Requested("", peer, "GetMaintenanceEvents", path)).body
    assert isinstance(body, m.GetMaintenanceEventsResponse)
    return body.events


def test_a_window_from_plan_to_end() -> None:
    with pair() as duo:
        made = plan(duo, "csp-a", "ch1", 2, 3)["outputs"]
        duo.quiet()
        (event,) = events(duo, "csp-a", "ch1")
        assert (event.maintenanceId, event.startTime, event.endTime) == (made["maintenance"], at(2), at(3))
        assert duo.wire.calls("NotifyMaintenance") == [("csp-a", "NotifyMaintenance", "ix1", 200)]
        assert windows(duo, "csp-a") == [("ch1", at(2), at(3), "planned")]
        duo.let_pass(2 * HOUR - 60_000)
        assert windows(duo, "csp-a") == [("ch1", at(2), at(3), "cleared")]
        duo.let_pass(2 * 60_000)
        assert windows(duo, "csp-a") == [("ch1", at(2), at(3), "running")]
        duo.let_pass(HOUR)
        assert (windows(duo, "csp-a"), events(duo, "csp-a", "ch1")) == ([("ch1", at(2), at(3), "over")], ())
        assert duo.act("csp-a", "close_maintenance", maintenance=made["maintenance"])["status"] == 404
        duo.let_pass(8 * 24 * HOUR)
        plan(duo, "csp-a", "ch1", 300, 301)
        assert windows(duo, "csp-a") == [("ch1", at(300), at(301), "planned")]


@pytest.mark.parametrize(
    ("channel", "span", "kind", "status"),
    [
        ("ch2", (2.5, 3.5), "scheduled", 409),
        ("ch2", (3, 4), "scheduled", 200),
        ("ch1", (2.5, 3.5), "scheduled", 200),
        ("ch2", (2.5, 3.5), "emergency", 200),
        ("ch9", (5, 6), "scheduled", 422),
        ("ch2", (6, 5), "scheduled", 422),
        ("ch2", (0, 1), "scheduled", 422),
        ("ch2", (0, 1), "emergency", 200),
    ],
)
@pytest.mark.parametrize("first", ["csp-a", "csp-b"])
def test_what_may_be_planned_beside_a_window(
    first: str, channel: str, span: tuple[float, float], kind: str, status: int
) -> None:
    with pair() as duo:
        plan(duo, first, "ch1", 2, 3)
        duo.quiet()
        assert plan(duo, "csp-b", channel, *span, kind=kind)["status"] == status


def test_the_next_free_time_instead_of_a_refusal() -> None:
    with pair() as duo:
        plan(duo, "csp-a", "ch1", 2, 3)
        plan(duo, "csp-a", "ch1", 3, 4)
        duo.quiet()
        outputs = plan(duo, "csp-b", "ch2", 2.5, 3.5, shift=True)["outputs"]
        assert (outputs["start"], outputs["end"]) == (at(4), at(5))


def test_moving_and_cancelling_are_told_too_until_they_are_heard() -> None:
    with pair() as duo:
        window = plan(duo, "csp-a", "ch2", 2, 3)["outputs"]["maintenance"]
        duo.quiet()
        duo.wire.twist("csp-a", "NotifyMaintenance", 503, "lose")
        moved = duo.act("csp-a", "move_maintenance", maintenance=window, start=at(4), end=at(5))
        assert moved["outputs"] == {"maintenance": window, "start": at(4), "end": at(5)}
        duo.let_pass(60_000)
        assert [each.startTime for each in events(duo, "csp-a", "ch2")] == [at(4)]
        duo.act("csp-a", "close_maintenance", maintenance=window)
        duo.quiet()
        assert [status for *_, status in duo.wire.calls("NotifyMaintenance")] == [200, 503, None, 200, 200]
        assert events(duo, "csp-a", "ch2") == ()
        assert plan(duo, "csp-b", "ch1", 4, 5)["status"] == 200
        assert duo.act("csp-a", "close_maintenance", maintenance=window)["status"] == 404


def test_a_router_takes_all_its_channels_along() -> None:
    with pair("shared-device") as duo:
        assert duo.act("csp-a", "open_maintenance", device="a-east-1-101", start=at(2), end=at(3))["status"] == 200
        duo.quiet()
        assert windows(duo, "csp-a") == [("ch1+ch1", at(2), at(3), "planned")]
        assert [len(events(duo, "csp-a", "ch1", each)) for each in ("ix1", "ix2", "ix3")] == [1, 1, 0]
        assert [where for _, _, where, _ in duo.wire.calls("NotifyMaintenance")] == ["ix1", "ix2"]


@pytest.mark.parametrize(("start_b", "b_has"), [(2, (3, 4)), (2.5, (3, 4)), (1.5, (1.5, 2.5))])
def test_of_crossing_windows_the_later_one_moves_then_that_of_the_greater_id(
    start_b: float, b_has: tuple[float, float]
) -> None:
    with pair() as duo:
        duo.wire.hold("NotifyMaintenance")
        plan(duo, "csp-a", "ch1", 2, 3)
        plan(duo, "csp-b", "ch2", start_b, start_b + 1)
        duo.quiet()
        duo.wire.release("NotifyMaintenance")
        duo.quiet()
        a_has = (2, 3) if start_b >= 2 else (2.5, 3.5)
        assert windows(duo, "csp-a") == [("ch1", at(a_has[0]), at(a_has[1]), "planned")]
        assert windows(duo, "csp-b") == [("ch2", at(b_has[0]), at(b_has[1]), "planned")]


def test_a_window_that_nobody_heard_of_does_not_take_place() -> None:
    with pair() as duo:
        duo.wire.twist("csp-a", "NotifyMaintenance", *[503] * 2000)
        plan(duo, "csp-a", "ch1", 1, 2)
        duo.let_pass(HOUR - 1000)
        assert windows(duo, "csp-a") == [("ch1", at(1), at(2), "checking")]
        duo.let_pass(2000)
        assert windows(duo, "csp-a") == [("ch1", at(1), at(2), "withdrawn")]
        assert events(duo, "csp-a", "ch1") == ()


def test_at_the_last_look_a_window_gives_way_to_a_peer_that_does_not_yield() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "NotifyMaintenance", *[None] * 0)
        plan(duo, "csp-a", "ch1", 2, 3)
        duo.quiet()
        plan(duo, "csp-b", "ch2", 2.5, 3.5, kind="emergency")  # to its peer an event like any other
        duo.quiet()
        assert windows(duo, "csp-a") == [("ch1", at(2), at(3), "planned")]
        duo.let_pass(2 * HOUR - 60_000)
        assert windows(duo, "csp-a") == [("ch1", at(3.5), at(4.5), "planned")]


def test_an_operator_is_warned_of_an_interconnect_that_mixes_groups_of_routers() -> None:
    with pair("shared-device") as duo:

        def provision(id: str, *beside: str) -> dict[str, Any]:
            channels = [{"id": f"ch{number}", "beside": each} for number, each in enumerate(beside)]
            return duo.act("csp-a", "provision_interconnect", environment="env1", interconnect=id, channels=channels)

        mixed = provision("ix4", "ix1/ch3", "ix1/ch4", "ix3/ch1", "ix3/ch2")
        assert mixed["outputs"]["warnings"] == [
            f"shares 2 routers with env1/{each}, which has others besides" for each in ("ix1", "ix2", "ix3")
        ]
        assert provision("ix3", "ix1/ch1")["status"] == 409
        assert provision("ix5", "ix9/ch1")["status"] == 422
    with pair("shared-device") as duo:
        assert provision("ix4", *(f"ix3/ch{number}" for number in (1, 2, 3, 4)))["outputs"]["warnings"] == []
        assert [row["state"] for row in duo.dump("csp-a")["interconnects"] if row["id"] == "ix4"] == ["PENDING"]
