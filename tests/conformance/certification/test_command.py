"""``interlock certify`` and ``interlock judge`` against a served provider that is described by its target file alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import rollup
from conformance.cli import main
from conformance.gallery import mutants
from conformance.resume import UNFINISHED
from reports.schemas import problem
from tests.conformance.certification.acme import SECRETS, acme, ports, target_file

Out = pytest.CaptureFixture[str]
SOME = ("--select", "create_connection_at_csp_a: the customer")
"""Four scenarios."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with acme(tmp_path_factory.mktemp("acme")) as file:
        yield file


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def code(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def verdicts(report: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        f"{check['id']} {check['seat']}": (check["verdict"], check["reason"])
        for each in report["requirements"]
        for check in each["checks"]
    }


def test_a_partial_run_is_judged_and_certifies_nothing(served: Path, capsys: Out) -> None:
    assert code("certify", served, *SOME, "--json") == 4
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert problem("report", report) is None
    assert report["target"] == {
        "name": "Acme Cloud",
        "protocols": ["connection-coordinator"],
        "seats": ["csp-a"],
        "version": "",
    }
    assert report["scope"] == "partial"
    assert report["counts"]["expected"] == report["counts"]["executed"] == report["counts"]["judged"] > 0
    found = verdicts(report)
    assert found["CC-KEY-007/2 csp-a"] == ("passed", None)
    assert {verdict for verdict, _ in found.values()} == {"passed", "untested", "not-applicable"}
    assert found["CC-KEY-013/1 csp-b"] == ("not-applicable", "not claimed: it is judged in the seat csp-b")
    assert list(Path().iterdir()) == []


def test_a_run_leaves_a_report_that_is_judged_the_same(served: Path, capsys: Out) -> None:
    assert code("certify", served, *SOME, "--report", "r") == 4
    names = sorted(path.name for path in Path("r").iterdir())
    assert names == ["junit.xml", "report.html", "report.json", "report.md", "trace.jsonl"]
    capsys.readouterr()
    assert code("judge", "r/trace.jsonl", "--json") == 4
    again, live = json.loads(capsys.readouterr().out), json.loads(Path("r/report.json").read_text())
    for part in ("target", "requirements", "profiles", "counts", "scope"):
        assert again[part] == live[part], part


def test_equipment_that_answers_at_once_is_not_told_that_its_connection_is_gone(
    served: Path, tmp_path: Path, capsys: Out
) -> None:
    """Acme provisions in no time: it announces a connection that was placed by hand while its features are being agreed."""
    file = tmp_path / "deleting.toml"
    seats = 'seats = ["csp-a"]\n'
    file.write_text(served.read_text(encoding="utf-8").replace(seats, f'{seats}capabilities = ["delete"]\n'), "utf-8")
    selected = ("CC-RACE-009", "CC-RACE-011", "CC-IX-005")
    code("certify", file, *(part for each in selected for part in ("--select", each)), "--json")
    found = verdicts(json.loads(capsys.readouterr().out))
    checks = ("CC-RACE-009/1", "CC-RACE-011/1", "CC-RACE-011/2", "CC-RACE-011/3", "CC-IX-005/6")
    judged = [f"{check} csp-a" for check in checks]
    assert {check: found[check] for check in judged} == dict.fromkeys(judged, ("passed", None))


def test_a_vice_is_found_told_and_waived(tmp_path: Path, capsys: Out) -> None:
    vice = next(each for each in mutants() if each.caught_by == "CC-KEY-014/2")
    with acme(tmp_path, vice.decisions) as file:
        options = (file, "--select", "CC-KEY-014", "--annotate", "github", "--report", "r")
        assert code("certify", *options) == 1
        told = capsys.readouterr().out
        assert "core-issuer      NOT CONFORMANT" in told
        assert "::error file=" in told
        assert ",title=CC-KEY-014/2 csp-a failed::" in told
        report = json.loads(Path("r/report.json").read_text())
        assert verdicts(report)["CC-KEY-014/1 csp-a"] == ("passed", None)
        assert [check for check, (verdict, _) in verdicts(report).items() if verdict == "failed"] == [
            "CC-KEY-014/2 csp-a"
        ]
        Path("w.toml").write_text(
            '[[waiver]]\nid = "CC-KEY-014/2"\nreason = "r"\nowner = "o"\nexpires = 2999-01-01\n', encoding="utf-8"
        )
        assert code("certify", *options, "--waivers", "w.toml", "--compare", "r") == 4
        told = capsys.readouterr().out
        assert "NOT CONFORMANT" not in told
        assert ",title=CC-KEY-014/2" not in told
        assert code("judge", "r/trace.jsonl", "--json") == 1
        assert code("judge", "r/trace.jsonl", "--json", "--waivers", "w.toml") == 4


def test_one_profile_is_all_that_is_judged(served: Path, capsys: Out) -> None:
    assert code("certify", served, "--profile", "security", "--json") == 0  # what is out of reach does not count
    report = json.loads(capsys.readouterr().out)
    assert ([each["id"] for each in report["profiles"]], report["scope"]) == (["security"], "full")
    others = {check: found for check, found in verdicts(report).items() if not check.startswith("CC-SEC")}
    assert {reason for _, reason in others.values()} == {rollup.NOT_CHOSEN}


def test_shards_together_are_the_whole(served: Path, capsys: Out) -> None:
    for one in (1, 2):
        assert code("certify", served, *SOME, "--shard", f"{one}/2", "--report", f"s{one}") == 4
    assert code("certify", served, *SOME, "--report", "whole") == 4
    capsys.readouterr()
    assert code("judge", "s1/trace.jsonl", "s2/trace.jsonl", "--json") == 4
    merged, whole = json.loads(capsys.readouterr().out), json.loads(Path("whole/report.json").read_text())
    assert verdicts(merged) == verdicts(whole)
    assert merged["counts"] == whole["counts"]
    shard = json.loads(Path("s1/report.json").read_text())
    assert shard["counts"]["judged"] < whole["counts"]["judged"]


def test_a_capped_run_keeps_what_it_played_and_is_gone_on_with(served: Path, capsys: Out) -> None:
    assert code("certify", served, *SOME, "--cap", "0", "--report", "r") == 4
    cut = json.loads(Path("r/report.json").read_text())
    assert (cut["counts"]["executed"], cut["counts"]["expected"] > 0) == (0, True)
    assert verdicts(cut)["CC-KEY-007/2 csp-a"] == ("untested", "not played: the run ended before")
    assert code("certify", served, *SOME, "--resume", "r") == 4
    gone_on = json.loads(Path("r/report.json").read_text())
    assert gone_on["counts"]["executed"] == gone_on["counts"]["expected"] == cut["counts"]["expected"]
    assert verdicts(gone_on)["CC-KEY-007/2 csp-a"] == ("passed", None)
    assert code("certify", served, "--resume", "r") == 2
    assert "want the run that r/trace.jsonl began, with choice" in capsys.readouterr().err


def test_rounds_leave_a_report_each(served: Path) -> None:
    assert code("certify", served, *SOME, "--rounds", "2", "--report", "r") == 4
    one, two = (json.loads(Path(f"r/round-{each}/report.json").read_text()) for each in (1, 2))
    assert verdicts(one) == verdicts(two) == verdicts(json.loads(Path("r/report.json").read_text()))
    assert not (Path("r") / UNFINISHED).exists()


def test_waivers_comparison_and_annotations_together(served: Path, capsys: Out) -> None:
    assert code("certify", served, *SOME, "--report", "old") == 4
    Path("waivers.toml").write_text(
        '[[waiver]]\nid = "CC-KEY-007/2"\nreason = "r"\nowner = "o"\nexpires = 2999-01-01\n', encoding="utf-8"
    )
    capsys.readouterr()
    options = ("--waivers", "waivers.toml", "--compare", "old", "--annotate", "github")
    assert code("certify", served, *SOME, *options) == 1
    told = capsys.readouterr().out
    assert "the waiver of CC-KEY-007/2 is stale: nothing failed there: remove it" in told
    assert "Acme Cloud: nothing changed" in told
    file = str(served).replace(":", "%3A")
    assert f"::error file={file},title=waiver CC-KEY-007/2::stale: nothing failed there: remove it" in told


def test_a_dry_run_sends_nothing(tmp_path: Path, capsys: Out) -> None:
    nobody = target_file(tmp_path, ports())
    assert code("certify", nobody, *SOME, "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["scenarios"]) == 4
    assert found["created"]["keys"] > 0
    assert found["excluded"]["scenarios"] == {}
    assert code("certify", nobody, *SOME, "--dry-run") == 0
    assert "4 scenarios would be played; at Acme Cloud would come to be:" in capsys.readouterr().out


def test_a_target_that_is_down_is_no_verdict(tmp_path: Path, capsys: Out) -> None:
    nobody = target_file(tmp_path, ports())
    assert code("certify", nobody, "--json") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Connection refused" in shown.err
    assert "interlock: nothing was judged; when this is mended: interlock doctor" in shown.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--profile", "core"], "--profile: want one of core-issuer,"),
        (["--profile", "macsec"], "'macsec' is not in its capabilities"),
        (["--shard", "3/2"], "--shard: want i/n with i from 1 to n"),
        (["--select", "CC-KEY-0011"], "fits no scenario; closest: "),
        (["--waivers", "none.toml"], "--waivers: none.toml: want a readable TOML file"),
        (["--compare", "none.json"], "--compare: want a report.json of an earlier run, got none.json"),
        (["--resume", "nowhere"], "--resume: want a directory in which a run was broken off, got nowhere"),
        (["--resume", "r", "--rounds", "2"], "--rounds: want whole runs, got --resume beside it"),
        (["--annotate", "gitlab"], "--annotate: want github, got 'gitlab'"),
    ],
)
def test_a_wrong_call_says_what_it_wants(options: list[str], told: str, tmp_path: Path, capsys: Out) -> None:
    assert code("certify", target_file(tmp_path, ports()), *options) == 2
    assert told in capsys.readouterr().err


