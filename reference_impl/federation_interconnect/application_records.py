"""What a platform keeps of applications: of those it onboards at partners, and of those that partners onboard here.

The lead's row follows the seed's table: uploadpending before the upload, uploaded after the report (FI-APP-003,
FI-ARTIFACT-006). The host's artifacts are in its registry, by the digest of their content.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reference_impl.federation_interconnect.application_messages import AppComponent
from reference_impl.kernel.tables import Table


class Stage(StrEnum):
    """How an onboarding of ours stands, as northbound shows it (federation-wire, section 8)."""

    UPLOADPENDING = "uploadpending"
    UPLOADED = "uploaded"
    ONBOARDING = "onboarding"
    ONBOARDED = "onboarded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """An application that we onboard in a zone of a partner.

    ``order`` is the operator's order and the requestId of the upload, ``request`` that of the onboarding. ``artifact``
    is the id that we propose, then the one that the partner reported; ``digest`` is the SHA-256 of its content.
    ``doubt``: the last attempt had no clear answer, and where the onboarding has failed, the partner may have the
    application all the same.
    """

    partner: str
    app: str
    zone: str
    stage: Stage
    name: str
    version: str
    developer: str
    descriptor: str
    artifact: str
    digest: str
    components: tuple[AppComponent, ...]
    order: str
    request: str = ""
    reason: str = ""
    doubt: bool = False


class Storage(StrEnum):
    """How an artifact stands in the registry."""

    STORING = "storing"
    UPLOADED = "uploaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a partner uploaded: ``digest`` is the SHA-256 of the content, ``size`` in bytes; ``request`` the upload's."""

    partner: str
    id: str
    app: str
    version: str
    name: str
    user: str
    descriptor: str
    digest: str
    size: int
    request: str
    state: Storage
    reason: str = ""


class Hosted(StrEnum):
    """How a partner's application stands in a zone of ours, as the wire names it."""

    PENDING = "PENDING"
    ONBOARDED = "ONBOARDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class HostedApplication:
    """A partner's application in a zone of ours. ``created_at`` in milliseconds."""

    partner: str
    app: str
    zone: str
    version: str
    artifact: str
    request: str
    created_at: int
    state: Hosted


ONBOARDINGS = Table("onboardings", Onboarding, ("partner", "app", "zone"), (("partner",),))
ARTIFACTS = Table("artifacts", Artifact, ("partner", "id"), (("partner",), ("digest",)))
HOSTED = Table("hosted_applications", HostedApplication, ("partner", "app", "zone"), (("partner",),))

APPLICATION_TABLES = (ONBOARDINGS, ARTIFACTS, HOSTED)
