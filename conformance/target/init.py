"""``interlock target init``: a commented target file, and the inventory that the chosen profiles need."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.requirements import PROTOCOLS, load_registry, seats_of
from conformance.scenarios import load_scenarios
from conformance.target.declared import DECLARATIONS, FI, TIMEOUTS
from conformance.target.init_inventory import operator_inventory, provider_inventory, toml
from conformance.target.inventory import STANDARD
from conformance.target.vocabulary import ESSENTIAL, NEEDED, described
from simulator.inventories import PLANS

_ASKED = re.compile(r'share the inventory "([a-z-]+)"')


class CannotInit(Exception):
    """What was asked for cannot be written; says what is wanted."""


@dataclass(frozen=True, slots=True)
class Written:
    """The files, with their texts."""

    target: Path
    inventory: Path
    texts: dict[Path, str]


def init(protocol: str, profiles: Sequence[str] = (), out: Path = Path("target.toml")) -> Written:
    """The texts of both files; nothing is written yet. Without profiles those of the core are meant, in all seats."""
    known = PROTOCOLS[protocol].profiles
    for name in profiles:
        if name not in known:
            raise CannotInit(f"--profile: want one of {', '.join(known)}; got {name!r}")
    chosen = [name for name in known if name in profiles] or [name for name, extended in known.items() if not extended]
    inventory = out.with_name("inventory.toml" if out.stem == "target" else f"{out.stem}-inventory.toml")
    for file in (out, inventory):
        if file.exists():
            raise CannotInit(f"--out: want a place where nothing is yet, got {file}, which exists")
    seats = _seats(protocol, chosen)
    names = inventories_of(protocol, chosen, seats)
    agreed = operator_inventory() if protocol == FI else provider_inventory(seats, names)
    return Written(out, inventory, {out: target_text(protocol, chosen, seats, inventory.name), inventory: agreed})


def write(written: Written) -> None:
    for file, text in written.texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _seats(protocol: str, profiles: Collection[str]) -> tuple[str, ...]:
    """The seats to which a requirement of these core profiles binds; all of them where none binds to one."""
    judged: set[str] = set()
    profiles = [name for name in profiles if not PROTOCOLS[protocol].profiles[name]]
    for requirement in load_registry().select(protocol):
        seats = seats_of(requirement)
        if requirement.profile in profiles and len(seats) == 1:
            judged |= set(seats)
    return tuple(seat for seat in PROTOCOLS[protocol].seats if seat in judged or not judged)


def inventories_of(protocol: str, profiles: Collection[str], seats: Collection[str]) -> tuple[str, ...]:
    """The named inventories that scenarios of these profiles share, "standard" first."""
    registry = load_registry()
    names: dict[str, None] = {STANDARD: None}
    for scenario in load_scenarios():
        if scenario.protocol != protocol or not set(scenario.seats) & set(seats):
            continue
        if not any(registry.requirements[each].profile in profiles for each in scenario.requirements()):
            continue
        for step in scenario.steps:
            names |= {name: None for name in _ASKED.findall(step) if name in PLANS}
    return tuple(names)


# --- the target file ------------------------------------------------------------------------------------------------


def target_text(protocol: str, profiles: Sequence[str], seats: Sequence[str], inventory: str) -> str:
    """A file that can be read as it stands, once its secrets are in the environment."""
    federation = protocol == FI
    extended = [name for name in profiles if PROTOCOLS[protocol].profiles[name]]
    every = [name for name, is_extended in PROTOCOLS[protocol].profiles.items() if is_extended]
    text = _HEAD.format(
        protocol=protocol,
        seats=toml(list(seats)),
        capabilities=toml(extended),
        every=", ".join(every),
        identity=_IDENTITY_OF_OPERATORS if federation else _IDENTITY_OF_PROVIDERS.format(seat=seats[0]),
        auth=_AUTH_OF_OPERATORS if federation else _AUTH_OF_PROVIDERS,
        inventory=inventory,
    )
    needed = list(dict.fromkeys(name for seat in seats for name in NEEDED[seat]))
    actions = "\n".join(_action_lines(protocol, name) for name in needed)
    declares = "\n".join(
        f"# {f'{each.name} = {toml(each.default)}':<46} # {each.meaning}{_options(each.one_of)}{_errata(each.errata)}"
        for each in DECLARATIONS[protocol].values()
    )
    timeouts = "\n".join(
        f"# {f'{each.name} = {each.seconds:g}':<28} # {each.meaning}{_errata(each.errata)}"
        for each in TIMEOUTS[protocol].values()
    )
    return f"{text}\n{actions}\n{_TAIL}\n[declares] # what is not said has these values\n{declares}\n\n" + (
        f"[timeouts] # seconds\n{timeouts}\n"
    )


def _options(one_of: tuple[Any, ...]) -> str:
    return f": {' | '.join(str(each) for each in one_of)}" if one_of else ""


def _errata(errata: tuple[str, ...]) -> str:
    return f" ({', '.join(errata)})" if errata else ""


def _action_lines(protocol: str, name: str) -> str:
    action = described(protocol, name)
    if action is None:
        return f"# [northbound.actions.{name}]"
    inputs = [each.name for each in action.inputs if each.required or each.name == "account"]
    body = ", ".join(f'{each} = "{{{each}}}"' for each in inputs)
    outputs = [each.name for each in action.outputs if each.required or each.name in ESSENTIAL.get(name, ())]
    lines = [f"[northbound.actions.{name}] # {action.summary}", 'method = "POST"', f'path = "/{name}"']
    if body:
        lines.append(f"body = {{ {body} }}")
    if outputs:
        lines.append("outputs = { " + ", ".join(f'{each} = "$.{each}"' for each in outputs) + " }")
    if action.long:
        lines.append(
            '# poll = { path = "/operations/{operation}", result = { path = "$.state", ok = ["done"], '
            'failed = ["failed"] } }'
        )
    return "\n".join([*lines, ""])


_HEAD = """\
# What is to be judged, and how it is reached. `interlock doctor` checks this file against the target;
# `interlock certify` judges the target. Secrets stand in the environment or in files, never here.

