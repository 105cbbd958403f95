from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.json_report import from_json
from reports.trace import read
from reports.write import CannotWrite, write_report
from tests.reports.fake_report import FAILED, fake_run, small_report
from tests.reports.test_trace import filled

NAMES = ["junit.xml", "report.html", "report.json", "report.md", "trace.jsonl"]


def test_five_files_and_nothing_else(tmp_path: Path) -> None:
    run = fake_run(30, 3)
    files = write_report(tmp_path / "deep" / "report", run.report, run.trace, run.verdict_of_claim)
    assert sorted(path.name for path in (tmp_path / "deep" / "report").iterdir()) == NAMES
    assert files == {name: tmp_path / "deep" / "report" / name for name in files}
    assert sorted(files) == NAMES
    assert from_json(files["report.json"].read_text(encoding="utf-8")) == run.report
    assert [*read(files["trace.jsonl"])] == [*run.trace]


def test_a_second_report_replaces_the_first(tmp_path: Path) -> None:
    write_report(tmp_path, small_report(FAILED), filled(), {})
    write_report(tmp_path, small_report(FAILED, seed=2), filled(), {})
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["seed"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES


def test_no_half_file_stays_when_writing_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(tmp_path, small_report(FAILED), filled(), {})

    def breaks(records: object, path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.trace.write", breaks)
    with pytest.raises(CannotWrite, match="the report cannot be written here: No space left on device"):
        write_report(tmp_path, small_report(FAILED), filled(), {})
    assert [*read(tmp_path / "trace.jsonl")] == [*filled()]
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    place = tmp_path / "file" / "report"
    with pytest.raises(CannotWrite, match=f"{place}: the report cannot be written here: Not a directory"):
        write_report(place, small_report(FAILED), filled(), {})
