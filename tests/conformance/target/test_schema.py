"""target.schema.json is what the reader's tables say, and both accept and refuse the same files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.requirements import PROTOCOLS
from conformance.target.declared import DECLARATIONS, TIMEOUTS
from conformance.target.file import read_target
from conformance.target.init import init
from conformance.target.schema import PLACE, schema
from conformance.target.vocabulary import action_names, hook_names
from reference_impl.serve.tomlfile import ConfigError
from tests.conformance.target.files import INVENTORY, OPERATOR, PROVIDER, SMALL, read, set_secrets
from tests.conformance.target.test_file import WRONG

SCHEMA: dict[str, Any] = json.loads(PLACE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

ONLY_THE_READER = {
    "a unit of nothing",
    "the id of another seat",
    "two with one id",
    "one account twice",
    "secret not set",
    "certificates without an authority",
    "no inventory file",
    "unknown placeholder",
    "not a placeholder",
    "broken JSONPath",
    "prompt",
    "clock without a hook",
}
"""What a schema cannot tell: what one key says of another, and what is outside the file."""


@pytest.fixture(autouse=True)
def secrets_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(monkeypatch)


def valid(text: str) -> bool:
    return bool(VALIDATOR.is_valid(tomllib.loads(text)))


def readable(directory: Path, text: str) -> bool:
    try:
        read(directory, text)
    except ConfigError:
        return False
    return True


def test_the_schema_is_the_one_of_the_tables() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert schema() == SCHEMA, "python -m conformance.target.schema writes it again"


@pytest.mark.parametrize("text", [PROVIDER, OPERATOR, SMALL], ids=["provider", "operator", "small"])
def test_what_is_read_is_valid(text: str, tmp_path: Path) -> None:
    assert readable(tmp_path, text)
    assert valid(text)


EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("target*.toml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=[file.stem for file in EXAMPLES])
def test_an_example_is_read_and_valid(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TO_TARGET", "OF_TARGET", "OPERATOR"):
        monkeypatch.setenv(name, f"geheim-{name}")
    assert read_target(file).northbound.kind != "none"
    VALIDATOR.validate(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_init_writes_is_valid(protocol: str, tmp_path: Path) -> None:
    for text in init(protocol, out=tmp_path / "target.toml").texts.values():
        document = tomllib.loads(text)
        if "target" not in document:
            head = {"name": "x", "protocol": protocol, "seats": list(PROTOCOLS[protocol].seats), "base_url": "http://x"}
            document = {"target": head, "inventory": document}
        VALIDATOR.validate(document)


@pytest.mark.parametrize("name", sorted(set(WRONG) - ONLY_THE_READER))
def test_what_is_refused_is_not_valid(name: str) -> None:
    text, old, new, _ = WRONG[name]
    assert not valid(text.replace(old, new, 1) if old else text + new)


@pytest.mark.parametrize("name", sorted(ONLY_THE_READER))
def test_what_only_the_reader_refuses(name: str) -> None:
    text, old, new, _ = WRONG[name]
    assert valid(text.replace(old, new, 1) if old else text + new)


INVENTORIES = {
    "unknown table": INVENTORY.replace("accounts =", "account ="),
    "standard again": INVENTORY.replace("inventories.one-left", "inventories.standard"),
    "unknown table of a named one": INVENTORY + "zones = []\n",
    "base url": INVENTORY.replace("https://west", "ftp://west"),
}


@pytest.mark.parametrize("name", INVENTORIES)
def test_inventories_are_refused_by_both(name: str, tmp_path: Path) -> None:
    document = tomllib.loads(SMALL) | {"inventory": tomllib.loads(INVENTORY)}
    VALIDATOR.validate(document)
    assert not VALIDATOR.is_valid(document | {"inventory": tomllib.loads(INVENTORIES[name])})
    with pytest.raises(ConfigError):
        read(tmp_path, PROVIDER, INVENTORIES[name])


SMALLER = SMALL + '[northbound]\nkind = "http"\nbase_url = "http://h"\n[northbound.actions.read]\npath = "/r"\n'

# in which table, after which text, and what both refuse there: a key that nobody knows
TABLES = {
    "target": SMALL,
    "identity": SMALL + "[identity]\n",
    "identity.target": SMALL + "[identity.target]\n",
    "identity.accounts": SMALL + "[identity.accounts]\n",
    "auth": SMALL + "[auth]\n",
    "auth.outbound": SMALL + '[auth.outbound]\nkind = "none"\n',
    "auth.inbound": SMALL + '[auth.inbound]\nkind = "none"\n',
    "auth.third": SMALL + "[auth.third]\n",
    "counterpart": SMALL + "[counterpart]\n",
    "counterpart.third": SMALL + "[counterpart.third]\n",
    "counterpart.tls": SMALL + "[counterpart.tls]\n",
    "northbound": SMALL + '[northbound]\nkind = "none"\n',
    "northbound http": SMALL + '[northbound]\nkind = "http"\nstyle = "interlock"\nbase_url = "http://h"\n',
    "northbound python": SMALL + '[northbound]\nkind = "python"\nclass = "a:B"\n',
    "northbound manual": SMALL + '[northbound]\nkind = "manual"\n',
    "prompt": SMALL + '[northbound]\nkind = "manual"\n[northbound.prompts.read]\ntext = "t"\n',
    "prompts": SMALL + '[northbound]\nkind = "manual"\n[northbound.prompts]\n',
    "actions": SMALLER + "[northbound.actions]\n",
    "hooks": SMALLER + "[northbound.hooks]\n",
    "action": SMALLER,
    "result": SMALLER + "[northbound.actions.read.result]\n",
    "output": SMALLER + '[northbound.actions.read.outputs.uuid]\npath = "$"\n',
    "poll": SMALLER + '[northbound.actions.read.poll]\npath = "/p"\n',
    "accounts": SMALLER + "[northbound.accounts]\n",
    "clock": SMALL + '[clock]\nkind = "none"\n',
    "declares": SMALL + "[declares]\n",
    "timeouts": SMALL + "[timeouts]\n",
    "cloudlet": OPERATOR.replace('{ name = "edge-2" }', '{ name = "edge-2", zz = 1 }').replace(
        "[inventory]", "[inventory] #"
    ),
    "zone": OPERATOR.replace('city = "Frankfurt"', "zz = 1"),
}


@pytest.mark.parametrize("name", TABLES)
def test_both_refuse_a_key_that_nobody_knows(name: str, tmp_path: Path) -> None:
    text = TABLES[name]
    unknown = text if "zz" in text else text + "zz = 1\n"
    if "zz" not in text and name != "counterpart.tls":
        assert valid(text)
        assert readable(tmp_path, text)
    assert not valid(unknown)
    with pytest.raises(ConfigError, match=r"zz: want .*, got an unknown key"):
        read(tmp_path, unknown)


def test_names_and_defaults_are_those_of_the_tables() -> None:
    for place, protocol in enumerate(("connection-coordinator", "federation-interconnect")):
        then = SCHEMA["allOf"][place]["then"]["properties"]
        declared = {name: each["default"] for name, each in then["declares"]["properties"].items()}
        assert declared == {name: each.default for name, each in DECLARATIONS[protocol].items()}
        limits = {name: each["default"] for name, each in then["timeouts"]["properties"].items()}
        assert limits == {name: each.seconds for name, each in TIMEOUTS[protocol].items()}
        assert then["northbound"]["properties"]["actions"]["propertyNames"]["enum"] == list(action_names(protocol))


def test_every_hook_of_the_reference_can_be_mapped() -> None:
    assert {"reset", "settle", "hold_provisioning", "release_provisioning", "fail_provisioning"} <= set(hook_names())
    assert {"advance_clock", "restart", "crash"} <= set(hook_names())
