"""Correct messages about applications as the harness sends them, in the name of a lead or a host (federation-wire 7.8 to 7.12).

Values satisfy every edition (FI-ERR-19). Members stand under the names of the documents; which of them tell who sends
and who receives is said in ``NAMES``, since here they are named by role (section 4).
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

UPLOAD = "POST /operator/artifacts"
REPORT = "GET /operator/artifact/status"
REPORT_IN_BODY = "POST /operator/artifact/status"
ONBOARD = "POST /operator/application/onboarding"
STATUS = "GET /operator/application/onboarding"
DEBOARD = "DELETE /operator/application/onboarding"

OF_LEAD = (UPLOAD, ONBOARD, STATUS, DEBOARD)
"""What a lead asks of a host."""
ALL = (*OF_LEAD, REPORT)

APP, VERSION, ARTIFACT = "app-one-0001", "1.0", "art0001"
ARTIFACT_NAME, DEVELOPER, USER = "application1", "developer1", "developer-1"
PASSWORD = "s3cret-pw"
"""Of a registry, inside application data: shown nowhere (FI-AUTH-009)."""


@dataclass(frozen=True, slots=True)
class Names:
    """The members of a message that name its sender, its receiver, and an operator with its country."""

    origin: str = "origFederationId"
    destination: str = "destFederationId"
    operator: str = "operator"
    country: str = "country"


MANAGEMENT = Names()
NAMES: Mapping[str, Names] = {
    UPLOAD: Names("leadfederationId", "partnerfederationId"),
    REPORT: Names("partnerfederationId", "leadfederationId"),
    ONBOARD: Names("leadfederationId", "partnerfederationId", "leadOperatorId", ""),
    STATUS: Names("leadfederationId", "partnerfederationId", "Operator", "Country"),
    DEBOARD: Names("leadfederationId", "partnerfederationId", "leadOperatorId", "leadOperatorcountry"),
}


def names(operation: str) -> Names:
    return NAMES.get(operation, MANAGEMENT)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two operators of a message."""

    federation: str
    operator: str
    country: str


@cache
def archive(what: str = "application") -> bytes:
    """A zip file, the same for the same text."""
    return _zip({"application/Chart.yaml": f"name: {what}\nversion: {VERSION}\n"})


@cache
def climbing_archive() -> bytes:
    """A zip file with an entry outside its directory (FI-ARTIFACT-004)."""
    return _zip({"../../climbed-out.txt": "outside", "application/Chart.yaml": "name: application\n"})


