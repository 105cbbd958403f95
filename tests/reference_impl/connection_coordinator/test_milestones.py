"""The four milestones between two providers: the exact state on both sides at each of them."""

from __future__ import annotations

import pytest

from reference_impl.connection_coordinator.records import FEATURES, FeatureState
from tests.reference_impl.connection_coordinator.pair import Pair, pair

CHANNELS = ("ch1", "ch2", "ch3", "ch4")


def state(duo: Pair, seat: str, uuid: str) -> tuple[str, str]:
    found = duo.connection(seat, uuid)
    return found["customer"], found["key"]


def stage(duo: Pair, seat: str, uuid: str) -> tuple[str, ...]:
    found = duo.placement(seat, uuid)
    return (
        found["interconnect"],
        found["stage"],
        found["verification"],
        found["origin"],
        found["sent"],
        found["received"],
    )


def test_from_the_offer_to_the_established_connection() -> None:
    with pair() as duo:
        duo.wire.hold("ConfirmActivationKey", "CreateConnection", "GenerateFeatureGuidance", "CreateFeature")
        for seat in ("csp-a", "csp-b"):
            duo.provisioners[seat].hold()

        # Milestone 1: intent
        offered = duo.offer()
        uuid = offered["uuid"]
        duo.settle()
        assert state(duo, "csp-a", uuid) == ("pending", "issued")
        assert duo.dump("csp-b")["connections"] == []
        assert duo.wire.log == []  # the issuer is silent (CC-KEY-007)

        accepted = duo.accept(offered["activation_key"])
        assert (accepted["status"], accepted["result"], accepted["operation"]) == (202, "running", f"accept:{uuid}")
        duo.quiet()
        assert state(duo, "csp-b", uuid) == ("pending", "?")
        assert state(duo, "csp-a", uuid) == ("pending", "issued")
        assert duo.reserved("csp-b") == {"ix1": 0, "ix2": 0}

        # Milestone 2: interconnect
        duo.wire.release("ConfirmActivationKey")
        duo.quiet()
        assert state(duo, "csp-a", uuid) == ("pending", "confirmed")
        assert stage(duo, "csp-b", uuid) == ("ix2", "proposing", "UNVERIFIED", "own", "no", "no")
        assert duo.placement("csp-b", uuid)["tentative"] is True
        assert duo.reserved("csp-b") == {"ix1": 0, "ix2": 1000}
        assert duo.connection("csp-a", uuid)["placements"] == []  # recorded here before the peer is asked

        duo.wire.release("CreateConnection")
        duo.quiet()
        assert stage(duo, "csp-a", uuid) == ("ix2", "placed", "UNVERIFIED", "peer", "no", "no")
        assert stage(duo, "csp-b", uuid) == ("ix2", "placed", "UNVERIFIED", "own", "no", "no")
        assert state(duo, "csp-a", uuid) == ("pending", "used")
        assert duo.reserved("csp-a") == duo.reserved("csp-b") == {"ix1": 0, "ix2": 1000}

        # Milestone 2: features
        duo.wire.release("GenerateFeatureGuidance")
        duo.quiet()
        rows = duo.wire.nodes["csp-b"].tables.rows(FEATURES)
        assert [(row.channel, row.state) for row in rows] == [(channel, FeatureState.PROPOSED) for channel in CHANNELS]
        assert duo.features("csp-a", uuid) == duo.features("csp-b", uuid) == []
        duo.wire.release("CreateFeature")
        duo.settle()
        for seat in ("csp-a", "csp-b"):
            assert duo.features(seat, uuid) == [(channel, "PENDING") for channel in CHANNELS]
        ours, theirs = (
            [each["config"] for each in duo.connection(seat, uuid)["placements"][0]["features"]]
            for seat in ("csp-a", "csp-b")
        )
        assert ours == theirs

        # Milestone 3: each side at its own pace
        duo.provisioners["csp-b"].release()
        duo.settle()
        assert duo.features("csp-b", uuid) == [(channel, "FINAL") for channel in CHANNELS]
        assert stage(duo, "csp-b", uuid) == ("ix2", "placed", "UNVERIFIED", "own", "acked", "no")
        assert stage(duo, "csp-a", uuid) == ("ix2", "placed", "UNVERIFIED", "peer", "no", "confirmed")
        assert [state(duo, seat, uuid)[0] for seat in ("csp-a", "csp-b")] == ["pending", "pending"]

        # Milestone 4: both verified
        duo.provisioners["csp-a"].release()
        duo.settle()
        assert stage(duo, "csp-a", uuid) == ("ix2", "verified", "VERIFIED", "peer", "acked", "confirmed")
        assert stage(duo, "csp-b", uuid) == ("ix2", "verified", "VERIFIED", "own", "acked", "confirmed")
        assert [state(duo, seat, uuid)[0] for seat in ("csp-a", "csp-b")] == ["established", "established"]
        assert duo.act("csp-b", "poll", operation=f"accept:{uuid}")["result"] == "ok"


