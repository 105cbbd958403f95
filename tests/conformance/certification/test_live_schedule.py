"""Schedules of the simulator against served providers: labels, letters, views, and what is found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.cli import main
from conformance.leading import Letter, Move, Post, moves
from conformance.live_schedule import NotPlayable, start_of
from conformance.observed_views import provider_view_of
from reference_impl.connection_coordinator.operations import OPERATIONS
from simulator.connection_coordinator.views import provider_view
from simulator.race import through
from simulator.races import RACES
from simulator.replay import record
from tests.conformance.certification.acme import SECRETS, acme, ports, target_file

RACE = RACES["CC-RACE-003"]
VICE = "takes a second placement before the first is verified"
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def code(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


# --- labels and letters -------------------------------------------------------------------------------------------


def test_labels_about_letters() -> None:
    labels = [
        "accept csp-a 0001",
        "deliver csp-a CreateConnection ix2/000000000001",
        "late csp-b POST /operator/partner",
        "answer csp-a CreateConnection ix2/000000000001 #2",
        "drop csp-a CreateFeature",
        "fire csp-a retry",
    ]
    assert moves(labels, ["CreateConnection", "CreateFeature", "POST /operator/partner"]) == [
        None,
        Move("deliver", "csp-a", "CreateConnection", ("ix2", "000000000001"), 1),
        Move("late", "csp-b", "POST /operator/partner", (), 1),
        Move("answer", "csp-a", "CreateConnection", ("ix2", "000000000001"), 2),
        Move("drop", "csp-a", "CreateFeature", (), 1),
        None,
    ]


CREATE = "http://x.test/v1/providers/csp-a/environments/e/interconnects/{}/connections?connectionId={}"


class Office:
    """A post with letters that were sent, in their order."""

    def __init__(self) -> None:
        self.delivered: list[str] = []
        self.post = Post(dict(OPERATIONS), {("csp-a", "CreateConnection"), ("csp-b", "GetConnection")})
        (self.lead, _) = (each.lead for each in self.post.interceptions())

    def send(self, interconnect: str, uuid: str, sender: str = "csp-a") -> asyncio.Task[httpx.Response]:
        request = httpx.Request("POST", CREATE.format(interconnect, uuid))

        async def deliver() -> httpx.Response:
            self.delivered.append(interconnect)
            return httpx.Response(200, text=interconnect)

        assert self.lead is not None
        return asyncio.ensure_future(self.lead(sender, request, deliver))

    def find(self, verb: str, *ids: str, number: int = 1) -> Letter | None:
        return self.post.find(Move(verb, "csp-a", "CreateConnection", ids, number))


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_letter_waits_for_its_turn_and_is_told_from_others_by_its_ids() -> None:
    async def work() -> None:
        office = Office()
        office.post.same["000000000001"] = "live"
        sent = [office.send("ix1", "other"), office.send("ix2", "live"), office.send("ix2", "live")]
        await turn()
        assert [each.ids for each in office.post.letters] == [("ix1", "other"), ("ix2", "live"), ("ix2", "live")]
        assert office.find("deliver", "ix2", "000000000001") is office.post.letters[1]
        assert office.find("deliver", "ix2", "000000000001", number=2) is office.post.letters[2]
        assert office.find("answer", "ix2", "000000000001") is None
        office.post.deliver(office.post.letters[1])
        await turn()
        assert (office.delivered, sent[1].done()) == (["ix2"], False)
        office.post.answer(office.post.letters[1])
        assert (await sent[1]).text == "ix2"
        assert office.find("answer", "ix2", "000000000001") is None
        office.post.open()
        assert [(await each).text for each in (sent[0], sent[2])] == ["ix1", "ix2"]

    asyncio.run(work())


def test_what_no_label_names_goes_through() -> None:
    async def work() -> None:
        office = Office()
        assert (await office.send("ix1", "u", sender="csp-b")).text == "ix1"
        office.post.expected.clear()
        assert (await office.send("ix2", "u")).text == "ix2"
        assert office.post.letters == []

    asyncio.run(work())


def test_losses_copies_and_partitions() -> None:
    async def work() -> None:
        office = Office()
        given_up, doubled, lost = office.send("ix1", "u"), office.send("ix2", "u"), office.send("ix3", "u")
        await turn()
        first, second, third = office.post.letters
        office.post.give_up(first)
        with pytest.raises(httpx.ReadTimeout):
            await given_up
        assert office.find("deliver", "ix1", "u") is first  # it arrives late
        office.post.deliver(first)
        await turn()
        assert office.find("answer", "ix1", "u") is first
        office.post.answer(first)  # nobody hears it
        office.post.copy(second)
        office.post.deliver(second)
        copy = office.find("deliver", "ix2", "u")
        assert copy is office.post.letters[3]
        office.post.deliver(copy)
        await turn()
        assert office.delivered == ["ix1", "ix2", "ix2"]
        office.post.partition(True)
        assert third.lost
        office.post.partition(False)
        office.post.open()
        for each in (doubled, lost):
            with pytest.raises(httpx.ReadTimeout):
                await each

    asyncio.run(work())


# --- where a race begins, and what is seen in the end ---------------------------------------------------------------


def test_a_race_begins_with_an_inventory_and_what_customers_did() -> None:
    start = start_of(RACES["CC-RACE-001"])
    assert start.inventory == "one-left-each"
    assert [(each.seat, each.action) for each in start.done] == [("csp-b", "offer"), ("csp-a", "offer")]
    assert set(start.steps) == {"accept csp-a 0001", "accept csp-b 0002"}
    assert set(start.done[0].outputs) >= {"uuid", "activation_key"}


def test_a_race_of_operators_is_not_played() -> None:
    with pytest.raises(NotPlayable, match="want a race between two providers with a named inventory"):
        start_of(RACES["FI-RACE-001"])


@pytest.mark.parametrize("race", ["CC-RACE-001", "CC-RACE-004", "CC-RACE-010"])
def test_a_dump_gives_the_view_that_tables_give(race: str) -> None:
    world = RACES[race].world()
    through(world)
    for step in world.steps:
        world.step(step.name)
    through(world)
    for seat, (_, tables) in world.cast.items():
        dump = json.loads(json.dumps(provider_view.dump(tables)))
        assert provider_view_of(seat, dump) == provider_view(seat, tables)


# --- live -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schedule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The counterexample of a provider that takes a connection twice."""
    violation = RACE.explore(VICE).violation
    assert violation is not None
    file = tmp_path_factory.mktemp("schedule") / "twice.schedule"
    file.write_text(record(RACE, VICE, RACE.faults, violation.schedule).text(), encoding="utf-8")
    return file


