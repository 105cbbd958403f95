"""Proof of the customer's act: the plug-in that a pair has agreed on (CC-SEC-004, CC-ERR-29).

No document names the carrier, so ``declares.proof`` of a target file does: ``statement`` is the one of the reference
(``reference_impl.connection_coordinator.statement``); ``module:Class`` is a class of the target's owner, beside the target
file, made without arguments, with the three methods of ``CustomerProof``. Without a plug-in nothing is judged.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Protocol

from conformance.northbound import NorthboundError
from conformance.target.records import Target
from reference_impl.connection_coordinator import statement
from simulator.inventories import proof_key

VALID = "valid"


class CustomerProof(Protocol):
    """How a customer proves its act, how that travels, and whether it is right. Moments are milliseconds since 1970."""

    def made(self, account: str, operation: str, connection: str, expires: int) -> str:
        """What this account hands over with its action, good for one operation on one connection."""
        ...

    def headers(self, text: str) -> dict[str, str]:
        """The headers of a call which this accompanies."""
        ...

    def problem(
        self, headers: Mapping[str, str], account: str, operation: str, connection: str, now: int
    ) -> str | None:
        """What is wrong with what accompanies a call; None: nothing."""
        ...


class Statements:
    """Signed statements. The keys of the accounts are those of the inventory ``proving-customers``."""

    def made(self, account: str, operation: str, connection: str, expires: int) -> str:
        return statement.written(proof_key(account), account, operation, connection, expires)

    def headers(self, text: str) -> dict[str, str]:
        return {statement.HEADER: text}

    def problem(
        self, headers: Mapping[str, str], account: str, operation: str, connection: str, now: int
    ) -> str | None:
        text = headers.get(statement.HEADER)
        return statement.breach(proof_key(account), text, account, operation, connection, now)


def proof_of(target: Target) -> CustomerProof | None:
    """The plug-in that a target file names, None without one. NorthboundError: it cannot be used."""
    named = str(target.declares.values.get("proof", ""))
    if named in ("", "statement"):
        return Statements() if named else None
    module, _, name = named.partition(":")
    directory = str(target.file.parent.resolve())
    sys.path.insert(0, directory)
    try:
        made: CustomerProof = getattr(importlib.import_module(module), name)()
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
        raise NorthboundError(f"declares.proof: want statement or module:Class, got {named!r} ({told})") from problem
    finally:
        sys.path.remove(directory)
    return made