def test_the_calls_in_their_order() -> None:
    with pair(channels=1) as duo:
        duo.established()
        assert [(sent.seat, sent.operation) for sent in duo.wire.log] == [
            ("csp-b", "ConfirmActivationKey"),
            ("csp-b", "CreateConnection"),
            ("csp-b", "GenerateFeatureGuidance"),
            ("csp-b", "CreateFeature"),
            ("csp-a", "NotifyConnectionStatus"),
            ("csp-b", "NotifyConnectionStatus"),
            ("csp-b", "GetConnection"),
            ("csp-a", "GetConnection"),
            ("csp-b", "ListFeatures"),
            ("csp-a", "ListFeatures"),
        ]
        assert {sent.status for sent in duo.wire.log} == {200}
        assert duo.wire.log[2].query == {}


@pytest.mark.parametrize("looked", [True, False], ids=["nothing there", "there after all"])
def test_a_409_sends_the_negotiator_to_the_other_interconnect(looked: bool) -> None:
    """Unless a look shows that the same 409 meant "exists already" (CC-ERR-06)."""
    with pair() as duo:
        if looked:
            duo.wire.twist("csp-b", "CreateConnection", 409)
        else:
            duo.wire.twist("csp-b", "CreateConnection", "lose", 409)
            duo.wire.twist("csp-b", "GetConnection", 404)  # one look too early
        uuid = duo.placed()
        duo.settle()
        expected = [
            ("csp-b", "CreateConnection", "ix2", 409 if looked else None),
            ("csp-b", "GetConnection", "ix2/0001", 404),
        ]
        if looked:
            expected += [("csp-b", "CreateConnection", "ix1", 200)]
        else:
            expected += [("csp-b", "CreateConnection", "ix2", 409), ("csp-b", "GetConnection", "ix2/0001", 200)]
        calls = duo.wire.calls("CreateConnection", "GetConnection")
        assert calls[: len(expected)] == expected
        for seat in ("csp-a", "csp-b"):
            assert stage(duo, seat, uuid)[:3] == ("ix1" if looked else "ix2", "verified", "VERIFIED")
        assert sum(duo.reserved("csp-a").values()) == sum(duo.reserved("csp-b").values()) == 1000


def test_refused_everywhere_fails_and_leaves_nothing() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "CreateConnection", *[409] * 20)
        uuid = duo.placed()
        began = duo.clock.now()
        duo.settle()
        assert duo.clock.now() - began <= 60_000
        assert duo.wire.calls("CreateConnection") == [
            ("csp-b", "CreateConnection", where, 409) for where in ("ix2", "ix1") * 3
        ]
        assert sorted(duo.wire.calls("DeleteConnection")) == [
            ("csp-b", "DeleteConnection", "ix1/0001", 404),
            ("csp-b", "DeleteConnection", "ix2/0001", 404),
        ]
        failed = duo.connection("csp-b", uuid)
        assert (failed["customer"], failed["placements"]) == ("failed", [])
        assert (
            duo.act("csp-b", "poll", operation=f"accept:{uuid}")["reason"]
            == "no interconnect of env1 took the connection"
        )
        assert duo.reserved("csp-a") == duo.reserved("csp-b") == {"ix1": 0, "ix2": 0}


