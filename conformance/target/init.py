"""``interlock target init``: a commented target file, and the inventory that the chosen profiles need."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.requirements import PROTOCOLS, load_registry, seats_of
from conformance.scenarios import load_scenarios
from conformance.target.declared import DECLARATIONS, FI, TIMEOUTS
from conformance.target.inventory import STANDARD
from conformance.target.vocabulary import ESSENTIAL, NEEDED, described
from reference_impl.connection_coordinator.messages import L3BaseGuidance
from reference_impl.connection_coordinator.records import Inventory
from simulator.inventories import PLANS, inventories

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
    agreed = _federation_inventory() if protocol == FI else _provider_inventory(seats, names)
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


# --- the inventory ------------------------------------------------------------------------------------------------


def _provider_inventory(seats: Sequence[str], names: Sequence[str]) -> str:
    seat = seats[0]
    lines = [
        "# What the target and its partners agreed out of band: set it up at the target as it stands here, or write here",
        "# what is set up there. Providers are called by their ids, by their seats (csp-a, csp-b), or target, counterpart and",
        "# third. A row without `peer` is shared with the counterpart. The tables at the top are the inventory `standard`,",
        "# which every run needs; [inventories.NAME] are further ones, for a target with a hook `reset`.",
        "",
        *_inventory_lines(_copy(STANDARD, seat), ""),
    ]
    for name in names:
        if name != STANDARD:
            lines += ["", f"[inventories.{name}]", *_inventory_lines(_copy(name, seat), f"inventories.{name}.", seat)]
    lines += [
        "",
        "# Environments that are served elsewhere:",
        "# [base_urls]",
        '# env2 = "https://west.example/v1"',
        "",
    ]
    return "\n".join(lines)


def _copy(name: str, seat: str) -> Inventory:
    """The target's own copy; where csp-a's is wrong on purpose, what was agreed."""
    return inventories(name)["csp-b" if PLANS[name].issuers else seat]


def _inventory_lines(copy: Inventory, prefix: str, seat: str = "") -> Iterator[str]:
    own = copy.partners[0].own_id
    standard_peer = {"csp-a": "csp-b", "csp-b": "csp-a"}[own]

    def place(peer: str) -> dict[str, Any]:
        return {} if peer == standard_peer else {"peer": "third"}

    def called(provider: str, peer: str) -> str:
        """With the third partner the target is the target, whatever its seat."""
        return provider if peer == standard_peer else "target" if provider == own else "third"

    if not prefix:
        yield from _rows(
            "accounts",
            (
                {"id": each.id}
                | ({} if each.good_standing else {"good_standing": False})
                | ({"acts_for": list(each.acts_for)} if each.acts_for else {})
                for each in copy.accounts
            ),
        )
        yield ""
    yield from _rows(
        "environments",
        (
            place(each.peer)
            | {"id": each.id, "sizes": list(each.sizes)}
            | {"sites": [{"provider": called(name, each.peer), "site": site} for name, site in each.sites]}
            | ({"private": True, "admitted": list(each.admitted)} if each.private else {})
            for each in copy.environments
        ),
    )
    yield from _rows(
        "interconnects",
        (
            place(each.peer)
            | {"environment": each.environment, "id": each.id, "max_mbps": each.max_mbps}
            | ({} if each.state.endswith("_ACTIVE") else {"state": each.state.rpartition("_")[2]})
            | {"sizes": list(each.sizes)}
            for each in copy.interconnects
        ),
    )
    yield from _rows(
        "channels",
        (
            place(each.peer)
            | {"environment": each.environment, "interconnect": each.interconnect, "id": each.id}
            | {"device": each.device, "demarc": each.demarc}
            | {"macsec_manager": called(each.macsec_manager, each.peer)}
            | {"crossconnect_manager": called(each.crossconnect_manager, each.peer)}
            for each in copy.channels
        ),
    )
    guidance = copy.channels[0].guidance
    if not prefix or guidance != _copy(STANDARD, own).channels[0].guidance:
        yield ""
        yield f"[{prefix}guidance] # the ranges that the target serves"
        yield from _guidance_lines(guidance)


def _rows(name: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """An array with one inline table in each line."""
    yield f"{name} = ["
    for row in rows:
        yield f"  {_toml(row)},"
    yield "]"


def _guidance_lines(ranges: L3BaseGuidance) -> Iterator[str]:
    for key, given in (
        ("asn_ranges", ranges.asnRanges),
        ("vlan_ranges", ranges.vlanRanges),
        ("mtu_ranges", ranges.mtuRanges),
    ):
        if given:
            yield f"{key} = {_toml([[each.start, each.stop] for each in given])}"
    for key, subnets in (("ipv4", ranges.ipv4SubnetGuidance), ("ipv6", ranges.ipv6SubnetGuidance)):
        if subnets:
            rows = [
                {"include": each.includeSubnet}
                | ({"exclude": list(each.excludeSubnets)} if each.excludeSubnets else {})
                | ({"preferred": each.preferredSubnet} if each.preferredSubnet else {})
                for each in subnets
            ]
            yield f"{key} = {_toml(rows)}"
    for key, lengths in (
        ("ipv4_lengths", ranges.ipv4AllowedSubnetPrefixLengths),
        ("ipv6_lengths", ranges.ipv6AllowedSubnetPrefixLengths),
    ):
        if lengths:
            yield f"{key} = {_toml(list(lengths))}"


def _toml(value: Any) -> str:
    """A value in TOML, in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return json.dumps(value)


def _federation_inventory() -> str:
    return "\n".join(
        [
            "# Cloudlets and zones that the target has of its own. Without them the scenarios onboard cloudlets and create",
            "# zones by the actions onboard_cloudlet and create_zone.",
            "",
            "cloudlets = [",
            '  # { name = "edge-1", lat = 50.1, long = 8.7, capacity = { cpu = 64, ram = 512, disk = 4000 } },',
            "]",
            "zones = [",
            '  # { id = "zone-1", cloudlets = ["edge-1"], geo_location = "50.1,8.7", city = "Frankfurt" },',
            "]",
            "",
            "# Groups of operations that are served elsewhere: partner, zone, notify, application",
            "# [base_urls]",
            '# application = "https://operator.example/v2"',
            "",
        ]
    )


# --- the target file ------------------------------------------------------------------------------------------------


def target_text(protocol: str, profiles: Sequence[str], seats: Sequence[str], inventory: str) -> str:
    """A file that can be read as it stands, once its secrets are in the environment."""
    federation = protocol == FI
    extended = [name for name in profiles if PROTOCOLS[protocol].profiles[name]]
    every = [name for name, is_extended in PROTOCOLS[protocol].profiles.items() if is_extended]
    text = _HEAD.format(
        protocol=protocol,
        seats=_toml(list(seats)),
        capabilities=_toml(extended),
        every=", ".join(every),
        identity=_IDENTITY_OF_OPERATORS if federation else _IDENTITY_OF_PROVIDERS.format(seat=seats[0]),
        auth=_AUTH_OF_OPERATORS if federation else _AUTH_OF_PROVIDERS,
        inventory=inventory,
    )
    needed = list(dict.fromkeys(name for seat in seats for name in NEEDED[seat]))
    actions = "\n".join(_action_lines(protocol, name) for name in needed)
    declares = "\n".join(
        f"# {f'{each.name} = {_toml(each.default)}':<46} # {each.meaning}{_options(each.one_of)}{_errata(each.errata)}"
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
