"""What the doctor says of targets that are well, and of each kind of broken one."""

from __future__ import annotations

import asyncio
import json
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from conformance.cli import main
from conformance.doctor import claims
from conformance.target.vocabulary import NEEDED
from tests.conformance.doctor.patients import (
    OPERATOR,
    PARTY,
    TARGET,
    TOKENS,
    Clinic,
    Told,
    but,
    examined,
    examined_app,
    examined_bytes,
    free_address,
    wrong,
)
from tests.reference_impl.serve.parties import FEDERATION, served

WIRE_ONLY = TARGET[: TARGET.index("[northbound]")]
"""Without a northbound side."""


@pytest.fixture(autouse=True)
def tokens_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)


def test_a_provider_that_is_well(tmp_path: Path) -> None:
    third = "http://127.0.0.1:"
    found = examined(tmp_path)
    assert [each for each in found if not each[2].startswith(third)] == [
        ("east-west.dns", "ok", "127.0.0.1 is 127.0.0.1", ""),
        ("east-west.tcp", "ok", "EW takes connections", ""),
        ("east-west.tls", "ok", "cleartext, on this machine only", ""),
        ("auth.right", "ok", "GET EW/providers -> 200", ""),
        ("auth.missing", "ok", "without a credential: refused with 401", ""),
        ("auth.wrong", "ok", "with a wrong credential: refused with 401", ""),
        ("clock", "ok", "the same as ours, to a few seconds", ""),
        ("third.right", "ok", "GET EW/providers -> 200", ""),
        ("inventory", "ok", "environments of interlock: env1; interconnects of env1: ix1; channels of ix1: ch1", ""),
        ("capabilities.update", "ok", "PATCH of an unknown connection: 404 with an error document", ""),
        ("capabilities.delete", "ok", "DELETE of an unknown connection: 404 with an error document", ""),
        ("northbound.dns", "ok", "127.0.0.1 is 127.0.0.1", ""),
        ("northbound.tcp", "ok", "NB takes connections", ""),
        ("northbound.tls", "ok", "cleartext, on this machine only", ""),
        ("northbound.actions", "ok", "accept, read, delete offered", ""),
        ("northbound.answer", "ok", "offers: ok", ""),
        ("counterpart.url", "ok", "http://DOOR leads here", ""),
        ("counterpart.reached", "ok", "accept: POST /providers/acme/environments/env1/ConfirmActivationKey came", ""),
        ("auth.inbound", "ok", "the target authenticates as expected", ""),
    ]
    assert [each[0] for each in found if each[2].startswith(third)] == ["counterpart.third.url"]


def test_an_operator_that_is_well(tmp_path: Path) -> None:
    found = examined(tmp_path, OPERATOR, FEDERATION)
    assert [(check, level, told) for check, level, told, _ in found if check.startswith(("auth", "northbound.a"))] == [
        ("auth.missing", "ok", "an empty message without a key: refused with 400"),
        (
            "northbound.actions",
            "ok",
            "create_self_federation, expect_partner, set_partner_api_key, add_partner, register_zone, show_partners, "
            "show_zones offered",
        ),
        ("northbound.answer", "ok", "show_self: ok"),
    ]
    assert found[-1] == ("counterpart.reached", "ok", "add_partner: POST /operator/partner came", "")
    assert wrong(found) == []


def test_nothing_is_left_at_an_operator(tmp_path: Path) -> None:
    async def run() -> tuple[list[Told], object]:
        async with served(tmp_path, FEDERATION) as patient:
            running = patient.running
            found = await Clinic(tmp_path).told(OPERATOR, running.east_west, running.northbound)
            return found, (await patient.operator("/state")).json()["outputs"]

    found, state = asyncio.run(run())
    assert but(found, "counterpart.reached")[1] == "ok"
    assert isinstance(state, dict)
    assert {name: rows for name, rows in state.items() if rows} == {}


