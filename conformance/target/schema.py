"""``target.schema.json``: the keys of a target file as JSON Schema, made from the tables that the reader goes by.

``python -m conformance.target.schema`` writes it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.requirements import PROTOCOLS
from conformance.target import adapters, credentials, file
from conformance.target.declared import CC, DECLARATIONS, FI, LONGEST_SECONDS, TIMEOUTS, Declaration
from conformance.target.inventory import CAPACITY, CLOUDLET, GROUPS, ROWS, ZONE
from conformance.target.vocabulary import ESSENTIAL, action_names, hook_names

PLACE = Path(__file__).with_name("target.schema.json")
Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
URL: Schema = {
    "type": "string",
    "pattern": r"^https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
}
ADDRESS: Schema = {"type": "string", "pattern": r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$"}
ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._~-]*$"}
SECONDS: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_SECONDS}
TRUTH: Schema = {"type": "boolean"}
JSONPATH: Schema = {"type": "string", "pattern": r"^\$"}
ANY_TABLE: Schema = {"type": "object"}


def _table(properties: Mapping[str, Any], required: Iterable[str] = (), **more: Any) -> Schema:
    made: Schema = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    if required := list(required):
        made["required"] = required
    return made | more


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _each(names: Iterable[str], schema: Schema) -> Schema:
    return _table(dict.fromkeys(names, schema))


def schema() -> Schema:
    """The whole document (JSON Schema 2020-12)."""
    extended = [name for each in PROTOCOLS.values() for name, is_extended in each.profiles.items() if is_extended]
    seats = [seat for each in PROTOCOLS.values() for seat in each.seats]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "TARGET.toml",
        "description": "An implementation to be judged. conformance/target/file.py reads it and tells more than a schema.",
        **_table(
            {
                "target": _table(
                    {
                        "name": TEXT,
                        "protocol": {"enum": sorted(PROTOCOLS)},
                        "seats": {"type": "array", "items": {"enum": seats}, "minItems": 1, "uniqueItems": True},
                        "base_url": URL,
                        "capabilities": {"type": "array", "items": {"enum": extended}},
                        "version": TEXT,
                    },
                    ("name", "protocol", "seats", "base_url"),
                ),
                "identity": _ref("identity"),
                "auth": _table(
                    {
                        "outbound": _ref("outbound"),
                        "inbound": _ref("inbound"),
                        "third": _table({"outbound": _ref("outbound"), "inbound": _ref("inbound")}),
                        "trust": TEXT,
                    }
                ),
                "counterpart": _table(
                    {
                        "listen": ADDRESS,
                        "public_url": URL,
                        "tls": _table(dict.fromkeys(file.TLS, TEXT), ("certificate", "key")),
                        "third": _table({"listen": ADDRESS, "public_url": URL}),
                    }
                ),
                "inventory": {"oneOf": [_table({"file": TEXT}, ("file",)), _ref("inventory")]},
                "northbound": {
                    "oneOf": [_http(), _python(), _manual(), _table({"kind": {"const": "none"}}, ("kind",))]
                },
                "clock": _table({"kind": {"enum": ["northbound", "none"]}}, ("kind",)),
                "declares": {"type": "object"},
                "timeouts": {"type": "object"},
            },
            ("target",),
        ),
        "allOf": [_of_protocol(CC), _of_protocol(FI)],
        "$defs": _definitions(),
    }


def _of_protocol(protocol: str) -> Schema:
    """What depends on the protocol: seats, profiles, names, declarations and time limits."""
    known = PROTOCOLS[protocol]
    federation = protocol == FI
    kinds = [kind for kind in credentials.OUTBOUND_KEYS if federation or kind != "arranged"]
    kind_only: Schema = {"properties": {"kind": {"enum": kinds}}}
    both: Schema = {"properties": {"outbound": kind_only, "inbound": kind_only}}
    who = _each((), {}) | {"properties": _who(federation)}
    names = action_names(protocol)
    prompts = {"properties": {"prompts": {"propertyNames": {"enum": [*names, *hook_names()]}}}}
    offers = {"properties": {"offers": {"items": {"enum": [*names, *hook_names()]}}}}
    return {
        "if": {"properties": {"target": {"properties": {"protocol": {"const": protocol}}}}},
        "then": {
            "properties": {
                "target": {
                    "properties": {
                        "seats": {"items": {"enum": list(known.seats)}},
                        "capabilities": {"items": {"enum": [name for name, more in known.profiles.items() if more]}},
                    }
                },
                "identity": {"properties": dict.fromkeys(("target", "counterpart", "third"), who)},
                "auth": both | {"properties": both["properties"] | {"third": both}},
                "inventory": {"properties": _inventory(federation), "additionalProperties": False},
                "northbound": {
                    "properties": {
                        "actions": {"propertyNames": {"enum": list(names)}},
                        **prompts["properties"],
                        **offers["properties"],
                    }
                },
                "declares": _table({name: _declared(each) for name, each in DECLARATIONS[protocol].items()}),
                "timeouts": _table(
                    {
                        name: SECONDS | {"description": limit.meaning, "default": limit.seconds}
                        for name, limit in TIMEOUTS[protocol].items()
                    }
                ),
            }
        },
    }


def _declared(each: Declaration) -> Schema:
    kinds: Mapping[str, Schema] = {
        "choice": {"enum": list(each.one_of)},
        "truth": TRUTH,
        "number": {"type": "integer", "minimum": 0, "maximum": each.high},
        "text": {"type": "string"},
        "texts": {"type": "array", "items": TEXT},
        "statuses": {"type": "array", "items": {"type": "integer", "enum": list(each.one_of)}},
    }
    described = each.meaning + (f" ({', '.join(each.errata)})" if each.errata else "")
    return kinds[each.kind] | {"description": described, "default": each.default}


def _who(federation: bool) -> Schema:
    if not federation:
        return {"id": ID, "display_name": TEXT, "asn": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1}}
    digits = {"type": "array", "items": {"type": "string", "pattern": "^[0-9]+$"}}
    return {"id": ID, "operator": TEXT, "country": TEXT, "mcc": TEXT, "mnc": digits, "locator": TEXT}


def _inventory(federation: bool) -> Schema:
    if federation:
        return {"file": TEXT, "cloudlets": _ref("cloudlets"), "zones": _ref("zones"), "base_urls": _each(GROUPS, URL)}
    rows = {name: {"type": "array", "items": ANY_TABLE} for name in ROWS}
    named = _table(rows | {"guidance": ANY_TABLE})
    return {
        "file": TEXT,
        **rows,
        "guidance": ANY_TABLE,
        "inventories": {
            "type": "object",
            "additionalProperties": named,
            "propertyNames": {"not": {"const": "standard"}},
        },
        "base_urls": {"type": "object", "additionalProperties": URL},
    }


# --- northbound ---------------------------------------------------------------------------------------------------


def _http() -> Schema:
    common: Schema = {
        "kind": {"const": "http"},
        "base_url": URL,
        "auth": _ref("outbound"),
        "accounts": _each(adapters.ACCOUNTS, _ref("outbound")),
        "trust": TEXT,
        "headers": TEXTS,
        "timeout": SECONDS,
    }
    every = [*action_names(CC), *(name for name in action_names(FI) if name not in action_names(CC))]
    actions = {name: _ref(f"action-{name}" if name in ESSENTIAL else "action") for name in every}
    times = {"type": "number", "not": {"const": 0}}
    unit = _table({"times": times, "text": {"type": "string", "pattern": r"^[^{}]*\{\}[^{}]*$"}})
    mapped = common | {
        "style": {"const": "mapped"},
        "values": {"type": "object", "additionalProperties": ANY_TABLE},
        "units": {"type": "object", "additionalProperties": unit},
        "actions": _table(actions, minProperties=1),
        "hooks": _each(hook_names(), _ref("action")),
        "state": {"oneOf": [_ref("action"), {"type": "array", "items": _ref("action"), "minItems": 1}]},
    }
    return {
        "oneOf": [
            _table(mapped, ("kind", "base_url", "actions")),
            _table(common | {"style": {"const": "interlock"}}, ("kind", "base_url", "style")),
        ]
    }


def _python() -> Schema:
    a_class = {"type": "string", "pattern": r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$"}
    return _table({"kind": {"const": "python"}, "class": a_class, "options": ANY_TABLE}, ("kind", "class"))


def _manual() -> Schema:
    every = [*action_names(CC), *action_names(FI), *hook_names()]
    return _table(
        {
            "kind": {"const": "manual"},
            "prompts": _each(dict.fromkeys(every), _ref("prompt")),
            "offers": {"type": "array", "items": TEXT},
            "script": TEXT,
            "timeout": SECONDS,
        },
        ("kind",),
    )


# --- definitions --------------------------------------------------------------------------------------------------


def _definitions() -> Schema:
    results = ("ok", "running", "refused", "failed")
    meaning = {"type": "array", "items": {"type": ["integer", "string"]}}
    ask: Schema = {
        "method": {"enum": list(adapters.METHODS)},
        "path": {"type": "string", "pattern": "^/"},
        "query": TEXTS,
        "headers": TEXTS,
        "body": True,
        "form": TRUTH,
        "result": _ref("result"),
        "outputs": _ref("outputs"),
    }
    action = _table(ask | {"poll": _ref("poll")}, ("path",))
    form = {
        "if": {"properties": {"form": {"const": True}}, "required": ["form"]},
        "then": {"properties": {"body": {"type": "object"}}, "required": ["body"]},
    }
    number = {"type": "integer", "minimum": 0}
    value: Schema = {"match": TEXT, "unit": TEXT, "values": ANY_TABLE, "default": True}
    return {
        "identity": _table(
            {
                "target": ANY_TABLE,
                "counterpart": ANY_TABLE,
                "third": ANY_TABLE,
                "accounts": _each(file.ACCOUNTS, TEXT),
            }
        ),
        "outbound": {"oneOf": [_credential(kind, keys, True) for kind, keys in credentials.OUTBOUND_KEYS.items()]},
        "inbound": {"oneOf": [_credential(kind, keys, False) for kind, keys in credentials.INBOUND_KEYS.items()]},
        "inventory": {"type": "object", "not": {"required": ["file"]}},
        "cloudlets": {
            "type": "array",
            "items": _table(
                dict(
                    zip(
                        CLOUDLET,
                        (
                            TEXT,
                            {"type": "number", "minimum": -90, "maximum": 90},
                            {"type": "number", "minimum": -180, "maximum": 180},
                            _each(CAPACITY, number),
                        ),
                        strict=True,
                    )
                ),
                ("name",),
            ),
        },
        "zones": {
            "type": "array",
            "items": _table(
                dict.fromkeys(ZONE, TEXT) | {"cloudlets": {"type": "array", "items": {"type": "string"}}},
                ("id", "cloudlets", "geo_location"),
            ),
        },
        "result": _table({"path": JSONPATH, **dict.fromkeys(results, meaning), "reason": JSONPATH})
        | {
            "if": {"not": {"required": ["path"]}},
            "then": {"properties": {key: {"items": {"type": "integer"}} for key in results}},
        },
        "outputs": {"type": "object", "additionalProperties": _ref("mapped")},
        "mapped": {
            "oneOf": [
                JSONPATH,
                _table({"constant": True}, ("constant",)),
                _table(
                    value | {"path": JSONPATH, "all": TRUTH, "members": _ref("outputs")},
                    ("path",),
                ),
                _table(value | {"header": TEXT}, ("header",)),
            ]
        },
        "action": action | form,
        **{
            f"action-{name}": {
                "allOf": [
                    _ref("action"),
                    {"required": ["outputs"], "properties": {"outputs": {"required": list(owed)}}},
                ]
            }
            for name, owed in ESSENTIAL.items()
        },
        "poll": _table(ask | {"interval": SECONDS, "timeout": SECONDS}, ("path",)) | form,
        "prompt": _table(
            {"who": TEXT, "text": TEXT, "outputs": TEXTS, "evidence": TEXT, "timeout": SECONDS}, ("text",)
        ),
    }


def _credential(kind: str, keys: tuple[str, ...], outbound: bool) -> Schema:
    digest = {"type": "string", "pattern": "^[0-9a-fA-F:]{64,95}$"}
    kinds: Mapping[str, Schema] = {
        "certificate_sha256": {"oneOf": [digest, {"type": "array", "items": digest, "minItems": 1}]}
    }
    made = _table({"kind": {"const": kind}} | {key: kinds.get(key, TEXT) for key in keys}, ("kind",))
    rules: list[Schema] = [
        {"oneOf": [{"required": [f"{name}_{where}"]} for where in ("env", "file")]}
        for name in ("token", "access_key", "secret_key")
        if f"{name}_env" in keys
    ]
    if "session_token_env" in keys:
        rules.append({"not": {"required": ["session_token_env", "session_token_file"]}})
    if outbound:
        rules.append({"dependentRequired": {"certificate": ["key"], "key": ["certificate"]}})
    if kind == "mtls":
        names = ("certificate",) if outbound else credentials.BOUND
        rules.append({"anyOf": [{"required": [name]} for name in names]})
    return made | ({"allOf": rules} if rules else {})


def main() -> None:
    PLACE.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