def _zip(entries: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in entries.items():
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return packed.getvalue()


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def component(**changes: Any) -> dict[str, Any]:
    """A component with one interface, a resource profile and a registry to fetch it from."""
    return {
        "componentId": "comp1",
        "virtualizationMode": "Kubernetes",
        "componentSource": {
            "repo": "docker",
            "codeArchive": "false",
            "id": "image1",
            "path": "registry.example/app:1.0",
            "username": "reader",
            "password": PASSWORD,
        },
        "ExposedInterfaces": [
            {
                "interfaceId": "if1",
                "interfaceType": "NETWORK",
                "port": "8080",
                "protocol": "TCP",
                "visibility": "external",
            }
        ],
        "ComputeResourceRequirements": {"resourceProfileId": "small1", "cpu": 1, "memory": 512},
    } | changes


def specification(*components: dict[str, Any]) -> dict[str, Any]:
    return {"componentdetails": [{"serviceId": "service1", "components": list(components)}]}


def body(operation: str, request_id: str, lead: Side, host: Side, zone: str) -> dict[str, Any]:
    """A correct message about the usual application in a zone of the host."""
    pair = {
        "requestId": request_id,
        "leadfederationId": lead.federation,
        "partnerfederationId": host.federation,
        "appId": APP,
    }
    if operation == UPLOAD:
        return pair | {
            "operator": lead.operator,
            "country": lead.country,
            "version": VERSION,
            "userId": USER,
            "artifactName": ARTIFACT_NAME,
            "filename": encoded(archive()),
            "artifactId": ARTIFACT,
            "appDescriptorType": "HELM",
        }
    if operation == REPORT:
        told = {"artifactId": ARTIFACT, "operation": "ADDED", "status": "uploaded", "version": VERSION}
        return pair | told | {"operator": lead.operator, "country": lead.country}
    if operation == ONBOARD:
        return pair | {
            "leadOperatorId": lead.operator,
            "appName": "Application One",
            "appDescriptorType": "HELM",
            "artifactId": ARTIFACT,
            "metadata": {"developerId": DEVELOPER, "version": VERSION, "appDescription": "an application"},
            "provisioning": "Enabled",
            "regions": [{"zone": zone, "operator": host.operator, "country": host.country}],
            "specification": specification(component()),
        }
    if operation == STATUS:
        return pair | {"Operator": lead.operator, "Country": lead.country}
    named = {"version": VERSION, "zone": zone, "leadOperatorId": lead.operator, "leadOperatorcountry": lead.country}
    return pair | named


def carried(operation: str, how: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of ``Session.send`` whose ``json`` stands where this operation has it: the query of a GET, query and body
    of a removal, of which a receiver reads either (FI-ERR-18)."""
    if operation not in (REPORT, STATUS, DEBOARD) or "json" not in how:
        return dict(how)
    members = {name: value for name, value in how["json"].items() if value is not None}
    query = {name: value if isinstance(value, str) else str(value) for name, value in members.items()}
    rest = {name: value for name, value in how.items() if name != "json"}
    return rest | {"query": query} | ({"json": how["json"]} if operation == DEBOARD else {})


def members_of(query: Mapping[str, str], sent: Any) -> dict[str, Any]:
    """The members of a message of an operator, wherever they stand, by their names in lower case (FI-ERR-18)."""
    found = {name.casefold(): value for name, value in query.items()}
    if isinstance(sent, dict):
        found |= {str(name).casefold(): value for name, value in sent.items()}
    return found


def kind(message: Mapping[str, Any]) -> str:
    """Which operation a message about applications belongs to, by its members."""
    if "filename" in message:
        return UPLOAD
    if "status" in message:
        return REPORT
    if "specification" in message:
        return ONBOARD
    return DEBOARD if "zone" in message else STATUS


CHANGES: Mapping[str, dict[str, Any]] = {
    "an archive that climbs out": {"filename": encoded(climbing_archive())},
    "content that is no archive": {"filename": encoded(b"this is no archive")},
    "two components": {"specification": specification(component(), component(componentId="comp2"))},
}
"""What a scenario sends instead of the usual, by its words."""


def _interface(**changes: str) -> dict[str, Any]:
    whole = component()["ExposedInterfaces"][0] | changes
    return {"specification": specification(component(ExposedInterfaces=[whole]))}


def _resources(**changes: Any) -> dict[str, Any]:
    whole = component()["ComputeResourceRequirements"] | changes
    kept = {name: value for name, value in whole.items() if value is not None}
    return {"specification": specification(component(ComputeResourceRequirements=kept))}


DEFECTS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "something lacking": (
        {"filename": None},
        {"filename": "*no base64*"},
        {"filename": ""},
        {"appId": None},
        {"version": None},
        {"artifactName": None},
    ),
    "an application or a descriptor that is none": ({"appId": "Bad Id"}, {"appDescriptorType": "EXE"}),
    "a status that is none": ({"status": "done"}, {"status": None}),
    "no region": ({"regions": []}, {"regions": None}),
    "no application, details, components or resource profile": (
        {"appId": None},
        {"specification": {"componentdetails": []}},
        {"specification": specification()},
        _resources(resourceProfileId=None),
    ),
    "an artifact that was never uploaded": ({"artifactId": "ghost01"},),
    "a port, a protocol or a memory that is none": (
        _interface(port="65536"),
        _interface(port="-1"),
        _interface(protocol="FTP"),
        _resources(memory=100),
    ),
}
"""Changes that make a message defective, each by itself; None leaves a member out. They violate every edition (FI-ERR-19)."""
