from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reports import html
from reports.html import render
from reports.record import AnyRecord, Meta, Observation
from reports.report import Cell, Change, Report, ScenarioResult, TableResult, WaiverResult
from reports.trace import Trace
from tests.reports.fake_report import FAILED, check, fake_run, small_report
from tests.reports.fake_trace import Stage, place_connection
from tests.reports.test_trace import filled

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Reads a page and insists that what opens is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.sources: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in ("src", "xlink:href", "action", "data", "srcset"):
                self.sources.append(value or "")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


RUN = fake_run(300, 40)
TEXT = render(RUN.report, RUN.trace, RUN.verdict_of_claim)


def test_it_is_well_formed_and_every_link_leads_somewhere() -> None:
    page = Page(TEXT)
    assert [name for name, number in Counter(page.ids).items() if number > 1] == []
    assert {link for link in page.links if link.removeprefix("#") not in page.ids} == set()
    assert len(page.links) > 1000


def test_every_requirement_scenario_table_and_record_has_its_anchor() -> None:
    ids = set(Page(TEXT).ids)
    assert {it.id for it in RUN.report.requirements} <= ids
    assert {"table-register-zone", "scenario-s0-csp-a", "scenario-s39-op2"} <= ids
    assert {f"r{record.seq}" for record in RUN.trace if not isinstance(record, Meta)} <= ids


def test_it_reaches_no_network() -> None:
    page = Page(TEXT)
    assert page.sources == []
    assert all(link.startswith("#") for link in page.links)
    assert page.tags["link"] == page.tags["img"] == page.tags["iframe"] == 0
    assert "url(" not in TEXT
    assert "@import" not in TEXT
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'" in TEXT


def test_it_is_the_same_every_time() -> None:
    assert render(RUN.report, RUN.trace, RUN.verdict_of_claim) == TEXT


def test_the_head_says_what_this_is() -> None:
    assert "<title>Acme Cloud: not conformant · Interlock conformance report</title>" in TEXT
    assert "<p class=conclusion>Not conformant</p>" in TEXT
    assert "<dd>2026-11-21 18:00</dd>" in TEXT


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (small_report(check("passed")), "Conformant"),
        (small_report(check("inconclusive")), "Incomplete"),
        (small_report(check("passed"), problems=("broken",)), "The harness failed"),
    ],
)
def test_the_other_outcomes(report: Report, words: str) -> None:
    text = render(report, Trace(), {})
    Page(text)
    assert f"<p class=conclusion>{words}</p>" in text


def test_failures_come_before_tables_and_requirements() -> None:
    parts = ["<section id=profiles>", "<section id=failed>", "<section id=undecided>", "<section id=tables>",
             "<section id=requirements>", "<section id=scenarios>"]  # fmt: skip
    assert [TEXT.count(part) for part in parts] == [1] * 6
    assert sorted(parts, key=TEXT.index) == parts
    failed = TEXT[TEXT.index("<section id=failed>") : TEXT.index("<section id=undecided>")]
    assert failed.count("<article") == 2
    assert '<a class=id href="#CC-KEY-002">CC-KEY-002/2</a> <span class=seat>csp-a</span>' in failed
    want = "<dt>want</dt><dd>no zone registered</dd>"
    got = "<dt>got</dt><dd class=got>op2 keeps ['zone-east-01', 'zone-&lt;west&gt;-02']</dd>"
    assert failed.count(want + got) == 2
    assert '<a class=ref href="#r245">r245</a>' in failed
    assert '<a href="#scenario-s6-csp-a">the customer&#39;s connection is placed' in failed


def test_a_cell_of_a_table_has_the_colour_of_its_verdict_and_names_its_checks() -> None:
    rows = (
        (Cell("OP1"), Cell("OP2")),
        (Cell("- calls **POST** `/operator/zone`", "failed", ("FI-ZREG-009/2",)), Cell("")),
    )
    text = render(small_report(FAILED, tables=(TableResult("t", "p", "T", rows),)), Trace(), {})
    assert "<th>OP1</th>" in text
    assert (
        '<td class="cell failed" title="FI-ZREG-009/2: failed"><a href="#FI-ZREG-009">✗</a>'
        " calls <b>POST</b> <code>/operator/zone</code></td>"
    ) in text
    assert "<td></td>" in text


def test_requirements_carry_what_the_filter_asks_for() -> None:
    assert (
        '<details class="req failed" id="CC-KEY-002" data-protocol="connection-coordinator"'
        ' data-profile="core-issuer" data-verdict="failed" open>'
    ) in TEXT
    assert '<option value="federation-interconnect">Federation Interconnect</option>' in TEXT
    assert "<form id=filter hidden>" in TEXT


def test_nothing_that_a_target_says_is_acted_upon() -> None:
    evil = "<script>alert(1)</script>\"'&"
    report = small_report(
        check("failed", want=evil, got=evil, reason=evil, errata=(evil,)),
        target={"name": evil, "protocols": [evil], "seats": [evil]},
        problems=(evil,),
        scenarios=(ScenarioResult("s1", evil, evil, evil, evil, "failed", 1.0, 1, 9, (evil,), evil),),
        tables=(TableResult(evil, evil, evil, ((Cell(evil, "passed", (evil,)),),)),),
    )
    stage = Stage()
    stage.answer(stage.ask("csp-a", evil, evil, {"a": evil}), 400, {"detail": evil})
    stage.trace.append(Observation(seat=evil, what=evil, value=evil, subject=evil))
    page = Page(render(report, stage.trace, {}))
    assert page.tags["script"] == 1


def scenario(name: str, seat: str, first: int, last: int) -> ScenarioResult:
    return ScenarioResult(name, "f", name, "p", seat, "passed", 0.1, first, last)