def test_giving_up_keeps_no_room_while_the_deletions_are_on_their_way() -> None:
    """Or a crossing proposal of the peer would find no room, and both sides would fail (CC-RACE-001)."""
    with pair("one-left-each") as duo:
        duo.wire.twist("csp-b", "CreateConnection", *[409] * 20)
        duo.wire.hold("DeleteConnection")
        duo.placed()
        duo.let_pass(90_000)
        assert duo.reserved("csp-b") == {"ix1": 0, "ix2": 0}
        duo.wire.release("DeleteConnection")
        duo.settle()


def test_a_key_that_is_not_confirmed_creates_nothing() -> None:
    with pair() as duo:
        offered = duo.offer()
        duo.act("csp-a", "delete", uuid=offered["uuid"])
        assert duo.accept(offered["activation_key"])["result"] == "running"
        duo.settle()
        assert [sent.operation for sent in duo.wire.log] == ["ConfirmActivationKey"]
        assert duo.connection("csp-b", offered["uuid"])["customer"] == "failed"


def test_a_time_out_is_no_verdict_on_a_key() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "ConfirmActivationKey", "drop", "lose", 503)
        uuid = duo.established()
        assert [each[3] for each in duo.wire.calls("ConfirmActivationKey")] == [None, None, 503, 200]
        assert state(duo, "csp-b", uuid)[0] == "established"


def test_only_the_refused_channel_begins_anew() -> None:
    """With channelId and featureType, fresh guidance, another value (CC-FEAT-005, CC-ERR-01)."""
    with pair() as duo:
        duo.wire.twist("csp-b", "CreateFeature", None, 409)
        uuid = duo.established()
        guidance = [sent.query for sent in duo.wire.log if sent.operation == "GenerateFeatureGuidance"]
        assert guidance == [{}, {"channelId": "ch2", "featureType": "FEATURE_TYPE_L3_BASE"}]
        proposals = [
            (sent.query["featureId"], sent.status) for sent in duo.wire.log if sent.operation == "CreateFeature"
        ]
        assert sorted(proposals) == [
            ("l3-ch1", 200),
            ("l3-ch2", 200),
            ("l3-ch2", 409),
            ("l3-ch3", 200),
            ("l3-ch4", 200),
        ]
        vlans = {
            each["channel"]: each["config"]["vlanId"]
            for each in duo.connection("csp-b", uuid)["placements"][0]["features"]
        }
        assert vlans == {"ch1": 1100, "ch2": 1101, "ch3": 1100, "ch4": 1100}


def test_three_of_four_channels_suffice() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "CreateFeature", 409, None, None, None, 409, 409, 409, 409)
        uuid = duo.established()
        assert duo.features("csp-a", uuid) == [(channel, "FINAL") for channel in ("ch2", "ch3", "ch4")]
        assert duo.features("csp-b", uuid) == [(channel, "FINAL") for channel in ("ch2", "ch3", "ch4")]


def test_a_lost_answer_to_a_feature_is_looked_up() -> None:
    with pair(channels=1) as duo:
        duo.wire.twist("csp-b", "CreateFeature", "lose")
        uuid = duo.established()
        assert duo.wire.calls("CreateFeature", "GetFeature") == [
            ("csp-b", "CreateFeature", "ix2/0001", None),
            ("csp-b", "GetFeature", "ix2/0001/-ch1", 200),
        ]
        assert duo.features("csp-a", uuid) == [("ch1", "FINAL")]


# --- notifications ------------------------------------------------------------------------------------------------


