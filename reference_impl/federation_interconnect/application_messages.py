"""The messages of applications (federation-wire 7.8 to 7.12), the application table of the seed and its completion.

Here the identities are named by role, whoever sends: the lead and the host (``partner``); operator and country are the
lead's (FI-ERR-17). Names are matched without regard to case (FI-ERR-15, -18). As in ``messages``, only the shape is
declared: the syntax of the values is checked by the receiver.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from reference_impl.federation_interconnect.messages import PartnerMessage
from reference_impl.kernel.party import Message


class AnyCase(Message):
    """A message whose members are known by their names in whatever case."""

    @model_validator(mode="before")
    @classmethod
    def _name(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        names = {name.casefold(): name for name in cls.model_fields}
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        return {names.get(key.casefold(), key): value for key, value in values.items()}


class ApplicationMessage(AnyCase, PartnerMessage):
    """What every message about applications has; it is from the lead to the host where nothing else is said."""

    leadfederationId: str
    partnerfederationId: str

    @property
    def sender_id(self) -> str:
        return self.leadfederationId

    @property
    def receiver_id(self) -> str:
        return self.partnerfederationId


class UploadArtifactRequest(ApplicationMessage):
    """``filename`` is the content, base64 (FI-ERR-20); ``artifactId`` is proposed by the lead."""

    requestId: str
    operator: str
    country: str
    appId: str
    version: str
    userId: str
    artifactName: str
    filename: str
    artifactId: str | None = None
    appDescriptorType: str | None = None
    package: str | None = None
    terraformFileId: str | None = None
    helmFileId: str | None = None
    components: tuple[str, ...] | None = None


class UploadArtifactResponse(AnyCase):
    """``artifactId`` is the one that the host will accept in an onboarding (FI-ERR-20)."""

    requestId: str | None = None
    artifactId: str | None = None


class ArtifactStatus(ApplicationMessage):
    """The report of an upload, in the query of a GET (FI-ERR-03): from the host to the lead, about the lead's operator."""

    operator: str | None = None
    country: str | None = None
    appId: str
    version: str
    artifactId: str
    operation: str
    status: str

    @property
    def sender_id(self) -> str:
        return self.partnerfederationId

    @property
    def receiver_id(self) -> str:
        return self.leadfederationId


class AppRegion(AnyCase):
    """A zone of the host; operator and country are the host's (FI-ERR-28)."""

    zone: str
    operator: str | None = None
    country: str | None = None


class AppMetadata(AnyCase):
    developerId: str | None = None
    version: str | None = None
    appDescription: str | None = None


class ComponentSource(AnyCase):
    repo: str | None = None
    codeArchive: str | None = None
    id: str | None = None
    path: str | None = None
    username: str | None = None
    password: str | None = None


class ExposedInterface(AnyCase):
    interfaceId: str | None = None
    interfaceType: str | None = None
    port: str | None = None
    protocol: str | None = None
    upstreamPath: str | None = None
    visibility: str | None = None


class Gpu(AnyCase):
    gpuType: str | None = None
    noOfGPUs: int | None = None


class ResourceRequirements(AnyCase):
    """cpu in whole cores (FI-ERR-19), memory in MB."""

    resourceProfileId: str | None = None
    cpu: int | None = None
    memory: int | None = None
    gpu: Gpu | None = None


class InputParameter(AnyCase):
    name: str | None = None
    type: str | None = None
    value: str | None = None


class PersistentVolume(AnyCase):
    volumeSize: str | None = None
    volumePath: str | None = None
    volumeName: str | None = None


class AppComponent(AnyCase):
    """Capital first letters as in HEAD's shape."""

    componentId: str | None = None
    virtualizationMode: str | None = None
    componentSource: ComponentSource | None = None
    ExposedInterfaces: tuple[ExposedInterface, ...] | None = None
    ComputeResourceRequirements: ResourceRequirements | None = None
    inputParameters: tuple[InputParameter, ...] | None = None
    persistentVolume: tuple[PersistentVolume, ...] | None = None


class ComponentDetail(AnyCase):
    serviceId: str | None = None
    components: tuple[AppComponent, ...] = ()


class AppSpecification(AnyCase):
    componentdetails: tuple[ComponentDetail, ...] = ()


class OnboardApplicationRequest(ApplicationMessage):
    requestId: str
    leadOperatorId: str
    appId: str
    appName: str | None = None
    appType: str | None = None
    appDescriptorType: str | None = None
    artifactId: str
    metadata: AppMetadata | None = None
    provisioning: str | None = None
    regions: tuple[AppRegion, ...]
    specification: AppSpecification


class OnboardApplicationResponse(AnyCase):
    createdAt: str
    appId: str
    requestId: str | None = None


class ApplicationStatusQuery(ApplicationMessage):
    """What the lead asks for, in the query of a GET; the origin spells Operator and Country with capitals (FI-ERR-18)."""

    appId: str
    Operator: str
    Country: str | None = None


class ZoneOnboardStatus(AnyCase):
    zoneId: str = ""
    status: str


class ApplicationStatusResponse(AnyCase):
    requestId: str | None = None
    appId: str
    leadOperatorId: str | None = None
    leadfederationId: str | None = None
    onboardstatus: tuple[ZoneOnboardStatus, ...] | None = None


class RemoveApplicationRequest(AnyCase):
    """In the body, in the query, or in both (FI-ERR-18), hence nothing is mandatory in either; see ``ApplicationRemoval``."""

    requestId: str | None = None
    appId: str | None = None
    version: str | None = None
    zone: str | None = None
    leadOperatorId: str | None = None
    leadOperatorcountry: str | None = None
    leadfederationId: str | None = None
    partnerfederationId: str | None = None


class ApplicationRemoval(ApplicationMessage):
    """The whole of a removal, from wherever its members came."""

    appId: str
    version: str
    zone: str
    leadOperatorId: str
    leadOperatorcountry: str | None = None
