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
    trace = Trace()
    trace.append(Meta(mark="scenario", data={"id": "s", "protocol": "connection-coordinator", "seat": "csp-a"}))
    trace.append(
        Request(
            exchange="x1", sender="csp-b", receiver="csp-a", operation="GetProvider", method="GET", path=path, ours=True
        )
    )
    body = {"title": "Not Found", "status": 404, "detail": detail}
    trace.append(
        Response(exchange="x1", sender="csp-a", receiver="csp-b", operation="GetProvider", status=404, body=body)
    )
    assert [each.check for each in judge(trace)] == found
