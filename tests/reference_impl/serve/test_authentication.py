"""Who calls: bearer tokens, and the key that a federation partner presents; and how much may be sent."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from reference_impl.kernel.party import Refusal
from reference_impl.serve.authentication import Caller, Tokens, presented_key
from reference_impl.serve.limits import check_nesting

TOKENS = Tokens({"csp-b": ["old-one", "new-one"], "csp-c": ["tok=en c"]})


def _headers(*values: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode("latin-1")) for name, value in values])


@pytest.mark.parametrize(
    ("value", "counterpart"),
    [
        ("Bearer old-one", "csp-b"),
        ("bearer  new-one ", "csp-b"),
        ("Bearer tok=en c", "csp-c"),
        ("Bearer old-onee", None),
        ("Bearer old-on", None),
        ("Bearer ", None),
        ("Bearer", None),
        ("old-one", None),
        ("Basic old-one", None),
        ("Bearer \xe4\xff", None),
    ],
)
def test_a_token_names_its_counterpart(value: str, counterpart: str | None) -> None:
    assert TOKENS(_headers(("authorization", value))) == (Caller(counterpart) if counterpart else None)


def test_two_authorizations_are_none() -> None:
    assert TOKENS(_headers(("authorization", "Bearer old-one"), ("authorization", "Bearer old-one"))) is None
    assert TOKENS(_headers()) is None


def test_no_token_is_kept_readable() -> None:
    assert "old-one" not in repr(vars(TOKENS))


@pytest.mark.parametrize("tokens", [{"csp-b": [""]}, {"csp-b": ["same"], "csp-c": ["same"]}])
def test_tokens_that_tell_nobody_apart_are_refused(tokens: dict[str, list[str]]) -> None:
    table = Tokens({"csp-b": ["good"]})
    with pytest.raises(ValueError, match="want a token of its own"):
        table.replace(tokens)
    assert table(_headers(("authorization", "Bearer good"))) == Caller("csp-b")


@pytest.mark.parametrize(
    ("headers", "credential"),
    [
        ([("authorization", "Bearer key-1")], "key-1"),
        ([("x-api-key", "key-2")], "key-2"),
        ([("authorization", "Bearer wrong"), ("x-api-key", "key-2")], "wrong"),
        ([("authorization", "Bearer"), ("x-api-key", "key-2")], None),
        ([("authorization", "Basic a2V5"), ("x-api-key", "key-2")], "key-2"),
        ([("x-api-key", "key-2"), ("x-api-key", "key-3")], None),
        ([("x-api-key", "")], None),
        ([], None),
    ],
)
def test_a_bearer_value_decides(headers: list[tuple[str, str]], credential: str | None) -> None:
    """FI-AUTH-003: a wrong Bearer is not rescued by a right x-api-key."""
    assert presented_key(_headers(*headers)) == Caller("", credential)


@pytest.mark.parametrize(
    ("body", "depth"),
    [
        (b'{"a":[{}]}', 3),
        (b'{"a\\"[[":[1],"b":[2]}', 2),
        (b'["[[[[", {}]', 2),
        (b'["\\\\", [1]]', 2),
        (b'["unterminated [[[', 1),
    ],
)
def test_nesting_is_counted_outside_of_texts(body: bytes, depth: int) -> None:
    check_nesting(body, depth)
    with pytest.raises(Refusal, match=f"want at most {depth - 1} levels"):
        check_nesting(body, depth - 1)


def test_a_long_text_full_of_quotes_is_no_work() -> None:
    """A pattern that backtracks would need hours for this."""
    check_nesting(b'["' + rb"\"" * 500_000, 1)
