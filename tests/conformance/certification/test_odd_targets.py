"""Targets that are down, half broken, slow, or speak nonsense: an end in little time, with what came and what to do."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.doctor import examine
from conformance.target.file import read_target
from tests.conformance.certification.acme import SECRETS, acme
from tests.conformance.certification.odd_targets import SPOILT, Asked, Spoil, Vice, front

Out = pytest.CaptureFixture[str]
LOG = "see the target's log; where it wants our certificate, certificate and key in auth.outbound"
NO_OBJECT = "target.base_url: the URL of the API; this answer is no JSON object"
MUST_BE_200 = "see the target's log: GET /providers must be answered with 200"
EAST_WEST = {
    "html": ("200 <html><body>Welcome to nginx!</body></html>", NO_OBJECT),
    "truncated": ('200 {"providers": [{"na', NO_OBJECT),
    "another-type": ("200 providers: none", NO_OBJECT),
    "a-list": ("200 []", NO_OBJECT),
    "not-utf8": ('200 {"providers": "��"}', NO_OBJECT),
    "deep": (f"200 {'[' * 120}", NO_OBJECT),
    "500": ("500 Traceback (most recent call last): boom", MUST_BE_200),
    "503": ("503 <h1>be right back</h1>", MUST_BE_200),
    "redirect": (
        "302 to https://login.acme.example/",
        "target.base_url: the URL of the API itself, for nobody follows a redirect",
    ),
    "hang-up": ("the connection ended without an answer", LOG),
    "no-http": ("the connection ended without an answer", LOG),
    "half-a-head": ("the connection ended without an answer", LOG),
    "half-a-body": (
        "no proper HTTP: peer closed connection without sending complete message body (received 1 bytes, expected 500)",
        LOG,
    ),
    "huge": ("an answer of more than 16 MiB", LOG),
    "endless-headers": ("no proper HTTP: Receive buffer too long", LOG),
    "endless-body": ("an answer of more than 16 MiB", LOG),
    "bad-gzip": ("no proper HTTP: the body is not the gzip that its header tells", LOG),
    "drop-by-drop": ("no end of the answer in 0.3 s", LOG),
    "silence": ("no answer in 0.3 s", "see what the target waits for, or timeouts.answer: how long it may take"),
}
"""What the doctor says of GET /providers, and what to change."""

NO_HTTP = [name for name, (_, change) in EAST_WEST.items() if change == LOG]
OFFERS, ACTIONS = "POST {url}/actions/offers", "GET {url}/actions"
NO_RESULT = "want a JSON object with result and outputs, got 200"
NORTHBOUND = {
    "html": f"{OFFERS}: {NO_RESULT} <html><body>Welcome to nginx!</body></html>",
    "truncated": f'{OFFERS}: {NO_RESULT} {{{{"providers": [{{{{"na',
    "another-type": f"{OFFERS}: {NO_RESULT} providers: none",
    "a-list": f"{OFFERS}: {NO_RESULT} []",
    "not-utf8": f'{OFFERS}: {NO_RESULT} {{{{"providers": "��"}}}}',
    "deep": f"{OFFERS}: {NO_RESULT} {'[' * 200}",
    "500": f"{OFFERS}: want an answer, got 500 Traceback (most recent call last): boom",
    "503": f"{OFFERS}: want an answer, got 503 <h1>be right back</h1>",
    "redirect": f"{OFFERS}: want an answer, got 302 to https://login.acme.example/",
} | {name: f"{ACTIONS}: want an answer, got {EAST_WEST[name][0]}" for name in ("silence", *NO_HTTP)}
"""What the doctor says of a northbound side that is spoilt so."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with acme(tmp_path_factory.mktemp("acme")) as file:
        yield file


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def urls(served: Path) -> tuple[str, str]:
    """Of the east/west side and of the northbound one."""
    east_west, northbound = re.findall(r'base_url = "(.*?)"', served.read_text(encoding="utf-8"))
    return east_west, northbound


def behind(served: Path, instead: dict[str, str], name: str = "") -> Path:
    """A target file that leads to fronts instead, which spoil so; short is the wait for what does not come."""
    seconds = 0.3 if name in ("silence", "drop-by-drop") else 5
    text = served.read_text(encoding="utf-8").replace("auth = {", f"timeout = {seconds}\nauth = {{")
    for url, other in instead.items():
        text = text.replace(url, other)
    file = Path("odd.toml")
    file.write_text(f"{text}\n[timeouts]\nanswer = {seconds}\n", encoding="utf-8")
    return file


def always(name: str) -> Vice:
    return lambda asked: SPOILT[name]


