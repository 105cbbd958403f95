"""The examples for CI systems: their scripts are run as a runner would run them, with a command that notes its call."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

EXAMPLES = Path(__file__).parents[3] / "examples"

COMMAND = """\
#!/bin/sh
for each in "$@"; do echo "$each"; done > call
mkdir -p "$REPORT_DIR" && echo '## summary' > "$REPORT_DIR/report.md"
exit $CODE
"""


def ran(directory: Path, script: str, code: int, **environment: str) -> tuple[int, list[str]]:
    """Run a script with ``interlock`` and ``python`` replaced; its exit code and how interlock was called."""
    programs = directory / "bin"
    programs.mkdir()
    for name, text in (("interlock", COMMAND), ("python", "#!/bin/sh\nexit 0\n")):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    known = {"PATH": f"{programs}:{os.environ['PATH']}", "CODE": str(code), "REPORT_DIR": "interlock-report"}
    ended = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=directory, env=known | environment, check=False, timeout=30
    )
    return ended.returncode, (directory / "call").read_text(encoding="utf-8").splitlines()


def github() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / "github" / "action.yml").read_text(encoding="utf-8"))
    return found


def github_ran(tmp_path: Path, code: int, **inputs: str) -> tuple[int, list[str]]:
    action = github()
    (step,) = (each for each in action["runs"]["steps"] if each.get("id") == "certify")
    values = {name: each.get("default", "") for name, each in action["inputs"].items()} | inputs
    environment = {
        variable: values[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for variable, expression in step["env"].items()
    }
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return ran(tmp_path, step["run"], code, **environment, **files)


def test_the_action_passes_its_inputs_on(tmp_path: Path) -> None:
    inputs = {
        "target": "ci/t x.toml",
        "profiles": "core-issuer security",
        "waivers": "w.toml",
        "compare": "old",
        "cap": "9",
    }
    code, call = github_ran(tmp_path, 0, **inputs)
    assert code == 0
    assert call == [
        *("certify", "ci/t x.toml", "--annotate", "github", "--report", "interlock-report"),
        *("--profile", "core-issuer", "--profile", "security", "--waivers", "w.toml", "--compare", "old", "--cap", "9"),
    ]
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8") == "## summary\n"


@pytest.mark.parametrize(
    ("code", "allowed", "ended", "verdict"),
    [
        (0, "false", 0, "conformant"),
        (1, "true", 1, "not conformant"),
        (2, "true", 2, "unusable"),
        (3, "true", 3, "error"),
        (4, "false", 4, "incomplete"),
        (4, "true", 0, "incomplete"),
    ],
)
def test_the_action_ends_as_the_command_did(code: int, allowed: str, ended: int, verdict: str, tmp_path: Path) -> None:
    found, _ = github_ran(tmp_path, code, target="t.toml", **{"allow-incomplete": allowed})
    assert found == ended
    assert (tmp_path / "GITHUB_OUTPUT").read_text(encoding="utf-8") == f"verdict={verdict}\n"
    assert (tmp_path / "GITHUB_STEP_SUMMARY").exists() is (code != 2)


def test_every_input_of_the_action_is_used() -> None:
    text = (EXAMPLES / "github" / "action.yml").read_text(encoding="utf-8")
    assert [name for name in github()["inputs"] if f"${{{{ inputs.{name} }}}}" not in text] == []


@pytest.mark.parametrize(
    ("code", "allowed", "ended"), [(0, "false", 0), (1, "true", 1), (4, "false", 4), (4, "true", 0)]
)
def test_the_gitlab_template(code: int, allowed: str, ended: int, tmp_path: Path) -> None:
    job = yaml.safe_load((EXAMPLES / "gitlab" / "interlock.yml").read_text(encoding="utf-8"))[".interlock"]
    variables = job["variables"] | {"INTERLOCK_OPTIONS": "--profile security", "INTERLOCK_ALLOW_INCOMPLETE": allowed}
    found, call = ran(tmp_path, "\n".join(job["script"]), code, **variables)
    assert found == ended
    assert call == ["certify", "target.toml", "--profile", "security", "--report", "interlock-report"]
    assert job["artifacts"]["reports"]["junit"].startswith(job["artifacts"]["paths"][0])