def verification(duo: Pair, uuid: str) -> tuple[bool, str, str, str]:
    found = duo.placement("csp-b", uuid)
    return found["ready"], found["sent"], found["received"], found["verification"]


def test_ready_acked_received() -> None:
    with pair() as duo:
        duo.provisioners["csp-a"].hold()
        uuid = duo.placed()
        duo.settle()
        assert verification(duo, uuid) == (True, "acked", "no", "UNVERIFIED")
        duo.provisioners["csp-a"].release()
        duo.settle()
        assert verification(duo, uuid) == (True, "acked", "confirmed", "VERIFIED")


def test_ready_received_acked() -> None:
    with pair() as duo:
        for seat in ("csp-a", "csp-b"):
            duo.provisioners[seat].hold()
        uuid = duo.placed()
        duo.let_pass(2_000)  # the equipment is done, but nobody is told
        duo.wire.twist("csp-b", "NotifyConnectionStatus", 503)
        duo.provisioners["csp-b"].release()
        duo.quiet()
        duo.provisioners["csp-a"].release()
        duo.quiet()
        assert verification(duo, uuid) == (True, "sent", "confirmed", "UNVERIFIED")
        duo.settle()
        assert verification(duo, uuid) == (True, "acked", "confirmed", "VERIFIED")


@pytest.mark.parametrize("crash", [False, True], ids=["", "crash in between"])
def test_received_ready_acked(crash: bool) -> None:
    """A receipt is stored before it is acknowledged: no second notification is needed after a crash (CC-RACE-012)."""
    with pair() as duo:
        duo.provisioners["csp-b"].hold()
        uuid = duo.placed()
        duo.settle()
        assert verification(duo, uuid) == (False, "no", "confirmed", "UNVERIFIED")
        if crash:
            duo.crash("csp-b")
            duo.start("csp-b")
        duo.provisioners["csp-b"].release()
        duo.settle()
        assert verification(duo, uuid) == (True, "acked", "confirmed", "VERIFIED")
        assert duo.connection("csp-a", uuid)["customer"] == "established"
        assert [each for each in duo.wire.calls("NotifyConnectionStatus") if each[0] == "csp-a"] == [
            ("csp-a", "NotifyConnectionStatus", "ix2/0001", 200)
        ]


@pytest.mark.parametrize("seat", ["csp-a", "csp-b"])
@pytest.mark.parametrize(
    "operation",
    ["ConfirmActivationKey", "CreateConnection", "GenerateFeatureGuidance", "CreateFeature", "ListFeatures"],
)
def test_a_crash_between_any_two_events_loses_nothing(seat: str, operation: str) -> None:
    """One side dies while this call is on its way and comes back on the same store."""
    with pair() as duo:
        duo.wire.hold(operation)
        uuid = duo.placed()
        duo.let_pass(3_000)
        duo.crash(seat)
        duo.start(seat)
        duo.wire.release(operation)
        duo.settle()
        for each in ("csp-a", "csp-b"):
            assert stage(duo, each, uuid)[:3] == ("ix2", "verified", "VERIFIED")
            assert duo.features(each, uuid) == [(channel, "FINAL") for channel in CHANNELS]


@pytest.mark.parametrize("twist", ["drop", "lose", 503])
@pytest.mark.parametrize(
    "operation",
    [
        "CreateConnection",
        "GenerateFeatureGuidance",
        "CreateFeature",
        "NotifyConnectionStatus",
        "GetConnection",
        "ListFeatures",
    ],
)
def test_one_spoilt_call_of_each_kind_is_survived(operation: str, twist: int | str) -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", operation, twist)  # type: ignore[arg-type]  # pytest has no literal types
        uuid = duo.established()
        assert duo.placement("csp-a", uuid)["interconnect"] == "ix2"
        assert duo.features("csp-a", uuid) == duo.features("csp-b", uuid) == [(c, "FINAL") for c in CHANNELS]
