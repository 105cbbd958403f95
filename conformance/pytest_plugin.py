"""``pytest --interlock-target target.toml``: every check that judges a target is a test beside one's own.

Without that option nothing happens here, and nothing else of Interlock is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conformance.pytest_items import Certification

KEY: pytest.StashKey[Certification] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("interlock", "conformance of an implementation")
    group.addoption(
        "--interlock-target", metavar="TARGET.toml", help="judge the implementation that this file describes"
    )
    group.addoption("--interlock-profile", metavar="PROFILE", action="append", default=[], help="only this; repeatable")
    group.addoption("--interlock-waivers", metavar="FILE.toml", help="failures that somebody has agreed to live with")
    group.addoption("--interlock-report", metavar="DIR", help="leave report.html and the other files here")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--interlock-target"):
        return
    if config.getoption("numprocesses", None):
        raise pytest.UsageError(
            "interlock: want one process (no -n), for a target is judged by one counterpart at a time"
        )
    from conformance.pytest_items import certification_of

    config.stash[KEY] = certification_of(config)
    file = config.stash[KEY].target.file
    if not any(Path(each.partition("::")[0]).resolve() == file.resolve() for each in config.args):
        config.args.append(str(file))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if KEY not in parent.config.stash:
        return None
    return parent.config.stash[KEY].collector(file_path, parent)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash[KEY].told() if KEY in config.stash else ""
    if told:
        terminalreporter.section("interlock")
        terminalreporter.write(told + "\n")
