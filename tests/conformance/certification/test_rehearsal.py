"""A dry run: what would come to be at the target, and what its adapter cannot show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.choice import Choice
from conformance.northbound.offers import Offers, offers_of
from conformance.rehearsal import Rehearsal, rehearse
from conformance.target import ClockChoice, ManualChoice, NorthboundChoice, Target
from conformance.target.file import read_target
from tests.conformance.certification.acme import SECRETS, ports, target_file

CREATING = Choice(("create_connection_at_csp_a",))


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return read_target(target_file(tmp_path, ports()))


def rows(found: Rehearsal) -> dict[str, tuple[dict[str, int], str | None]]:
    return {row.scenario.partition(": ")[2]: (dict(row.created), row.lacks) for row in found.rows}


def test_what_would_come_to_be(target: Target) -> None:
    found = rehearse(target, offers_of(target), CREATING)
    assert found.problems == ()
    assert found.excluded() == {}
    told = rows(found)
    assert told["a customer names all three"] == ({"keys": 1}, None)
    assert told["a hundred requests"] == ({"keys": 100}, None)
    assert told["a suspended account"] == ({}, None)
    assert told["one interconnect has room for the size"] == ({"keys": 2, "connections": 1}, None)
    assert found.created()["keys"] == sum(row[0].get("keys", 0) for row in told.values())


def test_what_an_adapter_lacks_is_told_in_the_words_of_a_run(target: Target) -> None:
    told = rows(rehearse(target, Offers(("offer", "read"), (), state=True), CREATING))
    assert told["a customer names all three"] == ({"keys": 1}, None)
    second = told["the second of two environments between the same CSPs"]
    assert second == ({}, "adapter lacks reset to the inventory 'two-environments': adapter lacks reset")
    assert told["the customer withdraws the connection"] == ({"keys": 1}, "adapter lacks delete")
    blind = rows(rehearse(target, Offers(("offer", "read"), (), state=False), CREATING))
    assert blind["a customer names all three"] == ({"keys": 1}, None)  # what its peer sees serves


def test_a_clock_that_nobody_moves(target: Target) -> None:
    still = replace(target, clock=ClockChoice())
    choice = Choice(("CC-KEY-018",))
    assert rehearse(target, offers_of(target), choice).excluded() == {}
    reasons = rehearse(still, offers_of(still), choice).excluded()
    assert reasons
    assert all(reason.startswith("no clock: the target's time cannot be moved by ") for reason in reasons)


def test_what_each_kind_of_adapter_offers(target: Target) -> None:
    every = offers_of(target)
    assert {"offer", "accept", "dump"} <= set(every.actions)
    assert ("reset" in every.hooks, every.state) == (True, True)
    none = offers_of(replace(target, northbound=NorthboundChoice()))
    assert (list(none.actions), list(none.hooks), none.state) == ([], [], False)
    by_hand = NorthboundChoice("manual", manual=ManualChoice(offers=("offer", "reset")))
    manual = offers_of(replace(target, northbound=by_hand))
    assert ("offer" in manual.actions, "accept" in manual.actions, list(manual.hooks)) == (True, False, ["reset"])
    assert set(offers_of(replace(target, northbound=NorthboundChoice("manual", manual=ManualChoice()))).hooks) == set()
