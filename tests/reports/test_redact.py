from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from reports.redact import KeyFacts, Redactor, is_secret, key_facts

MEMBERS = {"version": "1", "connectionSizeMbps": 1000, "nonce": "s3cr3t-nonce", "sharedConnectionUuid": "8f2c"}
PLAIN = base64.b64encode(json.dumps(MEMBERS).encode()).decode()


def redactor() -> Redactor:
    return Redactor(b"a key of this run")


def test_a_secret_is_replaced_by_its_kind_and_a_digest() -> None:
    replaced = redactor().json({"cak": "0123456789abcdef", "ckn": "key-1"})
    assert replaced["ckn"] == "key-1"
    assert replaced["cak"].startswith("secret:cak:")
    assert len(replaced["cak"]) == len("secret:cak:") + 16
    assert is_secret(replaced["cak"])


def test_equal_secrets_stay_equal_and_others_differ() -> None:
    one = redactor()
    assert one.secret("cak", "aaaaaaaa") == one.secret("cak", "aaaaaaaa") == redactor().secret("cak", "aaaaaaaa")
    assert one.secret("cak", "aaaaaaaa") != one.secret("cak", "aaaaaaab")
    assert one.secret("cak", "aaaaaaaa") != Redactor(b"another run").secret("cak", "aaaaaaaa")


@pytest.mark.parametrize(
    "value",
    [
        {"deep": [{"md5BgpPassword": "hunter2-hunter2"}]},
        [{"authorization": "Bearer hunter2-hunter2"}, "again: Bearer hunter2-hunter2"],
        {"api_key": "hunter2-hunter2", "message": "the key hunter2-hunter2 is wrong"},
        {"api_key": "hunter2-hunter2", "hunter2-hunter2": {"path": "/keys/hunter2-hunter2"}},
        ({"password": "hunter2-hunter2"},),
    ],
)
def test_a_secret_never_appears(value: Any) -> None:
    text = json.dumps(redactor().json(value))
    assert "hunter2" not in text
    assert "secret:" in text


def test_a_secret_inside_a_longer_one_does_not_hide_it() -> None:
    one = redactor()
    one.secret("token", "hunter2-hunter2")
    one.secret("token", "prefix-hunter2-hunter2-suffix")
    assert one.text("<prefix-hunter2-hunter2-suffix>") == f"<{one.secret('token', 'prefix-hunter2-hunter2-suffix')}>"


def test_what_is_redacted_stays_as_it_is() -> None:
    one = redactor()
    once = one.json({"encodedKey": PLAIN})
    assert one.json(once) == once


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PLAIN, "base64"),
        (base64.urlsafe_b64encode(json.dumps({**MEMBERS, "nonce": "???>>>~~~"}).encode()).decode(), "base64url"),
        (base64.b64encode(json.dumps({**MEMBERS, "nonce": "ss"}).encode()).decode().rstrip("="), "unpadded"),
    ],
)
def test_an_activation_key_tells_its_encoding_and_its_public_members(text: str, encoding: str) -> None:
    replaced = redactor().json({"encodedKey": text})["encodedKey"]
    facts = key_facts(replaced)
    public = {"version": "1", "connectionSizeMbps": 1000, "sharedConnectionUuid": "8f2c", "nonce": "hidden"}
    assert facts == KeyFacts(replaced.split(":")[2].split(";")[0], encoding, public)
    assert text not in replaced


@pytest.mark.parametrize("text", ["no base64!", "AAAA", base64.b64encode(b"[" * 20_000).decode()])
def test_a_key_that_cannot_be_decoded_has_no_members(text: str) -> None:
    facts = key_facts(redactor().secret("activation-key", text))
    assert facts is not None
    assert (facts.encoding, facts.members) == ("none", None)


@pytest.mark.parametrize(
    "value", [None, 5, "x", "secret:cak:0123456789abcdef", "secret:activation-key:0123456789abcdef;{}",
              "secret:activation-key:0123456789abcdef;not json", "secret:activation-key:0123456789abcdef;[]"]
)  # fmt: skip
def test_nothing_else_has_key_facts(value: object) -> None:
    assert key_facts(value) is None


def test_a_word_that_somebody_takes_for_a_key_stays_a_word_elsewhere() -> None:
    one = redactor()
    assert one.json({"cak": "provider", "name": "/providers/csp-a"})["name"] == "/providers/csp-a"
    assert one.json({"cak": "pr0vider", "name": "/pr0viders/csp-a"})["name"] != "/pr0viders/csp-a"
