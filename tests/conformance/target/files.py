"""Target files for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.target import Target
from conformance.target.file import read_target

SECRETS = {
    "TOKEN_OUT": "geheim-out",
    "TOKEN_IN": "geheim-in-1 geheim-in-2",
    "THIRD_OUT": "geheim-third",
    "ACCESS": "AK",
}

PROVIDER = """\
[target]
name = "Acme Cloud"
protocol = "connection-coordinator"
seats = ["csp-b", "csp-a"]
base_url = "https://acme.example/v1/"
capabilities = ["delete", "update"]
version = "7.1"

[identity]
target = { id = "acme", display_name = "Acme", asn = 65001 }
counterpart = { id = "interlock" }
accounts = { X = "customer-1" }

[auth]
[auth.outbound]
kind = "bearer"
token_env = "TOKEN_OUT"
[auth.inbound]
kind = "header"
header = "x-acme-key"
token_env = "TOKEN_IN"
[auth.third.outbound]
kind = "sigv4"
access_key_env = "ACCESS"
secret_key_file = "secret"
region = "eu-west-1"

[counterpart]
listen = "0.0.0.0:9001"
public_url = "http://interlock.example:9001"
[counterpart.third]
listen = "127.0.0.1:9002"

[inventory]
file = "inventory.toml"

[northbound]
kind = "http"
base_url = "http://acme.example:8100/api"
auth = { kind = "bearer", token_env = "TOKEN_OUT" }
headers = { x-tenant = "t1" }
timeout = 2.5
values = { environment = { env1 = "fra-1" } }
[northbound.accounts]
X = { kind = "header", token_env = "TOKEN_OUT" }
[northbound.actions.offer]
path = "/connections"
query = { dry = "no" }
body = { size = "{mbps}", region = "{environment}" }
outputs = { uuid = "$.id", activation_key = "$.key" }
result = { path = "$.status", ok = ["DONE"], refused = [409, "NO"], reason = "$.why" }
[northbound.actions.accept]
path = "/acceptances"
body = { key = "{activation_key}" }
outputs = { uuid = "$.id" }
[northbound.actions.accept.poll]
path = "/connections/{uuid}"
result = { path = "$.state", ok = ["UP"], failed = ["DOWN"] }
interval = 0.2
timeout = 60
[northbound.hooks.advance_clock]
method = "PUT"
path = "/test/clock"
body = { by = "{ms}" }
[northbound.state]
method = "GET"
path = "/dump"
[northbound.state.outputs.connections]
path = "$.items[*]"
all = true
[northbound.state.outputs.connections.members]
uuid = "$.id"
customer = { path = "$.s", values = { UP = "established" }, default = "pending" }

[clock]
kind = "northbound"

[declares]
key_used = "at-first-confirmation"
refusal_statuses = [409]

[timeouts]
answer = 0.5
"""

INVENTORY = """\
accounts = [{ id = "X" }]
environments = [
  { id = "west-1", sizes = [1000] },
  { id = "west-1", peer = "third" },
]
interconnects = [
  { environment = "west-1", id = "ix9", max_mbps = 5000, sizes = [1000] },
  { environment = "west-1", id = "ix9", peer = "csp-c" },
]
channels = [
  { environment = "west-1", interconnect = "ix9", id = "ch1", macsec_manager = "target", demarc = "d1" },
  { environment = "west-1", interconnect = "ix9", id = "ch2", macsec_manager = "interlock" },
]

[guidance]
vlan_ranges = [[100, 200]]

[base_urls]
west-1 = "https://west.acme.example/v1"

[inventories.one-left]
environments = [{ id = "env1", sizes = [1000, 10000] }]
interconnects = [{ environment = "env1", id = "ix1", max_mbps = 1000 }]
channels = [
  { environment = "env1", interconnect = "ix1", id = "ch1", macsec_manager = "csp-a" },
  { environment = "env1", interconnect = "ix1", id = "ch2", macsec_manager = "csp-a" },
  { environment = "env1", interconnect = "ix1", id = "ch3", macsec_manager = "csp-b" },
  { environment = "env1", interconnect = "ix1", id = "ch4", macsec_manager = "csp-b" },
]
"""

OPERATOR = """\
[target]
name = "Acme Mobile"
protocol = "federation-interconnect"
seats = ["op2"]
base_url = "http://127.0.0.1:8011"

[identity]
target = { operator = "acme", country = "DE", mcc = "262", mnc = ["01", "02"] }

[inventory]
cloudlets = [{ name = "edge-1", lat = 50.1, long = 8.7, capacity = { cpu = 64 } }, { name = "edge-2" }]
zones = [{ id = "zone-1", cloudlets = ["edge-1", "edge-2"], geo_location = "50.1,8.7", city = "Frankfurt" }]
base_urls = { application = "http://127.0.0.1:8011/v2" }

[northbound]
kind = "manual"
offers = ["create_zone", "reset"]
timeout = 60
[northbound.prompts.create_zone]
who = "operator"
text = "Create the zone {zone}"
outputs = { zone = "its id" }
evidence = "a screenshot"

[declares]
admission = "open"
"""

SMALL = """\
[target]
name = "Acme"
protocol = "connection-coordinator"
seats = ["csp-a"]
base_url = "http://127.0.0.1:1"
"""


def set_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def read(directory: Path, text: str, inventory: str = INVENTORY) -> Target:
    """The target of a text; its inventory and its secret are beside it."""
    (directory / "inventory.toml").write_text(inventory, encoding="utf-8")
    (directory / "secret").write_text("geheim-aws\n", encoding="utf-8")
    (directory / "target.toml").write_text(text, encoding="utf-8")
    return read_target(directory / "target.toml")