def code(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def checks(report: Path) -> dict[str, dict[str, Any]]:
    document = json.loads((report / "report.json").read_text(encoding="utf-8"))
    return {check["id"]: check for each in document["requirements"] for check in each["checks"]}


# --- odd from the beginning -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EAST_WEST)
def test_the_doctor_tells_what_came_and_what_to_change(name: str, served: Path) -> None:
    east_west, _ = urls(served)
    with front(east_west, always(name)) as odd:
        findings = asyncio.run(examine(read_target(behind(served, {east_west: odd.url}, name))))
    (found,) = (each for each in findings if each.level == "bad")
    came, change = EAST_WEST[name]
    assert (found.check, found.found, found.change) == ("auth.right", f"GET {odd.url}/providers -> {came}", change)


@pytest.mark.parametrize("name", NORTHBOUND)
def test_the_doctor_tells_it_of_a_northbound_side_too(name: str, served: Path) -> None:
    _, northbound = urls(served)
    with front(northbound, always(name)) as odd:
        findings = asyncio.run(examine(read_target(behind(served, {northbound: odd.url}, name))))
    (found,) = (each for each in findings if each.level == "bad")
    told = f"northbound {NORTHBOUND[name].format(url=odd.url)}"
    assert (found.check, found.found) == ("northbound.answer", told)


def test_all_ways_to_be_odd_are_tried() -> None:
    assert set(EAST_WEST) == set(NORTHBOUND) == set(SPOILT)


def test_no_verdict_of_an_odd_target(served: Path, capsys: Out) -> None:
    east_west, _ = urls(served)
    with front(east_west, always("html")) as odd:
        assert code("certify", behind(served, {east_west: odd.url}), "--json") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert NO_OBJECT in " ".join(shown.err.split())
    assert "interlock: nothing was judged; when this is mended: interlock doctor odd.toml" in shown.err


# --- half broken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("500", "500, a body that is no JSON"),
        ("html", "200, a body that is no JSON without keyValid"),
        ("huge", "no answer: an answer of more than 16 MiB"),
        ("silence", "no answer in 0.3 s"),
    ],
)
def test_one_operation_that_is_broken_fails_its_checks(name: str, got: str, served: Path) -> None:
    def vice(asked: Asked) -> Spoil | None:
        return SPOILT[name] if asked.path.endswith("/ConfirmActivationKey") else None

    east_west, _ = urls(served)
    with front(east_west, vice) as odd:
        file = behind(served, {east_west: odd.url}, name)
        assert code("certify", file, "--select", "CC-KEY-014/1", "--report", "r") == 1
    found = checks(Path("r"))["CC-KEY-014/1"]
    assert (found["verdict"], found["want"], found["got"]) == ("failed", "2xx with keyValid true", got)


# --- odd from some moment on ------------------------------------------------------------------------------------------

FEW = ("the key as it was", "one member differs", "cannot be decoded", "another partner presents", "neither of them")
"""Scenarios in which a key is presented."""


def from_then_on(path: str, number: int, name: str) -> Vice:
    """Spoilt is everything, once this has been asked for so many times."""
    seen = 0

    def vice(asked: Asked) -> Spoil | None:
        nonlocal seen
        seen += asked.path.endswith(path)
        return SPOILT[name] if seen >= number else None

    return vice


@pytest.mark.parametrize(
    ("path", "number", "name", "why"),
    [
        (
            "/ConfirmActivationKey",
            3,
            "hang-up",
            "auth.right: GET EW/providers -> the connection ended without an answer; ",
        ),
        (
            "/hooks/reset",
            5,
            "hang-up",
            "northbound.answer: northbound GET NB/actions: want an answer, got the connection",
        ),
        (
            "/actions/offer",
            3,
            "500",
            "northbound.answer: northbound POST NB/actions/offers: want an answer, got 500 Trace",
        ),
    ],
    ids=["east-west", "a hook", "an action"],
)
def test_a_target_that_goes_during_a_run_and_comes_back(
    path: str, number: int, name: str, why: str, served: Path, capsys: Out
) -> None:
    east_west, northbound = urls(served)
    northbound_side = path.startswith(("/hooks", "/actions"))
    url = northbound if northbound_side else east_west
    select = [word for each in FEW for word in ("--select", each)]
    with front(url, from_then_on(path, number, name)) as odd:
        file = behind(served, {url: odd.url})
        assert code("certify", file, *select, "--report", "r") == 2
        told = " ".join(capsys.readouterr().err.replace(odd.url, "NB" if northbound_side else "EW").split())
        assert f"interlock: {why}" in told
        assert "interlock: Acme Cloud is gone: see interlock doctor odd.toml, then go on with --resume r" in told
        cut = json.loads(Path("r/report.json").read_text())["counts"]
        assert 0 < cut["executed"] < cut["expected"]
        odd.vice = lambda asked: None
        assert code("certify", file, *select, "--resume", "r") == 4
    whole = json.loads(Path("r/report.json").read_text())["counts"]
    assert whole["executed"] == whole["judged"] == whole["expected"] == cut["expected"]
