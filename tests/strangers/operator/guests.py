"""Applications of partners on our zones: what they upload, what we report of it, what they onboard (federation-wire, 7.8 to
7.12). Names of members are matched without regard to case."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import io
import json
import re
import secrets
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .east import Admits, told
from .errands import Errands
from .house import Agreement, House
from .web import Answer, Asked
from .words import ZONE, Json, Wrong, optional, spelled, text

APP = re.compile(r"[a-z0-9][a-z0-9_-]{6,62}[a-z0-9]")
ARTIFACT = re.compile(r"[A-Za-z0-9_-]{1,16}")
NAME = re.compile(r"[A-Za-z0-9]{1,64}")
PORT = re.compile(r"[0-9]{1,5}")
DESCRIPTORS = ("TOSCA", "TERRAFORM", "HELM", "GMEC")
LARGEST_UNPACKED = 64 * 1024 * 1024


@dataclass
class Artifact:
    id: str
    app: str
    version: str
    size: int
    digest: str
    phase: str = "STORING"


@dataclass
class Guest:
    app: str
    zone: str
    version: str
    phase: str = "PENDING"


class Registry:
    """By partner: its artifacts by id, its guests by application and zone, and the answers to its requests."""

    def __init__(self) -> None:
        self.artifacts: dict[str, dict[str, Artifact]] = {}
        self.guests: dict[str, dict[tuple[str, str], Guest]] = {}
        self.answers: dict[tuple[str, str, str, str], Answer] = {}


class Guests:
    def __init__(self, house: House, errands: Errands, admits: Admits) -> None:
        self.house, self.errands, self.admits = house, errands, admits
        self.registry = Registry()
        house.guests_in = self.guests_in
        errands.also_clear.append(self.clear)

    def clear(self) -> None:
        self.registry = Registry()

    def guests_in(self, partner: str, zone: str) -> bool:
        return any(each.zone == zone for each in self.registry.guests.get(partner, {}).values())

    def routes(self) -> list[tuple[str, str, Callable[[Asked], Answer]]]:
        at = "/operator/application/onboarding"
        return [
            ("POST", "/operator/artifacts", self._validated(self.upload, "operator", "country")),
            ("POST", at, self._validated(self.onboard, "leadoperatorid", "")),
            ("GET", at, self._validated(self.status, "operator", "country")),
            ("DELETE", at, self._validated(self.deboard, "leadoperatorid", "leadoperatorcountry")),
        ]

    def _validated(
        self, handles: Callable[[Agreement, Json], Answer], operator: str, country: str
    ) -> Callable[[Asked], Answer]:
        def does(asked: Asked) -> Answer:
            media = asked.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
            if asked.body and media != "application/json":
                return told(415, "Only application/json is read here.")
            try:
                members = {name.casefold(): value for name, value in asked.query.items()}
                if asked.body or asked.method == "POST":
                    members |= {name.casefold(): value for name, value in asked.document().items()}
                who = (text(members, operator), optional(members, country) if country else "")
                here, there = text(members, "partnerfederationid"), text(members, "leadfederationid")
                with self.house.guard:
                    partner = self.admits(asked, here, there, *who)
                    if isinstance(partner, Answer):
                        return partner
                    if not partner.lends:
                        return told(403, "We lend you nothing.", 4035)
                    return self._once(asked.method + asked.path, partner, members, handles)
            except Wrong as problem:
                return told(400, f"Not understood: {problem}.")
            except (ValueError, RecursionError):
                return told(400, "Not understood: no JSON.")

        return does

    def _once(
        self, line: str, partner: Agreement, members: Json, handles: Callable[[Agreement, Json], Answer]
    ) -> Answer:
        """The same request again gets the same answer."""
        request = optional(members, "requestid")
        content = hashlib.sha256(json.dumps(members, sort_keys=True).encode()).hexdigest()
        key = (partner.federation, line, request, content)
        if request and line.startswith("POST") and key in self.registry.answers:
            return self.registry.answers[key]
        answer = handles(partner, members)
        if 200 <= answer.status < 300:
            self.registry.answers[key] = answer
        return answer

    # --- artifacts ----------------------------------------------------------------------------------------------

    def upload(self, partner: Agreement, members: Json) -> Answer:
        app, version = spelled(members, "appid", APP), text(members, "version")
        text(members, "userid")
        spelled(members, "artifactname", NAME)
        if optional(members, "artifactid"):
            spelled(members, "artifactid", ARTIFACT)
        if (kind := optional(members, "appdescriptortype")) and kind not in DESCRIPTORS:
            raise Wrong("appDescriptorType is none that we know")
        try:
            content = base64.b64decode(text(members, "filename", at_most=4 * 1024 * 1024), validate=True)
        except (binascii.Error, ValueError):
            raise Wrong("filename is no base64") from None
        if not content:
            raise Wrong("filename has no content")
        id_ = f"m{secrets.token_hex(5)}"
        artifact = Artifact(id_, app, version, len(content), hashlib.sha256(content).hexdigest())
        self.registry.artifacts.setdefault(partner.federation, {})[id_] = artifact
        request = optional(members, "requestid")
        self.errands.begin(lambda: self._store(partner, artifact, content, request))
        return Answer(202, {"artifactId": id_, "requestId": request})

    def _store(self, partner: Agreement, artifact: Artifact, content: bytes, request: str) -> None:
        good = _usable(content)
        with self.house.guard:
            artifact.phase = "READY" if good else "SPOILT"
            if self.house.identity is None:
                return
            report = {
                "status": "uploaded" if good else "failed",
                "operation": "ADDED",
                "artifactId": artifact.id,
                "version": artifact.version,
                "appId": artifact.app,
                "country": partner.nation,
                "operator": partner.operator,
                "partnerfederationId": self.house.identity.federation,
                "leadfederationId": partner.federation,
                "requestId": request,
            }
            self.errands.mail.post(partner.federation, "REPORT", report)

    # --- applications -------------------------------------------------------------------------------------------

    def onboard(self, partner: Agreement, members: Json) -> Answer:
        app, artifact = spelled(members, "appid", APP), spelled(members, "artifactid", ARTIFACT)
        zones = _regions(members, self.house.own().operator)
        _components(members)
        for zone in zones:
            if zone not in {each.id for each in self.house.lent()}:
                return told(404, f"No such zone: {zone}.")
            if zone not in partner.leases:
                return told(409, f"You do not have {zone}.")
        known = self.registry.artifacts.get(partner.federation, {}).get(artifact)
        if known is None:
            return told(404, "No such artifact of yours.")
        if known.phase != "READY":
            return told(409, "This artifact is not there, or not usable.")
        guests = self.registry.guests.setdefault(partner.federation, {})
        if any((app, zone) in guests for zone in zones):
            return told(409, "This application is there already.")
        made = [Guest(app, zone, known.version) for zone in zones]
        guests.update({(app, each.zone): each for each in made})
        self.errands.begin(lambda: self._settle(made))
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return Answer(201, {"createdAt": now, "appId": app, "requestId": optional(members, "requestid")})

    def _settle(self, made: list[Guest]) -> None:
        time.sleep(0.3)  # as long as the equipment takes
        with self.house.guard:
            for each in made:
                each.phase = "ONBOARDED"

    def status(self, partner: Agreement, members: Json) -> Answer:
        app = text(members, "appid")
        there = [each for each in self.registry.guests.get(partner.federation, {}).values() if each.app == app]
        if not there:
            return told(404, "No such application of yours.")
        answer = {
            "onboardstatus": [{"status": each.phase, "zoneId": each.zone} for each in there],
            "leadfederationId": partner.federation,
            "leadOperatorId": partner.operator,
            "appId": app,
            "requestId": optional(members, "requestid"),
        }
        return Answer(200, answer)

    def deboard(self, partner: Agreement, members: Json) -> Answer:
        key = (text(members, "appid"), text(members, "zone"))
        text(members, "version")
        if self.registry.guests.get(partner.federation, {}).pop(key, None) is None:
            return told(404, "No such application of yours.")
        return Answer(204)

    # --- what our own people see --------------------------------------------------------------------------------

    def shown(self, kind: str) -> list[Json]:
        with self.house.guard:
            if kind == "registry":
                return [
                    {"holder": holder, "key": each.id, "app": each.app, "version": each.version}
                    | {"bytes": each.size, "sha256": each.digest, "phase": each.phase}
                    for holder, held in self.registry.artifacts.items()
                    for each in held.values()
                ]
            return [
                {"holder": holder, "app": each.app, "zone": each.zone, "phase": each.phase}
                for holder, held in self.registry.guests.items()
                for each in held.values()
            ]


def _usable(content: bytes) -> bool:
    """An archive that can be unpacked, stays in its directory, and does not blow up."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            climbs = any(each.filename.startswith("/") or ".." in each.filename.split("/") for each in entries)
            return not climbs and sum(each.file_size for each in entries) <= LARGEST_UNPACKED and not packed.testzip()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return False