[target]
name = "My implementation"
protocol = "{protocol}"
seats = {seats} # which seats of the scenarios it takes; we take the others
base_url = "https://partner.example/v1" # where its east/west API is
capabilities = {capabilities} # extended profiles that it claims: {every}

{identity}
[auth]
# trust = "ca.pem" # who vouches for the target's servers; without it the system's authorities
{auth}
[counterpart] # where the target reaches us
listen = "127.0.0.1:9001"
# public_url = "https://interlock.example:9001" # how the target spells that; without it the address above
# [counterpart.tls]
# certificate = "interlock.pem" # with its chain
# key = "interlock-key.pem"
# client_ca = "target-ca.pem" # who signs the target's client certificate
[counterpart.third] # and as the third partner
listen = "127.0.0.1:9002"

[inventory]
file = "{inventory}"

# The customer and operator side. kind = "http" maps actions to requests; style = "interlock" needs no mapping where the
# target has the API of docs/northbound.md; kind = "python" (class = "module:Class"); kind = "manual" (people are asked);
# kind = "none". Actions that are not here leave their checks untested.
[northbound]
kind = "http"
base_url = "https://partner.example/operator"
# auth = {{ kind = "bearer", token_env = "TARGET_OPERATOR_TOKEN" }}
# [northbound.accounts] # where customers have credentials of their own
# X = {{ kind = "bearer", token_env = "TARGET_CUSTOMER_X" }}
"""

_IDENTITY_OF_PROVIDERS = """\
[identity] # by which ids everybody is known on the wire; without an id that of the seat ({seat}, …)
# target = {{ id = "acme", display_name = "Acme Cloud", asn = 16550 }}
# counterpart = {{ id = "interlock" }} # we, opposite of the target
# third = {{ id = "interlock-3" }} # we, as a third partner, for isolation
# [identity.accounts] # the target's names of the accounts of the scenarios
# X = "customer-1" # destination and normal customer
# Y = "customer-2" # a stranger
# Z = "customer-3" # may act for X
# S = "customer-4" # suspended
"""

_IDENTITY_OF_OPERATORS = """\
[identity] # by which ids everybody is known; without them the scenarios choose
# target = { operator = "acme", country = "DE", mcc = "262", mnc = ["01"], locator = "discovery.acme.example:443" }
# counterpart = { operator = "interlock", country = "KR", mcc = "450", mnc = ["05"] } # we, opposite of the target
# third = { operator = "interlock-3", country = "FR", mcc = "208", mnc = ["10"] } # we, as a third partner
"""

_AUTH_OF_PROVIDERS = """\
# Credentials: kind = "bearer", "header" (header = "x-api-key"), "mtls" (certificate, key), "sigv4" or "none". A client
# certificate may stand beside every kind.
[auth.outbound] # what we send to the target
kind = "bearer"
token_env = "TARGET_TOKEN_OUT" # or token_file
[auth.inbound] # what it sends us
kind = "bearer"
token_env = "TARGET_TOKEN_IN"
[auth.third] # the same for us as the third partner
outbound = { kind = "bearer", token_env = "TARGET_THIRD_TOKEN_OUT" }
inbound = { kind = "bearer", token_env = "TARGET_THIRD_TOKEN_IN" }
"""

_AUTH_OF_OPERATORS = """\
# Keys of partners are arranged by the actions expect_partner and set_partner_api_key; client certificates may be added:
# [auth.outbound]
# kind = "arranged"
# certificate = "interlock.pem"
# key = "interlock-key.pem"
"""

_TAIL = """\
# [northbound.state] # the operator's view in the normal form, if there is one (docs/coordinator-harness.md, 4.1)
# path = "/state"
# outputs = { connections = { path = "$.items[*]", all = true, members = { uuid = "$.id", customer = "$.state" } } }
# [northbound.hooks.reset] # control hooks: reset, settle, hold_provisioning, release_provisioning, …
# path = "/test/reset"

[clock]
kind = "none" # or northbound, with the hook advance_clock
"""
