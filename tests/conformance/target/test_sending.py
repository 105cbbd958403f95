"""What goes along with a request: headers, and signatures as AWS's own examples have them."""

from __future__ import annotations

import asyncio
import datetime
import sys

import httpx
import pytest

from conformance.target import Outbound, SigV4
from conformance.target.sending import SIGN_HERE, MissingExtra, Signed, Signing, auth_of

KEYS = SigV4("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region="us-east-1", service="service")
SCOPE = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "


def sent(
    outbound: Outbound, method: str = "GET", url: str = "https://example.amazonaws.com/", key: str = ""
) -> httpx.Headers:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(answer), auth=auth_of(outbound, key)) as client:
        client.request(method, url)
    return seen[0]


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime(2015, 8, 30, 12, 36)  # botocore means UTC
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)


# the published test suite of Signature Version 4: get-vanilla, get-vanilla-query-order-key-case, post-vanilla
VECTORS = {
    "get": ("GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    "query": (
        "GET",
        "?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "post": ("POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_signature_is_the_published_one(name: str, noon: None) -> None:
    method, query, signature = VECTORS[name]
    headers = sent(Outbound("sigv4", sigv4=KEYS), method, f"https://example.amazonaws.com/{query}")
    assert headers["authorization"] == f"{SCOPE}SignedHeaders=host;x-amz-date, Signature={signature}"
    assert headers["x-amz-date"] == "20150830T123600Z"


def test_body_and_session_are_signed_too(noon: None) -> None:
    how = SigV4(KEYS.access_key, KEYS.secret_key, "SESSION", KEYS.region, KEYS.service)
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(answer), auth=Signed(how)) as client:
        client.post("https://example.amazonaws.com/", json={"a": 1})
        client.post("https://example.amazonaws.com/", json={"a": 2})
    one, other = (each.headers["authorization"] for each in seen)
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token" in one
    assert one != other
    assert seen[0].headers["x-amz-security-token"] == "SESSION"


def test_only_what_asks_for_it_is_signed(noon: None) -> None:
    seen: list[httpx.Headers] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200)

    async def run() -> None:
        async with httpx.AsyncClient(transport=Signing(KEYS, httpx.MockTransport(answer))) as client:
            for value in (SIGN_HERE, "Bearer wrong", None):
                headers = {"authorization": value} if value else {}
                await client.get("https://example.amazonaws.com/", headers=headers)

    asyncio.run(run())
    signature = VECTORS["get"][2]
    assert [each.get("authorization") for each in seen] == [
        f"{SCOPE}SignedHeaders=host;x-amz-date, Signature={signature}",
        "Bearer wrong",
        None,
    ]


def test_headers_carry_the_others() -> None:
    assert sent(Outbound("bearer", "geheim"))["authorization"] == "Bearer geheim"
    assert sent(Outbound("header", "geheim", "x-key"))["x-key"] == "geheim"
    assert "authorization" not in sent(Outbound("none"))
    arranged = sent(Outbound("arranged"), key="of-the-partner")
    assert (arranged["authorization"], arranged["x-api-key"]) == ("Bearer of-the-partner", "of-the-partner")
    assert "x-api-key" not in sent(Outbound("arranged"))


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    with pytest.raises(MissingExtra, match=r"pip install 'interlock-harness\[aws\]'"):
        auth_of(Outbound("sigv4", sigv4=KEYS))
