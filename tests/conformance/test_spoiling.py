"""Spoiled requests: the same ones each time, bounded in size, and each another one than it was."""

from __future__ import annotations

import json

from conformance.spoiling import spoiled

BODY = {"channel": "ch1", "featureConfig": {"l3BaseConfig": {"vlanId": 5, "hosts": ["a", "b"]}}}
QUERY = {"featureId": "f"}


def made(seed: int = 1, number: int = 200) -> list[tuple[bytes | None, dict[str, str]]]:
    return [(each.raw, each.query) for each in spoiled("CreateFeature", BODY, QUERY, ("featureId",), number, seed)]


def test_a_seed_makes_the_same_requests_again() -> None:
    assert made() == made()
    assert made() != made(seed=2)


def test_each_differs_from_the_right_one() -> None:
    right = json.dumps(BODY).encode()
    for raw, query in made():
        assert (raw not in (None, right)) or query != QUERY


def test_the_right_one_is_left_as_it_is() -> None:
    made()
    assert BODY == {"channel": "ch1", "featureConfig": {"l3BaseConfig": {"vlanId": 5, "hosts": ["a", "b"]}}}


def test_all_ways_are_gone_and_none_is_large() -> None:
    raws = [raw for raw, _ in made() if raw is not None]
    assert max(map(len, raws)) <= 16_384
    assert any(raw == b"" for raw in raws)
    assert any(b"aMemberNobodyKnows" in raw for raw in raws)
    assert any(raw.startswith(b"{") and b"channel" not in raw for raw in raws)
    assert any(query != QUERY for _, query in made())


def test_a_request_without_body_and_query_has_whole_documents_only() -> None:
    assert all(each.raw is not None and not each.query for each in spoiled("Get", None, {}, (), 50, 1))