def _regions(members: Json, operator: str) -> list[str]:
    regions = members.get("regions")
    if not isinstance(regions, list) or not regions or not all(isinstance(each, dict) for each in regions):
        raise Wrong("regions has to name at least one")
    for each in regions:
        if optional(each, "operator") not in ("", operator):
            raise Wrong("a region is of another operator")
    return list(dict.fromkeys(spelled(each, "zone", ZONE) for each in regions))


def _components(members: Json) -> None:
    details = _small(members.get("specification")).get("componentdetails")
    if not isinstance(details, list) or not details:
        raise Wrong("specification has no componentdetails")
    for detail in details:
        components = _small(detail).get("components")
        if not isinstance(components, list) or not components:
            raise Wrong("a detail has no components")
        for each in map(_small, components):
            needs = _small(each.get("computeresourcerequirements"))
            text(needs, "resourceprofileid")
            memory = needs.get("memory", 128)
            if not isinstance(memory, int) or not 128 <= memory <= 2048 or memory % 64:
                raise Wrong("memory has to be 128 to 2048 in steps of 64")
            for door in map(_small, each.get("exposedinterfaces") or []):
                port = optional(door, "port")
                if port and (not PORT.fullmatch(port) or int(port) > 65535):
                    raise Wrong("a port is none")
                if optional(door, "protocol") not in ("", "TCP", "UDP", "HTTP"):
                    raise Wrong("a protocol is none")


def _small(value: Any) -> Json:
    """An object by its names in small letters."""
    if not isinstance(value, dict):
        raise Wrong("an object is missing")
    return {str(name).casefold(): each for name, each in value.items()}