def played(file: Path, schedule: Path, capsys: Out) -> tuple[int, dict[str, Any]]:
    ended = code("certify", file, "--schedule", schedule, "--report", "r", "--json")
    return ended, json.loads(capsys.readouterr().out)


def test_the_reference_withstands_it_and_the_vice_is_found(tmp_path: Path, schedule: Path, capsys: Out) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.mkdir()
    wrong.mkdir()
    with acme(right) as file:
        ended, found = played(file, schedule, capsys)
    (play,) = found["plays"]
    assert (ended, play["verdict"], play["steps"], found["failed"]) == (0, "passed", play["of"], [])
    labels = [
        row["data"]["label"]
        for row in map(json.loads, Path("r/trace.jsonl").read_text(encoding="utf-8").splitlines())
        if row.get("mark") == "step"
    ]
    assert len(labels) == play["of"]
    with acme(wrong, RACE.variants[VICE]) as file:
        ended, found = played(file, schedule, capsys)
    (play,) = found["plays"]
    assert (ended, play["verdict"], play["invariant"]) == (1, "failed", "both sides agree at rest")
    assert play["told"].startswith("want the same placements on both sides; got csp-a ")


def test_a_target_that_does_otherwise_diverges(tmp_path: Path, capsys: Out) -> None:
    text = record(RACE, None, RACE.faults, ("accept csp-b 0001",)).text().replace("end 1 steps\n", "")
    steps = "- deliver csp-b DeleteConnection ix1/000000000001\nend 2 steps\n"
    (tmp_path / "s").write_text(text.rstrip() + "\n" + steps, encoding="utf-8")
    with acme(tmp_path) as file:
        ended, found = played(file, tmp_path / "s", capsys)
    (play,) = found["plays"]
    assert (ended, play["verdict"], play["steps"]) == (4, "diverged", 1)
    assert play["told"].startswith("step 2, deliver csp-b DeleteConnection ix1/000000000001: did not come about")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "--schedule: s:1: want 'interlock-schedule/2', got 'x'"),
        ("interlock-schedule/2\nrace CC-RACE-999\n\nend 0 steps\n", "want a race that there is, got 'CC-RACE-999'"),
    ],
)
def test_a_schedule_that_cannot_be_played(text: str, told: str, tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "s").write_text(text, encoding="utf-8")
    assert code("certify", target_file(tmp_path, ports()), "--schedule", "s") == 2
    assert told in capsys.readouterr().err
