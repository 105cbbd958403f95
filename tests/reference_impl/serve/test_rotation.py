"""Credentials are replaced without a restart: by the operator's action and by SIGHUP."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from reference_impl.serve.config import read_config
from reference_impl.serve.party import run_party
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.parties import COORDINATOR, FEDERATION, Served, served

PROTOCOL = SERVED["connection-coordinator"]


def _rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def _statuses(party: Served) -> list[int]:
    """Of the tokens of-b-1, of-b-2 and of-c-1."""
    tokens = ("of-b-1", "of-b-2", "of-c-1")
    return [(await party.get("/providers", authorization=f"Bearer {token}")).status_code for token in tokens]


def test_old_and_new_token_hold_while_both_are_listed(tmp_path: Path) -> None:
    async def run() -> list[list[int]]:
        async with served(tmp_path, COORDINATOR) as party:
            seen = [await _statuses(party)]
            for old, new in (('"of-b-1"', '["of-b-1", "of-b-2"]'), ('["of-b-1", "of-b-2"]', '"of-b-2"')):
                _rewrite(party.file, f"token_in = {old}", f"token_in = {new}")
                before = await _statuses(party)
                assert before == seen[-1]  # nothing changes before it is said
                answer = await party.act("/actions/rotate_credentials")
                assert answer.json() == {"result": "ok", "outputs": {"partners": ["csp-b", "csp-c"]}}
                seen.append(await _statuses(party))
            return seen

    assert asyncio.run(run()) == [[200, 401, 200], [200, 200, 200], [401, 200, 200]]


def test_what_is_sent_and_what_the_operator_sends_change_too(tmp_path: Path) -> None:
    async def run() -> tuple[str, list[int]]:
        async with served(tmp_path, COORDINATOR) as party:
            (tmp_path / "operators").write_text("operator-2\noperator-3\n", encoding="utf-8")
            _rewrite(party.file, 'northbound_token = "operator-1"', 'northbound_token_file = "operators"')
            _rewrite(party.file, '"to-b-1"', '"to-b-2"')
            await party.act("/actions/rotate_credentials")
            counterpart = party.running.credentials.counterparts["csp-b"]
            statuses = [(await party.operator("/state", f"operator-{n}")).status_code for n in (1, 2, 3)]
            return counterpart.token_out, statuses

    assert asyncio.run(run()) == ("to-b-2", [401, 200, 200])


REFUSED = {
    "another address": (
        '"http://127.0.0.1:9"',
        '"http://127.0.0.1:10"',
        "party.toml: want other secrets only; for the rest start again",
    ),
    "another party": ('id = "csp-a"', 'id = "csp-x"', "party.toml: want other secrets only; for the rest start again"),
    "no TOML": ("[party]", "[party", "party.toml:1: want TOML, got a syntax error"),
    "equal tokens": (
        '"of-c-1"',
        '"of-b-2"',
        "token_in: want a token of its own for each partner, got another partner's",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_old_ones_hold_on_where_the_file_is_no_good(name: str, tmp_path: Path) -> None:
    old, new, detail = REFUSED[name]

    async def run() -> tuple[int, str, list[int]]:
        async with served(tmp_path, COORDINATOR) as party:
            _rewrite(party.file, '"of-b-1"', '"of-b-2"')
            _rewrite(party.file, old, new)
            answer = await party.act("/actions/rotate_credentials")
            return answer.status_code, answer.json()["detail"], await _statuses(party)

    status, told, statuses = asyncio.run(run())
    assert (status, statuses) == (409, [200, 401, 200])
    assert detail in told


def test_a_federation_rotates_its_operators_token(tmp_path: Path) -> None:
    async def run() -> list[int]:
        async with served(tmp_path, FEDERATION) as party:
            _rewrite(party.file, '"operator-1"', '["operator-1", "operator-2"]')
            seen = [(await party.operator("/state", "operator-2")).status_code]
            await party.act("/actions/rotate_credentials")
            return [*seen, (await party.operator("/state", "operator-2")).status_code]

    assert asyncio.run(run()) == [401, 200]


def test_a_hangup_rotates_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "party.toml"
    file.write_text(COORDINATOR.format(more="", csp_b="", csp_c=""), encoding="utf-8")

    async def rotated_twice() -> None:
        """What runs instead of waiting for a signal: the first hangup finds a good file, the second a bad one."""
        for old, new in (('"of-b-1"', '"of-b-2"'), ("[party]", "[party")):
            _rewrite(file, old, new)
            told = len(caplog.records)
            os.kill(os.getpid(), signal.SIGHUP)
            while len(caplog.records) == told:
                await asyncio.sleep(0)

    asyncio.run(run_party(read_config(file, PROTOCOL), PROTOCOL, until=rotated_twice))
    assert [record.getMessage() for record in caplog.records] == [
        "new credentials hold, for the operator and for csp-b, csp-c",
        f"the old credentials hold on: {file}:1: want TOML, got a syntax error: Expected ']' at the end of a table "
        "declaration",
    ]
