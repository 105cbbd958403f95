"""`interlock serve PROTOCOL --config PARTY.toml`: a reference party over HTTP until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from pathlib import Path

from conformance.served_inventories import inventories_for
from reference_impl.kernel.store import MemoryStore, Store, StoreError
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.serve.config import PartyConfig, read_config
from reference_impl.serve.party import run_party
from reference_impl.serve.protocol import Served
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.tomlfile import ConfigError

OK, UNUSABLE = 0, 2


def serve(protocol: str, config: Path, database: str | None = None) -> int:
    """Serve the party that the file describes. The exit code: 0 after a signal, 2 where it could not begin.

    ``database`` is the URL of the database that keeps its state, such as ``sqlite:///csp-a.db``; without one the state
    ends with the process. Warnings and faults go to stderr; no secret is in them.
    """
    if protocol not in SERVED:
        return _give_up(f"protocol: want one of {', '.join(SERVED)}, got {protocol!r}")
    try:
        party = read_config(config, SERVED[protocol])
    except ConfigError as problem:
        return _give_up(str(problem))
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    return asyncio.run(_serve(party, SERVED[protocol], database))


async def _serve(party: PartyConfig, served: Served, database: str | None) -> int:
    try:
        with contextlib.closing(_store(party, served, database)) as store:
            await run_party(party, served, store, inventories=inventories_for(party))
    except StoreError as problem:
        return _give_up(f"--database: {problem}")
    except OSError as problem:
        return _give_up(f"{party.file}: want addresses that are free, got {problem.strerror or problem}")
    return OK


def _store(party: PartyConfig, served: Served, database: str | None) -> Store:
    if database is None:
        return MemoryStore()
    return SqlStore(database, party.id, [operation.request for operation in served.operations.values()])


def _give_up(why: str) -> int:
    sys.stderr.write(f"interlock serve: {why}\n")
    return UNUSABLE
