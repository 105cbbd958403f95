"""The host's registry of artifacts: a folder in which a content has the name of its SHA-256, so that it is there once and
whole or not at all.

It is equipment: a party hands it jobs, and where none is there (in the simulator) they simply end. A job is done again
after a crash; what was half written has another name until then, and goes at the next start.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from reference_impl.kernel.party import Job
from reference_impl.kernel.provisioner import Worker

LOG = logging.getLogger("interlock.registry")

STORE, ONBOARD, DROP = "store-artifact", "onboard-application", "drop-artifact"
"""Kinds of jobs: keep a content (the digest is last in the subject), onboard from it (the digest is the job's content), and
forget it."""
_HALF = "half-"


class Registry:
    """A folder of contents. It is made when the first content comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = threading.Lock()
        for left in folder.glob(f"{_HALF}*"):
            left.unlink()

    @property
    def workers(self) -> Mapping[str, Worker]:
        return {
            STORE: self._at_work(self._store),
            ONBOARD: self._at_work(self._onboard),
            DROP: self._at_work(self._drop),
        }

    def path_of(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:]

    def keep(self, content: bytes, digest: str) -> None:
        """Keep a content; ValueError where it is not the one of this digest, OSError where it cannot be kept."""
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"want the content of {digest}, got another")
        if self.content_of(digest) is not None:
            return
        path = self.path_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        number, half = tempfile.mkstemp(prefix=_HALF, dir=self.folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(half, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(half)
            raise
        _keep_names(path.parent)

    def content_of(self, digest: str) -> bytes | None:
        """The content of a digest; None where there is none, or it has been spoilt."""
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def forget(self, digest: str) -> None:
        self.path_of(digest).unlink(missing_ok=True)

    def _at_work(self, work: Callable[[Job], bool]) -> Worker:
        """One job at a time, in a thread: a disk may be slow."""

        def done(job: Job) -> bool:
            with self._one_at_a_time:
                try:
                    return work(job)
                except (OSError, ValueError) as problem:
                    LOG.error("%s %s: %s", job.kind, "/".join(job.subject), problem)
                    return False

        async def worker(job: Job) -> bool:
            return await asyncio.to_thread(done, job)

        return worker

    def _store(self, job: Job) -> bool:
        self.keep(base64.b64decode(job.content), job.subject[-1])
        return True

    def _onboard(self, job: Job) -> bool:
        return self.content_of(job.content) is not None

    def _drop(self, job: Job) -> bool:
        self.forget(job.subject[-1])
        return True


def _keep_names(folder: Path) -> None:
    """The new name of a file is as safe as its content once its folder is on the disk, too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