# --- the way there ------------------------------------------------------------------------------------------------


def test_a_target_that_is_down(tmp_path: Path) -> None:
    east_west, northbound = f"http://{free_address()}", f"http://{free_address()}"
    found = asyncio.run(Clinic(tmp_path).told(TARGET, east_west, northbound))
    refused = "took no connection: Connection refused"
    assert wrong(found) == [
        (
            "east-west.tcp",
            "bad",
            f"EW {refused}",
            "start the target, or target.base_url: the host and port where it listens",
        ),
        (
            "northbound.tcp",
            "bad",
            f"NB {refused}",
            "start the target, or northbound.base_url: the host and port where it listens",
        ),
    ]


def test_a_host_that_nobody_knows(tmp_path: Path) -> None:
    (found,) = asyncio.run(Clinic(tmp_path).told(WIRE_ONLY, "http://nowhere.invalid"))[:1]
    assert (found[0], found[1]) == ("east-west.dns", "bad")
    assert found[2].startswith("EW has no address: ") or found[2].startswith("nowhere.invalid has no address: ")
    assert found[3] == "target.base_url: a host name that is known here"


# --- credentials and clocks ---------------------------------------------------------------------------------------


def test_a_credential_that_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_B", "of-nobody")
    (found,) = wrong(examined(tmp_path))
    assert found[:2] == ("auth.right", "bad")
    assert found[2].startswith('GET EW/providers -> 401 {"type":"about:blank","title":"Unauthorized","status":401,')
    assert found[3] == "auth.outbound: the credential that the target expects of us, or let the target know it"


def test_a_third_partner_that_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_C", "of-nobody")
    found = but(examined(tmp_path), "third.right")
    assert (found[1], found[3]) == (
        "bad",
        "auth.third.outbound: the credential that the target expects of us, or let the target know it",
    )
    without = TARGET.replace('third = {{ outbound = {{ kind = "bearer", token_env = "OF_C" }} }}', "")
    assert wrong(examined(tmp_path, without)) == [
        (
            "third.right",
            "warn",
            "there is none",
            "auth.third.outbound: a credential of another partner; without it isolation is not tested",
        )
    ]


def test_a_base_url_that_leads_elsewhere(tmp_path: Path) -> None:
    found = but(examined(tmp_path, TARGET.replace("{east_west}", "{east_west}/v7")), "auth.right")
    assert found[1] == "bad"
    assert found[2].startswith("GET EW/v7/providers -> 404 ")
    assert found[3] == "target.base_url: the URL below which /providers is"


SKEWS = {
    "ahead": (-20, "warn", "20 s ahead of ours"),
    "behind": (40, "warn", "40 s behind ours"),
    "far behind": (4000, "bad", "4000 s behind ours"),
}


@pytest.mark.parametrize("name", SKEWS)
def test_a_clock_that_is_wrong(name: str, tmp_path: Path) -> None:
    ahead, level, told = SKEWS[name]
    date = b"Sat, 21 Nov 2026 12:00:00 GMT"
    answer = b"HTTP/1.1 200 OK\r\ndate: " + date + b"\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    noon = parsedate_to_datetime(date.decode()).timestamp()
    found = but(examined_bytes(tmp_path, answer, WIRE_ONLY, lambda: noon + ahead), "clock")
    assert found == ("clock", level, told, "set the clocks of both machines, by NTP")


