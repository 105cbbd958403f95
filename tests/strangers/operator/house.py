"""What this operator keeps, and what its own people may order of it without anybody else: sites, zones, its identity, and
what was agreed with other operators. One lock guards all of it; nobody holds it while a call is under way."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .vices import vice
from .words import (
    FEDERATION,
    MCC,
    MNC,
    ZONE,
    Json,
    Wrong,
    country,
    is_address,
    is_key,
    is_locator,
    is_place,
    optional,
    spelled,
    text,
    texts,
)


class Denied(Exception):
    """An order that is well-formed, but not possible as things stand."""


@dataclass
class Identity:
    federation: str
    operator: str
    nation: str
    mcc: str
    mnc: list[str]
    discovery: str


@dataclass
class Zone:
    id: str
    sites: list[str]
    centre: str
    towns: str
    region: str
    setting: str
    leaving: bool = False

    def told(self) -> Json:
        """As partners are told of it; what nobody said of it is left out."""
        place = {"city": self.towns, "state": self.region, "locality": self.setting}
        known = {name: value for name, value in place.items() if value}
        return {"edgeCount": len(self.sites), **known, "geoLocation": self.centre, "zoneId": self.id}


@dataclass
class Foreign:
    """A partner's zone that we know, leased or not; ``moving`` while we ask the partner for a change of that."""

    info: Json
    leased: bool = False
    moving: bool = False


@dataclass
class Agreement:
    """What was agreed with another operator, and what became of it: do we use its zones, do we lend it ours?"""

    federation: str
    operator: str
    nation: str
    endpoint: str
    salt: str = ""
    lock: str = ""
    """A hash of the key by which it calls us, with the salt."""
    key: str = ""
    """The key by which we call it."""
    uses: bool = False
    lends: bool = False
    mcc: str = ""
    mnc: list[str] = field(default_factory=list)
    discovery: str = ""
    catalogue: dict[str, Foreign] = field(default_factory=dict)
    leases: set[str] = field(default_factory=set)
    busy: Literal["", "joining", "leaving"] = ""
    joined: tuple[str, str, Json] | None = None
    """The add that made it a partner: requestId, content, our answer."""
    tries: dict[tuple[str, ...], str] = field(default_factory=dict)
    """requestIds of what we asked for without learning how it ended."""

    def opens(self, key: str) -> bool:
        return bool(self.lock) and hmac.compare_digest(_hashed(self.salt, key), self.lock)

    def change_lock(self) -> str:
        """A new key for the partner to call us by; the former one is void."""
        key = f"mk.{secrets.token_urlsafe(30)}"
        self.salt = secrets.token_hex(8)
        self.lock = _hashed(self.salt, key)
        return key


