"""A trace as a schedule: a world's gives its labels back, a live one as far as a world comes along."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reports import trace as traces
from reports.record import Action, AnyRecord, Claim, Fault, Lost, Meta, Request, Response
from reports.trace import as_json, from_json
from simulator.faults import NO_FAULTS, Faults
from simulator.races import RACES
from simulator.races.cc_race_001 import K1, K2
from simulator.races.cc_race_001 import race as the_race
from simulator.replay import record, replay
from simulator.retrace import NoSchedule, retrace, scenario
from simulator.schedule import Schedule

VICE = "ignores tentative reservations"
CROSSED = (
    "accept csp-a 0001",
    "accept csp-b 0002",
    "deliver csp-a ConfirmActivationKey",
    "answer csp-a ConfirmActivationKey",
    "deliver csp-b ConfirmActivationKey",
    "answer csp-b ConfirmActivationKey",
    "deliver csp-a CreateConnection ix2/000000000001",
    "deliver csp-b CreateConnection ix2/000000000002",
    "answer csp-a CreateConnection ix2/000000000001",
)
ALONE = (CROSSED[0], *CROSSED[2:4])
SPOILT = (
    "accept csp-a 0001",
    "drop csp-a ConfirmActivationKey",
    "time-out csp-a ConfirmActivationKey",
    "deliver csp-a ConfirmActivationKey",
    "lose-response csp-a ConfirmActivationKey",
    "time-out csp-a ConfirmActivationKey",
    "duplicate csp-a ConfirmActivationKey",
    "deliver csp-a ConfirmActivationKey",
    "deliver csp-a ConfirmActivationKey #2",
    "answer csp-a ConfirmActivationKey",
)


def live(schedule: Schedule, cut: int | None = None) -> list[AnyRecord]:
    """What a run with real parties would have left behind: no marks, other UUIDs, the server's own prefix, a claim."""
    told = []
    for each in replay(schedule, RACES, to=cut).trace:
        if not isinstance(each, Meta):
            text = json.dumps(as_json(each)).replace(K1, "35bf992d-c9e9-4616-a12e-7696a6cecc1b")
            text = text.replace(K2, "e4b06ce6-0741-47a8-bce4-2c8218072e8c").replace('"/providers', '"/v1/providers')
            told.append(from_json(json.loads(text)))
    return [*told, Claim(seq=999, check="CC-RACE-001/2", seat="csp-a", rule="CC-RACE-001/2")]


def test_the_trace_of_a_world_gives_its_labels_back(tmp_path: Path) -> None:
    schedule = record(the_race, VICE, Faults(drop=1), CROSSED)
    traces.write(replay(schedule, RACES).trace, tmp_path / "trace.jsonl")
    found = retrace(traces.read(tmp_path / "trace.jsonl"), RACES)
    assert (found.schedule, found.stopped) == (schedule, "")


def test_a_world_that_behaves_otherwise_now() -> None:
    trace = list(replay(record(the_race, VICE, NO_FAULTS, CROSSED), RACES).trace)
    assert isinstance(trace[0], Meta)
    trace[0] = replace(trace[0], data={**trace[0].data, "variant": None})
    with pytest.raises(NoSchedule, match=r"behaves otherwise now: 'answer csp-a CreateConnection .* is not enabled"):
        retrace(trace, RACES)
    trace[0] = replace(trace[0], data={**trace[0].data, "race": "CC-RACE-099"})
    with pytest.raises(KeyError, match="no race 'CC-RACE-099'; there are: CC-RACE-001"):
        retrace(trace, RACES)


def test_a_live_trace_breaks_in_the_world_what_it_broke_outside() -> None:
    found = retrace(live(record(the_race, VICE, NO_FAULTS, CROSSED)), RACES, variant=VICE)
    assert found.stopped == ""
    again = replay(found.schedule, RACES)
    assert again.violation is not None
    assert again.violation.invariant == "no interconnect oversubscribed"
    # A request arrives as early as the rest of the trace allows.
    assert found.schedule.labels == (
        "accept csp-a 0001",
        "deliver csp-a ConfirmActivationKey",
        "accept csp-b 0002",
        "deliver csp-b ConfirmActivationKey",
        "answer csp-a ConfirmActivationKey",
        "answer csp-b ConfirmActivationKey",
        *CROSSED[6:],
    )


def test_the_faults_of_a_live_trace() -> None:
    schedule = record(the_race, None, Faults(drop=1, lose_response=1, duplicate=1), SPOILT)
    found = retrace(live(schedule), RACES)
    assert found.stopped == ""
    assert found.schedule.faults == schedule.faults
    assert [each for each in found.schedule.labels if each.startswith(("drop", "lose", "dupl", "time-out"))] == [
        each for each in SPOILT if each.startswith(("drop", "lose", "dupl", "time-out"))
    ]


