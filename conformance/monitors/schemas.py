"""The schema of raw JSON: answers are what the contract says, never a server failure, and errors have a body to read.

The contract is the operation table; a response class validates a success, strictly typed, unknown members allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import ValidationError

from conformance.monitors import Found, monitor
from reference_impl.kernel.operation import Operation
from reference_impl.serve.protocols import SERVED
from reports.record import AnyRecord, Response
from reports.verdict import Finding

LATER = ("POST /operator/notify/zone", "DELETE /operator/notify/zone", "GET /operator/artifact/status")


class _Contract:
    protocol = ""
    schema_check = ""
    failure_check = ""

    def on(self, record: AnyRecord) -> Iterable[Found]:
        if not isinstance(record, Response) or record.ours:
            return
        if record.status >= 500 and record.operation is not None and not self._later(record):
            yield self._broken(
                self.failure_check, record, "no server failure", f"{record.status} to {record.operation}"
            )
        elif 200 <= record.status < 300 and record.operation is not None:
            operation = SERVED[self.protocol].operations.get(record.operation)
            if operation is not None:
                yield from self._fits(record, operation)

    def _fits(self, record: Response, operation: Operation) -> Iterable[Found]:
        if operation.response is None:
            return
        try:
            operation.response.model_validate_json(json.dumps(record.body if record.body is not None else {}))
        except ValidationError as problem:
            first = problem.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the body"
            got = f"{place}: {first['msg']}"
            if record.malformed:
                got = "a body that is not JSON"
            yield self._broken(self.schema_check, record, f"an answer of {operation.id} as the schema says", got)

    def _later(self, record: Response) -> bool:
        """Does the sender say that it is not able to answer yet, where it may?"""
        return False

    def _broken(self, check: str, record: Response, want: str, got: str) -> Found:
        return check, record.sender, Finding.failed(want=want, got=got, evidence=[record.seq])

    def end(self) -> Iterable[Found]:
        return ()


@monitor("connection-coordinator")
class CoordinatorContract(_Contract):
    """CC-SEC-006/2: no 5xx, responses conform to the schemas (CC-ERR-13, CC-ERR-33)."""

    protocol = "connection-coordinator"
    schema_check = failure_check = "CC-SEC-006/2"


@monitor("federation-interconnect")
class FederationContract(_Contract):
    """FI-INPUT-001/1: bad input is never a server failure; FI-PARTNER-006/1: answers have their members."""

    protocol = "federation-interconnect"
    schema_check = "FI-PARTNER-006/1"
    failure_check = "FI-INPUT-001/1"

    def _later(self, record: Response) -> bool:
        """While an own call is open, what hangs on it may be asked for again later (federation-wire, 7.4 and 7.9)."""
        return record.status == 503 and record.operation in LATER
