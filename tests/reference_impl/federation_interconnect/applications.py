"""What the tests of applications share: OP1 has registered a zone of OP2, and a developer has an artifact."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.kernel.party import Reply
from tests.reference_impl.federation_interconnect.pair import OP1, OP2, Side, Wire, federated

ZONE, OTHER = "zone-east-01", "zone-east-02"
APP = "app-of-dev-1"
UPLOAD, REPORT = "POST /operator/artifacts", "GET /operator/artifact/status"
ONBOARD, STATUS, REMOVE = (f"{method} /operator/application/onboarding" for method in ("POST", "GET", "DELETE"))
COMPONENT = {"componentId": "c1", "ComputeResourceRequirements": {"resourceProfileId": "p1", "cpu": 1}}


def zipped(**entries: bytes) -> bytes:
    """An archive that is the same whenever it is made."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


CONTENT = zipped(chart=b"replicas: 1")


def ready(
    lead: Decisions = OPERATOR, host: Decisions = OPERATOR, zones: tuple[str, ...] = (ZONE,)
) -> tuple[Side, Side, Wire]:
    """OP1, OP2 and the wire; OP1 has registered these zones of OP2."""
    op1, op2, wire = federated(lead, host)
    begun = op1.act("register_zone", partner=OP2, zones=list(zones))
    wire.until_quiet()
    assert op1.poll(begun) == ("ok", None)
    return op1, op2, wire


def onboard(op1: Side, **changes: Any) -> Reply:
    usual = {
        "partner": OP2,
        "zone": ZONE,
        "application": APP,
        "name": "Game",
        "version": "1.0",
        "developer": "dev1",
        "artifact": base64.b64encode(CONTENT).decode(),
        "components": [COMPONENT],
    }
    return op1.act("onboard_application", **{**usual, **changes})


def onboarded(
    lead: Decisions = OPERATOR, host: Decisions = OPERATOR, zones: tuple[str, ...] = (ZONE,)
) -> tuple[Side, Side, Wire]:
    """As ``ready``, and the application is onboarded in each of these zones."""
    op1, op2, wire = ready(lead, host, zones)
    for zone in zones:
        begun = onboard(op1, zone=zone)
        finish(op1, op2, wire)
        assert op1.poll(begun) == ("ok", None)
    return op1, op2, wire


def finish(op1: Side, op2: Side, wire: Wire) -> None:
    """Everything goes its way: the equipment works whenever nothing is under way."""
    for _ in range(10):
        wire.until_quiet_but(STATUS)
        op2.work()
    wire.until_quiet()


def stages(op1: Side) -> list[tuple[str, str]]:
    return [(row["zone"], row["status"]) for row in op1.dump()["applications"]]


def why(op1: Side) -> str:
    (row,) = op1.dump()["applications"]
    return str(row["reason"])


def hosted(op2: Side) -> list[tuple[str, str, str, str]]:
    rows = op2.dump()["hosted_applications"]
    return [(row["partner"], row["application"], row["zone"], row["state"]) for row in rows]


def kept_artifacts(op2: Side) -> list[tuple[str, str, str]]:
    return [(row["partner"], row["artifact"], row["state"]) for row in op2.dump()["artifacts"]]


def uploading(content: bytes | str = CONTENT, **changes: Any) -> m.UploadArtifactRequest:
    text = content if isinstance(content, str) else base64.b64encode(content).decode()
    usual = {
        "requestId": "u-1",
        "leadfederationId": OP1,
        "partnerfederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "appId": APP,
        "version": "1.0",
        "userId": "dev1",
        "artifactName": "game",
        "filename": text,
        "artifactId": "art1",
        "appDescriptorType": "HELM",
    }
    return m.UploadArtifactRequest(**{**usual, **changes})


def onboarding(*zones: str, component: dict[str, Any] | None = None, **changes: Any) -> m.OnboardApplicationRequest:
    components = (m.AppComponent.model_validate(COMPONENT if component is None else component),)
    usual = {
        "requestId": "o-1",
        "leadfederationId": OP1,
        "partnerfederationId": OP2,
        "leadOperatorId": "operator-one",
        "appId": APP,
        "artifactId": "art1",
        "metadata": m.AppMetadata(version="1.0"),
        "regions": tuple(m.AppRegion(zone=zone) for zone in zones or (ZONE,)),
        "specification": m.AppSpecification(componentdetails=(m.ComponentDetail(components=components),)),
    }
    return m.OnboardApplicationRequest(**{**usual, **changes})


def asking(**changes: str) -> dict[str, str]:
    usual = {"requestId": "s-1", "appId": APP, "Operator": "operator-one", "leadfederationId": OP1}
    return {**usual, "partnerfederationId": OP2, **changes}


def removing(**changes: Any) -> dict[str, str]:
    usual = {"requestId": "d-1", "appId": APP, "version": "1.0", "zone": ZONE, "leadOperatorId": "operator-one"}
    return {**usual, "leadfederationId": OP1, "partnerfederationId": OP2, **changes}


def reporting(request: str | None, **changes: Any) -> dict[str, str]:
    usual = {"leadfederationId": OP1, "partnerfederationId": OP2, "appId": APP, "version": "1.0", "artifactId": "art-9"}
    usual |= {"operation": "ADDED", "status": "uploaded"} | ({} if request is None else {"requestId": request})
    return {**usual, **changes}


def uploaded(host: Decisions = OPERATOR, zones: tuple[str, ...] = (ZONE,)) -> tuple[Side, Side, Wire]:
    """As ``ready``, and OP2 has the artifact art1 of OP1; nothing is onboarded."""
    op1, op2, wire = ready(OPERATOR, host, zones)
    assert op2.ask(UPLOAD, uploading(), op2.keys[OP1]).status == 200
    op2.work()
    (report,) = op2.calls()
    op2.answer(report, 200)
    return op1, op2, wire
