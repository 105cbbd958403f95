"""What became of one copy of a call, in numbers of steps: the material of a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Journey:
    """One copy of a call, from ``caller`` to ``server`` and back; copies share its ``name``. Steps count from 1; None:
    that did not happen.

    ``delivered``: the server began to handle it. ``replied``: its answer left, with ``status``. ``answered``: the
    caller got it. ``lost``: the request or the answer, whichever was under way, was lost, and ``why``. ``forgotten``:
    the server crashed over it. ``given_up``: the caller stopped waiting.
    """

    name: str
    caller: str
    server: str
    operation: str
    text: str
    copy: bool
    sent: int
    delivered: int | None = None
    replied: int | None = None
    answered: int | None = None
    lost: int | None = None
    why: str = ""
    forgotten: int | None = None
    given_up: int | None = None
    status: int = 0
    answer: str = ""
