"""Errands: what our people order and what needs a partner. Each is a ticket that somebody works off; the ticket tells.

The partner is the first to change, we follow its answer. Where no answer came we remember the requestId, and the same
order is the same request again: then a refusal that says "it is so already" is a yes.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .calls import NoAnswer, call
from .house import Agreement, Denied, Foreign, House
from .mail import Letter, Mail
from .vices import vice
from .words import Json, Wrong

Phase = Literal["QUEUED", "WORKING", "DONE", "DENIED", "BROKEN"]


class Broken(Exception):
    """It was tried and did not come about."""


@dataclass
class Ticket:
    number: int
    phase: Phase = "QUEUED"
    complaint: str = ""
    result: Json = field(default_factory=dict)


class Errands:
    def __init__(self, house: House) -> None:
        self.house = house
        self.mail = Mail(house, self._settled)
        self.tickets: dict[int, Ticket] = {}
        self.also_clear: list[Callable[[], None]] = []

    def clear(self) -> None:
        with self.house.guard:
            self.mail.clear()
            self.house.clear()
            self.tickets.clear()
            for each in self.also_clear:
                each()

    def begin(self, work: Callable[[], Json | None]) -> Ticket:
        with self.house.guard:
            ticket = Ticket(1000 + 7 * len(self.tickets))
            self.tickets[ticket.number] = ticket
        threading.Thread(target=self._work, args=(ticket, work), daemon=True).start()
        return ticket

    def idle(self, seconds: float) -> bool:
        """Has everything come to its end, letters that partners do not take included? Waits for it."""
        with self.mail.news:
            return self.mail.news.wait_for(self._at_rest, timeout=seconds)

    def _at_rest(self) -> bool:
        working = any(each.phase in ("QUEUED", "WORKING") for each in self.tickets.values())
        return not working and not any(each.open for box in self.mail.boxes.values() for each in box)

    def _work(self, ticket: Ticket, work: Callable[[], Json | None]) -> None:
        ticket.phase = "WORKING"
        try:
            ticket.result = work() or {}
            ticket.phase = "DONE"
        except (Denied, Wrong) as why:
            ticket.complaint, ticket.phase = str(why), "DENIED"
        except Broken as why:
            ticket.complaint, ticket.phase = str(why), "BROKEN"
        finally:
            with self.mail.news:
                self.mail.news.notify_all()

    # --- our zones ----------------------------------------------------------------------------------------------

    def open_zone(self, asked: Json) -> Ticket:
        """The zone is there at once; the ticket ends when every partner was told, or at least called."""
        with self.house.guard:
            zone = self.house.new_zone(asked)
            letters = self.mail.tell_zone(zone)
        return self.begin(lambda: self._told(letters))

    def change(self, asked: Json) -> Ticket:
        with self.house.guard:
            new = self.house.change(asked)
            if not new:
                raise Denied("nothing changes by this")
            letters = self.mail.tell_all("ATTRIBUTES", new)
        return self.begin(lambda: self._told(letters))

    def _told(self, letters: list[Letter]) -> Json:
        self.mail.wait(letters)
        return {"untold": [each for each in self.mail.unread() if each["phase"] != "VOID"]}

    def close_zone(self, id_: str) -> Ticket:
        """From now on nobody gets it; it is gone when all who knew it have been told."""
        with self.house.guard:
            zone = self.house.zones.get(id_)
            if zone is None or zone.leaving:
                raise Denied("no such zone")
            if self.house.leased_by(id_) and not vice("withdraws-leased"):
                raise Denied("the zone is in use")
            zone.leaving = True
            letters = self.mail.tell_all("ZONE-GONE", {"zone": id_})
            self._sweep()
        return self.begin(lambda: self._closed(id_, letters))

    def _closed(self, id_: str, letters: list[Letter]) -> Json:
        self.mail.wait(letters)
        if any(each.status == 409 for each in letters):
            raise Broken(f"a partner uses {id_}; it stays")
        return self._told(letters)

    def _settled(self, federation: str, letter: Letter) -> None:
        """A partner has said something about a zone that leaves, or is gone itself."""
        zone = self.house.zones.get(letter.more.get("zone", "")) if letter.kind == "ZONE-GONE" else None
        if zone is not None and zone.leaving and letter.status == 409:
            zone.leaving = False
            for to, box in self.mail.boxes.items():
                others = [each for each in box if each.more.get("zone") == zone.id and each.kind == "ZONE-GONE"]
                for each in others:
                    if each.state == "WAITING" and each.tries == 0:
                        each.state = "VOID"
                    elif each is not letter:
                        self.mail.post(to, "ZONE", {"partnerZone": zone.told()})
                told_before = to != federation and not others and self.house.agreements[to].lends
                if told_before:
                    self.mail.post(to, "ZONE", {"partnerZone": zone.told()})
        self._sweep()

    def _sweep(self) -> None:
        """Zones that leave and of which nobody has still to hear are gone."""
        waiting = {
            str(each.more.get("zone"))
            for box in self.mail.boxes.values()
            for each in box
            if each.kind == "ZONE-GONE" and each.state in ("WAITING", "FAILING", "REFUSED")
        }
        for id_ in [each.id for each in self.house.zones.values() if each.leaving and each.id not in waiting]:
            del self.house.zones[id_]

    # --- partners -----------------------------------------------------------------------------------------------

    def join(self, asked: Json) -> Ticket:
        with self.house.guard:
            partner, new = self.house.agree(asked, needs_key=True)
            if partner.uses or partner.busy:
                raise Denied("we use its zones already, or are about to")
            partner.busy = "joining"
        return self.begin(lambda: self._join(partner, new))

    def _join(self, partner: Agreement, new: bool) -> Json:
        try:
            again = ("join",) in partner.tries
            status, answer = self._ask(partner, ("join",), "POST", "/operator/partner", {})
            if again and status == 409:  # it has us as a partner already, and only a fresh start tells us its zones
                self._ask(partner, ("undo",), "DELETE", "/operator/partner", {})
                status, answer = self._ask(partner, ("join",), "POST", "/operator/partner", {})
            zones = self._offered(partner, status, answer)
        except Broken:
            with self.house.guard:
                partner.busy = ""
                if new and not partner.tries and not partner.lends and not partner.lock:
                    self.house.agreements.pop(partner.federation, None)
            raise
        with self.house.guard:
            partner.uses, partner.busy = True, ""
            partner.mcc, partner.mnc = str(answer.get("MCC") or ""), list(answer.get("MNC") or [])
            partner.discovery = str(answer.get("locatorEndPoint") or "")
            partner.catalogue = {each["zoneId"]: Foreign(each) for each in zones}
        return {"partner": partner.federation, "zones": sorted(partner.catalogue)}

    def _offered(self, partner: Agreement, status: int, answer: Any) -> list[Json]:
        if not 200 <= status < 300:
            raise Broken(f"the partner refuses ({status})")
        if not isinstance(answer, dict):
            raise Broken("the partner answers what cannot be read")
        mine = self.house.own()
        who = (answer.get("origFederationId"), answer.get("origOperatorId"), answer.get("destFederationId"))
        if who != (partner.federation, partner.operator, mine.federation):
            raise Broken("the partner answers as somebody else, or to somebody else")
        zones = answer.get("partnerZone") or []
        if not isinstance(zones, list) or any(not isinstance(each, dict) or not each.get("zoneId") for each in zones):
            raise Broken("the partner offers what are no zones")
        return zones

    def leave(self, federation: str) -> Ticket:
        with self.house.guard:
            self.house.own()
            partner = self.house.agreement(federation)
            if not partner.uses or partner.busy:
                raise Denied("we use none of its zones, or something is under way")
            if any(each.leased or each.moving for each in partner.catalogue.values()):
                raise Denied("we have zones of it; give them back first")
            partner.busy = "leaving"
        return self.begin(lambda: self._leave(partner))

    def _leave(self, partner: Agreement) -> None:
        again = ("leave",) in partner.tries
        try:
            status, _ = self._ask(partner, ("leave",), "DELETE", "/operator/partner", {})
            if not (200 <= status < 300 or (again and status in (401, 403, 404, 409))):
                raise Broken(f"the partner refuses ({status})")
        except Broken:
            with self.house.guard:
                partner.busy = ""
            raise
        with self.house.guard:
            partner.uses, partner.busy = False, ""
            if not vice("keeps-catalogue"):
                partner.catalogue = {}
            partner.tries.clear()

    # --- zones of partners --------------------------------------------------------------------------------------

    def lease(self, federation: str, zones: Any) -> Ticket:
        return self.begin(lambda: self._move(federation, zones, leased=True))

    def give_back(self, federation: str, zones: Any) -> Ticket:
        return self.begin(lambda: self._move(federation, zones, leased=False))

    def _move(self, federation: str, zones: Any, *, leased: bool) -> Json:
        with self.house.guard:
            self.house.own()
            partner = self.house.agreement(federation)
            if not isinstance(zones, list) or not zones or not all(isinstance(each, str) for each in zones):
                raise Wrong("zones: at least one")
            if not partner.uses or partner.busy:
                raise Denied("we use none of its zones, or something is under way")
            for each in zones:
                zone = partner.catalogue.get(each)
                if zone is None and vice("asks-for-ghosts"):
                    zone = partner.catalogue[each] = Foreign({"zoneId": each})
                if zone is None or zone.moving or zone.leased == leased:
                    raise Denied(f"{each} is not known, or it is so already, or under way")
            for each in zones:
                partner.catalogue[each].moving = True
        attempt = ("lease" if leased else "return", *sorted(zones))
        again = attempt in partner.tries
        try:
            more: Json = {"zones": zones}
            if vice("foreign-operator") and leased:
                more["foreign"] = True
            status, answer = self._ask(partner, attempt, "POST" if leased else "DELETE", "/operator/zone", more)
            confirmed = again and status in ((409,) if leased else (404, 409))
            if vice("forgets-refusal") and not leased:
                confirmed = True
            if not (200 <= status < 300 or confirmed):
                raise Broken(f"the partner refuses ({status})")
            if leased and not confirmed:
                self._accounted(zones, answer)
        except Broken:
            with self.house.guard:
                for each in zones:
                    if each in partner.catalogue:
                        partner.catalogue[each].moving = False
            raise
        with self.house.guard:
            for each in zones:
                partner.catalogue[each].leased, partner.catalogue[each].moving = leased, False
        return {"zones": zones}

    def _accounted(self, zones: list[str], answer: Any) -> None:
        """The answer has an entry for each zone; the early edition has a bare object."""
        if answer is None and vice("believes-silence"):
            return
        entries = answer.get("zone") if isinstance(answer, dict) else None
        entries = [entries] if isinstance(entries, dict) else entries
        if not isinstance(entries, list):
            raise Broken("the partner does not say which zones it gives us")
        given = {each.get("zoneId") for each in entries if isinstance(each, dict)}
        if missing := [each for each in zones if each not in given]:
            raise Broken(f"the partner does not account for {missing}")

    # --- one request --------------------------------------------------------------------------------------------

    def _ask(self, partner: Agreement, attempt: tuple[str, ...], method: str, path: str, more: Json) -> tuple[int, Any]:
        """Status and document; Broken where nobody knows whether it was done."""
        with self.house.guard:
            request = partner.tries.setdefault(attempt, f"E-{secrets.token_hex(6)}")
            if attempt == ("join",):
                more = {"origFederationAddr": self.house.address, **more}
            body = self.house.signed(partner, request, more)
            if body.pop("foreign", False):
                body["operator"] = partner.operator
            endpoint, key = partner.endpoint, partner.key
        try:
            status, answer = call(endpoint, key, method, path, body)
        except NoAnswer as problem:
            if vice("believes-silence"):
                return 200, None
            raise Broken(f"no answer came ({problem})") from problem
        if status >= 500:
            raise Broken(f"the partner is not able to answer ({status})")
        with self.house.guard:
            partner.tries.pop(attempt, None)
        return status, answer
