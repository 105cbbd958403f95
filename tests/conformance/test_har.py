"""HAR files: who is who, what is recorded, what is hidden, and what monitors find."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.har import BadHar, places, read_har
from reports.record import Lost, Meta, Request, Response
from reports.redact import Redactor
from reports.trace import Trace

A, B = "https://a.example/v1", "https://b.example:8443"
SEATS = {"csp-a": A, "csp-b": B}
IDS = {"csp-a": "acme", "csp-b": "beta"}
ENVIRONMENTS = "/providers/beta/environments"
KEY = base64.b64encode(json.dumps({"version": 1, "sharedConnectionUuid": "u", "hidden": "x"}).encode()).decode()


def entry(
    url: str, answer: Any = None, *, method: str = "GET", status: int = 200, at: int = 0, body: Any = None, **more: Any
) -> dict[str, Any]:
    asked: dict[str, Any] = {"method": method, "url": url, "headers": [{"name": "Authorization", "value": "Bearer t"}]}
    if body is not None:
        asked["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    content = {"mimeType": "application/json", "text": json.dumps(answer)} if answer is not None else {}
    return {
        "startedDateTime": f"2026-11-21T18:00:{at:02}.000Z",
        "time": 250.4,
        "request": asked,
        "response": {"status": status, "statusText": "", "content": content},
    } | more


def har(tmp_path: Path, *entries: Any) -> Path:
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), encoding="utf-8")
    return file


def read(tmp_path: Path, *entries: Any) -> Trace:
    return read_har(har(tmp_path, *entries), SEATS, IDS, Redactor(b"k"))


def test_an_exchange_goes_from_the_other_seat_to_the_one_that_was_asked(tmp_path: Path) -> None:
    trace = read(tmp_path, entry(f"{A}{ENVIRONMENTS}?pageSize=2", {"environments": []}))
    run, begun, request, response, ended = trace
    assert isinstance(run, Meta)
    assert run.data["recording"] == {
        "protocol": "connection-coordinator",
        "seats": ["csp-a", "csp-b"],
        "name": "traffic.har",
    }
    assert [each.mark for each in (begun, ended) if isinstance(each, Meta)] == ["scenario", "end"]
    assert request == Request(
        seq=3,
        at=1795284000000,
        exchange="x1",
        sender="csp-b",
        receiver="csp-a",
        operation="ListEnvironments",
        method="GET",
        path="/providers/csp-b/environments",
        query={"pageSize": "2"},
    )
    assert isinstance(response, Response)
    assert (response.at, response.status, response.sender) == (1795284000250, 200, "csp-a")
    assert (response.body, response.media_type) == ({"environments": []}, "application/json")


def test_the_order_is_that_of_the_moments(tmp_path: Path) -> None:
    late, early = entry(f"{A}/providers", {}, at=2), entry(f"{B}/providers", {}, at=1, time=5_000)
    trace = read(tmp_path, late, early)
    kinds = [(type(each).__name__, each.exchange) for each in trace if isinstance(each, Request | Response)]
    assert kinds == [("Request", "x2"), ("Request", "x1"), ("Response", "x1"), ("Response", "x2")]


def test_an_answer_in_base64_and_one_that_never_came(tmp_path: Path) -> None:
    packed = base64.b64encode(b'{"providers": []}').decode()
    content = {"content": {"text": packed, "encoding": "base64"}, "status": 200}
    trace = read(tmp_path, entry(f"{A}/providers", response=content), entry(f"{A}/providers", status=0, at=1))
    answered, lost = (each for each in trace if isinstance(each, Response | Lost))
    assert isinstance(answered, Response)
    assert answered.body == {"providers": []}
    assert isinstance(lost, Lost)
    assert (lost.exchange, lost.what, lost.why) == ("x2", "unknown", "no answer")


def test_a_body_that_is_no_json(tmp_path: Path) -> None:
    content = {"content": {"text": "<html>"}, "status": 502}
    (response,) = (
        each for each in read(tmp_path, entry(f"{A}/providers", response=content)) if isinstance(each, Response)
    )
    assert (response.body, response.malformed, response.size) == (None, True, 6)


def test_secrets_are_hidden_as_they_are_read(tmp_path: Path) -> None:
    asked = entry(
        f"{A}{ENVIRONMENTS}/e/ConfirmActivationKey", {"keyValid": True}, method="POST", body={"encodedKey": KEY}
    )
    told = repr(list(read(tmp_path, asked)))
    assert KEY not in told
    assert "secret:activation-key:" in told


def test_what_went_elsewhere_is_left_out(tmp_path: Path) -> None:
    trace = read(
        tmp_path, entry("https://a.example/v10/x"), entry("https://elsewhere.example/"), entry(f"{A}/providers", {})
    )
    assert [each.exchange for each in trace if isinstance(each, Request)] == ["x3"]


def test_keys_of_a_federation_are_recorded_hidden(tmp_path: Path) -> None:
    seats = {"op1": A, "op2": B}
    asked = entry(f"{B}/operator/partner", method="POST", status=401, body={})
    trace = read_har(har(tmp_path, asked), seats, {}, Redactor(b"k"))
    (request,) = (each for each in trace if isinstance(each, Request))
    assert (request.sender, request.operation) == ("op1", "POST /operator/partner")
    assert request.credentials["bearer"].startswith("secret:api-key:")


@pytest.mark.parametrize(
    ("seats", "ids", "told"),
    [
        ({"csp-a": A}, {}, "want --seat csp-a=URL --seat csp-b=URL or --seat op1=URL --seat op2=URL, got csp-a"),
        ({"csp-a": A, "op2": B}, {}, "got csp-a, op2"),
        (SEATS, {"csp-c": "x"}, "want the id of one of csp-a, csp-b, got that of csp-c"),
    ],
)
def test_seats_that_are_no_pair(seats: dict[str, str], ids: dict[str, str], told: str) -> None:
    with pytest.raises(BadHar) as wrong:
        places(seats, ids)
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "want a HAR file, an object with log.entries, got JSONDecodeError"),
        ('{"log": {}}', "got KeyError: 'entries'"),
        ('{"log": {"entries": [{"request": {}}]}}', "entry 1: want startedDateTime, time, request and response"),
        ('{"log": {"entries": []}}', "want requests to https://a.example/v1 or https://b.example:8443, got none"),
    ],
)
def test_a_file_that_is_wrong(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "x.har"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadHar) as wrong:
        read_har(file, SEATS, IDS, Redactor(b"k"))
    assert told in str(wrong.value)


def judged(tmp_path: Path, capsys: pytest.CaptureFixture[str], *entries: Any) -> tuple[int, dict[str, Any]]:
    options = [f"--seat=csp-a={A}", f"--seat=csp-b={B}", "--id=csp-a=acme", "--id=csp-b=beta", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(["judge", str(har(tmp_path, *entries)), *options])
    assert isinstance(ended.value.code, int)
    report = json.loads(capsys.readouterr().out)
    return ended.value.code, {
        check["id"]: (check["seat"], check["verdict"], check["got"] or check["reason"])
        for each in report["requirements"]
        for check in each["checks"]
        if check["verdict"] != "untested"
    } | {"reasons": sorted({check["reason"] or "" for each in report["requirements"] for check in each["checks"]})}


def test_monitors_find_what_is_wrong_and_nothing_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = entry(f"{A}/providers/third/environments", {"environments": []})
    broken = entry(f"{B}/providers/acme/environments", {"environments": 7}, at=1)
    failing = entry(f"{B}/providers", {"title": "x"}, status=500, at=2)
    code, found = judged(tmp_path, capsys, foreign, broken, failing)
    assert code == 1
    assert found["CC-PROV-001/1"] == ("csp-b", "failed", "GET /providers/third/environments")
    assert found["CC-SEC-006/2"][:2] == ("csp-b", "failed")
    assert set(found) == {"CC-PROV-001/1", "CC-SEC-006/2", "reasons"}


def test_a_recording_in_which_nothing_is_wrong_passes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = judged(tmp_path, capsys, entry(f"{A}{ENVIRONMENTS}", {"environments": []}))
    assert (code, set(found)) == (0, {"reasons"})
    assert "a recording shows only what is wrong" in found["reasons"]