def test_a_target_that_tells_no_time(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    assert but(examined_bytes(tmp_path, answer, WIRE_ONLY), "clock") == (
        "clock",
        "warn",
        "no header Date in GET EW/providers",
        "let the target send Date, so that its clock can be compared",
    )


# --- servers that are broken --------------------------------------------------------------------------------------


async def _nonsense(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("<html>It works!</html>")(scope, receive, send)


def test_nonsense_bodies(tmp_path: Path) -> None:
    assert wrong(examined_app(tmp_path, _nonsense, WIRE_ONLY)) == [
        (
            "auth.right",
            "bad",
            "GET EW/providers -> 200 <html>It works!</html>",
            "target.base_url: the URL of the API; this answer is no JSON object",
        ),
        (
            "northbound",
            "warn",
            "there is none",
            "[northbound]: without it only what the wire shows alone is judged",
        ),
    ]


def test_a_target_that_is_too_slow(tmp_path: Path) -> None:
    found = wrong(examined_bytes(tmp_path, None, WIRE_ONLY + "[timeouts]\nanswer = 0.05\n"))
    assert found[0] == (
        "auth.right",
        "bad",
        "GET EW/providers -> no answer in 0.05 s",
        "see what the target waits for, or timeouts.answer: how long it may take",
    )


def test_a_target_that_fails(tmp_path: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("Traceback", 500)(scope, receive, send)

    assert but(examined_app(tmp_path, app, WIRE_ONLY), "auth.right")[1:] == (
        "bad",
        "GET EW/providers -> 500 Traceback",
        "see the target's log: GET /providers must be answered with 200",
    )


async def _open_house(scope: Scope, receive: Receive, send: Send) -> None:
    """Lets everybody in, shows items without names, and knows no deletion."""
    request = Request(scope, receive)
    answer: Response = JSONResponse({"providers": [], "environments": [{"id": "env1"}]})
    if request.method == "DELETE":
        answer = PlainTextResponse("not allowed", 405)
    elif request.method == "PATCH":
        answer = PlainTextResponse("Cannot PATCH", 404)
    await answer(scope, receive, send)


def test_a_target_that_lets_everybody_in_and_offers_less_than_it_claims(tmp_path: Path) -> None:
    found = {
        check: (level, told, change) for check, level, told, change in examined_app(tmp_path, _open_house, WIRE_ONLY)
    }
    judged = "nothing here, if that is meant: the checks of authentication will judge it (CC-SEC-002, FI-AUTH-003)"
    shown = 'GET EW/providers -> 200 {"providers":[],"environments":[{"id":"env1"}]}'
    assert found["auth.missing"] == ("warn", f"without a credential: {shown}", judged)
    assert found["auth.wrong"] == ("warn", f"with a wrong credential: {shown}", judged)
    assert found["inventory.environments"] == (
        "bad",
        "environments of interlock cannot be read: GET EW/providers/interlock/environments -> an item without a name: "
        "{'id': 'env1'}",
        "the standard inventory and [identity]: the ids that the target has for us; or the target",
    )
    assert found["capabilities.update"][0] == "warn"
    assert found["capabilities.update"][1].endswith("-> 404 Cannot PATCH: an unknown connection or an unknown route?")
    assert found["capabilities.delete"][0] == "bad"
    assert found["capabilities.delete"][2] == "target.capabilities: without 'delete', or offer this operation"


# --- agreement ----------------------------------------------------------------------------------------------------


def test_ids_that_do_not_agree(tmp_path: Path) -> None:
    interconnect = 'interconnects = [{{ id = "ix1", environment = "env1", max_mbps = 20000 }}'
    more = interconnect + ', {{ id = "ix2", environment = "env1" }}'
    channel = 'channels = [{{ id = "ch1"'
    text = TARGET.replace(interconnect, more.replace("20000", "30000")).replace(channel, channel.replace("ch1", "ch9"))
    found = wrong(examined(tmp_path, text))
    set_up = "set them up at the target, or take them out of the standard inventory"
    assert found == [
        ("inventory.env1", "bad", "interconnects of env1: ix2 not at the target, which shows ix1", set_up),
        (
            "inventory.env1.ix1",
            "bad",
            "maxBandwidthMbps 20000 where the standard inventory has 30000",
            "the standard inventory or the target, so that both say the same",
        ),
        ("inventory.env1.ix1.channels", "bad", "channels of ix1: ch9 not at the target, which shows ch1", set_up),
    ]


def test_what_the_target_has_besides(tmp_path: Path) -> None:
    more = PARTY.replace(
        'environments = [{{ id = "env1", peer',
        'environments = [{{ id = "env2", peer = "interlock" }}, {{ id = "env1", peer',
    )
    assert wrong(examined(tmp_path, TARGET, more)) == [
        (
            "inventory.environments",
            "warn",
            "environments of interlock: env2 not in the standard inventory",
            "the standard inventory: all that the target shares with us",
        )
    ]


def test_an_operators_zones_are_compared(tmp_path: Path) -> None:
    held = '[inventory]\ncloudlets = [{{ name = "edge-1" }}]\n'
    assert but(examined(tmp_path, OPERATOR + held, FEDERATION), "inventory.cloudlets") == (
        "inventory.cloudlets",
        "bad",
        "cloudlets: edge-1 not at the target, which shows nothing",
        "set them up at the target, or take them out of the inventory",
    )


def test_a_capability_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_provider", lambda target, name: ("GET", "/providers/interlock/nothings"))
    found = but(examined(tmp_path, TARGET.replace('"update", "delete"', '"issues", "deferral"')), "capabilities.issues")
    assert found[1] == "bad"
    assert found[2].startswith("GET EW/providers/interlock/nothings -> 404 ")
    assert found[3] == "target.capabilities: without 'issues', or offer this operation"


# --- northbound ---------------------------------------------------------------------------------------------------


def test_an_operator_token_that_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR", "wrong")
    (found,) = wrong(examined(tmp_path))
    assert found == (
        "northbound.answer",
        "bad",
        "offers: refused, want valid credentials in the header Authorization: Bearer …",
        "northbound.auth: a credential that may do this; identity.accounts: the target's own names of accounts",
    )


def test_actions_that_are_not_mapped(tmp_path: Path) -> None:
    mapped = TARGET.replace(
        'style = "interlock"',
        'actions = {{ accept = {{ path = "/actions/accept", body = {{ account = "{{account}}" }} }} }}',
    )
    found = wrong(examined(tmp_path, mapped))
    assert found[:2] == [
        (
            "northbound.actions",
            "warn",
            "read, delete not offered",
            "northbound.actions: read, delete; without them most scenarios are untested",
        ),
        (
            "northbound.answer",
            "warn",
            "nothing that only reads is offered, so nothing was asked",
            "northbound.actions.offers: then the doctor can ask for it",
        ),
    ]


def test_what_is_shown_as_a_whole_needs_no_action_for_each_part(tmp_path: Path) -> None:
    needed = [name for name in NEEDED["op1"] if not name.startswith("show_")]
    made = [f'{name} = {{{{ path = "/actions/{name}", outputs = {{{{ federation = "$" }}}} }}}}\n' for name in needed]
    state = '[[northbound.state]]\nmethod = "GET"\npath = "/state"\noutputs = {{ zones = "$.outputs.zones" }}\n'
    mapped = OPERATOR.replace('style = "interlock"\n', "") + f"[northbound.actions]\n{''.join(made)}{state}"
    found = [each for each in examined(tmp_path, mapped, FEDERATION) if each[0] in SHOWN]
    assert found == [
        ("northbound.actions", "ok", f"{', '.join(needed)} offered", ""),
        ("northbound.answer", "ok", "the state: zones", ""),
    ]
    broken = mapped.replace('path = "/state"', 'path = "/nowhere"')
    found = [each for each in examined(tmp_path, broken, FEDERATION) if each[0] == "northbound.answer"]
    assert (found[0][1], found[0][3]) == ("bad", "[northbound.state]: what shows the operator's view, and how")


SHOWN = ("northbound.actions", "northbound.answer")


def test_a_northbound_side_that_speaks_nonsense(tmp_path: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer: Response = JSONResponse({"providers": [], "environments": []})
        if request.url.path.startswith("/north"):
            answer = PlainTextResponse("<html>")
        await answer(scope, receive, send)

    found = but(examined_app(tmp_path, app, TARGET), "northbound.answer")
    assert found == (
        "northbound.answer",
        "bad",
        "northbound POST NB/actions/offers: want a JSON object with result and outputs, got 200 <html>",
        "[northbound]: where and how the target is asked",
    )


def test_a_class_that_is_not_there(tmp_path: Path) -> None:
    text = WIRE_ONLY + '[northbound]\nkind = "python"\nclass = "acme_nowhere:Portal"\n'
    (found,) = wrong(examined(tmp_path, text))
    assert found == (
        "northbound",
        "bad",
        "northbound.class: want Portal in the module acme_nowhere, beside the target file or installed, "
        "got no module acme_nowhere",
        "[northbound]: where and how the target is asked",
    )


# --- the way back -------------------------------------------------------------------------------------------------


def test_a_target_that_calls_somebody_else(tmp_path: Path) -> None:
    text = TARGET + "[timeouts]\nanswer = 0.3\n"
    (found,) = wrong(examined(tmp_path, text, door="http://127.0.0.1:9"))
    assert found == (
        "counterpart.reached",
        "bad",
        "accept: running, and nothing came to http://DOOR in 0.3 s",
        "the target's own entry for its partner, counterpart.public_url, a firewall",
    )


def test_a_target_that_shows_another_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TO_B", "another")
    change = "auth.inbound: the credential that the target sends us, or let it send that one"
    assert wrong(examined(tmp_path)) == [("auth.inbound", "bad", "another value in authorization", change)]
    header = TARGET.replace('inbound = {{ kind = "bearer"', 'inbound = {{ kind = "header", header = "x-key"')
    assert wrong(examined(tmp_path, header)) == [("auth.inbound", "bad", "no header x-key", change)]


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    text = TARGET.replace('listen = "{listen}"', 'listen = "{taken}"')

    async def run() -> list[Told]:
        async with served(tmp_path, PARTY, door="http://127.0.0.1:9") as patient:
            east_west = patient.running.east_west
            file = text.replace("{taken}", east_west.rpartition("//")[2])
            return wrong(await Clinic(tmp_path).told(file, east_west, patient.running.northbound))

    assert asyncio.run(run()) == [
        ("counterpart.listen", "bad", "EW: Address already in use", "counterpart.listen: an address that is free")
    ]


def test_who_calls_nobody_is_not_asked(tmp_path: Path) -> None:
    text = TARGET.replace('["csp-b"]', '["csp-a"]')
    assert wrong(examined(tmp_path, text)) == [
        (
            "counterpart.reached",
            "warn",
            "not asked: a target in csp-a calls nobody before a connection is placed",
            "the first scenarios will show it",
        )
    ]


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_ends_with_2_where_something_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "target.toml"
    file.write_text(WIRE_ONLY.format(east_west=f"http://{free_address()}", trust="", listen=free_address()))
    with pytest.raises(SystemExit) as ended:
        main(["doctor", str(file), "--json"])
    assert ended.value.code == 2
    shown = json.loads(capsys.readouterr().out)
    assert (shown["target"], shown["clean"]) == ("Acme", False)
    assert [each["level"] for each in shown["findings"]] == ["ok", "bad", "warn"]
    with pytest.raises(SystemExit):
        main(["doctor", str(file)])
    assert "Acme: 1 to mend before anything can be judged, 1 to look at" in capsys.readouterr().out


def test_the_command_tells_what_is_wrong_with_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "target.toml"
    file.write_text("[target]\nnam = 1\n")
    with pytest.raises(SystemExit) as ended:
        main(["doctor", str(file), "--json"])
    assert ended.value.code == 2
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["found"] == f"{file}:2: target.nam: want the key name, got an unknown key"
