"""The way from sync steps into the one event loop in which Nodes, apps and clients live."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Portal:
    """An event loop; ``call`` runs a coroutine there and waits for its result.

    ``background``: the loop has a thread of its own and goes on between the calls, as it must where others may call at
    any time. Without, it runs during the calls only, which is faster: enough where all parties are in the loop.
    """

    def __init__(self, *, background: bool = True) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._keep)
        self.problems: list[str] = []
        self._thread: threading.Thread | None = None
        if background:
            self._thread = threading.Thread(target=self._loop.run_forever, name="interlock-portal", daemon=True)
            self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        if self._thread is None:
            return self._loop.run_until_complete(work)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)
        self._loop.close()

    def _keep(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A task that broke is our own fault, to be told and not to be printed somewhere."""
        self.problems.append(f"{context.get('message')}: {context.get('exception')!r}")
