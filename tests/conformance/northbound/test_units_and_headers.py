"""Numbers in the target's own units, values out of headers, and answers that say by their status whether it is over."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from conformance.northbound import Answered
from conformance.northbound.http import MappedNorthbound
from conformance.northbound.templates import found, read_back, translated, written
from conformance.target import Ask, HttpAction, HttpChoice, Mapped, Poll, Results
from conformance.target.records import Unit

GBPS = Unit(0.001, "{} Gbps")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(1000, "1 Gbps"), (1500, "1.5 Gbps"), (0, "0 Gbps"), (-1, "-0.001 Gbps"), (999999, "999.999 Gbps")],
)
def test_a_number_is_written_in_a_unit_and_read_back(ours: int, theirs: str) -> None:
    assert written(ours, GBPS) == theirs
    assert (read_back(theirs, GBPS), type(read_back(theirs, GBPS))) == (ours, int)


def test_without_a_text_it_stays_a_number() -> None:
    assert translated({"mbps": 2000, "peer": "p"}, {}, {"mbps": Unit(0.001)}) == {"mbps": 2, "peer": "p"}
    assert read_back(2, Unit(0.001)) == 2000


def test_what_is_not_written_so_stays_as_it_is() -> None:
    assert (written("much", GBPS), written(True, GBPS)) == ("much", True)
    assert (read_back("1 Tbps", GBPS), read_back("x Gbps", GBPS)) == ("1 Tbps", "x Gbps")


def test_a_word_goes_before_a_unit() -> None:
    assert translated({"mbps": 1000}, {"mbps": {"1000": "small"}}, {"mbps": GBPS}) == {"mbps": "small"}


def test_a_value_is_cut_out_of_a_header() -> None:
    headers = httpx.Headers({"Location": "https://portal.test/jobs/J-7?x=1"})
    how = Mapped(header="location", match=r"/jobs/([^/?]+)")
    assert found(how, None, headers) == "J-7"
    assert found(how, None, httpx.Headers()) is None
    assert found(Mapped(header="location", match="/orders/(.+)", default="none"), {}, headers) == "none"
    assert found(Mapped("$.speeds[*]", all=True, unit=GBPS), {"speeds": ["1 Gbps", "10 Gbps"]}) == [1000, 10000]


JOB = Mapped(header="location", match=r"/jobs/([^/]+)$")
DELETE = HttpAction(
    Ask("DELETE", "/links/{uuid}"),
    Results(ok=(200,), running=(202,)),
    {"job": JOB},
    Poll(Ask("GET", "/jobs/{job}"), Results("$.outcome", ok=("DONE",), running=(202,)), interval_ms=100),
)


def _asked(*answers: httpx.Response) -> tuple[list[Answered], list[str]]:
    """Delete and poll once where it runs: what came of it, and what was asked."""
    rest, asked = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return rest.pop(0)

    async def run() -> list[Answered]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            choice = HttpChoice("http://portal.test", actions={"delete": DELETE})
            adapter: Any = MappedNorthbound(choice, "connection-coordinator", {}, lambda _: client)
            begun = await adapter.act("delete", {"uuid": "u"})
            return [begun] if begun.operation is None else [begun, await adapter.poll(begun.operation)]

    return asyncio.run(run()), asked


def test_a_listed_status_says_that_there_is_nothing_to_wait_for() -> None:
    assert _asked(httpx.Response(200)) == ([Answered("ok")], ["DELETE /links/u"])


def test_the_job_is_polled_at_the_place_that_the_header_names() -> None:
    accepted = httpx.Response(202, headers={"Location": "/jobs/J-7"})
    (begun, ended), asked = _asked(accepted, httpx.Response(200, json={"outcome": "DONE"}))
    assert begun == Answered("running", None, "delete:1", {"job": "J-7"}, 100)
    assert ended == Answered("ok", outputs={"job": "J-7"})
    assert asked == ["DELETE /links/u", "GET /jobs/J-7"]
