"""Where the text of a document comes from: a file, or an address with bounds on size and time."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

LARGEST = 5_000_000
"""Bytes of one file of a document."""
PATIENCE = 15.0
"""Seconds for one address, from the first byte sent to the last one read."""
_REDIRECTS = 3


class Unreadable(Exception):
    """A document cannot be read; the message names the file, the line where it is known, and why."""


def is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def text_of(place: str) -> str:
    """The text at a path or an address. Raises Unreadable."""
    data = _download(place) if is_address(place) else _from_file(Path(place))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(f"{place}, line {line}: not UTF-8") from None


def beside(place: str, relative: str) -> str:
    """The place that a relative reference in ``place`` names. Raises Unreadable for one that may not be followed.

    What came from the network names files of the same server only: neither ours nor those of a third party.
    """
    if not is_address(place):
        return relative if is_address(relative) else str((Path(place).parent / relative).resolve())
    found = urljoin(place, relative)
    if urlsplit(found)[:2] != urlsplit(place)[:2]:
        raise Unreadable(f"{place}: refers to {found}; want files of the same server only")
    return found


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        raise Unreadable(f"{path}: {problem.strerror or problem}") from None
    if len(data) > LARGEST:
        raise Unreadable(f"{path}: larger than {LARGEST} bytes")
    return data


def _download(address: str) -> bytes:
    until = time.monotonic() + PATIENCE
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
            here = address
            for _ in range(_REDIRECTS + 1):
                with client.stream("GET", here) as answer:
                    if answer.has_redirect_location:
                        here = _redirected(here, answer.headers["location"])
                        continue
                    if answer.status_code != 200:
                        raise Unreadable(f"{address}: answers {answer.status_code}, want 200")
                    return _body(answer, address, until)
            raise Unreadable(f"{address}: more than {_REDIRECTS} redirections")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise Unreadable(f"{address}: {str(problem) or type(problem).__name__}") from None


def _redirected(here: str, location: str) -> str:
    there = urljoin(here, location)
    if not is_address(there) or (here.startswith("https:") and not there.startswith("https:")):
        raise Unreadable(f"{here}: redirects to {there}; want http or https, and not less than before")
    return there


def _body(answer: httpx.Response, address: str, until: float) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise Unreadable(f"{address}: larger than {LARGEST} bytes")
        if time.monotonic() > until:
            raise Unreadable(f"{address}: takes longer than {PATIENCE:.0f} s")
    return b"".join(parts)
