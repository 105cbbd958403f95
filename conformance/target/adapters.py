"""Reading ``[northbound]``: how an action of the scenarios is asked of the target's customer and operator side."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from typing import Any

from conformance.target.credentials import outbound_at
from conformance.target.outputs import OutputReader, path_at, units_at
from conformance.target.records import (
    Ask,
    HttpAction,
    HttpChoice,
    ManualChoice,
    NorthboundChoice,
    Poll,
    Prompt,
    PythonChoice,
    Results,
)
from conformance.target.vocabulary import ESSENTIAL, action_names, described, hook_names
from reference_impl.serve.config import try_tls, url_at
from reference_impl.serve.tls import Tls
from reference_impl.serve.tomlfile import Section

KINDS = ("http", "python", "manual", "none")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ASK = ("method", "path", "query", "headers", "body", "form")
ACTION = (*ASK, "result", "outputs", "poll")
POLL = (*ASK, "result", "outputs", "interval", "timeout")
HTTP = (
    *("kind", "style", "base_url", "auth", "accounts", "trust", "headers", "values", "units", "timeout"),
    *("actions", "hooks", "state"),
)
PYTHON = ("kind", "class", "options")
MANUAL = ("kind", "prompts", "offers", "script", "timeout")
ACCOUNTS = ("X", "Y", "Z", "S")
RESULTS = ("path", "ok", "running", "refused", "failed", "reason")
PROMPT = ("who", "text", "outputs", "evidence", "timeout")


def read_northbound(document: Section, protocol: str) -> NorthboundChoice:
    section = document.section("northbound")
    if section is None:
        return NorthboundChoice()
    want = f"one of {', '.join(KINDS)}"
    kind = section.text("kind", want=want)
    if kind == "http":
        return NorthboundChoice("http", http=_http(section, protocol))
    if kind == "python":
        return NorthboundChoice("python", python=_python(section))
    if kind == "manual":
        return NorthboundChoice("manual", manual=_manual(section, protocol))
    if kind != "none":
        raise section.wrong("kind", want)
    section.only("kind")
    return NorthboundChoice()


# --- http ---------------------------------------------------------------------------------------------------------


def _http(section: Section, protocol: str) -> HttpChoice:
    section.only(*HTTP)
    style = section.text("style", "mapped")
    if style not in ("mapped", "interlock"):
        raise section.wrong("style", "mapped or interlock")
    if style == "interlock":
        for key in ("values", "units", "actions", "hooks", "state"):
            if key in section.data:
                raise section.error(key, 'none with style = "interlock", which maps everything', "a table")
    elif not section.data.get("actions"):
        raise section.error("actions", 'tables [northbound.actions.NAME], or style = "interlock"', "none")
    accounts = section.section("accounts")
    if accounts is not None:
        accounts.only(*ACCOUNTS)
    trust = section.file("trust")
    try_tls(section, Tls(trust=trust))
    units = units_at(section)
    reader = OutputReader(units)
    return HttpChoice(
        url_at(section, "base_url"),
        "interlock" if style == "interlock" else "mapped",
        outbound_at(section, "auth"),
        {name: outbound_at(accounts, name) for name in accounts.data} if accounts is not None else {},
        trust,
        texts_at(section, "headers"),
        _values(section),
        units,
        _actions(section, "actions", action_names(protocol), protocol, reader),
        _actions(section, "hooks", hook_names(), protocol, reader),
        tuple(_action(each, None, reader) for each in _state(section)),
        seconds_at(section, "timeout", 30),
    )


def _state(section: Section) -> list[Section]:
    """One request that shows the state, or several, each of which shows a part of it."""
    one = section.data.get("state")
    if not isinstance(one, dict):
        return section.sections("state")
    whole = section.section("state")
    assert whole is not None
    return [whole]


def _actions(
    section: Section, key: str, known: Collection[str], protocol: str, reader: OutputReader
) -> dict[str, HttpAction]:
    table = section.section(key)
    if table is None:
        return {}
    table.only(*known)
    found = {}
    for name in table.data:
        row = table.section(name)
        assert row is not None
        action = described(protocol, name)
        found[name] = _action(row, {each.name for each in action.inputs} if action else None, reader)
        for output in ESSENTIAL.get(name, ()):
            if output not in found[name].outputs:
                raise row.error("outputs", f"{output} in it, which the scenarios go on with", "none")
    return found


def _action(section: Section, inputs: Collection[str] | None, reader: OutputReader) -> HttpAction:
    """``inputs`` may stand in placeholders; None: any name may."""
    section.only(*ACTION)
    outputs = reader.outputs(section)
    poll = section.section("poll")
    after = None if inputs is None else {*inputs, *outputs, "operation"}
    polling = _poll(poll, after, reader) if poll is not None else None
    return HttpAction(_ask(section, "POST", inputs), _results(section), outputs, polling)


def _poll(section: Section, known: Collection[str] | None, reader: OutputReader) -> Poll:
    section.only(*POLL)
    return Poll(
        _ask(section, "GET", known),
        _results(section),
        reader.outputs(section),
        seconds_at(section, "interval", 1),
        seconds_at(section, "timeout", 120),
    )


def _ask(section: Section, method: str, known: Collection[str] | None) -> Ask:
    method = section.text("method", method)
    if method not in METHODS:
        raise section.wrong("method", f"one of {', '.join(METHODS)}")
    path = section.text("path", want="a path that begins with /")
    if not path.startswith("/"):
        raise section.wrong("path", "a path that begins with /")
    ask = Ask(
        method,
        path,
        texts_at(section, "query"),
        texts_at(section, "headers"),
        section.data.get("body"),
        section.truth("form", False),
    )
    if ask.form and not isinstance(ask.body, dict):
        raise section.error("body", "a table, for it is sent as a form", "none")
    for key in ("path", "query", "headers", "body"):
        _placeholders(section, key, section.data.get(key), known)
    return ask


def _placeholders(section: Section, key: str, template: Any, known: Collection[str] | None) -> None:
    """Every placeholder in these texts names something that is there."""
    if isinstance(template, dict):
        for each in template.values():
            _placeholders(section, key, each, known)
    elif isinstance(template, list):
        for each in template:
            _placeholders(section, key, each, known)
    elif isinstance(template, str):
        try:
            names = names_in(template)
        except ValueError as problem:
            raise section.error(key, "placeholders such as {uuid}", f"{template!r}: {problem}") from None
        for name in names:
            if known is not None and name.partition(".")[0] not in known:
                want = f"placeholders out of {', '.join(sorted(known)) or 'none at all'}"
                raise section.error(key, want, f"{{{name}}}")


def names_in(template: str) -> list[str]:
    """The names of the placeholders in a text; ``{{`` and ``}}`` are braces. ValueError where it is none."""
    names = []
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if not all(part.isidentifier() for part in name.split(".")) or spec or conversion:
            raise ValueError("a placeholder is {name} or {name.member}, and a brace is written twice")
        names.append(name)
    return names


def _results(section: Section) -> Results:
    table = section.section("result")
    if table is None:
        return Results()
    table.only(*RESULTS)
    path = path_at(table, "path") if "path" in table.data else ""
    return Results(
        path,
        ok=_meanings(table, "ok", path),
        running=_meanings(table, "running", path),
        refused=_meanings(table, "refused", path),
        failed=_meanings(table, "failed", path),
        reason=path_at(table, "reason") if "reason" in table.data else "",
    )


def _meanings(table: Section, key: str, path: str) -> tuple[int | str, ...]:
    """What means this result: statuses, and values too where a path is given."""
    kinds = (int, str) if path else (int,)
    given = table.data.get(key, [])
    if not isinstance(given, list) or not all(type(each) in kinds for each in given):
        raise table.wrong(key, "a list of statuses (numbers)" + (" or of values (texts)" if path else ""))
    return tuple(given)


def _values(section: Section) -> dict[str, Mapping[str, Any]]:
    table = section.section("values")
    return {name: _table(table, name) for name in table.data} if table is not None else {}


def _table(section: Section, key: str) -> Mapping[str, Any]:
    found = section.section(key)
    return found.data if found is not None else {}


def texts_at(section: Section, key: str) -> dict[str, str]:
    """A table of texts."""
    table = section.section(key)
    return {name: table.text(name) for name in table.data} if table is not None else {}


def seconds_at(section: Section, key: str, default: float) -> int:
    """Milliseconds, of a number of seconds that stands at a key."""
    value = section.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86_400:
        raise section.wrong(key, "seconds, more than 0 and at most 86400")
    return round(value * 1000)


# --- python and manual --------------------------------------------------------------------------------------------


def _python(section: Section) -> PythonChoice:
    section.only(*PYTHON)
    want = 'a class as "module:Class"'
    module, _, name = section.text("class", want=want).partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), name)):
        raise section.wrong("class", want)
    return PythonChoice(f"{module}:{name}", _table(section, "options"), section.source.file.parent)


def _manual(section: Section, protocol: str) -> ManualChoice:
    section.only(*MANUAL)
    known = (*action_names(protocol), *hook_names())
    timeout = seconds_at(section, "timeout", 900)
    offers = section.list_of("offers", str, "a list of actions and hooks", ())
    for name in offers:
        if name not in known:
            raise section.error("offers", f"names out of {', '.join(known)}", repr(name))
    prompts = section.section("prompts")
    rows = {}
    if prompts is not None:
        prompts.only(*known)
        for name in prompts.data:
            row = prompts.section(name)
            assert row is not None
            rows[name] = _prompt(row, timeout, described(protocol, name))
    return ManualChoice(rows, offers, section.file("script"), timeout)


def _prompt(section: Section, timeout: int, action: Any) -> Prompt:
    section.only(*PROMPT)
    _placeholders(section, "text", section.data.get("text"), {each.name for each in action.inputs} if action else None)
    return Prompt(
        section.text("who", "operator"),
        section.text("text"),
        texts_at(section, "outputs"),
        section.text("evidence", ""),
        seconds_at(section, "timeout", timeout / 1000),
    )
