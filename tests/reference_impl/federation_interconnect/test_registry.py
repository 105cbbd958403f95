"""The registry keeps a content under the name of its digest, whole or not at all."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reference_impl.federation_interconnect.registry import DROP, ONBOARD, STORE, Registry
from reference_impl.kernel.party import Job

CONTENT = b"an artifact"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def do(registry: Registry, kind: str, subject: tuple[str, ...], content: str = "") -> bool:
    async def work() -> bool:
        return await registry.workers[kind](Job(kind, subject, content))

    return asyncio.run(work())


def store(registry: Registry, content: bytes = CONTENT, digest: str = DIGEST) -> bool:
    return do(registry, STORE, ("op1", "art1", digest), base64.b64encode(content).decode())


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_a_content_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "artifacts")
    assert not (tmp_path / "artifacts").exists()
    assert store(registry)
    assert store(registry)
    assert files(tmp_path / "artifacts") == [f"{DIGEST[:2]}/{DIGEST[2:]}"]
    assert registry.content_of(DIGEST) == CONTENT
    assert do(registry, ONBOARD, ("op1", "app", "zone"), DIGEST)


def test_a_content_of_another_digest_is_not_kept(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert not store(registry, b"another")
    assert files(tmp_path) == []


def test_nothing_is_onboarded_from_what_is_spoilt_or_gone(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert not do(registry, ONBOARD, ("op1", "app", "zone"), DIGEST)
    store(registry)
    registry.path_of(DIGEST).write_bytes(b"spoilt")
    assert not do(registry, ONBOARD, ("op1", "app", "zone"), DIGEST)
    assert store(registry)
    assert do(registry, ONBOARD, ("op1", "app", "zone"), DIGEST)


def test_what_was_half_written_goes_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "half-written").write_bytes(b"an art")
    Registry(tmp_path)
    assert files(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from reference_impl.federation_interconnect.registry import Registry
os.replace = lambda one, other: os.kill(os.getpid(), signal.SIGKILL)
Registry(Path(sys.argv[1])).keep(b"an artifact", sys.argv[2])
"""


def test_who_is_killed_while_storing_leaves_nothing_under_a_digest(tmp_path: Path) -> None:
    """kill -9 after everything was written, before it has its name."""
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), DIGEST], check=False)
    assert ended.returncode == -signal.SIGKILL
    (half,) = files(tmp_path)
    assert half.startswith("half-")
    registry = Registry(tmp_path)
    assert (files(tmp_path), registry.content_of(DIGEST)) == ([], None)
    assert store(registry)
    assert registry.content_of(DIGEST) == CONTENT


def test_a_disk_that_takes_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    registry = Registry(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    assert not store(registry)
    assert files(tmp_path) == []
    monkeypatch.undo()
    assert store(registry)


def test_what_nobody_names_any_more_is_dropped(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    store(registry)
    assert do(registry, DROP, ("op1", "art1", DIGEST))
    assert do(registry, DROP, ("op1", "art1", DIGEST))
    assert files(tmp_path) == []
