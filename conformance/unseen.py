"""What an observation does not show: ``?`` (coordinator-harness, section 4.1). A rule that needs it leaves its check untested.

``partly`` wraps the value of such an observation: it can be compared as a whole, and whoever asks for a ``?`` in it, or looks
to the end of a list that may be longer, gets Unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.northbound import Lacks

UNSEEN = "?"
"""In place of a value; at the end of a list: there may be more."""


class Unseen(Lacks):
    """Somebody asked for what the observation does not show; says what."""

    def __init__(self, name: str) -> None:
        super().__init__(f"adapter lacks state, and the wire does not show {name}")


class _Table(dict[str, Any]):
    def __getitem__(self, name: str) -> Any:
        return _shown(name, super().__getitem__(name))

    def get(self, name: str, default: Any = None) -> Any:
        return _shown(name, super().get(name, default))


class _List(list[Any]):
    """``of`` is the member that holds it."""

    of = ""

    def __iter__(self) -> Iterator[Any]:
        for each in super().__iter__():
            yield _shown(self.of, each)

    def __len__(self) -> int:
        for _ in self:
            pass
        return super().__len__()


def _shown(name: str, value: Any) -> Any:
    if value == UNSEEN:
        raise Unseen(name)
    return value


def partly(value: Any, of: str = "") -> Any:
    """A JSON value, so that what it does not show cannot be taken for something."""
    if isinstance(value, dict):
        return _Table({name: partly(each, name) for name, each in value.items()})
    if isinstance(value, list):
        made = _List(partly(each, of) for each in value)
        made.of = of
        return made
    return value
