"""TARGET.toml: what is read, every default, and one exact error for everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.target import (
    Ask,
    ClockChoice,
    Counterpart,
    HttpAction,
    Identity,
    Inbound,
    InventorySource,
    Listening,
    Mapped,
    NorthboundChoice,
    Outbound,
    Poll,
    Prompt,
    PythonChoice,
    Results,
    SigV4,
    Who,
)
from conformance.target.declared import DECLARATIONS, TIMEOUTS
from reference_impl.serve.config import Address
from reference_impl.serve.tomlfile import ConfigError
from tests.conformance.target.files import OPERATOR, PROVIDER, SMALL, read, set_secrets


@pytest.fixture(autouse=True)
def secrets_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(monkeypatch)


def test_a_provider_is_read(tmp_path: Path) -> None:
    target = read(tmp_path, PROVIDER)
    assert (target.name, target.version, target.base_url) == ("Acme Cloud", "7.1", "https://acme.example/v1")
    assert (target.seats, target.all_seats) == (("csp-a", "csp-b"), ("csp-a", "csp-b", "csp-c"))
    assert target.capabilities == ("update", "delete")
    assert target.identity == Identity(Who("acme", "Acme", 65001), Who("interlock"), Who(), {"X": "customer-1"})
    assert target.identity.account("X") == "customer-1"
    assert target.identity.account("Y") == "Y"
    assert target.auth.outbound == Outbound("bearer", "geheim-out")
    assert target.auth.inbound == Inbound("header", ("geheim-in-1", "geheim-in-2"), "x-acme-key")
    assert target.auth.out("third") == Outbound("sigv4", sigv4=SigV4("AK", "geheim-aws", region="eu-west-1"))
    assert target.auth.into("third") == Inbound("none")
    assert target.counterpart == Counterpart(
        Listening(Address("0.0.0.0", 9001), "http://interlock.example:9001"), Listening(Address("127.0.0.1", 9002))
    )
    assert target.inventory.names == ("standard", "one-left")
    assert target.clock == ClockChoice("northbound")


def test_the_ids_depend_on_the_seat_that_the_target_takes(tmp_path: Path) -> None:
    target = read(tmp_path, PROVIDER)
    assert target.names("csp-a") == {"csp-a": "acme", "csp-b": "interlock", "csp-c": "csp-c"}
    assert target.names("csp-b") == {"csp-a": "interlock", "csp-b": "acme", "csp-c": "csp-c"}
    assert target.parts("csp-b") == {"csp-a": "counterpart", "csp-b": "target", "csp-c": "third"}
    assert target.id_of("counterpart", "csp-b") == "interlock"
    assert read(tmp_path, SMALL).id_of("counterpart", "csp-a") == "csp-b"


def test_the_http_adapter_is_read(tmp_path: Path) -> None:
    http = read(tmp_path, PROVIDER).northbound.http
    assert http is not None
    assert (http.base_url, http.style, http.timeout_ms) == ("http://acme.example:8100/api", "mapped", 2500)
    assert (http.headers, http.values) == ({"x-tenant": "t1"}, {"environment": {"env1": "fra-1"}})
    assert (http.credential, http.accounts) == (
        Outbound("bearer", "geheim-out"),
        {"X": Outbound("header", "geheim-out")},
    )
    assert http.actions["offer"] == HttpAction(
        Ask("POST", "/connections", {"dry": "no"}, body={"size": "{mbps}", "region": "{environment}"}),
        Results("$.status", ok=("DONE",), refused=(409, "NO"), reason="$.why"),
        {"uuid": Mapped("$.id"), "activation_key": Mapped("$.key")},
    )
    assert http.actions["accept"].poll == Poll(
        Ask("GET", "/connections/{uuid}"), Results("$.state", ok=("UP",), failed=("DOWN",)), {}, 200, 60_000
    )
    assert http.hooks["advance_clock"].ask == Ask("PUT", "/test/clock", body={"by": "{ms}"})
    (state,) = http.state
    assert state.outputs["connections"] == Mapped(
        "$.items[*]",
        all=True,
        members={
            "uuid": Mapped("$.id"),
            "customer": Mapped("$.s", values={"UP": "established"}, default="pending"),
        },
    )


def test_an_operator_is_read(tmp_path: Path) -> None:
    target = read(tmp_path, OPERATOR)
    assert target.identity.target == Who(operator="acme", country="DE", mcc="262", mnc=("01", "02"))
    assert (target.auth.outbound.kind, target.auth.third_inbound.kind) == ("arranged", "arranged")
    assert target.inventory.base_urls == {"application": "http://127.0.0.1:8011/v2"}
    manual = target.northbound.manual
    assert manual is not None
    assert (manual.offers, manual.timeout_ms) == (("create_zone", "reset"), 60_000)
    assert manual.prompts == {
        "create_zone": Prompt("operator", "Create the zone {zone}", {"zone": "its id"}, "a screenshot", 60_000)
    }
    assert target.declares["admission"] == "open"


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    target = read(tmp_path, SMALL)
    assert (target.identity, target.counterpart, target.inventory) == (Identity(), Counterpart(), InventorySource())
    assert (target.northbound, target.clock) == (NorthboundChoice(), ClockChoice())
    assert (target.auth.outbound.kind, target.auth.inbound.kind) == ("none", "none")
    declared, limits = DECLARATIONS["connection-coordinator"], TIMEOUTS["connection-coordinator"]
    assert set(target.declares.values) == set(declared)
    assert (target.declares["key_used"], target.declares["refusal_statuses"]) == ("at-creation", (400, 409, 412, 422))
    assert target.timeouts.values == {name: limit.seconds * 1000 for name, limit in limits.items()}


def test_declarations_and_limits_are_read(tmp_path: Path) -> None:
    target = read(tmp_path, PROVIDER)
    assert (target.declares["key_used"], target.declares["refusal_statuses"]) == ("at-first-confirmation", (409,))
    assert (target.timeouts["answer"], target.timeouts["quiet"]) == (500, 10_000)


def test_a_class_is_read(tmp_path: Path) -> None:
    text = SMALL + '[northbound]\nkind = "python"\nclass = "acme.lab:Portal"\noptions = { host = "h" }\n'
    assert read(tmp_path, text).northbound.python == PythonChoice("acme.lab:Portal", {"host": "h"}, tmp_path)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    target = read(tmp_path, PROVIDER)
    assert target.auth.outbound.secret in "geheim-out"
    assert "geheim" not in repr(target)


WRONG = {
    "no table": (SMALL, "[target]", "[targets]", "1: targets: want the key target, got an unknown key"),
    "unknown key": (SMALL, "base_url", "base_uri", "5: target.base_uri: want the key base_url, got an unknown key"),
    "protocol": (
        SMALL,
        '"connection-coordinator"',
        '"coordinator"',
        "3: target.protocol: want connection-coordinator or federation-interconnect, got a text: 'coordinator'",
    ),
    "third seat": (
        SMALL,
        '["csp-a"]',
        '["csp-c"]',
        "4: target.seats: want a list of csp-a and csp-b, or one of them; csp-c is always ours, got 'csp-c'",
    ),
    "no seat": (SMALL, '["csp-a"]', "[]", "4: target.seats: want a list of csp-a and csp-b, or one of them, got []"),
    "url": (
        SMALL,
        "http://127.0.0.1:1",
        "127.0.0.1:1",
        "5: target.base_url: want an http or https URL without query, got '127.0.0.1:1'",
    ),
    "capability": (
        PROVIDER,
        '"update"]',
        '"updates"]',
        "6: target.capabilities: want a list out of the extended profiles update, delete, migration, deferral, "
        "maintenance, macsec, issues, got 'updates'",
    ),
    "core profile": (
        PROVIDER,
        '"update"]',
        '"security"]',
        "6: target.capabilities: want a list out of the extended profiles update, delete, migration, deferral, "
        "maintenance, macsec, issues, got 'security', which every target is judged by",
    ),
    "two with one id": (
        PROVIDER,
        'id = "interlock"',
        'id = "acme"',
        "10: identity.target: want an id of its own for each party, got 'acme'",
    ),
    "the id of another seat": (
        SMALL,
        "",
        '[identity]\ntarget = { id = "csp-b" }\n',
        "6: identity.counterpart: want an id of its own for everybody while the target is csp-a, "
        "got 'csp-b' for csp-a and csp-b",
    ),
    "members of operators": (
        PROVIDER,
        "asn = 65001",
        'mcc = "262"',
        "10: identity.target.mcc: want one of the keys id, display_name, asn, got an unknown key",
    ),
    "one account twice": (
        PROVIDER,
        'X = "customer-1"',
        'X = "Y"',
        "12: identity.accounts.X: want an account of its own, got 'Y', which another one has",
    ),
    "literal secret": (
        PROVIDER,
        'token_env = "TOKEN_OUT"\n[auth.inbound]',
        'token = "geheim"\n[auth.inbound]',
        "17: auth.outbound.token: want token_env or token_file: no secret stands in a target file, "
        "got the secret itself",
    ),
    "no secret": (
        PROVIDER,
        'token_env = "TOKEN_OUT"\n[auth.inbound]',
        "[auth.inbound]",
        "15: auth.outbound.token_env: want it or token_file: where the secret is, got neither",
    ),
    "secret not set": (
        PROVIDER,
        'token_env = "TOKEN_OUT"\n[auth.inbound]',
        'token_env = "NOWHERE"\n[auth.inbound]',
        "17: auth.outbound.token_env: want the environment variable NOWHERE to be set, got nothing there",
    ),
    "kind of credential": (
        PROVIDER,
        'kind = "bearer"\ntoken_env = "TOKEN_OUT"\n[auth.inbound]',
        'kind = "basic"\n[auth.inbound]',
        "16: auth.outbound.kind: want one of none, bearer, header, mtls, sigv4, got a text: 'basic'",
    ),
    "key of another kind": (
        PROVIDER,
        'kind = "header"\nheader',
        'kind = "bearer"\nheader',
        "20: auth.inbound.header: want one of the keys kind, token_env, token_file, certificate_sha256, "
        "certificate_subject, got an unknown key",
    ),
    "mTLS without certificate": (
        SMALL,
        "",
        '[auth.outbound]\nkind = "mtls"\n',
        "6: auth.outbound.certificate: want a certificate and its key, got nothing",
    ),
    "certificates without an authority": (
        SMALL,
        "",
        '[auth.inbound]\nkind = "mtls"\ncertificate_subject = "CN=acme"\n',
        "counterpart.tls: want client_ca in it, for certificates of the target are bound in [auth], got none",
    ),
    "listen": (
        PROVIDER,
        '"0.0.0.0:9001"',
        '"9001"',
        "29: counterpart.listen: want host:port, such as \"127.0.0.1:8001\", got a text: '9001'",
    ),
    "no inventory file": (
        PROVIDER,
        '"inventory.toml"',
        '"inventary.toml"',
        "inventary.toml: want a readable TOML file, got No such file or directory",
    ),
    "a unit of nothing": (
        PROVIDER,
        'outputs = { uuid = "$.id", activation_key = "$.key" }',
        'outputs = { uuid = "$.id", activation_key = { path = "$.key", unit = "mbps" } }',
        "50: northbound.actions.offer.outputs.activation_key.unit: want one of [northbound.units]: there is none, "
        "got a text: 'mbps'",
    ),
    "a unit without a place": (
        PROVIDER,
        "timeout = 2.5",
        'units = { mbps = { text = "Gbps" } }',
        "42: northbound.units.mbps.text: want {} once in it, where the number stands, and no other brace, "
        "got a text: 'Gbps'",
    ),
    "an output out of two places": (
        PROVIDER,
        'activation_key = "$.key" }',
        'activation_key = { path = "$.key", header = "Location" } }',
        "50: northbound.actions.offer.outputs.activation_key.path: want a JSONPath such as $.id, or instead a header, "
        "or a constant, got several of them",
    ),
    "a header with members": (
        PROVIDER,
        'activation_key = "$.key" }',
        'activation_key = { header = "Location", all = true } }',
        "50: northbound.actions.offer.outputs.activation_key.header: want it without all and members, "
        "got one of them beside it",
    ),
    "kind of northbound": (
        PROVIDER,
        'kind = "http"',
        'kind = "soap"',
        "38: northbound.kind: want one of http, python, manual, none, got a text: 'soap'",
    ),
    "unknown action": (
        PROVIDER,
        "[northbound.actions.offer]",
        "[northbound.actions.offerr]",
        "46: northbound.actions.offerr: want the key offer, got an unknown key",
    ),
    "unknown placeholder": (
        PROVIDER,
        '"{mbps}"',
        '"{gbps}"',
        "49: northbound.actions.offer.body: want placeholders out of account, environment, mbps, peer, "
        "remote_account, got {gbps}",
    ),
    "not a placeholder": (
        PROVIDER,
        '"{mbps}"',
        '"{mbps:d}"',
        "49: northbound.actions.offer.body: want placeholders such as {uuid}, got '{mbps:d}': a placeholder is {name} or "
        "{name.member}, and a brace is written twice",
    ),
    "not a JSONPath": (
        PROVIDER,
        'uuid = "$.id", activation_key',
        'uuid = "id", activation_key',
        "50: northbound.actions.offer.outputs.uuid: want a JSONPath such as $.id, got 'id': it begins with $",
    ),
    "broken JSONPath": (
        PROVIDER,
        'path = "$.items[*]"',
        'path = "$.items["',
        "69: northbound.state.outputs.connections.path: want a JSONPath such as $.id, got '$.items[': "
        "unexpected end of query",
    ),
    "nothing to go on with": (
        PROVIDER,
        ', activation_key = "$.key"',
        "",
        "50: northbound.actions.offer.outputs: want activation_key in it, which the scenarios go on with, got none",
    ),
    "values without a path": (
        PROVIDER,
        'path = "$.status", ok',
        "ok",
        "51: northbound.actions.offer.result.ok: want a list of statuses (numbers), got a list",
    ),
    "method": (
        PROVIDER,
        '"PUT"',
        '"put"',
        "62: northbound.hooks.advance_clock.method: want one of GET, POST, PUT, PATCH, DELETE, got a text: 'put'",
    ),
    "nothing mapped": (
        SMALL,
        "",
        '[northbound]\nkind = "http"\nbase_url = "http://h"\n',
        '6: northbound.actions: want tables [northbound.actions.NAME], or style = "interlock", got none',
    ),
    "mapped twice": (
        PROVIDER,
        "timeout = 2.5",
        'style = "interlock"',
        '43: northbound.values: want none with style = "interlock", which maps everything, got a table',
    ),
    "seconds": (
        PROVIDER,
        "interval = 0.2",
        "interval = 0",
        "59: northbound.actions.accept.poll.interval: want seconds, more than 0 and at most 86400, got a whole number: 0",
    ),
    "class": (
        SMALL,
        "",
        '[northbound]\nkind = "python"\nclass = "acme.Portal"\n',
        "8: northbound.class: want a class as \"module:Class\", got a text: 'acme.Portal'",
    ),
    "prompt": (
        OPERATOR,
        "{zone}",
        "{zones}",
        "21: northbound.prompts.create_zone.text: want placeholders out of city, cloudlets, country, geo_location, "
        "locality, state, zone, got {zones}",
    ),
    "clock without a hook": (
        PROVIDER,
        '[northbound.hooks.advance_clock]\nmethod = "PUT"\npath = "/test/clock"\nbody = { by = "{ms}" }\n',
        "",
        "72: clock.kind: want none, or a northbound side with the hook advance_clock, got no such hook",
    ),
    "unknown declaration": (
        PROVIDER,
        "key_used",
        "key_use",
        "79: declares.key_use: want the key key_used, got an unknown key",
    ),
    "declared value": (
        PROVIDER,
        "[409]",
        "[404]",
        "80: declares.refusal_statuses: want a list of statuses out of 400, 409, 412, 422, got a list",
    ),
    "declared choice": (
        OPERATOR,
        '"open"',
        '"closed"',
        "26: declares.admission: want one of prearranged, open, got a text: 'closed'",
    ),
    "unknown limit": (
        PROVIDER,
        "answer =",
        "answers =",
        "83: timeouts.answers: want the key answer, got an unknown key",
    ),
    "operators share no accounts": (
        OPERATOR,
        'mnc = ["01", "02"]',
        "mnc = [1]",
        "8: identity.target.mnc: want a list of texts of digits, got a list",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str, tmp_path: Path) -> None:
    text, old, new, error = WRONG[name]
    assert old in text
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text.replace(old, new, 1) if old else text + new)
    assert str(caught.value).removeprefix(f"{tmp_path}/").removeprefix("target.toml:").strip() == error
