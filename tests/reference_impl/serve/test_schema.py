"""party.schema.json describes what config.py reads: the examples are valid, and both know the same keys."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from reference_impl.serve import config as config_module
from reference_impl.serve.config import read_config
from reference_impl.serve.limits import DEFAULT_LIMITS
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.tomlfile import ConfigError

EXAMPLES = Path(__file__).parents[3] / "examples"
SCHEMA: dict[str, Any] = json.loads(
    Path(config_module.__file__).with_name("party.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["csp-a", "csp-b", "op1", "op2"])
def test_an_example_is_valid(name: str) -> None:
    document = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    VALIDATOR.validate(document)
    twice = document["party"] | {"northbound_token_env": "X"}
    wrongs: tuple[dict[str, Any], ...] = ({"party": twice}, {"limit": {}}, {"party": {}})
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            VALIDATOR.validate(document | wrong)


def test_an_inventory_file_has_the_tables_of_the_schema() -> None:
    document = tomllib.loads((EXAMPLES / "inventory.toml").read_text(encoding="utf-8"))
    party = tomllib.loads((EXAMPLES / "csp-a.toml").read_text(encoding="utf-8"))
    VALIDATOR.validate(party | {"inventory": document})


PARTY = """\
[party]
protocol = "connection-coordinator"
id = "csp-a"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "n"
"""
FEDERATION = PARTY.replace("connection-coordinator", "federation-interconnect")
PARTNER = PARTY + '[[partners]]\nid = "csp-b"\nurl = "http://b.example"\ntoken_out = "o"\ntoken_in = "i"\n'

# where in the schema, and a document in which that table has an unknown key
TABLES: dict[str, tuple[str, str]] = {
    "": ("connection-coordinator", "zz = 1\n" + PARTY),
    "party": ("connection-coordinator", PARTY + "zz = 1\n"),
    "partners.[]": ("connection-coordinator", PARTNER + "zz = 1\n"),
    "provisioning": ("connection-coordinator", PARTNER + "[inventory]\n[provisioning]\nzz = 1\n"),
    "registry": ("federation-interconnect", FEDERATION + "[registry]\nzz = 1\n"),
    "tls": ("connection-coordinator", PARTNER + "[tls]\nzz = 1\n"),
    "tls.clients.[]": ("federation-interconnect", FEDERATION + "[[tls.clients]]\nzz = 1\n"),
    "limits": ("", "[limits]\nzz = 1\n"),
    "inventory": ("connection-coordinator", PARTNER + "[inventory]\nzz = 1\n"),
    "inventory.guidance": ("connection-coordinator", PARTNER + "[inventory.guidance]\nzz = 1\n"),
    "inventory.guidance.ipv4.[]": ("connection-coordinator", PARTNER + "[[inventory.guidance.ipv4]]\nzz = 1\n"),
    "inventory.accounts.[]": ("connection-coordinator", PARTNER + "[[inventory.accounts]]\nzz = 1\n"),
    "inventory.environments.[]": ("connection-coordinator", PARTNER + "[[inventory.environments]]\nzz = 1\n"),
    "inventory.environments.[].sites.[]": (
        "connection-coordinator",
        PARTNER + '[[inventory.environments]]\nid = "e"\nsites = [{ zz = 1 }]\n',
    ),
    "inventory.interconnects.[]": ("connection-coordinator", PARTNER + "[[inventory.interconnects]]\nzz = 1\n"),
    "inventory.channels.[]": ("connection-coordinator", PARTNER + "[[inventory.channels]]\nzz = 1\n"),
}


def _keys_that_are_read(protocol: str, text: str, directory: Path) -> set[str]:
    file = directory / "party.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(file, SERVED[protocol])
    found = re.search(r"zz: want one of the keys (.*), got an unknown key", str(caught.value))
    assert found, caught.value
    return set(found[1].split(", "))


def _table(place: str) -> dict[str, Any]:
    node: dict[str, Any] = SCHEMA
    for part in [part for part in place.split(".") if part]:
        node = node["items"] if part == "[]" else node["properties"][part]
        if "$ref" in node:
            node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize("place", TABLES)
def test_schema_and_reader_know_the_same_keys(place: str, tmp_path: Path) -> None:
    protocol, text = TABLES[place]
    if place == "limits":  # each protocol has quotas of its own
        read = {key for each in SERVED for key in _keys_that_are_read(each, _with(each) + text, tmp_path)}
    else:
        read = _keys_that_are_read(protocol, text, tmp_path)
    assert set(_table(place)["properties"]) == read


def _with(protocol: str) -> str:
    return FEDERATION if protocol == "federation-interconnect" else PARTNER


def test_every_table_of_the_schema_is_compared() -> None:
    found: list[str] = []
    seen: set[str] = set()

    def walk(node: dict[str, Any], place: str) -> None:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name in seen:  # one definition is compared once
                return
            seen.add(name)
            node = SCHEMA["$defs"][name]
        if "properties" in node:
            found.append(place)
        for name, member in node.get("properties", {}).items():
            walk(member, f"{place}.{name}".removeprefix("."))
        if "items" in node:
            walk(node["items"], f"{place}.[]")

    walk(SCHEMA, "")
    assert sorted(found) == sorted(TABLES)


def test_the_defaults_are_the_ones_that_hold() -> None:
    limits = SCHEMA["properties"]["limits"]["properties"]
    quotas = {key: decision for each in SERVED.values() for key, decision in each.quotas.items()}
    for name, described in limits.items():
        if name in quotas:
            owner = next(each for each in SERVED.values() if name in each.quotas)
            assert getattr(owner.party("me").decisions, quotas[name]) == described["default"]
        else:
            assert getattr(DEFAULT_LIMITS, name) == described["default"]
