"""The customer's statement: what is right, and each thing that can be wrong with one (CC-SEC-004)."""

from __future__ import annotations

import pytest

from reference_impl.connection_coordinator.statement import LONGEST, breach, written

NOW = 1_700_000_000_000
KEY, UUID = "a-key", "00000000-0000-4000-8000-000000000001"
ASKED = ("X", "UpdateConnection", UUID)


def test_a_right_statement() -> None:
    assert breach(KEY, written(KEY, *ASKED, NOW + 1), *ASKED, NOW) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "absent"),
        ("", "absent"),
        (written("another-key", *ASKED, NOW + 1), "not signed by the account"),
        (written(KEY, *ASKED, NOW + 1) + "x", "not signed by the account"),
        ("no statement", "not signed by the account"),
        ("x" * (LONGEST + 1), "not signed by the account"),
        (written(KEY, "Y", *ASKED[1:], NOW + 1), "of another account"),
        (written(KEY, "X", "DeleteConnection", UUID, NOW + 1), "for another act"),
        (written(KEY, "X", "UpdateConnection", "another", NOW + 1), "for another act"),
        (written(KEY, *ASKED, NOW), "expired"),
    ],
)
def test_what_is_wrong_with_one(text: str | None, problem: str) -> None:
    assert breach(KEY, text, *ASKED, NOW) == problem


def test_a_statement_says_no_key() -> None:
    assert KEY not in written(KEY, *ASKED, NOW)
