"""What we tell partners of ours: one post for each, letter after letter, again and again until it is taken or refused.

So the last update that was made is the last one told, and a partner that is down is told later.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from .calls import NoAnswer, call
from .house import House, Zone
from .vices import vice
from .words import Json

PAUSES = (0.4, 0.8, 1.6, 3.2, 6.0)
"""Seconds before a letter is sent again; the last one from then on."""

Kind = Literal["ATTRIBUTES", "ZONE", "ZONE-GONE", "REPORT"]
State = Literal["WAITING", "FAILING", "TAKEN", "REFUSED", "VOID"]


@dataclass
class Letter:
    kind: Kind
    more: Json
    request: str = field(default_factory=lambda: f"M-{secrets.token_hex(6)}")
    state: State = "WAITING"
    status: int = 0
    tries: int = 0

    @property
    def line(self) -> tuple[str, str]:
        """Method and path."""
        how = {
            "ATTRIBUTES": ("PUT", "/operator/partner"),
            "ZONE": ("POST", "/operator/notify/zone"),
            "ZONE-GONE": ("DELETE", "/operator/notify/zone"),
            "REPORT": ("POST", "/operator/artifact/status"),
        }
        return how[self.kind]

    @property
    def open(self) -> bool:
        return self.state in ("WAITING", "FAILING")


class Mail:
    """``settled`` is told of every letter that was taken or refused, or has nobody to read it any more."""

    def __init__(self, house: House, settled: Callable[[str, Letter], None]) -> None:
        self.house = house
        self.settled = settled
        self.news = threading.Condition(house.guard)
        self.boxes: dict[str, list[Letter]] = {}
        self.hurry: set[str] = set()
        self.age = 0

    def clear(self) -> None:
        with self.news:
            self.age += 1
            self.boxes = {}
            self.news.notify_all()

    def post(self, federation: str, kind: Kind, more: Json) -> Letter:
        letter = Letter(kind, more)
        with self.news:
            if federation not in self.boxes:
                self.boxes[federation] = []
                threading.Thread(target=self._carry, args=(federation, self.age), daemon=True).start()
            self.boxes[federation].append(letter)
            self.news.notify_all()
        return letter

    def tell_all(self, kind: Kind, more: Json) -> list[Letter]:
        with self.news:
            lent = [each.federation for each in self.house.agreements.values() if each.lends]
            return [self.post(each, kind, more) for each in lent]

    def tell_zone(self, zone: Zone) -> list[Letter]:
        if vice("forgets-to-notify"):
            return []
        if vice("notifies-twice"):
            self.tell_all("ZONE", {"partnerZone": zone.told()})
        return self.tell_all("ZONE", {"partnerZone": zone.told()})

    def withhold(self, federation: str) -> None:
        """This partner is none any more: it is told nothing."""
        with self.news:
            for letter in self.boxes.get(federation, []):
                if letter.open:
                    letter.state = "VOID"
                    self.settled(federation, letter)
            self.boxes.get(federation, []).clear()
            self.news.notify_all()

    def flush(self) -> None:
        """Now, and what was refused too."""
        with self.news:
            for box in self.boxes.values():
                for letter in box:
                    if letter.state == "REFUSED":
                        letter.state, letter.tries = "WAITING", 0
            self.hurry.update(self.boxes)
            self.news.notify_all()

    def wait(self, letters: list[Letter]) -> None:
        """Until each of them was tried, or stands behind one that fails."""
        with self.news:
            self.news.wait_for(lambda: all(self._tried(each) for each in letters), timeout=15)

    def _tried(self, letter: Letter) -> bool:
        if letter.state != "WAITING":
            return True
        box = next((box for box in self.boxes.values() if letter in box), [])
        return any(each.state == "FAILING" for each in box[: box.index(letter)] if each is not letter) if box else True

    def unread(self) -> list[Json]:
        with self.news:
            return [
                {"to": to, "kind": each.kind, "zone": _zone_of(each), "tries": each.tries, "phase": each.state}
                for to, box in self.boxes.items()
                for each in box
                if each.state != "TAKEN"
            ]

    # --- one postman for each partner ---------------------------------------------------------------------------

    def _carry(self, federation: str, age: int) -> None:
        while True:
            with self.news:
                self.news.wait_for(lambda: self.age != age or any(each.open for each in self.boxes[federation]))
                if self.age != age:
                    return
                letter = next(each for each in self.boxes[federation] if each.open)
                partner = self.house.agreements[federation]
                report = letter.kind == "REPORT"
                body = letter.more if report else self.house.signed(partner, letter.request, letter.more)
                endpoint, key = partner.endpoint, partner.key
            try:
                status = call(endpoint, key, *letter.line, body)[0]
            except NoAnswer:
                status = 0
            with self.news:
                if self.age != age:
                    return
                letter.tries += 1
                if letter.state == "VOID":
                    continue
                letter.status = status
                letter.state = _state(letter, status)
                if not letter.open:
                    if letter.state == "TAKEN":
                        self.boxes[federation].remove(letter)
                    self.settled(federation, letter)
                self.news.notify_all()
                if letter.state == "FAILING":
                    pause = PAUSES[min(letter.tries, len(PAUSES)) - 1]
                    self.news.wait_for(partial(self._roused, federation, age, letter), pause)
                self.hurry.discard(federation)

    def _roused(self, federation: str, age: int, letter: Letter) -> bool:
        return self.age != age or federation in self.hurry or not letter.open


def _state(letter: Letter, status: int) -> State:
    """What an answer says. That the zone is known already, or not known, is what we wanted."""
    if 200 <= status < 300:
        return "TAKEN"
    if (letter.kind, status) in (("ZONE", 409), ("ZONE-GONE", 404)):
        return "TAKEN"
    return "REFUSED" if 400 <= status < 500 and status not in (408, 425, 429) else "FAILING"


def _zone_of(letter: Letter) -> str | None:
    if letter.kind == "ZONE":
        return str(letter.more["partnerZone"]["zoneId"])
    return str(letter.more["zone"]) if letter.kind == "ZONE-GONE" else None
