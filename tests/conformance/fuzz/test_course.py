"""The fuzz against the reference, which stays clean, and against wrong ones, which do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.fuzz.bare import complaints, of_the_reference
from conformance.fuzz.bodies import bodies
from conformance.fuzz.case import Case, Sent, shortened
from conformance.fuzz.contract import Wishes
from conformance.fuzz.course import Fuzzed, breaks, field_on, fuzz, replay
from conformance.gallery import mutants
from conformance.mutants import Mutant
from conformance.play import Open, self_play
from conformance.prologue import OTHER
from reports.record import Request, Response
from reports.trace import as_json

QUICK = Wishes(examples=2, phases=("examples", "fuzzing", "stateful"))
SEATS = [
    ("connection-coordinator", "csp-a"),
    ("connection-coordinator", "csp-b"),
    ("federation-interconnect", "op1"),
    ("federation-interconnect", "op2"),
]


NOT_YET = {
    "DELETE /operator/partner",
    "DELETE /operator/notify/zone",
    "POST /operator/application/onboarding",
    "DELETE /operator/application/onboarding",
    "POST /operator/artifact/status",
}

REFUSED: dict[str, set[str]] = {
    "csp-a": {"UpdateConnection"},
    "csp-b": {"UpdateConnection", "RequestMacSecKeyRotation"},
    "op1": NOT_YET,
    "op2": NOT_YET,
}
"""Operations of which even the right example is refused on this ground."""


def fuzzed(protocol: str, seat: str, wishes: Wishes = QUICK, open_: Open | None = None) -> Fuzzed:
    with field_on(open_ or self_play("asgi", 1), protocol, seat) as field:
        return fuzz(field, wishes)


def wrong(id: str) -> tuple[Mutant, Open]:
    mutant = next(each for each in mutants() if each.id == id)
    return mutant, self_play("asgi", 1, {mutant.protocol: {mutant.seat: mutant.decisions}})


@pytest.mark.parametrize(("protocol", "seat"), SEATS)
def test_the_reference_is_reached_and_clean(protocol: str, seat: str) -> None:
    done = fuzzed(protocol, seat)
    assert done.lacks == ()
    assert done.findings == ()
    assert done.answers.keys() == {"2xx", "4xx"}
    accepted = {each.operation for each in done.trace if isinstance(each, Response) and 200 <= each.status < 300}
    right = bodies(protocol, OTHER[seat], seat).keys()
    assert right - accepted == REFUSED.get(seat, set()), "what lies behind these operations was not reached"


def test_the_same_seed_sends_the_same_requests_and_another_one_others() -> None:
    def requests(seed: int) -> list[Sent]:
        done = fuzzed("federation-interconnect", "op2", replace(QUICK, seed=seed))
        return [replace(each, exchange="", since=0) for each in done.sent]

    assert requests(1) == requests(1)
    assert requests(1) != requests(2)


def test_a_finding_is_told_kept_shortened_and_found_again() -> None:
    mutant, open_ = wrong("cc-open-prefix")
    with field_on(open_, mutant.protocol, mutant.seat) as field:
        done = fuzz(field, replace(QUICK, examples=6))
        found = {each.check: each for each in done.findings}
        assert {"CC-SEC-003/1", "CC-SEC-003/2"} <= found.keys()
        told = found["CC-SEC-003/1"]
        assert (told.seat, told.want) == ("csp-a", "a client error (4xx)")
        assert told.got.endswith("-> 200")
        assert "/providers/csp-b" not in told.curl
        short = shortened(told.case, lambda requests: breaks(field, told.case, requests))
        assert len(short.requests) <= 2
    with field_on(open_, mutant.protocol, mutant.seat) as field:
        assert "CC-SEC-003/1" in {each.check for each in replay(field, short.requests).findings}
    with field_on(self_play("asgi", 1), mutant.protocol, mutant.seat) as field:
        assert replay(field, short.requests).findings == ()


@pytest.mark.parametrize(("id", "check"), [("fi-no-key-needed", "FI-AUTH-003/1"), ("fi-any-key", "FI-AUTH-003/2")])
def test_who_lets_strangers_in_is_found(id: str, check: str) -> None:
    mutant, open_ = wrong(id)
    done = fuzzed(mutant.protocol, mutant.seat, QUICK, open_)
    assert check in {each.check for each in done.findings}


def test_no_key_of_the_run_is_in_a_case_or_in_the_trace() -> None:
    with field_on(self_play("asgi", 1), "connection-coordinator", "csp-a") as field:
        courier = field.courier()
        real = [name for stand_in, name in courier.ground.real.items() if stand_in.startswith("activation-key")]
        assert len(real) == 3
        courier.carry(
            Sent(
                "POST",
                "/providers/csp-b/environments/env1/ConfirmActivationKey",
                body=b'{"encodedKey": "activation-key-3"}',
                headers={"content-type": "application/json"},
            )
        )
        text = str([as_json(each) for each in field.trace]) + str(courier.sent)
        assert not [key for key in real if key in text]
        confirmed = [
            each for each in field.trace if isinstance(each, Request) and each.operation == "ConfirmActivationKey"
        ]
        assert str(confirmed[-1].body["encodedKey"]).startswith("secret:activation-key:")


def test_schemathesis_alone_says_the_same_of_the_reference_twice_and_more_of_a_wrong_one() -> None:
    wishes = Wishes(examples=1, phases=("coverage",))
    mutant, open_ = wrong("cc-open-prefix")
    usual = of_the_reference(mutant.protocol, mutant.seat, wishes)
    with field_on(self_play("asgi", 1), mutant.protocol, mutant.seat) as field:
        assert complaints(field, wishes) == usual
    with field_on(open_, mutant.protocol, mutant.seat) as field:
        assert complaints(field, wishes) - usual


def test_a_case_of_nothing_breaks_nothing() -> None:
    with field_on(self_play("asgi", 1), "federation-interconnect", "op1") as field:
        case = Case("federation-interconnect", "op1", "FI-AUTH-003/1", (Sent("GET", "/nowhere"),))
        assert not breaks(field, case, case.requests)
