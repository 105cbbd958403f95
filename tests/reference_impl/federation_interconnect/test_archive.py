"""Which archives are taken: none that leads out of its folder, expands beyond measure or cannot be read."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from reference_impl.federation_interconnect.archive import allowed, objection
from tests.reference_impl.federation_interconnect.applications import CONTENT, zipped

LEADS_OUT = "want every entry to stay inside, got one that leads out"
LINK = "want files and folders only, got a link or a device"


def tarred(name: str = "chart/values.yaml", content: bytes = b"x", kind: bytes = tarfile.REGTYPE) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.size, entry.linkname = kind, len(content) if kind == tarfile.REGTYPE else 0, "/etc"
        archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def lying() -> bytes:
    """The directory says one byte, and more come out."""
    plain = bytearray(zipped(a=b"x" * 5000))
    directory = plain.index(b"PK\x01\x02")
    plain[directory + 24 : directory + 28] = (1).to_bytes(4, "little")
    return bytes(plain)


def twice() -> bytes:
    """Two entries of one name: which one counts depends on who unpacks it."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for content in (b"x", b"y"):
            entry = tarfile.TarInfo("chart")
            entry.size = 1
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def link_in_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


def encrypted() -> bytes:
    """The bit that says so, in the entry and in the directory."""
    plain = bytearray(zipped(a=b"x"))
    plain[6] |= 1
    plain[plain.index(b"PK\x01\x02") + 8] |= 1
    return bytes(plain)


def spoilt() -> bytes:
    """Another content than the one of the checksum."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a"), b"hello world")
    return file.getvalue().replace(b"hello", b"jello")


@pytest.mark.parametrize(
    "content",
    [CONTENT, zipped(**{"a/b/c": b"", "a/d": b"x"}), tarred(), gzip.compress(tarred()), zipped(a=b"\0" * 900_000)],
    ids=["zip", "folders", "tar", "tar.gz", "a little zip may expand to a mebibyte"],
)
def test_an_archive_is_taken(content: bytes) -> None:
    assert objection(content) is None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", "want a zip or a tar, got something that is none (ReadError)"),
        (lambda: b"no archive", "want a zip or a tar, got something that is none (ReadError)"),
        (lambda: CONTENT[:-5], "want a zip or a tar, got something that is none (BadZipFile)"),
        (lying, "want a zip or a tar, got something that is none (BadZipFile)"),
        (spoilt, "want a zip or a tar, got something that is none (BadZipFile)"),
        (lambda: gzip.compress(tarred())[:-9], "want a zip or a tar, got something that is none (EOFError)"),
        (encrypted, "want an archive without a password, got an encrypted one"),
        (lambda: zipped(), "want at least one entry, got an empty archive"),
        (lambda: zipped(**{"../x": b""}), LEADS_OUT),
        (lambda: zipped(**{"a/../../x": b""}), LEADS_OUT),
        (lambda: zipped(**{"/etc/x": b""}), LEADS_OUT),
        (lambda: zipped(**{"..\\x": b""}), LEADS_OUT),
        (lambda: zipped(**{"C:/x": b""}), LEADS_OUT),
        (lambda: tarred("../x"), LEADS_OUT),
        (lambda: tarred("x", kind=tarfile.SYMTYPE), LINK),
        (lambda: tarred("x", kind=tarfile.LNKTYPE), LINK),
        (lambda: tarred("x", kind=tarfile.CHRTYPE), LINK),
        (link_in_zip, LINK),
        (twice, "want every entry once, got two of one name"),
    ],
)
def test_what_is_of_no_use_is_refused(make: Callable[[], bytes], reason: str) -> None:
    assert objection(make()) == reason


def test_a_bomb_is_refused() -> None:
    bomb = zipped(**{f"part-{number}": b"\0" * (16 << 20) for number in range(5)})
    assert objection(bomb) == f"want at most {allowed(len(bomb))} bytes once expanded, got {80 << 20}"
    packed = gzip.compress(b"\0" * (80 << 20))
    assert objection(packed) == f"want at most {allowed(len(packed)) + (1 << 20)} bytes once expanded, got more"


def test_how_much_an_archive_may_expand() -> None:
    assert (allowed(10), allowed(20_000), allowed(1 << 20), allowed(20 << 20)) == (
        1 << 20,
        2_000_000,
        64 << 20,
        64 << 20,
    )


def test_too_many_entries_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(10_001):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    assert objection(file.getvalue()) == "want at most 10000 entries, got more"
