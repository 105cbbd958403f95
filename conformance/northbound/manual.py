"""The manual adapter: prompts as data. People act at the target and tell what came out; a script can answer for them.

A prompt says who acts, what to do with which values, which values are asked back, how long the answer is awaited and what
evidence to note. What takes long is asked twice: when it was begun, and how it ended.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conformance.northbound.answered import Answered, Lacks, NorthboundError, lacking
from conformance.northbound.templates import Missing, text
from conformance.target.records import ManualChoice, Prompt
from conformance.target.vocabulary import action_names, described
from reference_impl.kernel.action import Action

AGAIN_MS = 10_000
"""How long nobody is asked again about something that still runs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked. ``stage`` "act": do it; "end": how did it end, or does it still run? ``outputs`` are the
    values that are awaited, each with what it is."""

    action: str
    stage: Literal["act", "end"]
    who: str
    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""
    timeout_ms: int = 900_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the person answered; ``evidence`` is where the proof is."""

    result: Literal["ok", "running", "refused", "failed", "unavailable"] = "ok"
    outputs: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    evidence: str = ""


Answering = Callable[[Asked], Awaitable[Said]]
"""A terminal, a script, or a function."""


class ManualNorthbound:
    """``answering`` is asked once for every action, and again for the end of those that take long."""

    def __init__(self, choice: ManualChoice, protocol: str, answering: Answering) -> None:
        self._choice, self._protocol, self._answering = choice, protocol, answering
        self._offers = frozenset(choice.offers or action_names(protocol))
        self._open: dict[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {}
        self._numbers = itertools.count(1)

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        if action not in self._offers:
            return lacking(action)
        given = {name: value for name, value in inputs.items() if value not in (None, "")}
        said = await self._ask(self._asked(action, "act", given))
        row = described(self._protocol, action)
        if said.result not in ("ok", "running") or (said.result == "ok" and not (row and row.long)):
            return _answered(said)
        handle = f"{action}:{next(self._numbers)}"
        outputs = _answered(said).outputs
        self._open[handle] = (action, given, outputs)
        return Answered("running", None, handle, outputs, AGAIN_MS)

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        if hook not in self._choice.offers:
            return lacking(hook)
        return _answered(await self._ask(self._asked(hook, "act", inputs)))

    async def poll(self, operation: str) -> Answered:
        if operation not in self._open:
            raise NorthboundError(f"northbound: want an operation that was begun here, got {operation!r}")
        action, inputs, outputs = self._open[operation]
        answered = _answered(await self._ask(self._asked(action, "end", inputs)))
        if answered.result == "running":
            return Answered("running", None, operation, again_ms=AGAIN_MS)
        return Answered(answered.result, answered.reason, outputs=dict(outputs) | answered.outputs)

    async def state(self) -> dict[str, Any]:
        raise Lacks("adapter lacks state: people are not asked for it")

    async def _ask(self, asked: Asked) -> Said:
        try:
            return await asyncio.wait_for(self._answering(asked), asked.timeout_ms / 1000)
        except TimeoutError:
            waited = f"{asked.timeout_ms / 1000:g} s"
            raise NorthboundError(
                f"northbound, {asked.who}: want an answer to {asked.action!r}, got none in {waited}"
            ) from None

    def _asked(self, action: str, stage: Literal["act", "end"], inputs: Mapping[str, Any]) -> Asked:
        prompt = self._choice.prompts.get(action) or default_prompt(
            action, described(self._protocol, action), self._choice.timeout_ms
        )
        try:
            said = text(prompt.text, inputs)
        except Missing:
            said = prompt.text
        if stage == "end":
            return Asked(
                action, stage, prompt.who, f"How did this end? {said}", inputs, {}, prompt.evidence, prompt.timeout_ms
            )
        return Asked(action, stage, prompt.who, said, inputs, prompt.outputs, prompt.evidence, prompt.timeout_ms)


def default_prompt(name: str, action: Action | None, timeout_ms: int) -> Prompt:
    """The prompt of an action that the target file does not word: its row in the table of actions."""
    if action is None:
        return Prompt("operator", name.replace("_", " ").capitalize(), timeout_ms=timeout_ms)
    outputs = {each.name: each.summary or each.name for each in action.outputs if each.required}
    return Prompt(action.asked_by, action.summary, outputs, timeout_ms=timeout_ms)


def _answered(said: Said) -> Answered:
    outputs = dict(said.outputs) | ({"evidence": said.evidence} if said.evidence else {})
    return Answered(said.result, said.reason or None, outputs=outputs)
