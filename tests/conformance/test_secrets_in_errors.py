from __future__ import annotations

import pytest

from conformance.judge import judge
from reports.record import Meta, Request, Response
from reports.trace import Trace

TOKEN = "secret:cak:0123456789abcdef"


@pytest.mark.parametrize(
    ("path", "detail", "found"),
    [
        ("/providers/csp-b", f"the key {TOKEN} is wrong", ["CC-SEC-005/1"]),
        (f"/providers/{TOKEN}", f"there is nothing under {TOKEN}", []),
        (f"/providers/{TOKEN}", "there is nothing under secret:cak:fedcba9876543210", ["CC-SEC-005/1"]),
        ("/providers/csp-b", "there is no such key", []),
    ],
)
def test_an_error_repeats_no_secret_that_its_sender_did_not_put_into_the_path(
    path: str, detail: str, found: list[str]
) -> None:
    trace, about = Trace(), {"exchange": "x1", "operation": "GetProvider"}
    trace.append(Meta(mark="scenario", data={"id": "s", "protocol": "connection-coordinator", "seat": "csp-a"}))
    trace.append(Request(sender="csp-b", receiver="csp-a", method="GET", path=path, ours=True, **about))
    body = {"title": "Not Found", "status": 404, "detail": detail}
    trace.append(Response(sender="csp-a", receiver="csp-b", status=404, body=body, **about))
    assert [each.check for each in judge(trace)] == found
