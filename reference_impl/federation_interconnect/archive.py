"""What an artifact may be: an archive that does no harm to whoever unpacks it (FI-ARTIFACT-004). Pure, and bounded.

Nothing is written: an archive is looked through, and its parts are expanded only to see that they are what they say.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 64 << 20
"""Bytes that all entries together may have, expanded."""
RATIO = 100
"""How many times as large as the archive they may be together; a mebibyte is always allowed."""
ENTRIES = 10_000
_MEBIBYTE = 1 << 20
_BLOCK = 1 << 16
_UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Entry:
    """``size`` in bytes as the archive states it; ``plain``: a file or a folder, no link and no device."""

    name: str
    size: int
    plain: bool = True


class Unusable(Exception):
    """Why an archive is not taken, for a person."""


def objection(content: bytes) -> str | None:
    """Why this is no archive that can be used, or None. Zip and tar are known, the latter compressed or not."""
    try:
        if content.startswith(b"PK"):
            _look_through_zip(content)
        else:
            _look_through_tar(content)
    except Unusable as reason:
        return str(reason)
    except _UNREADABLE as problem:
        return f"want a zip or a tar, got something that is none ({type(problem).__name__})"
    except RuntimeError:  # what zipfile says of an encrypted entry
        return "want an archive without a password, got an encrypted one"
    return None


def _look_through_zip(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        _judge([Entry(each.filename, each.file_size, _is_plain(each)) for each in infos], len(content))
        for info in infos:  # none gives more than it says, and each that gives less or else is bad
            with archive.open(info) as file:
                while file.read(_BLOCK):
                    pass


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """A zip made on Unix keeps the mode of a file, where a link shows."""
    return (info.external_attr >> 16) & 0o170000 in (0, 0o100000, 0o040000)


def _look_through_tar(content: bytes) -> None:
    plain = _expanded(content) if content.startswith(b"\x1f\x8b") else content
    entries: list[Entry] = []
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
        while (each := archive.next()) is not None and len(entries) <= ENTRIES:
            entries.append(Entry(each.name, each.size, each.isfile() or each.isdir()))
    _judge(entries, len(content))


def _expanded(content: bytes) -> bytes:
    """What a compressed text expands to, as far as that is allowed."""
    budget = allowed(len(content)) + _MEBIBYTE  # the frame of the tar itself
    stream = zlib.decompressobj(wbits=31)
    plain = stream.decompress(content, budget + 1)
    if len(plain) > budget:
        raise Unusable(f"want at most {budget} bytes once expanded, got more")
    if not stream.eof:
        raise EOFError
    return plain


def allowed(size: int) -> int:
    """How many bytes an archive of this size may expand to."""
    return min(LARGEST, max(_MEBIBYTE, RATIO * size))


def _judge(entries: Sequence[Entry], size: int) -> None:
    if not entries:
        raise Unusable("want at least one entry, got an empty archive")
    if len(entries) > ENTRIES:
        raise Unusable(f"want at most {ENTRIES} entries, got more")
    total = sum(each.size for each in entries)
    if total > allowed(size):
        raise Unusable(f"want at most {allowed(size)} bytes once expanded, got {total}")
    for each in entries:
        if not each.plain:
            raise Unusable("want files and folders only, got a link or a device")
        if leaves(each.name):
            raise Unusable("want every entry to stay inside, got one that leads out")
    names = [each.name for each in entries]
    if len(set(names)) < len(names):
        raise Unusable("want every entry once, got two of one name")


def leaves(name: str) -> bool:
    """Does an entry of this name lead out of the folder that it is unpacked in?"""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or parts[0].endswith(":") or not name
