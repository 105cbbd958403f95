"""What ``/metrics`` counts is kept up to date by what changes; nothing is counted when it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from reference_impl.kernel.tables import Table, Tables
from reference_impl.serve.census import Census, Counted
from tests.reference_impl.kernel.toy import NOTES, Note
from tests.reference_impl.serve.parties import COORDINATOR, FEDERATION, Served, served

T = TypeVar("T")
OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}


def play(directory: Path, text: str, work: Callable[[Served], Awaitable[T]]) -> T:
    async def run() -> T:
        async with served(directory, text) as party:
            return await work(party)

    return asyncio.run(run())


async def _counted(party: Served) -> dict[str, dict[str, int]]:
    """What /metrics tells, without the states of which there is nothing."""
    answer = await party.client.get(f"{party.running.northbound}/metrics")
    found: dict[str, dict[str, int]] = {}
    for line in answer.text.splitlines():
        name, _, value = line.rpartition(" ")
        kind, _, labels = name.removeprefix("interlock_").partition("{")
        if labels.startswith("state=") and float(value):
            found.setdefault(kind, {})[labels.split('"')[1]] = int(float(value))
    return found


def test_connections_come_and_go(tmp_path: Path) -> None:
    async def work(party: Served) -> list[dict[str, dict[str, int]]]:
        seen = [await _counted(party)]
        offers = [(await party.act("/actions/offer", **OFFER)).json()["outputs"] for _ in range(3)]
        seen.append(await _counted(party))
        await party.act("/actions/delete", account="X", uuid=offers[0]["uuid"])
        seen.append(await _counted(party))
        await party.act("/hooks/restart")
        seen.append(await _counted(party))
        await party.act("/hooks/reset")
        seen.append(await _counted(party))
        return seen

    one_deleted = {"connections": {"pending": 2, "deleted": 1}}
    assert play(tmp_path, COORDINATOR, work) == [{}, {"connections": {"pending": 3}}, one_deleted, one_deleted, {}]


def test_what_was_refused_or_undone_is_not_counted(tmp_path: Path) -> None:
    async def work(party: Served) -> dict[str, dict[str, int]]:
        assert (await party.act("/actions/offer", **OFFER | {"mbps": 7})).status_code == 422
        return await _counted(party)

    assert play(tmp_path, COORDINATOR, work) == {}


def test_an_operator_counts_zones_and_calls(tmp_path: Path) -> None:
    async def work(party: Served) -> dict[str, dict[str, int]]:
        await party.act("/actions/onboard_cloudlet", name="c1", location={"lat": 1, "long": 2})
        for zone in ("zone-0001", "zone-0002"):
            await party.act("/actions/create_zone", zone=zone, cloudlets=["c1"], geo_location="1.0,2.0")
        return await _counted(party)

    assert play(tmp_path, FEDERATION, work) == {"zones": {"own": 2}}


def test_asking_looks_at_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""

    async def work(party: Served) -> dict[str, dict[str, int]]:
        await party.act("/actions/offer", **OFFER)

        def rows(tables: Tables, table: Table[Any]) -> list[Any]:
            raise AssertionError(f"{table.name} was counted")

        with monkeypatch.context() as patched:
            patched.setattr(Tables, "rows", rows)
            return await _counted(party)

    assert play(tmp_path, COORDINATOR, work) == {"connections": {"pending": 1}}


def test_after_any_change_the_numbers_are_those_of_a_recount() -> None:
    counted = Counted({"notes": ("a", "b")}, {NOTES: lambda note: ("notes", note.text) if note.text else None})
    tables = Tables((NOTES,))
    census = Census(counted)
    census.begin(tables)
    seen = []
    for name, text in (("1", "a"), ("2", "a"), ("1", "b"), ("3", ""), ("3", "b"), ("2", None), ("1", ""), ("3", "b")):
        with tables.begin() as tx:
            if text is None:
                tx.delete(NOTES, name)
            else:
                tx.put(NOTES, Note(name, text))
        census.kept(tx.changes())
        again = Census(counted)
        again.begin(tables)
        assert census.numbers() == again.numbers()
        seen.append(tuple(census.numbers()["notes"].values()))
    assert seen == [(1, 0), (2, 0), (1, 1), (1, 1), (1, 2), (0, 2), (0, 1), (0, 1)]
