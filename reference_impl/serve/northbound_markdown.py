"""docs/northbound.md, made from the tables of actions: ``python -m reference_impl.serve.northbound_markdown``."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from reference_impl.kernel.action import Action, Value
from reference_impl.serve.hook_table import HOOKS, SERVER_ACTIONS
from reference_impl.serve.protocols import SERVED

_INTRODUCTION = """\
# Northbound: what customers and operators ask of a reference party

Made from the tables of actions by `python -m reference_impl.serve.northbound_markdown`; change those, not this file.

`POST /actions/{action}` takes the inputs as a JSON object, with the operator's token as `Authorization: Bearer`. Null is
the same as absent, and so is an empty text where nothing is required; inputs that no table names are ignored. Answers:

| status | document | meaning |
|---|---|---|
| 200 | `{"result": "ok", "outputs": {…}}` | done |
| 200 | `{"result": "failed", "reason": …}` | tried and undone |
| 202 | `{"result": "running", "operation": …}` | a long action goes on; `GET /operations/{operation}` tells how |
| 4xx | problem document with `"result": "refused"` | nothing was attempted at the peer and nothing kept |

`GET /actions` lists the same tables as JSON, `GET /openapi.json` describes every action, `GET /state` dumps the state.
`GET /healthz`, `/readyz` and `/metrics` need no token. Inputs that may be left out are in *italics*.
"""


def text() -> str:
    parts = [_INTRODUCTION]
    for served in SERVED.values():
        parts.append(f"## {served.title}\n\n{_table(served.actions.values())}")
    parts.append(f"## Both protocols, done by the server\n\n{_table(SERVER_ACTIONS.values())}")
    parts.append(f"## Control hooks: `POST /hooks/{{hook}}`, for tests\n\n{_table(HOOKS.values())}")
    return "\n".join(parts)


def _table(actions: Iterable[Action]) -> str:
    lines = ["| action | asked by | inputs | outputs | |", "|---|---|---|---|---|"]
    for each in actions:
        name = f"`{each.name}`{' (long)' if each.long else ''}"
        cells = (name, each.asked_by, _values(each.inputs), _values(each.outputs), each.summary)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _values(values: Iterable[Value]) -> str:
    return "; ".join(_value(each) for each in values) or "-"


def _value(value: Value) -> str:
    name = f"`{value.name}`" if value.required else f"*`{value.name}`*"
    kind = ", ".join(f"`{each}`" for each in value.one_of) or value.kind.words.removeprefix("a non-empty ")
    return f"{name} ({kind}{': ' + value.summary.replace('*/', chr(92) + '*/') if value.summary else ''})"


if __name__ == "__main__":
    sys.stdout.write(text())
