"""The Python adapter: a class of the target's owner, one method for each action and hook that it offers.

A method takes the inputs by name and returns the outputs (a dict, or None for none); it may be a coroutine. It raises
Refused or Failed, or returns Running(handle); then ``poll(handle)`` is asked. ``state()`` returns the normal form. A class
that has ``act`` itself is used as it is.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.northbound.answered import Answered, Lacks, Northbound, NorthboundError, lacking
from conformance.target.records import PythonChoice
from conformance.target.vocabulary import action_names, hook_names


class Refused(Exception):
    """Nothing was attempted at the peer and nothing kept; says why."""


class Failed(Exception):
    """It was tried and undone; says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """It takes long: ``poll(handle)`` tells how it goes on."""

    handle: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


def python_northbound(choice: PythonChoice, protocol: str) -> Northbound:
    """The adapter of ``module:Class``, looked for beside the target file first. NorthboundError where it is not there."""
    module, _, name = choice.name.partition(":")
    directory = str(choice.directory.resolve())
    where = f"northbound.class: want {name} in the module {module}, beside the target file or installed"
    sys.path.insert(0, directory)
    try:
        found = getattr(importlib.import_module(module), name)
        made: Any = found(**choice.options)
    except ModuleNotFoundError as problem:
        raise NorthboundError(f"{where}, got no module {problem.name}") from problem
    except AttributeError as problem:
        raise NorthboundError(f"{where}, got {problem}") from problem
    except Exception as problem:
        raise NorthboundError(f"{where}, got {type(problem).__name__}: {problem}") from problem
    finally:
        sys.path.remove(directory)
    if hasattr(made, "act"):
        ready: Northbound = made
        return ready
    return PythonNorthbound(made, choice.name, protocol)


class PythonNorthbound:
    """Calls methods by the names of actions and hooks; those that are no coroutines run in threads."""

    def __init__(self, made: object, name: str, protocol: str) -> None:
        self._made, self._name = made, name
        self._actions, self._hooks = frozenset(action_names(protocol)), frozenset(hook_names())

    def offered(self) -> set[str]:
        """The actions that the class has methods for."""
        return {name for name in self._actions if callable(getattr(self._made, name, None))}

    def offered_hooks(self) -> set[str]:
        return {name for name in self._hooks if callable(getattr(self._made, name, None))}

    def shows_state(self) -> bool:
        return callable(getattr(self._made, "state", None))

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return await self._ask(action, inputs) if action in self._actions else lacking(action)

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._ask(hook, inputs) if hook in self._hooks else lacking(hook)

    async def poll(self, operation: str) -> Answered:
        return await self._ask("poll", {"operation": operation})

    async def state(self) -> dict[str, Any]:
        method = getattr(self._made, "state", None)
        if method is None:
            raise Lacks("adapter lacks state")
        try:
            return dict(await _called(method, {}))
        except Exception as problem:
            raise NorthboundError(self._told("state", problem)) from problem

    async def _ask(self, name: str, inputs: dict[str, Any]) -> Answered:
        method = getattr(self._made, name, None)
        if method is None:
            return lacking(name)
        try:
            given = await _called(method, {key: each for key, each in inputs.items() if each is not None})
        except Refused as no:
            return Answered("refused", str(no))
        except Failed as no:
            return Answered("failed", str(no))
        except Exception as problem:
            raise NorthboundError(self._told(name, problem)) from problem
        if isinstance(given, Answered):
            return given
        if isinstance(given, Running):
            return Answered("running", operation=given.handle, outputs=dict(given.outputs))
        if given is None or isinstance(given, dict):
            return Answered("ok", outputs=dict(given or {}))
        raise NorthboundError(
            f"{self._name}.{name}: want a dict of outputs, None or Running, got {type(given).__name__}"
        )

    def _told(self, name: str, problem: Exception) -> str:
        return f"{self._name}.{name}: want outputs, Refused or Failed, got {type(problem).__name__}: {problem}"


async def _called(method: Callable[..., Any], inputs: dict[str, Any]) -> Any:
    if inspect.iscoroutinefunction(method):
        return await method(**inputs)
    return await asyncio.to_thread(method, **inputs)
