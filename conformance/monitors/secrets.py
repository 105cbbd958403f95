"""Secrets: key material that travelled once is in no answer and in no error where it does not belong.

Secrets are replaced at capture by a token that stays equal for equal secrets, so a leak is seen as that token in a
place where none belongs: an error document, or an answer to somebody who did not send it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from conformance.monitors import Found, monitor
from reports.record import AnyRecord, Request, Response
from reports.verdict import Finding

_TOKEN = re.compile(r"secret:[a-z-]+:[0-9a-f]{16}")


class _Leak:
    """An error document that repeats a secret, unless its sender has put it into the path or the query as well."""

    check = ""

    def __init__(self) -> None:
        self._in_the_open: dict[str, set[str]] = {}

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if isinstance(record, Request):
            self._in_the_open[record.exchange] = set(_TOKEN.findall(f"{record.path} {record.query}"))
        elif isinstance(record, Response) and not record.ours and record.status >= 400 and record.body is not None:
            found = set(_TOKEN.findall(json.dumps(record.body))) - self._in_the_open.get(record.exchange, set())
            kinds = sorted({token.split(":")[1] for token in found})
            if kinds:
                yield (
                    self.check,
                    record.sender,
                    Finding.failed(want="no secret in an error", got=f"an error with {kinds}", evidence=[record.seq]),
                )

    def end(self) -> Iterable[Found]:
        return ()


@monitor("connection-coordinator")
class KeyMaterialInErrors(_Leak):
    """CC-SEC-005/1: activation keys, CAKs and BGP passwords are not in error messages."""

    check = "CC-SEC-005/1"


@monitor("federation-interconnect")
class KeysInErrors(_Leak):
    """FI-AUTH-009/2: an error text does not repeat the key."""

    check = "FI-AUTH-009/2"


@monitor("federation-interconnect")
class KeysInAnswers:
    """FI-AUTH-009/1: no east/west answer holds an API key."""

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if (
            isinstance(record, Response)
            and not record.ours
            and record.body is not None
            and "secret:api-key:" in json.dumps(record.body)
        ):
            yield (
                "FI-AUTH-009/1",
                record.sender,
                Finding.failed(want="no key in an answer", got="an answer with an API key", evidence=[record.seq]),
            )

    def end(self) -> Iterable[Found]:
        return ()