def test_a_check_leads_to_the_run_of_its_scenario_in_its_own_seat() -> None:
    runs = (scenario("s1", "op1", 1, 3), scenario("s1", "op2", 4, 6), scenario("s1", "op2", 7, 9))
    text = render(small_report(FAILED, scenarios=runs), filled(), {})
    Page(text)
    assert 'id="scenario-s1-op1"' in text
    assert 'id="scenario-s1-op2-2"' in text
    assert text.count('<a href="#scenario-s1-op2-2">s1</a>') == 2


def test_a_record_that_two_scenarios_claim_is_shown_once() -> None:
    runs = (scenario("s1", "op1", 1, 6), scenario("s2", "op2", 4, 10))
    ids = Page(render(small_report(FAILED, scenarios=runs), filled(), {})).ids
    assert [ids.count(f"r{seq}") for seq in range(2, 11)] == [1] * 9


def test_evidence_outside_of_the_scenarios_is_named_without_a_link() -> None:
    text = render(small_report(FAILED), filled(), {})
    Page(text)
    assert "<span class=ref>r17</span>" in text


def test_a_body_is_cut_at_two_kilobytes_with_a_note() -> None:
    trace = Trace()
    trace.append(Observation(seat="op1", what="zones", value="z" * 5000))
    text = render(small_report(FAILED, scenarios=(scenario("s1", "op1", 1, 1),)), trace, {})
    assert "z" * 1999 + "\n… 3002 more characters in trace.jsonl</pre>" in text
    assert "z" * 2000 not in text


def heavy(scenarios: int, records: int) -> tuple[Report, Trace]:
    """So many scenarios of so many records with bodies of a kilobyte; every tenth scenario failed."""
    stage, runs = Stage(), []
    for place in range(scenarios):
        first = len(stage.trace) + 1
        while len(stage.trace) < first - 1 + records:
            place_connection(stage, "heavy", place, ("CC-KEY-001/1",), unlucky=place % 2 == 0)
        run = scenario(f"s{place}", "csp-a", first, len(stage.trace))
        runs.append(replace(run, verdict="failed" if place % 10 == 0 else "passed"))

    def heavier(record: AnyRecord) -> AnyRecord:
        return replace(record, value=["v" * 90] * 11) if isinstance(record, Observation) else record

    trace = Trace().restore(map(heavier, stage.trace))
    return small_report(FAILED, scenarios=tuple(runs), requirements=fake_run(900, 0).report.requirements), trace


def test_three_hundred_scenarios_of_sixty_records_stay_below_eight_megabytes() -> None:
    report, trace = heavy(300, 60)
    assert len(trace) >= 18_000
    text = render(report, trace, {})
    assert len(text.encode()) < 8_000_000
    ids = set(Page(text).ids)
    assert all(f"r{record.seq}" in ids for record in trace if not isinstance(record, Meta))


def test_what_is_larger_still_keeps_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    report, trace = heavy(20, 60)
    monkeypatch.setattr(html, "SCENARIOS_BUDGET", 60_000)
    text = render(report, trace, {})
    page = Page(text)
    assert text.count("Its records are left out of this page; trace.jsonl has them.") == 18
    assert text.count('<svg class="ladder"') == 2
    monkeypatch.setattr(html, "SCENARIOS_BUDGET", 0)
    assert Page(render(report, trace, {})).tags["svg"] == 0
    assert page.tags["svg"] == 2


def test_what_fits_beside_what_failed_is_shown_from_the_first_scenario_on(monkeypatch: pytest.MonkeyPatch) -> None:
    report, trace = heavy(20, 60)
    monkeypatch.setattr(html, "SCENARIOS_BUDGET", 200_000)
    page = Page(render(report, trace, {}))
    shown = [
        place
        for place, run in enumerate(report.scenarios)
        if any(f"r{seq}" in page.ids for seq in range(run.first, run.last + 1))
    ]
    assert shown == [*range(len(shown) - 1), 10]
    assert 2 < len(shown) < 10


def test_waivers_to_mend_and_what_changed_are_told() -> None:
    waiver = WaiverResult("FI-X-001/1", "op2", "4.2", "<known>", "o", "2026-01-01", "expired", "it ended on 2026-01-01")
    used = replace(waiver, id="FI-X-002", state="used", told="waives FI-X-002/1 op2")
    changes = (
        Change("FI-X-001/1", "op2", "worse", "passed", "failed"),
        Change("FI-X-003/1", "op2", "new", None, "passed"),
    )
    report = replace(
        small_report(check("passed")), waivers=(waiver, used), compared_with="2026-01-01, t", changes=changes
    )
    page = render(report, [], {})
    assert "Waivers to mend" in page
    assert "it ended on 2026-01-01" in page
    assert "&lt;known&gt;" in page
    assert "waives FI-X-002/1 op2" not in page
    assert "Since the last report" in page
    assert "1 worse, 1 new" in page
    plain = render(small_report(check("passed")), [], {})
    assert "Waivers to mend" not in plain.partition("</header>")[2]
    assert "Since the last report" not in plain


def test_a_profile_tells_its_reach_by_kind_of_reason() -> None:
    report = small_report(check("passed"))
    why = {f"adapter lacks the inventory '{name}': its file has standard": 2 for name in ("one-left", "three-partners")}
    far = replace(report.profiles[0], reach={"judged": 5, "excluded": why})
    page = render(replace(report, profiles=(far,)), Trace(), {})
    assert ">5 checks judged, 4 out of reach: 4 adapter lacks the inventory</p>" in page
    assert "one-left" in page.split(">5 checks judged")[0].rpartition("<p class=reach")[2]