def _hashed(salt: str, key: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", key.encode("utf-8", "surrogateescape"), salt.encode(), 200).hex()


class House:
    def __init__(self, address: str) -> None:
        self.address = address
        self.guard = threading.RLock()
        self.guests_in: Callable[[str, str], bool] = lambda partner, zone: False
        """Has this partner applications in this zone?"""
        self.clear()

    def clear(self) -> None:
        with self.guard:
            self.identity: Identity | None = None
            self.sites: dict[str, Json] = {}
            self.zones: dict[str, Zone] = {}
            self.agreements: dict[str, Agreement] = {}

    # --- what our own people order ------------------------------------------------------------------------------

    def add_site(self, asked: Json) -> Json:
        name = text(asked, "siteName", at_most=64)
        with self.guard:
            if name in self.sites:
                raise Denied("there is a site of this name")
            self.sites[name] = {"position": asked.get("position"), "resources": asked.get("resources") or {}}
        return {"siteName": name}

    def new_zone(self, asked: Json) -> Zone:
        id_ = text(asked, "label")
        if not ZONE.fullmatch(id_):
            raise Wrong("label: 8 to 32 letters, digits, - and _, a letter or digit at both ends")
        if not is_place(optional(asked, "centre")):
            raise Wrong("centre: latitude,longitude in degrees")
        members = asked.get("sites")
        if not isinstance(members, list) or not members:
            raise Wrong("sites: at least one")
        with self.guard:
            if any(each not in self.sites for each in members):
                raise Denied("sites: one of them is not ours")
            if id_ in self.zones:
                raise Denied("there is a zone of this label")
            towns, region, setting = (optional(asked, name) for name in ("towns", "region", "setting"))
            zone = Zone(id_, list(dict.fromkeys(members)), asked["centre"], towns, region, setting)
            self.zones[id_] = zone
        return zone

    def found(self, asked: Json) -> Identity:
        """Set up our own federation."""
        mcc, mnc = spelled(asked, "mobileCountry", MCC), texts(asked, "mobileNetworks", MNC)
        discovery = optional(asked, "discovery")
        if discovery and not is_locator(discovery):
            raise Wrong("discovery: host:port or a URL")
        wanted = optional(asked, "wantedId")
        if wanted and not FEDERATION.fullmatch(wanted):
            raise Wrong("wantedId: 8 to 128 letters, digits, - and _, a letter or digit at both ends")
        operator, nation = text(asked, "operatorCode", at_most=64), country(asked, "nation")
        with self.guard:
            if self.identity is not None:
                raise Denied("this platform is one operator, and has its federation")
            id_ = wanted or f"meridian_{secrets.token_hex(14)}"
            self.identity = Identity(id_, operator, nation, mcc, mnc, discovery)
            return self.identity

    def give_up(self, federation: str) -> None:
        with self.guard:
            if self.identity is None or self.identity.federation != federation:
                raise Denied("not our federation")
            if any(each.uses or each.lends for each in self.agreements.values()):
                raise Denied("partners hang on it")
            self.identity = None
            self.agreements.clear()

    def change(self, asked: Json) -> Json:
        """New values of our own attributes, in the words of the wire; empty: nothing is new."""
        new: Json = {}
        if asked.get("mobileCountry") is not None:
            new["MCC"] = spelled(asked, "mobileCountry", MCC)
        if asked.get("mobileNetworks") is not None:
            new["MNC"] = texts(asked, "mobileNetworks", MNC)
        if asked.get("discovery") is not None:
            new["locatorEndPoint"] = text(asked, "discovery")
            if not is_locator(new["locatorEndPoint"]):
                raise Wrong("discovery: host:port or a URL")
        with self.guard:
            mine = self.own()
            told = {"MCC": mine.mcc, "MNC": mine.mnc, "locatorEndPoint": mine.discovery}
            new = {name: value for name, value in new.items() if told[name] != value}
            mine.mcc, mine.mnc = new.get("MCC", mine.mcc), new.get("MNC", mine.mnc)
            mine.discovery = new.get("locatorEndPoint", mine.discovery)
        return new

    def agree(self, asked: Json, *, needs_key: bool) -> tuple[Agreement, bool]:
        """An agreement with another operator as it was asked for, and whether there was none before."""
        federation = spelled(asked, "federation", FEDERATION)
        operator, nation = text(asked, "operatorCode", at_most=64), country(asked, "nation")
        endpoint = text(asked, "endpoint")
        if not is_address(endpoint):
            raise Wrong("endpoint: host:port or a URL")
        key = optional(asked, "theirKey")
        if (key or needs_key) and not is_key(key):
            raise Wrong("theirKey: 8 to 128 characters")
        with self.guard:
            if federation == self.own().federation:
                raise Denied("that is our own federation")
            known = self.agreements.get(federation)
            if known is None:
                known = self.agreements[federation] = Agreement(federation, operator, nation, endpoint, key=key)
                return known, True
            if known.uses or known.lends or known.busy:
                if (operator, nation, endpoint) != (known.operator, known.nation, known.endpoint):
                    raise Denied("there is a partner of this id, of other data")
            else:
                known.operator, known.nation, known.endpoint = operator, nation, endpoint
            known.key = key or known.key
            return known, False

    # --- asked by everybody -------------------------------------------------------------------------------------

    def own(self) -> Identity:
        if self.identity is None:
            raise Denied("we have no federation yet")
        return self.identity

    def agreement(self, federation: str) -> Agreement:
        if federation not in self.agreements:
            raise Denied("nobody of this id is known")
        return self.agreements[federation]

    def lent(self) -> list[Zone]:
        return [each for each in self.zones.values() if not each.leaving]

    def lent_to(self, zone: Zone) -> list[str]:
        return [] if zone.leaving else [each.federation for each in self.agreements.values() if each.lends]

    def leased_by(self, zone: str) -> list[str]:
        return [each.federation for each in self.agreements.values() if zone in each.leases]

    def signed(self, to: Agreement, request: str, more: Json) -> Json:
        """A message of ours to a partner, with who we are and whom it is for."""
        mine = self.own()
        who = {"country": mine.nation, "operator": mine.operator}
        return {
            **more,
            **who,
            "destFederationId": to.federation,
            "origFederationId": mine.federation,
            "requestId": request,
        }

    def quota(self, zone: str) -> Json:
        """What a partner may use of a zone, where its sites say what they have."""
        made: dict[str, int] = {}
        for site in self.zones[zone].sites:
            for name, amount in self.sites[site]["resources"].items():
                if name in ("cpu", "ram", "disk", "gpu") and isinstance(amount, int):
                    made[name] = made.get(name, 0) + amount
        half = {name: amount // 2 for name, amount in made.items()}
        return {"upperLimitQuota": made, "guaranteedResources": half} if made else {}

    # --- what our own people see --------------------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        """All there is to see, by kind. No key is in it."""
        with self.guard:
            us = self.identity
            return {
                "identity": []
                if us is None
                else [
                    {
                        "id": us.federation,
                        "operatorCode": us.operator,
                        "nation": us.nation,
                        "mobile": {"country": us.mcc, "networks": us.mnc},
                        "discovery": us.discovery or None,
                        "endpoint": self.address,
                    }
                ],
                "sites": [{"siteName": name, **each} for name, each in self.sites.items()],
                "zones": [
                    {
                        "label": each.id,
                        "sites": each.sites,
                        "centre": each.centre,
                        "place": {"towns": each.towns, "region": each.region, "setting": each.setting},
                        "lentTo": self.lent_to(each),
                        "phase": "LEAVING" if each.leaving else "OPEN",
                    }
                    for each in self.zones.values()
                ],
                "partners": [
                    {
                        "id": each.federation,
                        "operatorCode": each.operator,
                        "nation": each.nation,
                        "endpoint": each.endpoint + (f"?key={each.key}" if vice("shows-keys") else ""),
                        "mobile": {"country": each.mcc, "networks": each.mnc},
                        "discovery": each.discovery,
                        "mode": {(True, True): "BOTH", (True, False): "USES", (False, True): "LENDS"}[
                            each.uses, each.lends
                        ],
                    }
                    for each in self.agreements.values()
                    if each.uses or each.lends
                ],
                "catalogue": [
                    {
                        "owner": each.federation,
                        "label": id_,
                        "phase": "LEASED" if zone.leased else "SEEN",
                        **_place(zone),
                    }
                    for each in self.agreements.values()
                    for id_, zone in each.catalogue.items()
                ],
                "leases": [
                    {"zone": zone, "holder": each.federation}
                    for each in self.agreements.values()
                    for zone in sorted(each.leases)
                ],
            }


def _place(zone: Foreign) -> Json:
    names = {"centre": "geoLocation", "towns": "city", "region": "state", "setting": "locality"}
    return {ours: zone.info.get(theirs) for ours, theirs in names.items()}
