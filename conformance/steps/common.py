"""Steps of both protocols: time, and what every protocol calls a refusal."""

from __future__ import annotations

from pytest_bdd import parsers, when

from conformance.session import Session


@when(parsers.re(r"(?P<seconds>\d+) seconds pass"))
def seconds_pass(session: Session, seconds: str) -> None:
    session.pass_time(int(seconds) * 1000)
