from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from reports.record import (
    RECORD_TYPES,
    Action,
    AnyRecord,
    Claim,
    ClockMoved,
    Fault,
    Lost,
    Meta,
    Observation,
    Outcome,
    Request,
    Response,
)
from reports.trace import Trace, TraceError, as_json, from_json, read, write

FULL: tuple[AnyRecord, ...] = (
    Meta(mark="scenario", data={"name": "all or none"}),
    Action(seat="op1", action="register", inputs={"zones": ["z1", "z2"]}),
    Outcome(of=2, seat="op1", action="register", result="refused", reason="no such zone", outputs={"code": 404}),
    Request(
        exchange="x1",
        sender="op1",
        receiver="op2",
        operation="RegisterZone",
        method="POST",
        path="/operator/zone",
        query={"q": "1"},
        body={"zones": ["z1"], "text": "line\u2028separator \u0085 \"'\n"},
        size=31,
        credentials={"x-api-key": "secret:api-key:0123456789abcdef"},
        malformed=True,
        ours=True,
        stray=True,
        continues="x0",
        endpoint="/v2",
    ),
    Response(
        exchange="x1",
        sender="op2",
        receiver="op1",
        operation="RegisterZone",
        status=404,
        body=[None, 1.5, False],
        size=9,
        malformed=True,
        media_type="application/json",
        ours=True,
    ),
    Lost(exchange="x2", sender="op1", receiver="op2", operation=None, what="unknown", why="time-out"),
    Observation(seat="op2", what="registrations", value=None, source="wire", subject="z1"),
    Fault(fault="drop", exchange="x2", seat="op1", note="by budget"),
    ClockMoved(by=7_200_000),
    Claim(
        check="FI-ZREG-009/2",
        seat="op2",
        rule="all_or_none",
        params={"a": 1},
        since=3,
        errata=("FI-ERR-23",),
        until=8,
        late=[9],
    ),
)
"""One record of every type, every member away from its default."""


def filled() -> Trace:
    clock = iter(range(100, 100 * len(FULL) + 1, 100))
    trace = Trace(now=lambda: next(clock))
    for record in FULL:
        trace.append(record)
    return trace


def test_the_sample_has_every_type_and_every_member() -> None:
    assert {type(record).__name__ for record in FULL} == set(RECORD_TYPES)
    for record in filled():
        assert set(as_json(record)) - {"type"} == {member.name for member in dataclasses.fields(record)}


def test_records_are_numbered_and_dated_when_they_are_appended() -> None:
    seen: list[AnyRecord] = []
    trace = Trace(now=lambda: 250)
    trace.listen(seen.append)
    kept = trace.append(ClockMoved(by=1, seq=99, at=99))
    assert kept == ClockMoved(by=1, seq=1, at=250)
    assert [*trace] == seen == [kept]


def test_members_at_their_default_are_left_out() -> None:
    assert as_json(ClockMoved(by=5)) == {"type": "ClockMoved", "seq": 0, "at": 0, "by": 5}
    assert as_json(Observation(seat="op1", what="zones", value=None)) == {
        "type": "Observation",
        "seq": 0,
        "at": 0,
        "seat": "op1",
        "what": "zones",
        "value": None,
    }


def test_every_record_comes_back_from_the_file(tmp_path: Path) -> None:
    trace = filled()
    write(trace, tmp_path / "trace.jsonl")
    assert [*read(tmp_path / "trace.jsonl")] == [*trace]


def test_half_a_surrogate_pair_in_a_hostile_body_comes_back(tmp_path: Path) -> None:
    trace = Trace()
    trace.append(Observation(seat="op1", what="zones", value={"name": "bad \ud800 half"}))
    write(trace, tmp_path / "trace.jsonl")
    assert [*read(tmp_path / "trace.jsonl")] == [*trace]


def test_unknown_types_and_members_are_refused() -> None:
    with pytest.raises(TraceError, match=r"want one of the record types \['Action', .*, got 'Surprise'"):
        from_json({"type": "Surprise"})
    with pytest.raises(TraceError, match=r"ClockMoved has no member \['to'\]; it has \['at', 'by', 'seq'\]"):
        from_json({"type": "ClockMoved", "by": 1, "to": 2})
    with pytest.raises(TraceError, match=r"ClockMoved: .*'by'"):
        from_json({"type": "ClockMoved"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r'trace.jsonl:1: want {"format": "interlock-trace/1"}, got \'an empty file\''),
        ('{"format": "interlock-trace/9"}\n', "trace.jsonl:1: want"),
        ("[1]\n", "trace.jsonl:1: want"),
        ('{"format": "interlock-trace/1"}\n{"type": "ClockMoved", "by": 1}\n{"type": "Clo', "trace.jsonl:3: "),
        ('{"format": "interlock-trace/1"}\n[]\n', "trace.jsonl:2: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TraceError, match=message):
        read(path)
