"""The file of a schedule: it reads back as it was, and what is wrong with it is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import schedule as schedules
from simulator.faults import NO_FAULTS, Faults
from simulator.schedule import Entry, Schedule, ScheduleError, parse

SHORT = Schedule(
    "CC-RACE-001",
    "is kind",
    Faults(drop=1, lose_response=2, clock_jump=1),
    (Entry("accept csp-a 0001", "0123456789ab"), Entry("answer csp-a X"), Entry("deliver csp-b X", "ba9876543210")),
    None,
    "attempts=3",
    "00112233aabb",
)
TEXT = """\
interlock-schedule/2
race CC-RACE-001
variant is kind
faults drop=1,lose-response=2,clock-jump=1
decisions attempts=3
start 00112233aabb

0123456789ab accept csp-a 0001
- answer csp-a X
ba9876543210 deliver csp-b X
end 3 steps
"""


def test_the_file_reads_back_as_it_was(tmp_path: Path) -> None:
    assert SHORT.text() == TEXT
    schedules.write(SHORT, tmp_path / "s")
    assert schedules.read(tmp_path / "s") == SHORT


def test_a_livelock_reads_back() -> None:
    text = TEXT.replace("- answer", "for ever\n- answer")
    assert parse(text).cycle == 1
    assert parse(text).text() == text


def test_what_is_unknown_may_be_left_out() -> None:
    bare = Schedule("R", None, NO_FAULTS, (Entry("accept"),))
    assert bare.text().splitlines()[1:6] == ["race R", "variant -", "faults -", "decisions -", "start -"]
    assert parse(bare.text()) == parse("interlock-schedule/2\nrace R\n\n- accept\nend 1 step\n") == bare


def test_comments_and_empty_lines_are_passed_over() -> None:
    assert parse(TEXT.replace("\n\n", "\n# made by hand\n\n# why this is kept\n\n")) == SHORT


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "f:1: want 'interlock-schedule/2', got 'an empty file'"),
        ("interlock-schedule/1\n", "f:1: want 'interlock-schedule/2', got 'interlock-schedule/1'"),
        ("interlock-schedule/2\nfaults drop=1\n\n", "f:3: the head names no race"),
        (
            "interlock-schedule/2\nrace R\nrace S\n\n",
            "f:3: want race, variant, faults, decisions, start once each, then an empty line; got 'race S'",
        ),
        (
            "interlock-schedule/2\nrace R\nseed 4\n",
            "f:3: want race, variant, faults, decisions, start once each, then an empty line; got 'seed 4'",
        ),
        (
            "interlock-schedule/2\nrace R\nfaults gremlin=1\n\n",
            "f:3: want faults such as drop=1,duplicate=1 out of drop, lose-response, duplicate, late, clock-jump, "
            "crash, partition, slow-provisioning, fail-provisioning; got 'gremlin=1'",
        ),
        (
            "interlock-schedule/2\nrace R\n\n0123456789ab accept\nhello world\n",
            "f:5: want 12 hex digits (or -) and a label, got 'hello world'",
        ),
        (
            TEXT[: TEXT.index("ba98")],
            "f:9: want 'end 2 steps' as the last line; the file was cut here",
        ),
        (TEXT[: TEXT.index("end")], "f:10: want 'end 3 steps' as the last line; the file was cut here"),
        (TEXT[: TEXT.index(" deliver")], "f:10: want 12 hex digits (or -) and a label, got 'ba9876543210'"),
        (TEXT[: TEXT.index("start")], "f:5: want 'end 0 steps' as the last line; the file was cut here"),
        (
            TEXT.replace("- answer csp-a X\n", ""),
            "f:10: want 'end 2 steps' after that many, got 'end 3 steps'; steps are missing, or were left out by "
            "hand: then mend this number",
        ),
        (TEXT.replace("end", "for ever\nend"), "f:12: want steps after 'for ever', got none"),
    ],
)
def test_a_broken_file_is_named_by_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse(text, "f")
    assert str(caught.value) == complaint


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScheduleError, match=":1: want 'interlock-schedule/2', got bytes that are no text"):
        schedules.read(tmp_path / "s")
