"""``pytest --interlock-target``: the checks of a target as tests, in a pytest of somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conformance.gallery import mutants
from tests.conformance.certification.acme import SECRETS, acme, ports, target_file


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with acme(tmp_path_factory.mktemp("acme")) as file:
        yield file


def pytest_of(directory: Path, *arguments: object) -> tuple[int, str]:
    """Somebody's pytest in this directory: its exit code and what it printed."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
    ended = subprocess.run(
        command, cwd=directory, env=os.environ | SECRETS, capture_output=True, text=True, timeout=120, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_checks_are_tests_beside_ones_own(served: Path, tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_CC_KEY_001():\n    pass\n", encoding="utf-8")
    code, told = pytest_of(
        tmp_path, "--interlock-target", served, "--interlock-report", "r", "-k", "CC-KEY-001 or own", "--junitxml=j.xml"
    )
    assert code == 0, told
    assert "6 passed" in told
    assert "core-issuer      incomplete      1 of 15 MUST" in told
    assert sorted(path.name for path in (tmp_path / "r").iterdir())[2] == "report.json"
    names = [case.get("name") for case in ET.parse(tmp_path / "j.xml").iter("testcase")]
    assert names == ["test_CC_KEY_001", *(f"CC-KEY-001/{number}[csp-a]" for number in range(1, 6))]


def test_a_failed_check_is_a_failed_test_unless_it_is_waived(tmp_path: Path) -> None:
    vice = next(each for each in mutants() if each.caught_by == "CC-KEY-014/2")
    with acme(tmp_path, vice.decisions):
        options = ("--interlock-target", "target.toml", "-k", "CC-KEY-014", "-rx")
        code, told = pytest_of(tmp_path, *options)
        assert code == 1, told
        assert "CC-KEY-014/2 csp-a failed: " in told
        assert "1 failed, 1 passed" in told
        known = '[[waiver]]\nid = "CC-KEY-014/2"\nreason = "known"\nowner = "o"\nexpires = 2999-01-01\n'
        (tmp_path / "w.toml").write_text(known, encoding="utf-8")
        code, told = pytest_of(tmp_path, *options, "--interlock-waivers", "w.toml")
        assert code == 0, told
        assert "1 passed" in told
        assert "reason known; owner o; expires 2999-01-01" in told


def test_what_cannot_be_judged_ends_at_once(tmp_path: Path) -> None:
    code, told = pytest_of(tmp_path, "--interlock-target", target_file(tmp_path, ports()))
    assert code == 2, told
    assert "interlock: Acme Cloud cannot be judged: east-west.tcp:" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--interlock-target", "none.toml"], "interlock: none.toml: want a readable TOML file"),
        (["--interlock-target", "target.toml", "-n", "2"], "interlock: want one process (no -n)"),
        (["--interlock-target", "target.toml", "--interlock-profile", "x"], "interlock: --profile: want one of"),
        (["--interlock-target", "target.toml", "--interlock-waivers", "w"], "interlock: w: want a readable TOML file"),
    ],
)
def test_a_wrong_call(options: list[str], told: str, tmp_path: Path) -> None:
    target_file(tmp_path, ports())
    code, shown = pytest_of(tmp_path, *options)
    assert code == 4
    assert told in shown


def test_without_the_option_nothing_is_imported(tmp_path: Path) -> None:
    own = "import sys\n\n\ndef test_own():\n    assert 'conformance.play' not in sys.modules\n"
    (tmp_path / "test_own.py").write_text(own, encoding="utf-8")
    code, told = pytest_of(tmp_path)
    assert code == 0, told
