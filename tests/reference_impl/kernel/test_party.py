"""A Party: one event, one transaction."""

from __future__ import annotations

from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    TIMERS,
    Acted,
    Call,
    Ctx,
    Event,
    NoResponse,
    Provisioned,
    Reply,
    Requested,
    Responded,
    Timer,
    TimerFired,
)
from reference_impl.kernel.tables import Tables
from tests.reference_impl.kernel.toy import NOTES, Note, Text, party

PARTY = party()


def handle(tables: Tables, event: Event, now: int = 0) -> tuple[Reply, ...]:
    with tables.begin() as tx:
        return PARTY.handle(tx, event, Ctx(now, lambda kind: kind))


def fresh() -> Tables:
    return Tables(PARTY.schema)


def test_a_refusal_leaves_nothing_behind() -> None:
    tables = fresh()
    mark = tables.fingerprint()
    assert handle(tables, Acted("r1", "spoil")) == (Reply("r1", 409, Text(text="want nothing, got something")),)
    assert tables.fingerprint() == mark
    assert all(not tables.rows(table) for table in PARTY.schema)
    assert handle(tables, Requested("r2", "them", "Errand", body=Text(text="no"))) == (
        Reply("r2", 400, Text(text="want anything but no")),
    )
    assert tables.fingerprint() == mark


def test_a_request_is_answered_and_kept() -> None:
    tables = fresh()
    assert handle(tables, Requested("r1", "them", "Errand", body=Text(text="milk"))) == (
        Reply("r1", 200, Text(text="MILK")),
    )
    assert tables.rows(NOTES) == [Note("errand milk", "them")]


def test_a_held_request_is_answered_by_a_later_event() -> None:
    tables = fresh()
    assert handle(tables, Acted("r1", "wait"), now=1_000) == ()
    assert tables.rows(TIMERS) == [Timer("bell", ("x",), 6_000)]
    assert handle(tables, TimerFired("bell", ("x",))) == (Reply("r1", 200, Text(text="ding")),)
    assert tables.rows(TIMERS) == []


def test_an_answer_reaches_its_call_once() -> None:
    tables = fresh()
    handle(tables, Acted("r1", "ask", {"text": "milk"}), now=7)
    assert tables.rows(CALLS) == [
        Call(1, "them", "Errand", (), body=Text(text="milk"), subject=("milk",), due=7),
    ]
    handle(tables, Responded(1, 200, Text(text="MILK")))
    assert tables.rows(NOTES) == [Note("answer milk", "200 MILK after 0")]
    mark = tables.fingerprint()
    for stale in (Responded(1, 500), NoResponse(1), Responded(4, 200)):  # nobody waits for it any more
        assert handle(tables, stale) == ()
        assert tables.fingerprint() == mark


def test_no_response_is_asked_again_with_its_attempt() -> None:
    tables = fresh()
    handle(tables, Acted("r1", "ask", {"text": "milk"}))
    handle(tables, NoResponse(1), now=10)
    (again,) = tables.rows(CALLS)
    assert (again.id, again.attempt, again.due, again.sent) == (1, 1, 1_010, False)
    assert again.body == Text(text="milk")


def test_call_numbers_are_the_lowest_that_are_free() -> None:
    tables = fresh()
    for text in ("a", "b", "c"):
        handle(tables, Acted("r", "ask", {"text": text}))
    handle(tables, Responded(2, 200))
    handle(tables, Acted("r", "ask", {"text": "d"}))
    assert sorted((call.id, call.subject) for call in tables.rows(CALLS)) == [(1, ("a",)), (2, ("d",)), (3, ("c",))]


def test_a_timer_or_a_job_that_is_not_there_is_nobodys() -> None:
    tables = fresh()
    mark = tables.fingerprint()
    assert handle(tables, TimerFired("bell", ("x",))) == ()
    assert handle(tables, Provisioned("dig", ("x",))) == ()
    assert tables.fingerprint() == mark


def test_a_job_ends_done_or_failed() -> None:
    tables = fresh()
    handle(tables, Acted("r", "dig", {"where": "x"}))
    handle(tables, Acted("r", "dig", {"where": "y"}))
    assert len(tables.rows(JOBS)) == 2
    handle(tables, Provisioned("dig", ("x",)))
    handle(tables, Provisioned("dig", ("y",), done=False))
    assert tables.rows(JOBS) == []
    assert tables.rows(NOTES) == [Note("dug x", "True"), Note("dug y", "False")]
