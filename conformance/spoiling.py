"""Valid requests, spoiled: a bounded, seeded choice of ways in which a body or a query can be wrong or odd.

What is made of a request depends on the seed and the request alone, so that a run can be repeated. Nothing here is larger
than a target must be able to read.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        2**31,
        2**63,
        1e308,
        "",
        " ",
        "0",
        "x" * 5000,
        "\u0000",
        "\ud7ff\uffff\U0010ffff",
        "../..",
        "%00",
    ),
    *([], [None], [[[]]], {}, {"": ""}, {"name": {"name": {"name": 1}}}),
)
"""What a member may be instead of what it should be."""

DOCUMENTS: tuple[bytes, ...] = (
    *(b"", b" ", b"null", b"0", b"[]", b'""', b"{", b'{"a": }', b'{"a": 1, "a": 2}', b"\xff\xfe{}", b"\xef\xbb\xbf{}"),
    *(b'{"a": NaN}', b"[" * 2000 + b"]" * 2000, b'{"a":' * 100 + b"1" + b"}" * 100, b"<a/>"),
)
"""Whole bodies that are no object, no JSON, or deep."""

QUERIES = ("", "0", "-1", "2147483647", "9" * 30, "x" * 2000, "é\u0000", "*", "a,b,,c", "true", "%", "null")


@dataclass(frozen=True, slots=True)
class Spoiled:
    """``raw``: the body as bytes, None where it is as it was; ``query``: in whole."""

    raw: bytes | None
    query: dict[str, str]


def spoiled(
    name: str, body: Any, query: Mapping[str, str], known: tuple[str, ...], number: int, seed: int
) -> list[Spoiled]:
    """``number`` spoiled forms of the request of this name; ``known`` are the query parameters that it may have."""
    choice = random.Random(f"{seed} {name}")
    return [_one(choice, body, dict(query), known) for _ in range(number)]


def _one(choice: random.Random, body: Any, query: dict[str, str], known: tuple[str, ...]) -> Spoiled:
    ways = ["member"] * 6 + ["document"] * 2 if body is not None else ["document"]
    ways += ["query"] * 2 if known else []
    way = choice.choice(ways)
    if way == "document":
        return Spoiled(choice.choice(DOCUMENTS), query)
    if way == "query":
        return Spoiled(None, query | {choice.choice(known): choice.choice(QUERIES)})
    changed = copy.deepcopy(body)
    where = choice.choice(list(_places(changed)))
    _change(choice, *where)
    return Spoiled(json.dumps(changed).encode(), query)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a JSON value with each of its keys; in an object also one key that is not there."""
    if isinstance(value, dict):
        yield value, "aMemberNobodyKnows"
        for key, each in value.items():
            yield value, key
            yield from _places(each)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield value, index
            yield from _places(each)


def _change(choice: random.Random, container: Any, key: Any) -> None:
    if choice.random() < 0.2 and isinstance(container, dict) and key in container:
        del container[key]
    else:
        container[key] = copy.deepcopy(choice.choice(VALUES))
