"""What the contract of the E/WBI says beyond names and types: meanings, syntax, and an example of everything.

The origin published no such document; the facts are those of federation-wire, sections 4 to 7. A syntax stands here only
where a receiver refuses what violates it, and as wide as the editions together are (FI-ERR-19).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from reference_impl.federation_interconnect import application_operations as app
from reference_impl.federation_interconnect import operations as op

Json = dict[str, Any]

ABOUT = """The interface between two edge operators. OP1, the lead, uses zones; OP2, the host, shares them; a platform may
be both towards the same partner. Which side serves an operation follows from its flow (`x-callers`): a lead calls what the
host serves, and the other way round.

Every request carries the key that its receiver has issued for this federation, as `Authorization: Bearer` or as `x-api-key`;
where both are there, the Bearer value decides. A refusal has no effect. The documents name no status: any 2xx is a success
and any 4xx a refusal, those given here are recommended. A request that is repeated with the same requestId and content has no
second effect. DELETE operations have a body. Unknown members are ignored, absent and null are the same."""

_ID = {"pattern": "^[a-zA-Z0-9][a-zA-Z0-9_-]*[a-zA-Z0-9]$"}
_FEDERATION: Json = {**_ID, "minLength": 8, "maxLength": 128}
_ZONE: Json = {**_ID, "minLength": 8, "maxLength": 32}
_COUNTRY: Json = {"pattern": "^[A-Z]{2}$"}
_SENDER = "of the sender, not of the receiver (FI-ERR-17)"
_OF_LEAD = "of the lead, whoever sends (FI-ERR-17)"
_APP: Json = {"pattern": "^[a-z0-9][a-z0-9_-]*[a-z0-9]$", "minLength": 8, "maxLength": 64}


def _says(description: str, **keywords: Any) -> Json:
    return {"description": description, **keywords}


MEMBERS: Mapping[str, Mapping[str, Json]] = {
    "": {
        "requestId": _says("id of the logical request, equal on repeats (FI-ERR-24)", minLength=1, maxLength=256),
        "origFederationId": _says("the sender's own federation id", **_FEDERATION),
        "destFederationId": _says("the receiver's federation id", **_FEDERATION),
        "operator": _says(f"operator id {_SENDER}", minLength=1),
        "country": _says(f"ISO 3166-1 alpha-2, assigned, {_SENDER}", **_COUNTRY),
        "leadfederationId": _says("federation id of the lead, whoever sends", **_FEDERATION),
        "partnerfederationId": _says("federation id of the host, whoever sends", **_FEDERATION),
        "leadOperatorId": _says(f"operator id {_OF_LEAD}", minLength=1),
        "leadOperatorcountry": _says(f"country {_OF_LEAD}; spelt like this", **_COUNTRY),
        "MCC": _says("mobile country code, 3 digits", pattern="^([0-9]{3})?$"),
        "MNC": _says(
            "mobile network codes, 2 or 3 digits each; the whole list",
            items={"type": "string", "pattern": "^[0-9]{2,3}$"},
        ),
        "locatorEndPoint": _says("host and port, or URL, of the discovery service"),
        "zoneId": _says("zone id, unique within its operator", **_ZONE),
        "zone": _says("zone id", **_ZONE),
        "zones": _says("zone ids; all of them or none", minItems=1, items={"type": "string", **_ZONE}),
        "appId": _says("the application, unique within its lead", **_APP),
        "version": _says("version of the application", minLength=1, maxLength=256),
        "artifactId": _says("id of the artifact, unique within its lead", minLength=1, maxLength=16),
        "appDescriptorType": _says("kind of descriptor: TOSCA, TERRAFORM, HELM or GMEC"),
        "message": _says("why, for a person; no key, nothing of another partner, nothing internal"),
    },
    "AddPartnerRequest": {
        "applicationAnchormentReq": _says("the wish that the host endorse the lead's applications; decides nothing"),
        "origFederationAddr": _says("where the lead is reached, for hosts with open admission only (FI-ERR-08)"),
    },
    "AddPartnerResponse": {
        "origOperatorId": _says("operator id of the host, which answers (FI-ERR-16)"),
        "origFederationId": _says("federation id of the host, which answers (FI-ERR-16)", **_FEDERATION),
        "partnerOperatorId": _says("operator id of the lead, which has asked"),
        "destFederationId": _says("federation id of the lead, which has asked", **_FEDERATION),
        "partnerZone": _says("all zones that the host shares with the lead now; may be empty, null or absent"),
    },
    "ZoneSharedRequest": {"partnerZone": _says("the zone that is shared now")},
    "ZoneInfo": {
        "geoLocation": _says("latitude,longitude in decimal degrees", examples=["37.5,127.0"]),
        "city": _says("comma-separated"),
        "state": _says("comma-separated"),
        "locality": _says("such as rural or urban"),
        "edgeCount": _says("number of member cloudlets; they are not named", minimum=1),
    },
    "RegisterZonesResponse": {
        "zone": _says("one entry for each zone that was registered"),
        "leadOperatorId": _says("contradictory in the origin, not judged (FI-ERR-16)"),
        "partnerOperatorId": _says("contradictory in the origin, not judged (FI-ERR-16)"),
        "federationId": _says("contradictory in the origin, not judged (FI-ERR-16)"),
    },
    "ZoneRegisterDetails": {
        "registrationToken": _says("opaque, and no credential (FI-ERR-16)"),
        "guaranteedResources": _says("at most the upper limit"),
        "upperLimitQuota": _says("what may be used"),
    },
    "ZoneResourceInfo": {
        "cpu": _says("cores; 0 or absent: not stated"),
        "ram": _says("GB; 0 or absent: not stated"),
        "disk": _says("GB; 0 or absent: not stated"),
        "gpu": _says("number; 0 or absent: not stated"),
    },
    "UploadArtifactRequest": {
        "operator": _says(f"operator id {_OF_LEAD}", minLength=1),
        "country": _says(f"country {_OF_LEAD}", **_COUNTRY),
        "userId": _says("the developer at the lead", minLength=1, maxLength=256),
        "artifactName": _says("for people", minLength=1, maxLength=64),
        "filename": _says(
            "the content itself, base64 of a zip or a tar (FI-ERR-20)", contentEncoding="base64", minLength=4
        ),
        "artifactId": _says("proposed by the lead", minLength=1, maxLength=16),
        "package": _says("format of the content"),
        "components": _says("names of the components"),
    },
    "UploadArtifactResponse": {"artifactId": _says("the id that the host will accept in an onboarding (FI-ERR-20)")},
    "ArtifactStatus": {
        "operator": _says(f"operator id {_OF_LEAD}"),
        "country": _says(f"country {_OF_LEAD}"),
        "operation": _says("what was done", enum=["ADDED", "REMOVED"]),
        "status": _says("how it ended", enum=["uploaded", "failed", "deleted"]),
    },
    "OnboardApplicationRequest": {
        "regions": _says("where: zones of the host that the lead has registered", minItems=1),
        "specification": _says("what: at least one component with a resource profile"),
        "provisioning": _says("Enabled, as where nothing is said, or Disabled"),
    },
    "OnboardApplicationResponse": {"createdAt": _says("RFC 3339", format="date-time")},
    "AppRegion": {"operator": _says("of the host (FI-ERR-28)"), "country": _says("of the host (FI-ERR-28)")},
    "ComponentSource": {
        "password": _says("for the host's eyes only: it is in no answer (FI-AUTH-009)", format="password")
    },
    "ExposedInterface": {
        "port": _says("0 to 65535, as a text"),
        "protocol": _says("TCP, UDP or HTTP"),
        "interfaceType": _says("NETWORK or EVENT"),
        "visibility": _says("external or internal"),
    },
    "ResourceRequirements": {
        "resourceProfileId": _says("mandatory in the origin's last edition"),
        "cpu": _says("whole cores, 1 to 4 (FI-ERR-19)"),
        "memory": _says("MB, 128 to 2048 in steps of 64"),
    },
    "ApplicationStatusResponse": {"onboardstatus": _says("one entry for each zone")},
    "ZoneOnboardStatus": {
        "zoneId": _says("the zone; empty in the origin, which has one entry only"),
        "status": _says("PENDING, ONBOARDED or FAILED", examples=["ONBOARDED"]),
    },
}
"""Keywords beside each member, by schema and member; those under "" hold wherever nothing else is said."""

LEAD, HOST = "5f0c1c9e-8a35-4f52-9a75-0d3c0a4f6f11", "c2b1e0a7-31d6-4d57-8f0e-7b1f3b6a9d22"
_BEGIN = {"requestId": "request-0001", "origFederationId": LEAD, "destFederationId": HOST}
_BEGIN |= {"operator": "operator-one", "country": "DE"}
_BACK = _BEGIN | {"origFederationId": HOST, "destFederationId": LEAD, "operator": "operator-two", "country": "KR"}
_PAIR = {"requestId": "request-0001", "leadfederationId": LEAD, "partnerfederationId": HOST}
_PLACE = {"zoneId": "east-zone-01", "geoLocation": "37.5,127.0", "city": "Seoul", "state": "Seoul", "edgeCount": 2}
_RESOURCES = {"cpu": 16, "ram": 64, "disk": 500}
_COMPONENT = {
    "componentId": "comp1",
    "virtualizationMode": "Kubernetes",
    "componentSource": {"repo": "docker", "codeArchive": "false", "id": "image1", "path": "registry.example/app:1.0"},
    "ExposedInterfaces": [
        {"interfaceId": "if1", "interfaceType": "NETWORK", "port": "8080", "protocol": "TCP", "visibility": "external"}
    ],
    "ComputeResourceRequirements": {"resourceProfileId": "small1", "cpu": 1, "memory": 512},
}
_APPLICATION = {"appId": "app-one-0001", "version": "1.0"}
_REPORT = _PAIR | _APPLICATION | {"operator": "operator-one", "country": "DE", "artifactId": "art0001"}
_REPORT |= {"operation": "ADDED", "status": "uploaded"}
EMPTY_ZIP = base64.b64encode(b"PK\x05\x06" + bytes(18)).decode()

EXAMPLES: Mapping[str, Mapping[str, Json]] = {
    op.ADD_PARTNER: {
        "request": _BEGIN | {"origFederationAddr": "https://op1.example"},
        "response": {
            "requestId": "request-0001",
            "origOperatorId": "operator-two",
            "origFederationId": HOST,
            "partnerOperatorId": "operator-one",
            "destFederationId": LEAD,
            "MCC": "450",
            "MNC": ["05"],
            "locatorEndPoint": "discovery.op2.example:443",
            "partnerZone": [_PLACE],
        },
    },
    op.UPDATE_PARTNER: {"request": _BACK | {"MCC": "450", "MNC": ["05", "06"]}},
    op.REMOVE_PARTNER: {"request": _BEGIN},
    op.REGISTER_ZONES: {
        "request": _BEGIN | {"zones": ["east-zone-01"]},
        "response": {
            "requestId": "request-0001",
            "zone": [{"zoneId": "east-zone-01", "guaranteedResources": _RESOURCES, "upperLimitQuota": _RESOURCES}],
        },
    },
    op.DEREGISTER_ZONES: {"request": _BEGIN | {"zones": ["east-zone-01"], "zone": "east-zone-01"}},
    op.NOTIFY_ZONE: {"request": _BACK | {"partnerZone": _PLACE}},
    op.WITHDRAW_ZONE: {"request": _BACK | {"zone": "east-zone-01"}},
    app.UPLOAD_ARTIFACT: {
        "request": _PAIR
        | _APPLICATION
        | {
            "operator": "operator-one",
            "country": "DE",
            "userId": "developer-1",
            "artifactName": "application1",
            "filename": EMPTY_ZIP,
            "artifactId": "art0001",
            "appDescriptorType": "HELM",
        },
        "response": {"requestId": "request-0001", "artifactId": "art0001"},
    },
    app.REPORT_ARTIFACT: {"query": _REPORT},
    app.POST_ARTIFACT_STATUS: {"request": _REPORT},
    app.ONBOARD_APPLICATION: {
        "request": _PAIR
        | {
            "leadOperatorId": "operator-one",
            "appId": "app-one-0001",
            "appName": "Application One",
            "appDescriptorType": "HELM",
            "artifactId": "art0001",
            "metadata": {"developerId": "developer1", "version": "1.0"},
            "provisioning": "Enabled",
            "regions": [{"zone": "east-zone-01", "operator": "operator-two", "country": "KR"}],
            "specification": {"componentdetails": [{"serviceId": "service1", "components": [_COMPONENT]}]},
        },
        "response": {"requestId": "request-0001", "appId": "app-one-0001", "createdAt": "2022-02-13T12:00:00Z"},
    },
    app.APPLICATION_STATUS: {
        "query": _PAIR | {"appId": "app-one-0001", "Operator": "operator-one", "Country": "DE"},
        "response": {
            "requestId": "request-0001",
            "appId": "app-one-0001",
            "leadOperatorId": "operator-one",
            "leadfederationId": LEAD,
            "onboardstatus": [{"zoneId": "east-zone-01", "status": "ONBOARDED"}],
        },
    },
    app.REMOVE_APPLICATION: {
        "request": _PAIR
        | _APPLICATION
        | {"zone": "east-zone-01", "leadOperatorId": "operator-one", "leadOperatorcountry": "DE"},
        "query": _PAIR
        | _APPLICATION
        | {"zone": "east-zone-01", "leadOperatorId": "operator-one", "leadOperatorcountry": "DE"},
    },
}
"""By operation: ``request`` and ``response`` bodies, and the ``query``."""