def test_who_only_sees_that_no_answer_came() -> None:
    """As a client does: then the request may have been lost, or the answer; here it was the request."""
    trace = live(record(the_race, None, Faults(drop=1), SPOILT[:3]))
    (dropped,) = (each for each in trace if isinstance(each, Lost) and each.what == "request")
    only = [each for each in trace if each is not dropped and not isinstance(each, Fault)]
    found = retrace(only, RACES)
    assert found.stopped == ""
    assert found.schedule.labels[0] == "accept csp-a 0001"
    assert found.schedule.labels[-1].split()[0] in ("late", "time-out")
    assert sum(found.schedule.faults.named().values()) == 1


def test_seats_of_other_names_are_taken_in_their_order() -> None:
    """Live seats are op1 and op2; a world may call its parties by their federations' ids."""
    told = json.dumps([as_json(each) for each in live(record(the_race, None, NO_FAULTS, ALONE))])
    renamed = [from_json(each) for each in json.loads(told.replace('"csp-a"', '"op1"').replace('"csp-b"', '"op2"'))]
    assert retrace(renamed, RACES).schedule.labels == ALONE
    third = [*renamed, Action(seat="op3", action="accept")]
    with pytest.raises(NoSchedule, match="want at most 2 seats, such as csp-a, csp-b, got op1, op2, op3"):
        retrace(third, RACES)


@pytest.mark.parametrize(
    "same", ["35bf992d-c9e9-4616-a12e-7696a6cecc1b", K1], ids=["one live id for two", "and the world's own"]
)
def test_ids_are_one_to_one(same: str) -> None:
    """Two connections of the world are not one of the trace."""
    told = json.dumps([as_json(each) for each in live(record(the_race, VICE, NO_FAULTS, CROSSED[:6]))])
    for own in ("35bf992d-c9e9-4616-a12e-7696a6cecc1b", "e4b06ce6-0741-47a8-bce4-2c8218072e8c"):
        told = told.replace(own, same)
    found = retrace([from_json(each) for each in json.loads(told)], RACES, variant=VICE)
    assert "csp-b sends CreateConnection ix2: the world of CC-RACE-001 does not come to that" in found.stopped


def test_a_party_that_answers_otherwise_is_named() -> None:
    trace = live(record(the_race, None, NO_FAULTS, ALONE))
    place = next(place for place, each in enumerate(trace) if isinstance(each, Response))
    response = trace[place]
    assert isinstance(response, Response)
    trace[place] = replace(response, status=409)
    found = retrace(trace, RACES)
    assert found.schedule.labels == ALONE[:1]
    assert found.stopped == (
        f"record {response.seq}, csp-b answers ConfirmActivationKey with 409: the world of CC-RACE-001 does not come "
        "to that; there may happen then, without a fault: accept csp-b 0002; deliver csp-a ConfirmActivationKey"
    )


def test_what_is_not_of_the_story_is_passed_over() -> None:
    trace = live(record(the_race, None, NO_FAULTS, ALONE))
    offer = Action(seat="csp-a", action="offer")
    other = Request(exchange="y", sender="csp-a", receiver="csp-b", operation="CreateFeature", method="POST", path="/")
    ours = replace(other, exchange="h", operation="GetConnection", ours=True)
    found = retrace([offer, ours, other, *trace], RACES)
    assert (found.schedule.labels, found.stopped) == (ALONE, "")


@pytest.mark.parametrize(
    ("trace", "complaint"),
    [
        ([], "the trace is not of a world; name the race whose world it may fit: CC-RACE-001"),
        (
            [Meta(seq=1, mark="scenario", data={"name": "one"}), Meta(seq=7, mark="scenario", data={"name": "two"})],
            "the trace holds 2 scenarios, want one of them: 1 one; 7 two",
        ),
        (
            [Fault(seq=3, fault="answer"), Claim(check="CC-RACE-001/1", seat="csp-a", rule="")],
            "record 3: the harness gave an answer of its own; no party of a world does",
        ),
        (
            [
                Response(seq=2, exchange="x1", sender="csp-b", receiver="csp-a", operation="GetConnection", status=200),
                Claim(check="CC-RACE-001/1", seat="csp-a", rule=""),
            ],
            "record 2, csp-b answers GetConnection with 200: the world of CC-RACE-001 does not come to that; there may "
            "happen then, without a fault: accept csp-a 0001; accept csp-b 0002",
        ),
        (
            [Claim(check="CC-RACE-001/1", seat="csp-a", rule="")],
            "the trace holds nothing of the story of CC-RACE-001",
        ),
    ],
)
def test_what_cannot_be_mapped_is_told(trace: list[AnyRecord], complaint: str) -> None:
    with pytest.raises(NoSchedule) as caught:
        retrace(trace, RACES)
    assert str(caught.value).startswith(complaint)


def test_one_of_several_scenarios() -> None:
    own = live(record(the_race, None, NO_FAULTS, ALONE))
    marks = [Meta(seq=1000, mark="scenario"), Meta(seq=2000, mark="end")]
    trace = [
        Meta(seq=1, mark="scenario"),
        Meta(seq=2, mark="end"),
        marks[0],
        *(replace(each, seq=1001) for each in own),
        marks[1],
    ]
    assert retrace(scenario(trace, 1000), RACES).schedule.labels == ALONE
    with pytest.raises(NoSchedule, match="record 2 does not begin a scenario"):
        scenario(trace, 2)
