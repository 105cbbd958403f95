"""Waivers: what they cover, and what becomes of those that cover nothing any more."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import rollup
from conformance.requirements import load_registry
from conformance.waivers import Waiver, read_waivers, waived
from reference_impl.serve.tomlfile import ConfigError
from reports.digest import failures, overall, to_mend
from reports.digest import waived as covered
from reports.junit import to_junit
from reports.markdown import to_markdown
from reports.report import CheckResult, Counts, Report, RequirementResult
from reports.verdict import Verdict

TODAY = datetime.date(2026, 12, 1)
REGISTRY = load_registry()


def requirement(id_: str, *checks: tuple[str, str, str]) -> RequirementResult:
    of = REGISTRY.requirements[id_]
    results = [CheckResult(f"{id_}/{number}", seat, ("s",), verdict) for number, seat, verdict in checks]
    return rollup.result_of(of, results)


def report(*requirements: RequirementResult) -> Report:
    profiles = tuple(
        rollup.profile_result(REGISTRY, profile, protocol, requirements)
        for profile, protocol in dict.fromkeys((each.profile, each.protocol) for each in requirements)
    )
    return Report({}, {"name": "t"}, "full", 0, "2026-12-01", 1.0, Counts(1, 1, 1), profiles, requirements)


FAILED = report(requirement("CC-KEY-017", ("1", "csp-a", "failed"), ("2", "csp-a", "passed"), ("3", "csp-a", "passed")))
PASSED = report(requirement("CC-KEY-017", *((number, "csp-a", "passed") for number in "123")))


def waiver(id_: str = "CC-KEY-017/1", seat: str | None = None, expires: datetime.date = TODAY) -> Waiver:
    return Waiver(id_, seat, "fixed in 2.1", "a.n.other", expires, "§ 4.2")


def test_a_profile_is_conformant_with_a_waived_failure_and_the_report_shows_it() -> None:
    assert overall(FAILED) == "not conformant"
    found = waived(FAILED, [waiver()], REGISTRY, TODAY)
    assert found.requirements[0].waiver == {
        "clause": "§ 4.2",
        "reason": "fixed in 2.1",
        "owner": "a.n.other",
        "expires": "2026-12-01",
    }
    assert found.requirements[0].verdict == "failed"
    assert found.profiles[0].verdict == "conformant"
    assert overall(found) == "conformant"
    assert (failures(found), [each.check.id for each in covered(found)]) == ([], ["CC-KEY-017/1"])
    assert (found.waivers[0].state, found.waivers[0].covers) == ("used", ("CC-KEY-017/1 csp-a",))
    assert rollup.certificate_code(found) == rollup.exit_code(found) == 0


@pytest.mark.parametrize(
    ("id_", "seat", "holds"),
    [
        ("CC-KEY-017", None, True),
        ("CC-KEY-017/1", "csp-a", True),
        ("CC-KEY-017/1", "csp-b", False),
        ("CC-KEY-017/2", None, False),
    ],
)
def test_a_waiver_covers_its_requirement_check_and_seat(id_: str, seat: str | None, holds: bool) -> None:
    found = waived(FAILED, [waiver(id_, seat)], REGISTRY, TODAY)
    assert (found.profiles[0].verdict == "conformant") is holds


def test_a_second_failure_of_a_requirement_needs_a_waiver_of_its_own() -> None:
    both = report(
        requirement("CC-KEY-017", ("1", "csp-a", "failed"), ("2", "csp-a", "failed"), ("3", "csp-a", "passed"))
    )
    one = waived(both, [waiver()], REGISTRY, TODAY)
    assert (one.requirements[0].waiver, one.profiles[0].verdict) == (None, "not conformant")
    assert len(failures(one)) == 2
    two = waived(both, [waiver(), replace(waiver("CC-KEY-017/2"), owner="b")], REGISTRY, TODAY)
    assert two.requirements[0].waiver is not None
    assert two.requirements[0].waiver["owner"] == "a.n.other; b"
    assert two.profiles[0].verdict == "conformant"


def test_a_stale_waiver_is_a_failure() -> None:
    found = waived(PASSED, [waiver()], REGISTRY, TODAY)
    assert [(each.state, each.told) for each in to_mend(found)] == [("stale", "nothing failed there: remove it")]
    assert (overall(found), rollup.certificate_code(found)) == ("waivers to mend", 1)
    assert 'failures="1"' in to_junit(found)
    assert "Waivers to mend (1)" in to_markdown(found)


def test_a_waiver_of_what_this_target_does_not_owe_is_stale() -> None:
    found = waived(report(requirement("CC-KEY-017", ("1", "csp-a", "not-applicable"))), [waiver()], REGISTRY, TODAY)
    assert found.waivers[0].state == "stale"


@pytest.mark.parametrize("verdict", [Verdict.UNTESTED, Verdict.INCONCLUSIVE])
def test_what_was_not_judged_makes_no_waiver_stale(verdict: Verdict) -> None:
    """A shard, or a run with --select, cannot know."""
    found = waived(report(requirement("CC-KEY-017", ("1", "csp-a", verdict))), [waiver()], REGISTRY, TODAY)
    assert (found.waivers[0].state, to_mend(found)) == ("unjudged", [])


def test_a_waiver_holds_to_the_end_of_its_last_day() -> None:
    found = waived(FAILED, [waiver(expires=TODAY - datetime.timedelta(days=1))], REGISTRY, TODAY)
    assert found.waivers[0].state == "expired"
    assert found.waivers[0].told == "it ended on 2026-11-30; CC-KEY-017/1 csp-a still failed"
    assert (found.requirements[0].waiver, overall(found)) == (None, "not conformant")


GOOD = """\
[[waiver]]
id = "CC-KEY-017/1"
reason = "fixed in 2.1"
owner = "a.n.other"
expires = 2027-01-31
"""


def read(tmp_path: Path, text: str) -> list[Waiver]:
    file = tmp_path / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    return read_waivers(file, REGISTRY, ("csp-a",))


def test_a_file_of_waivers(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD)
    assert (found.id, found.seat, found.expires) == ("CC-KEY-017/1", None, datetime.date(2027, 1, 31))
    sources = REGISTRY.requirements["CC-KEY-017"].source
    assert found.clause == "; ".join(f"{each.document} {each.section}" for each in sources)
    assert read(tmp_path, GOOD + 'seat = "csp-a"\nclause = "4.2"\n')[0].clause == "4.2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "waivers.toml: waiver: want tables [[waiver]], got none"),
        (GOOD.replace("CC-KEY-017/1", "CC-KEY-999"), ":2: waiver[0].id: want a requirement or a check that there is"),
        (GOOD.replace("2027-01-31", '"2027-01-31"'), "expires: want a date without quotes"),
        (GOOD.replace("reason", "because"), ":3: waiver[0].because: want the key clause, got an unknown key"),
        (GOOD + 'seat = "csp-b"\n', "seat: want a seat of the target, csp-a, got 'csp-b'"),
        (GOOD.replace('owner = "a.n.other"\n', ""), "owner: want a text that is not empty"),
        (GOOD + GOOD, "want one waiver for each place, got a second one for CC-KEY-017/1"),
    ],
)
def test_a_file_that_is_wrong_names_the_line(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as wrong:
        read(tmp_path, text)
    assert told in str(wrong.value)
