"""The door for other operators: what they send us, validated and done (federation-wire, 7.1 to 7.7).

Whoever does not prove to be a partner gets one and the same answer, whatever is wrong.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from .house import Agreement, Foreign, House
from .mail import Mail
from .vices import vice
from .web import Answer, Asked
from .words import FEDERATION, MCC, MNC, ZONE, Json, Wrong, is_locator, optional, spelled, text, texts


def told(status: int, why: str, number: int = 0) -> Answer:
    """A refusal, in our words."""
    return Answer(status, {"code": number or status * 10, "trace": secrets.token_hex(4), "message": why})


def nobody() -> Answer:
    return told(403, "These credentials open nothing here.", 4031)


Handles = Callable[[Agreement, Json], Answer]
Admits = Callable[[Asked, str, str, str, str], Agreement | Answer]
"""Of a request: our id, the sender's, its operator and country. The agreement, or the answer to whoever it is."""


class East:
    def __init__(self, house: House, mail: Mail) -> None:
        self.house, self.mail = house, mail

    def routes(self) -> list[tuple[str, str, Callable[[Asked], Answer]]]:
        return [
            ("POST", "/operator/partner", self._validated(self.add)),
            ("PUT", "/operator/partner", self._validated(self.update)),
            ("DELETE", "/operator/partner", self._validated(self.remove)),
            ("POST", "/operator/notify/zone", self._validated(self.zone_shared)),
            ("DELETE", "/operator/notify/zone", self._validated(self.zone_gone)),
            ("POST", "/operator/zone", self._validated(self.register)),
            ("DELETE", "/operator/zone", self._validated(self.deregister)),
        ]

    # --- validate federation ------------------------------------------------------------------------------------

    def _validated(self, handles: Handles) -> Callable[[Asked], Answer]:
        def does(asked: Asked) -> Answer:
            media = asked.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
            if media != "application/json":
                return told(415, "Only application/json is read here.")
            try:
                message = asked.document()
                optional(message, "requestId")
                here = spelled(message, "destFederationId", FEDERATION)
                there = spelled(message, "origFederationId", FEDERATION)
                operator, nation = text(message, "operator"), optional(message, "country")
                with self.house.guard:
                    partner = self.admits(asked, here, there, operator, nation)
                    return partner if isinstance(partner, Answer) else handles(partner, message)
            except (Wrong, ValueError, RecursionError) as problem:
                if vice("breaks") and not isinstance(problem, Wrong):
                    return told(500, "Something went wrong.")
                return told(
                    400, f"Not understood: {problem}." if isinstance(problem, Wrong) else "Not understood: no JSON."
                )

        return does

    def admits(self, asked: Asked, here: str, there: str, operator: str, nation: str) -> Agreement | Answer:
        partner = self._partner(here, there, _key(asked))
        if isinstance(partner, Answer):
            return partner
        if operator != partner.operator and not vice("any-operator"):
            return told(403, "The operator is not the one that was agreed.", 4032)
        if nation and nation != partner.nation:
            return told(403, "The country is not the one that was agreed.", 4033)
        return partner

    def _partner(self, here: str, there: str, key: str) -> Agreement | Answer:
        """The agreement by which this key may be used, or the answer to whoever it is."""
        us = self.house.identity
        partner = self.house.agreements.get(there)
        if vice("tells-existence") and (us is None or here != us.federation):
            return told(404, "No such federation here.")
        if us is None or here != us.federation or partner is None:
            return nobody()
        good = partner.opens(key)
        if vice("any-key"):
            good = bool(key)
        if vice("shared-key"):
            good = any(each.opens(key) for each in self.house.agreements.values())
        return partner if good else nobody()

    # --- partner ------------------------------------------------------------------------------------------------

    def add(self, partner: Agreement, message: Json) -> Answer:
        text(message, "country")  # FI-PARTNER-002: in the first message it has to be there
        request = optional(message, "requestId")
        content = json.dumps(message, sort_keys=True)
        if partner.lends:
            if partner.joined is not None and partner.joined[:2] == (request, content) and request:
                return Answer(201, partner.joined[2])
            if vice("new-address"):
                partner.endpoint = optional(message, "origFederationAddr") or partner.endpoint
            return told(409, "We lend you our zones already.")
        mine = self.house.own()
        partner.lends = True
        if vice("both-roles"):
            partner.uses = True
        answer: Json = {
            "partnerZone": [each.told() for each in self.house.lent()],
            "locatorEndPoint": mine.discovery,
            "MNC": mine.mnc,
            "MCC": mine.mcc,
            "destFederationId": partner.federation,
            "partnerOperatorId": partner.operator,
            "origFederationId": mine.federation,
            "origOperatorId": mine.operator,
            "requestId": request,
        }
        answer = {name: value for name, value in answer.items() if value not in ("", [])}
        partner.joined = (request, content, answer)
        return Answer(201, answer)

    def update(self, partner: Agreement, message: Json) -> Answer:
        if not (partner.uses or partner.lends):
            return nobody()
        mcc, locator = optional(message, "MCC"), optional(message, "locatorEndPoint")
        mnc = message.get("MNC") or []
        if mcc and not MCC.fullmatch(mcc):
            raise Wrong("MCC has to be three digits")
        if message.get("MNC") not in (None, []):
            mnc = texts(message, "MNC", MNC)
        if locator and not is_locator(locator):
            raise Wrong("locatorEndPoint has to be host:port or a URL")
        if not (mcc or mnc or locator):
            return told(400, "There is nothing to update.")
        partner.mcc, partner.discovery = mcc or partner.mcc, locator or partner.discovery
        partner.mnc = [*(partner.mnc if vice("merges-mnc") else []), *mnc] or partner.mnc
        return Answer(204)

    def remove(self, partner: Agreement, message: Json) -> Answer:
        if not partner.lends:
            return told(409, "We lend you nothing.") if partner.uses else nobody()
        if partner.leases and not vice("leaves-leases"):
            return told(409, "You have zones of ours.")
        partner.lends, partner.joined = False, None
        self.mail.withhold(partner.federation)
        return Answer(200, {"done": True})

    # --- their zones --------------------------------------------------------------------------------------------

    def zone_shared(self, partner: Agreement, message: Json) -> Answer:
        zone = message.get("partnerZone")
        if not isinstance(zone, dict):
            raise Wrong("partnerZone has to be an object")
        if vice("mends-ids"):
            zone["zoneId"] = text(zone, "zoneId").strip("_./ ")[:32].replace(" ", "-")
            id_ = zone["zoneId"]
        else:
            id_ = spelled(zone, "zoneId", ZONE)
        if (wait := self._joining(partner)) is not None:
            return wait
        if id_ in partner.catalogue:
            return told(409, "This zone is known.")
        partner.catalogue[id_] = Foreign(zone)
        return Answer(202, "noted")

    def zone_gone(self, partner: Agreement, message: Json) -> Answer:
        id_ = text(message, "zone")
        if (wait := self._joining(partner)) is not None:
            return wait
        zone = partner.catalogue.get(id_)
        if zone is None:
            return told(404, "This zone is not known.")
        if zone.leased or zone.moving:
            return told(409, "This zone is in use.")
        del partner.catalogue[id_]
        return Answer(204)

    def _joining(self, partner: Agreement) -> Answer | None:
        """Why a partner's zones are not taken notice of now, if so."""
        if partner.uses:
            return None
        if partner.busy == "joining":
            later = told(503, "Our own request to you is open; say it again in a moment.")
            return Answer(503, later.document, {"Retry-After": "1"})
        return told(403, "We do not use zones of yours.", 4034)

    # --- our zones ----------------------------------------------------------------------------------------------

    def register(self, partner: Agreement, message: Json) -> Answer:
        wanted = texts(message, "zones", ZONE)
        if not partner.lends:
            return told(403, "We lend you nothing.", 4035)
        open_ = {each.id for each in self.house.lent()}
        held = [each for each in wanted if each in partner.leases]
        if vice("some-of-them"):
            partner.leases.update(each for each in wanted if each in open_)
        for each in wanted:
            if each not in open_:
                others = self.house.leased_by(each)
                return told(404, f"No such zone: {each}." if not vice("names-the-other") else f"{each} is of {others}.")
        if held:
            others = [each for each in self.house.leased_by(held[0]) if each != partner.federation]
            return told(
                409, f"You have {held[0]} already." + (f" So have {others}." if vice("names-the-other") else "")
            )
        partner.leases.update(wanted)
        leases = [
            {"registrationToken": secrets.token_urlsafe(9), **self.house.quota(each), "zoneId": each} for each in wanted
        ]
        answer = {"zone": leases if len(leases) > 1 else leases[0], "requestId": message.get("requestId")}
        return Answer(201, {name: value for name, value in answer.items() if value is not None})

    def deregister(self, partner: Agreement, message: Json) -> Answer:
        wanted = texts(message, "zones", ZONE)
        if not partner.lends:
            return told(403, "We lend you nothing.", 4035)
        for each in wanted:
            if each not in self.house.zones:
                return told(404, f"No such zone: {each}.")
            if each not in partner.leases:
                return told(409, f"You do not have {each}.")
            if self.house.guests_in(partner.federation, each):
                return told(409, f"Applications of yours are in {each}.")
        partner.leases.difference_update(wanted)
        return Answer(204)


def _key(asked: Asked) -> str:
    """The key that was shown: Bearer decides where there is one."""
    scheme, _, bearer = asked.headers.get("authorization", "").partition(" ")
    beside = asked.headers.get("x-api-key", "")
    if scheme.lower() == "bearer" and not (vice("rescued") and beside):
        return bearer.strip()
    return beside
