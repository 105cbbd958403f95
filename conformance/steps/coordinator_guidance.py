"""Steps of guidance as a responder serves it: CSP B asks by hand, CSP A answers."""

from __future__ import annotations

import re

from pytest_bdd import given, parsers, then, when

from conformance.play import Unprepared
from conformance.prologue import OTHER, connection_path
from conformance.rules.coordinator_l3_proposals import config_of
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_l3 import NEGOTIATOR, RESPONDER, ask_guidance, exchanges, path_of


@given(parsers.re(r"the operator of CSP A has disabled (?P<channel>ch\d) of (?P<interconnect>\w+)"))
def disabled(session: Session, channel: str, interconnect: str) -> None:
    result = session.act(
        RESPONDER,
        "set_channel_state",
        environment="env1",
        interconnect=interconnect,
        channel=channel,
        state="disabled",
    )
    if result.result != "ok":
        raise Unprepared(f"CSP A does not disable {channel}: {result.answered.reason}")


@when(parsers.re(r"CSP B asks for guidance(?: with (?P<query>\S+=\S+(?: and \S+=\S+)*))?"))
def asks(session: Session, query: str | None) -> None:
    pairs = dict(re.findall(r"(\w+)=(\S+)", query or ""))
    answer = ask_guidance(session, "X", pairs)
    session.notes.setdefault("asked", []).append(answer.request.exchange)


def asked(session: Session) -> str:
    return str(session.notes["asked"][-1])


def list_channels(session: Session) -> str:
    path = path_of(session)
    del path["connection"]
    return session.send(NEGOTIATOR, RESPONDER, "ListChannels", path).request.exchange


@then(parsers.re(rf"CSP A gives guidance for each of (?P<count>\d) channels {CHECK}"))
def covers(session: Session, count: str, check: str, at: str | None) -> None:
    channels = list_channels(session)
    claim(session, check, at, "guidance_covers_channels", guidance=asked(session), channels=channels, count=int(count))


@then(parsers.re(rf"CSP A gives guidance for (?P<channel>ch\d) {CHECK}"))
def for_channel(session: Session, channel: str, check: str, at: str | None) -> None:
    claim(session, check, at, "guidance_for_channel", guidance=asked(session), channel=channel)


@then(parsers.re(rf"CSP A gives guidance for nothing {CHECK}"))
def for_nothing(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "guidance_for_nothing", guidances=session.notes["asked"])


@then(parsers.re(rf"the guidance names its type and its channel, as the caller addresses it {CHECK}"))
def names_itself(session: Session, check: str, at: str | None) -> None:
    prefix = "providers/{provider}/environments/{environment}/interconnects/{interconnect}".format(**path_of(session))
    claim(session, check, at, "guidance_names_itself", guidance=asked(session), prefix=prefix)


@then(parsers.re(rf"the guidance tells the administrative states that the channels show {CHECK}"))
def states_equal(session: Session, check: str, at: str | None) -> None:
    channels = list_channels(session)
    claim(session, check, at, "guidance_states_equal", guidance=asked(session), channels=channels)


@then(parsers.re(rf"the guidance is coherent as to its (?P<matter>bounds|overlaps|subnets|lengths|preferred) {CHECK}"))
def coherent(session: Session, matter: str, check: str, at: str | None) -> None:
    used = []
    for each in exchanges(session) if matter == "preferred" else []:
        config = config_of(each.request.body)
        channel = str(each.request.body["channel"]).rpartition("/")[2]
        used.append((channel, f"{config['ipv4Subnet']}/{config['ipv4SubnetPrefixLength']}"))
    claim(session, check, at, "guidance_is_coherent", guidance=asked(session), about=matter, in_use=used)


@then(parsers.re(rf"CSP A reads (?P<name>[A-Z]) as (?P<state>UNVERIFIED|VERIFIED) {CHECK}"))
def reads_as(session: Session, name: str, state: str, check: str, at: str | None) -> None:
    caller = OTHER[RESPONDER]
    uuid = session.notes["connections"][name]
    path = connection_path(session, caller, session.notes["interconnect"], uuid)
    read = session.send(caller, RESPONDER, "GetConnection", path)
    claim(session, check, at, "connection_reads", read=read.request.exchange, state=state)
