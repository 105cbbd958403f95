"""The door for our own people, on a port of its own: resources, and tickets for what takes its time."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from .errands import Errands, Ticket
from .guests import Guests
from .house import Denied
from .web import Answer, Asked
from .words import Json, Wrong, is_key, text


def complaint(status: int, why: str) -> Answer:
    return Answer(status, {"fault": {"number": status, "why": why}})


class Desk:
    def __init__(self, errands: Errands, guests: Guests, token: str) -> None:
        self.errands, self.guests, self.house, self.token = errands, guests, errands.house, token

    def routes(self) -> list[tuple[str, str, Callable[[Asked], Answer]]]:
        rows: list[tuple[str, str, Callable[[Asked, Json], Any]]] = [
            ("POST", "/v2/sites", lambda asked, body: self.house.add_site(body)),
            ("POST", "/v2/zones", lambda asked, body: self.errands.open_zone(body)),
            ("DELETE", "/v2/zones/{zone}", lambda asked, body: self.errands.close_zone(asked.names["zone"])),
            ("POST", "/v2/identity", self._found),
            ("PATCH", "/v2/identity", lambda asked, body: self.errands.change(body)),
            ("DELETE", "/v2/identity/{federation}", lambda asked, body: self.house.give_up(asked.names["federation"])),
            ("POST", "/v2/agreements", self._agree),
            ("PATCH", "/v2/agreements/{partner}", self._their_key),
            ("POST", "/v2/agreements/{partner}/lock", self._change_lock),
            ("DELETE", "/v2/agreements/{partner}", self._forget),
            ("POST", "/v2/memberships", lambda asked, body: self.errands.join(body)),
            ("DELETE", "/v2/memberships/{partner}", lambda asked, body: self.errands.leave(asked.names["partner"])),
            ("PUT", "/v2/memberships/{partner}/zones", self._lease),
            ("POST", "/v2/memberships/{partner}/zones/return", self._give_back),
            ("POST", "/v2/outbox/flush", lambda asked, body: self.errands.mail.flush()),
            ("GET", "/v2/tickets/{ticket}", self._ticket),
            ("GET", "/v2/outbox", lambda asked, body: {"unread": self.errands.mail.unread()}),
            ("GET", "/v2/lab/idle", lambda asked, body: {"idle": self.errands.idle(int(asked.query["ms"]) / 1000)}),
            ("POST", "/v2/lab/wipe", lambda asked, body: self.errands.clear()),
        ]
        kinds = ("identity", "sites", "zones", "partners", "catalogue", "leases")
        rows += [("GET", f"/v2/{kind}", self._showing(kind)) for kind in kinds]
        rows += [("GET", f"/v2/{kind}", self._of_guests(kind)) for kind in ("registry", "guests")]
        return [(method, path, self._guarded(does)) for method, path, does in rows]

    def _guarded(self, does: Callable[[Asked, Json], Any]) -> Callable[[Asked], Answer]:
        def doing(asked: Asked) -> Answer:
            if not hmac.compare_digest(asked.headers.get("x-desk-token", "").encode(), self.token.encode()):
                return complaint(401, "who are you?")
            try:
                made = does(asked, asked.document() if asked.body else {})
            except (Wrong, ValueError) as why:
                return complaint(422, str(why))
            except Denied as why:
                return complaint(409, str(why))
            if isinstance(made, Ticket):
                return Answer(202, {"ticket": made.number, "phase": made.phase})
            return Answer(200, made) if made is not None else Answer(204)

        return doing

    def _showing(self, kind: str) -> Callable[[Asked, Json], Json]:
        return lambda asked, body: {"items": self.house.shown()[kind]}

    def _of_guests(self, kind: str) -> Callable[[Asked, Json], Json]:
        return lambda asked, body: {"items": self.guests.shown(kind)}

    def _found(self, asked: Asked, body: Json) -> Json:
        return {"id": self.house.found(body).federation, "endpoint": self.house.address}

    def _agree(self, asked: Asked, body: Json) -> Json:
        with self.house.guard:
            partner, _ = self.house.agree(body, needs_key=False)
            return {"partner": partner.federation, "keyForThem": partner.change_lock()}

    def _their_key(self, asked: Asked, body: Json) -> None:
        key = text(body, "theirKey")
        if not is_key(key):
            raise Wrong("theirKey: 8 to 128 characters")
        with self.house.guard:
            self.house.agreement(asked.names["partner"]).key = key

    def _change_lock(self, asked: Asked, body: Json) -> Json:
        with self.house.guard:
            return {"keyForThem": self.house.agreement(asked.names["partner"]).change_lock()}

    def _forget(self, asked: Asked, body: Json) -> None:
        with self.house.guard:
            partner = self.house.agreement(asked.names["partner"])
            if partner.uses or partner.lends or partner.busy:
                raise Denied("it is a partner")
            del self.house.agreements[partner.federation]

    def _lease(self, asked: Asked, body: Json) -> Ticket:
        return self.errands.lease(asked.names["partner"], body.get("labels"))

    def _give_back(self, asked: Asked, body: Json) -> Ticket:
        return self.errands.give_back(asked.names["partner"], body.get("labels"))

    def _ticket(self, asked: Asked, body: Json) -> Json:
        number = asked.names["ticket"]
        ticket = self.errands.tickets.get(int(number) if number.isdigit() else 0)
        if ticket is None:
            raise Denied("no such ticket")
        return {"complaint": ticket.complaint or None, "phase": ticket.phase, "result": ticket.result}
