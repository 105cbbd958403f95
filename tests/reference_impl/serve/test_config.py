"""PARTY.toml and inventory.toml: what is read, and one exact error for everything that is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reference_impl.connection_coordinator.inventory_records import CHANNELS
from reference_impl.connection_coordinator.provider import stock
from reference_impl.connection_coordinator.records import SCHEMA
from reference_impl.kernel.tables import Tables
from reference_impl.serve.config import Address, PartyConfig, read_config
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.tomlfile import ConfigError, lines_of
from simulator.inventories import inventories

EXAMPLES = Path(__file__).parents[3] / "examples"
COORDINATOR, FEDERATION = SERVED["connection-coordinator"], SERVED["federation-interconnect"]

PARTY = """\
[party]
protocol = "connection-coordinator"
id = "csp-a"
listen = "127.0.0.1:8001"
northbound = "127.0.0.1:0"
northbound_token = "geheim-1"

[[partners]]
id = "csp-b"
url = "https://b.example/v1/"
token_out = "geheim-2"
token_in = "geheim-3"

[[partners]]
id = "csp-c"
url = "http://[::1]:8003"
own_id = "carrier-a"
display_name = "Carrier C"
token_out = "geheim-4"
token_in = "geheim-5"

[provisioning]
seconds = 0.5

[inventory]
accounts = [{ id = "X", quota = 3 }]

[[inventory.environments]]
peer = "csp-b"
id = "env1"
sites = [{ provider = "csp-a", site = "a-east-1" }]
admitted = ["X"]

[[inventory.interconnects]]
peer = "csp-b"
environment = "env1"
id = "ix1"
state = "CLOSED"

