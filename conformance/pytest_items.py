"""The checks of a certification as pytest items. All scenarios are played when the first of them is run."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conformance import rollup
from conformance.certify import certify
from conformance.choice import BadChoice, Choice, chosen
from conformance.cleanup import emptied
from conformance.doctor import clean, examine
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selection import NothingSelected
from conformance.target import Target
from conformance.target.file import read_target
from conformance.waivers import Waiver, read_waivers, waived
from reference_impl.serve.tomlfile import ConfigError
from reports.console import summary
from reports.report import CheckResult, Report, RequirementResult
from reports.verdict import Verdict
from reports.write import write_report


def certification_of(config: pytest.Config) -> Certification:
    """From the options; UsageError says what they want."""
    given = config.getoption("--interlock-waivers")
    report = config.getoption("--interlock-report")
    try:
        target = read_target(Path(config.getoption("--interlock-target")))
        waivers = read_waivers(Path(given), load_registry(), target.seats) if given else []
        choice = Choice(profiles=tuple(config.getoption("--interlock-profile")))
        chosen(target.protocol, target.seats, target.capabilities, choice)
    except (ConfigError, BadChoice, NothingSelected) as problem:
        raise pytest.UsageError(f"interlock: {problem}") from None
    return Certification(target, choice, waivers, Path(report) if report else None)


@dataclass(slots=True)
class Certification:
    """One run for all items of a session."""

    target: Target
    choice: Choice
    waivers: list[Waiver]
    directory: Path | None
    report: Report | None = None
    found: dict[tuple[str, str], tuple[RequirementResult, CheckResult]] = field(default_factory=dict)

    def collector(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """The target file as the parent of its checks; None for any other file."""
        if path.resolve() != self.target.file.resolve():
            return None
        found: TargetFile = TargetFile.from_parent(parent, path=path)
        found.certification = self
        return found

    def declared(self) -> list[tuple[str, str]]:
        """Each check with its seat that a chosen scenario declares, in the order of the registry."""
        wanted = chosen(self.target.protocol, self.target.seats, self.target.capabilities, self.choice)
        scenarios = {each.id: each for each in load_scenarios()}
        pairs = {
            (check, at)
            for seat, rows in wanted.items()
            for id_, judged in rows
            for check, at in scenarios[id_].checks_for(judged)
            if at == seat
        }
        order = [check.id for each in load_registry().requirements.values() for check in each.checks]
        places = {check: place for place, check in enumerate(order)}
        return sorted(pairs, key=lambda pair: (places[pair[0]], pair[1]))

    def result(self, item: CheckItem) -> tuple[RequirementResult, CheckResult]:
        if self.report is None:
            self._play([each for each in item.session.items if isinstance(each, CheckItem)])
        return self.found[item.check, item.seat]

    def _play(self, items: Sequence[CheckItem]) -> None:
        """Play what judges these items; where some were left out (``-k``), only that."""
        asyncio.run(self._ready())
        wanted = {(each.check, each.seat) for each in items}
        selectors = sorted({check for check, _ in wanted}) if wanted < set(self.declared()) else []
        northbound = InEachLoop(lambda: northbound_of(self.target, AsyncExitStack()))
        run = certify(self.target, northbound, selectors, profiles=self.choice.profiles)
        asyncio.run(self._emptied())
        today = datetime.datetime.now(datetime.UTC).date()
        self.report = waived(run.report, self.waivers, load_registry(), today) if self.waivers else run.report
        self.found = {
            (check.id, check.seat): (each, check) for each in self.report.requirements for check in each.checks
        }
        if self.directory is not None:
            write_report(self.directory, self.report, run.trace, rollup.verdict_of_claim(run.judged))

    async def _ready(self) -> None:
        """No verdict before a clean doctor."""
        await self._emptied()
        findings = await examine(self.target)
        if not clean(findings):
            bad = "; ".join(
                f"{each.check}: {each.found} (change {each.change})" for each in findings if each.level == "bad"
            )
            pytest.exit(f"interlock: {self.target.name} cannot be judged: {bad}", returncode=2)

    async def _emptied(self) -> None:
        async with AsyncExitStack() as closing:
            await emptied(self.target, northbound_of(self.target, closing))

    def told(self) -> str:
        return (
            summary(self.report, self.directory / "report.html" if self.directory else None).plain
            if self.report
            else ""
        )


class TargetFile(pytest.File):
    """The target file, as the parent of its checks."""

    certification: Certification

    def collect(self) -> Iterator[pytest.Item]:
        for check, seat in self.certification.declared():
            item: CheckItem = CheckItem.from_parent(self, name=f"{check}[{seat}]")
            item.of(check, seat, self.certification)
            yield item


class NotHeld(Exception):
    """A check did not come out well; the text is the whole story."""


class CheckItem(pytest.Item):
    """One check in one seat."""

    check: str
    seat: str
    certification: Certification

    def of(self, check: str, seat: str, certification: Certification) -> None:
        self.check, self.seat, self.certification = check, seat, certification
        self.user_properties += [("requirement", check.partition("/")[0]), ("seat", seat)]

    def runtest(self) -> None:
        requirement, check = self.certification.result(self)
        match check.verdict:
            case Verdict.PASSED | Verdict.WARNED:
                return
            case Verdict.UNTESTED | Verdict.NOT_APPLICABLE | Verdict.REVIEW:
                pytest.skip(f"{check.verdict}: {check.reason or 'no reason given'}")
            case Verdict.FAILED if requirement.waiver is not None:
                pytest.xfail("; ".join(f"{name} {value}" for name, value in requirement.waiver.items()))
            case _:
                raise NotHeld(_story(requirement, check))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        return str(excinfo.value) if excinfo.errisinstance(NotHeld) else super().repr_failure(excinfo, *args, **more)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.check} {self.seat}"


def _story(requirement: RequirementResult, check: CheckResult) -> str:
    lines = [f"{check.id} {check.seat} {check.verdict}: {requirement.title}", requirement.statement]
    lines += [f"want: {check.want}", f"got:  {check.got}"] if check.want else [check.got or check.reason or ""]
    lines += [f"scenarios: {'; '.join(check.scenarios)}"] if check.scenarios else []
    return "\n".join(line for line in lines if line)