def test_a_target_file_that_is_wrong(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "t.toml").write_text("[target]\nname = 1\n", encoding="utf-8")
    assert code("certify", "t.toml") == 2
    assert (
        "t.toml:1: target.protocol: want connection-coordinator or federation-interconnect" in capsys.readouterr().err
    )


BY_HAND = """\
[northbound]
kind = "manual"
offers = ["offer"]
"""
ANSWERS = "done\n0b8f5f0e-6f2e-4f0e-8f43-5f6a1c6d2b11\na key of the portal\npending\n"


def by_hand(served: Path, more: str = "") -> Path:
    """The same target behind a portal."""
    text = served.read_text(encoding="utf-8")
    file = Path("by-hand.toml")
    file.write_text(text[: text.index("[northbound]")] + BY_HAND + more, encoding="utf-8")
    return file


def test_people_are_asked_at_the_terminal(served: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(ANSWERS))
    assert code("certify", by_hand(served), "--select", "neither of them", "--json") == 4
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert verdicts(report)["CC-KEY-006/5 csp-a"] == ("passed", None)
    assert "[customer] Create Connection at CSP A" in shown.err
    assert "done, refused: why, failed: why, skip (at most 15 min)?" in shown.err
    left = "interlock: left at Acme Cloud, for its adapter has no hook reset that works: 1 connections"
    assert left in shown.err


def test_a_script_answers_for_people_and_what_it_does_not_know_is_no_fault_of_ours(served: Path, capsys: Out) -> None:
    Path("answers.yaml").write_text("answers:\n- {action: offer, result: refused, reason: closed}\n", encoding="utf-8")
    file = by_hand(served, 'script = "answers.yaml"\n')
    assert code("certify", file, "--select", "neither of them", "--json") == 4
    report = json.loads(capsys.readouterr().out)
    verdict, reason = verdicts(report)["CC-KEY-006/5 csp-a"]
    assert verdict == "inconclusive"
    assert "closed" in (reason or "")
    Path("answers.yaml").write_text("answers: []\n", encoding="utf-8")
    assert code("certify", file, "--select", "neither of them", "--json") == 4
    report = json.loads(capsys.readouterr().out)
    assert "want an answer to 'offer'" in (verdicts(report)["CC-KEY-006/5 csp-a"][1] or "")
