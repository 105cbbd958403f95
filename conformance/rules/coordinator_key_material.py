"""Rules of key material: nothing that was given is found again in errors and logs (CC-SEC-005, CC-FEAT-013)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from conformance.rules import rule
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def key_material_untold(view: TraceView, seat_shown: str, kinds: Sequence[str]) -> Finding | Waiting:
    """The seat was sent a secret of each kind, refused some of these requests, and repeats none in errors or its log.

    A log is looked into where the operator's side offers one.
    """
    tokens = {kind: f"secret:{kind}:" for kind in kinds}
    refused = [each for each in view.exchanges(receiver=seat_shown, ours=True) if not each.succeeded]
    for kind, token in tokens.items():
        if not any(token in json.dumps(each.request.body) for each in refused):
            return Waiting(f"a refused request with a {kind}")
    for each in refused:
        told = sorted(
            kind for kind, token in tokens.items() if token in json.dumps(each.response and each.response.body)
        )
        if told:
            got = f"{each.told()} repeats {', '.join(told)}"
            return Finding.failed(want="no secret in an error", got=got, evidence=each.evidence)
    logs = [each for each in view.outcomes(seat_shown, "logs") if each.result == "ok"]
    for log in logs:
        text = json.dumps(log.outputs)
        told = sorted(kind for kind, token in tokens.items() if token in text)
        if told:
            return Finding.failed(want="no secret in the log", got=f"{', '.join(told)} in it", evidence=[log.seq])
    got = f"{len(refused)} errors and {'the log' if logs else 'no log (none is offered)'}"
    return Finding.passed(got, evidence=[*(each.request.seq for each in refused), *(log.seq for log in logs)])