[[inventory.channels]]
peer = "csp-b"
environment = "env1"
interconnect = "ix1"
id = "ch1"
macsec_manager = "csp-a"
[inventory.channels.guidance]
vlan_ranges = [[1100, 1200]]
"""


def _read(directory: Path, text: str) -> PartyConfig:
    (directory / "party.toml").write_text(text, encoding="utf-8")
    return read_config(directory / "party.toml", COORDINATOR)


def _stocked(config: PartyConfig) -> Tables:
    tables = Tables(SCHEMA)
    config.stock(tables)
    return tables


def test_a_party_is_read(tmp_path: Path) -> None:
    config = _read(tmp_path, PARTY)
    assert (config.id, config.listen, config.northbound) == (
        "csp-a",
        Address("127.0.0.1", 8001),
        Address("127.0.0.1", 0),
    )
    assert (config.northbound_token, config.provisioning_ms) == ("geheim-1", 500)
    shown = [(each.id, each.url, each.own_id, each.display_name, each.token_out) for each in config.partners]
    assert shown == [
        ("csp-b", "https://b.example/v1", "csp-a", "csp-b", "geheim-2"),
        ("csp-c", "http://[::1]:8003", "carrier-a", "Carrier C", "geheim-4"),
    ]
    assert "geheim" not in repr(config)
    (channel,) = _stocked(config).rows(CHANNELS)
    assert (channel.id, channel.member_gbps, channel.macsec_manager) == ("ch1", 100, "csp-a")
    assert [(each.start, each.stop) for each in channel.guidance.vlanRanges] == [(1100, 1200)]


def test_secrets_come_from_the_environment_or_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_B", "from-the-environment")
    (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
    text = PARTY.replace('token_in = "geheim-3"', 'token_in_env = "TOKEN_OF_B"')
    config = _read(tmp_path, text.replace('northbound_token = "geheim-1"', 'northbound_token_file = "token"'))
    assert (config.partners[0].tokens_in, config.northbound_tokens) == (("from-the-environment",), ("from-a-file",))


WRONG = {
    "syntax": ('id = "csp-a"', 'id = "csp-a', "3: want TOML, got a syntax error: Illegal character '\\n'"),
    "unknown table": (
        "[provisioning]",
        "[provisoning]",
        "22: provisoning: want the key provisioning, got an unknown key",
    ),
    "unknown key": (
        'listen = "127.0.0.1:8001"',
        'listens = "127.0.0.1:8001"',
        "4: party.listens: want the key listen, got an unknown key",
    ),
    "missing key": (
        'listen = "127.0.0.1:8001"\n',
        "",
        '1: party.listen: want host:port, such as "127.0.0.1:8001", got nothing',
    ),
    "no port": (
        '"127.0.0.1:8001"',
        '"127.0.0.1"',
        "4: party.listen: want host:port, such as \"127.0.0.1:8001\", got a text: '127.0.0.1'",
    ),
    "port too high": (
        "127.0.0.1:8001",
        "127.0.0.1:80010",
        "4: party.listen: want host:port, such as \"127.0.0.1:8001\", got a text: '127.0.0.1:80010'",
    ),
    "another protocol": (
        "connection-coordinator",
        "federation-interconnect",
        "2: party.protocol: want connection-coordinator, which is to be served, got a text: 'federation-interconnect'",
    ),
    "wrong type": (
        'id = "csp-b"',
        "id = 5",
        "9: partners[0].id: want an id of letters, digits and . _ ~ -, got a whole number: 5",
    ),
    "no id": (
        'id = "csp-c"',
        'id = "csp/c"',
        "15: partners[1].id: want an id of letters, digits and . _ ~ -, got a text: 'csp/c'",
    ),
    "twice": (
        'id = "csp-c"',
        'id = "csp-b"',
        "15: partners[1].id: want an id of its own for each partner, got a text: 'csp-b'",
    ),
    "url": (
        "https://b.example/v1/",
        "b.example",
        "10: partners[0].url: want an http or https URL without query, got 'b.example'",
    ),
    "url with a user": (
        "https://b.example",
        "https://me:geheim@b.example",
        "10: partners[0].url: want an http or https URL without query, got one with a user",
    ),
    "secret of a wrong type": (
        '"geheim-2"',
        "4711",
        "11: partners[0].token_out: want a text that is not empty, got a whole number",
    ),
    "no secret": (
        'token_in = "geheim-3"\n',
        "",
        "8: partners[0].token_in: want one of token_in, token_in_env and token_in_file, got none of them",
    ),
    "two secrets": (
        'token_in = "geheim-3"',
        'token_in = "geheim-3"\ntoken_in_env = "X"',
        "13: partners[0].token_in_env: want one of token_in, token_in_env and token_in_file, "
        "got token_in and token_in_env",
    ),
    "unset variable": (
        'token_in = "geheim-3"',
        'token_in_env = "NOBODY_SET_THIS"',
        "12: partners[0].token_in_env: want the environment variable NOBODY_SET_THIS to be set, got nothing there",
    ),
    "no such file": (
        'token_in = "geheim-3"',
        'token_in_file = "none"',
        "12: partners[0].token_in_file: want a readable text in the file none, got none",
    ),
    "equal tokens": (
        "geheim-5",
        "geheim-3",
        "20: partners[1].token_in: want a token of its own for each partner, got another partner's",
    ),
    "seconds": ("0.5", "true", "23: provisioning.seconds: want a number from 0 to 86400, got true"),
    "account of nobody": (
        'admitted = ["X"]',
        'admitted = ["Q"]',
        "32: inventory.environments[0].admitted: want accounts of this inventory, X, got 'Q'",
    ),
    "quota": (
        "quota = 3",
        "quota = -1",
        "26: inventory.accounts[0].quota: want a whole number from 0 to 2147483647, got a whole number: -1",
    ),
    "peer left out": (
        'peer = "csp-b"\nid = "env1"',
        'id = "env1"',
        "28: inventory.environments[0].peer: want one of csp-b, csp-c, got nothing",
    ),
    "environment of nobody": (
        'environment = "env1"\nid = "ix1"',
        'environment = "env2"\nid = "ix1"',
        "36: inventory.interconnects[0].environment: want an environment shared with csp-b: env1, got a text: 'env2'",
    ),
    "row twice": (
        "[[inventory.channels]]",
        '[[inventory.interconnects]]\npeer = "csp-b"\nenvironment = "env1"\nid = "ix1"\n[[inventory.channels]]',
        "43: inventory.interconnects[1].id: want each of the interconnects once, got a text: 'ix1'",
    ),
    "state": (
        '"CLOSED"',
        '"SHUT"',
        "38: inventory.interconnects[0].state: want PENDING, ACTIVE or CLOSED, got a text: 'SHUT'",
    ),
    "interconnect of nobody": (
        'interconnect = "ix1"',
        'interconnect = "ix9"',
        "43: inventory.channels[0].interconnect: want an interconnect of env1: ix1, got a text: 'ix9'",
    ),
    "manager": (
        'macsec_manager = "csp-a"',
        'macsec_manager = "csp-x"',
        "45: inventory.channels[0].macsec_manager: want one of csp-a, csp-b, csp-c, got a text: 'csp-x'",
    ),
    "range": (
        "[[1100, 1200]]",
        "[[1200, 1100]]",
        "47: inventory.channels[0].guidance.vlan_ranges: want a list of ranges such as [[1, 2]], from 0 to 4094, "
        "got [1200, 1100]",
    ),
    "file and rows": (
        "[inventory]\n",
        '[inventory]\nfile = "inventory.toml"\n',
        "27: inventory.accounts: want accounts in one place, got a file beside it",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    right, wrong, error = WRONG[name]
    assert right in PARTY
    if name == "file and rows":
        (tmp_path / "inventory.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, PARTY.replace(right, wrong, 1))
    assert str(caught.value) == f"{tmp_path / 'party.toml'}:{error}"


def test_an_error_in_the_inventory_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "inventory.toml").write_text('[[environments]]\nid = "env1"\nsize = [1000]\n', encoding="utf-8")
    text = PARTY[: PARTY.index("[inventory]")] + '[inventory]\nfile = "inventory.toml"\n'
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    assert str(caught.value) == (
        f"{tmp_path / 'inventory.toml'}:3: environments[0].size: want the key sizes, got an unknown key"
    )


@pytest.mark.parametrize("seat", ["csp-a", "csp-b"])
def test_the_examples_are_the_standard_inventory(seat: str) -> None:
    config = read_config(EXAMPLES / f"{seat}.toml", COORDINATOR)
    expected = Tables(SCHEMA)
    standard = inventories("standard")[seat]
    sites = (("csp-a", "a-east-1"), ("csp-b", "b-east1"))  # one file for both sides, so one order
    channels = [replace(each, device=f"dev-{number}") for number, each in enumerate(standard.channels, start=1)]
    environments = [replace(each, sites=sites) for each in standard.environments]
    stock(expected, replace(standard, environments=tuple(environments), channels=tuple(channels)))
    stocked = _stocked(config)
    assert len(stocked.rows(CHANNELS)) == 8
    assert [stocked.rows(table) for table in SCHEMA] == [expected.rows(table) for table in SCHEMA]


def test_the_federation_is_arranged_northbound(tmp_path: Path) -> None:
    config = read_config(EXAMPLES / "op1.toml", FEDERATION)
    assert (config.id, config.partners) == ("op1", ())
    file = tmp_path / "op1.toml"
    file.write_text(
        (EXAMPLES / "op1.toml").read_text(encoding="utf-8") + '[[partners]]\nid = "op2"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="partners: want none: Federation Interconnect arranges all of it northbound"):
        read_config(file, FEDERATION)


def test_lines_are_found_in_every_spelling() -> None:
    text = '[a]\nb.c = 1\n[[d]]\n"e" = 2\n[d.f]\ng = 3\n[[d]]\ne = 4\n[[d.h]]\ni = 5\n'
    assert dict(lines_of(text)) == {
        ("a",): 1,
        ("a", "b", "c"): 2,
        ("d",): 3,
        ("d", 0): 3,
        ("d", 0, "e"): 4,
        ("d", 0, "f"): 5,
        ("d", 0, "f", "g"): 6,
        ("d", 1): 7,
        ("d", 1, "e"): 8,
        ("d", 1, "h"): 9,
        ("d", 1, "h", 0): 9,
        ("d", 1, "h", 0, "i"): 10,
    }
