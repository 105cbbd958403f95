"""The syntax of what messages about applications say (federation-wire, section 6): a reason why not, or None.

Where the editions differ, what satisfies their union is accepted (FI-ERR-19).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from reference_impl.federation_interconnect import syntax
from reference_impl.federation_interconnect.application_messages import (
    AppComponent,
    AppSpecification,
    ExposedInterface,
    Gpu,
    InputParameter,
    ResourceRequirements,
)

DESCRIPTORS = ("TOSCA", "TERRAFORM", "HELM", "GMEC")
PROTOCOLS = ("TCP", "UDP", "HTTP")
_APP = re.compile(r"[a-z0-9][a-z0-9_-]*[a-z0-9]")
_ARTIFACT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_PARAMETER = re.compile(r"[A-Z_]+[A-Z0-9_]*")


def app_id(value: str) -> str | None:
    if 8 <= len(value) <= 64 and _APP.fullmatch(value):
        return None
    return f"want 8 to 64 lower-case letters, digits, hyphens and underscores, {syntax.got(value)}"


def artifact_id(value: str) -> str | None:
    """The pattern and the built-in default of the origin, ART-0001, contradict each other: both are accepted."""
    if len(value) <= 16 and _ARTIFACT.fullmatch(value):
        return None
    return f"want 1 to 16 letters and digits, {syntax.got(value)}"


def artifact_name(value: str) -> str | None:
    return None if 1 <= len(value) <= 64 and value.strip() else f"want 1 to 64 characters, {syntax.got(value)}"


def descriptor(value: str) -> str | None:
    return None if value in DESCRIPTORS else f"want one of {', '.join(DESCRIPTORS)}, {syntax.got(value)}"


def text(value: str) -> str | None:
    return None if value.strip() and len(value) <= 256 else f"want 1 to 256 characters, {syntax.got(value)}"


def decoded(value: str) -> bytes | None:
    """The bytes of a base64 text; None for what is none, or nothing."""
    try:
        return base64.b64decode("".join(value.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def specification(value: AppSpecification, limit: int) -> str | None:
    """At least one component, each with a resource profile, and at most ``limit`` of them (FI-APP-007)."""
    if not value.componentdetails:
        return "componentdetails: want at least one, got none"
    if any(not each.components for each in value.componentdetails):
        return "components: want at least one, got none"
    return components(tuple(one for each in value.componentdetails for one in each.components), limit)


def components(values: tuple[AppComponent, ...], limit: int) -> str | None:
    if not 1 <= len(values) <= limit:
        return f"components: want 1 to {limit}, got {len(values)}"
    return next((reason for each in values for reason in _component(each)), None)


def _component(value: AppComponent) -> Iterator[str]:
    if value.virtualizationMode not in (None, "Kubernetes", "VM"):
        yield f"virtualizationMode: want Kubernetes or VM, {syntax.got(value.virtualizationMode)}"
    for each in value.ExposedInterfaces or ():
        yield from _interface(each)
    yield from _resources(value.ComputeResourceRequirements)
    for parameter in value.inputParameters or ():
        yield from _parameter(parameter)
    for volume in value.persistentVolume or ():
        if volume.volumeSize not in (None, "10Gi", "20Gi", "50Gi", "100Gi"):
            yield f"volumeSize: want 10Gi, 20Gi, 50Gi or 100Gi, {syntax.got(volume.volumeSize)}"


def _interface(value: ExposedInterface) -> Iterator[str]:
    if value.port is not None and (reason := syntax.port(value.port)):
        yield f"port: {reason}"
    kinds = (
        ("interfaceType", value.interfaceType, ("NETWORK", "EVENT")),
        ("protocol", value.protocol, PROTOCOLS),
        ("visibility", value.visibility, ("external", "internal")),
    )
    for name, kind, known in kinds:
        if kind is not None and kind not in known:
            yield f"{name}: want one of {', '.join(known)}, {syntax.got(kind)}"


def _resources(value: ResourceRequirements | None) -> Iterator[str]:
    """cpu is whole cores, whatever it is called (FI-ERR-19)."""
    if value is None or not (value.resourceProfileId or "").strip():
        yield "resourceProfileId: want the profile of each component, got none"
        return
    if value.cpu is not None and not 1 <= value.cpu <= 4:
        yield f"cpu: want 1 to 4, got {value.cpu}"
    if value.memory is not None and not (128 <= value.memory <= 2048 and value.memory % 64 == 0):
        yield f"memory: want 128 to 2048 in steps of 64, got {value.memory}"
    if value.gpu is not None:
        yield from _gpu(value.gpu)


def _gpu(value: Gpu) -> Iterator[str]:
    if value.gpuType not in (None, "nvidia", "amd"):
        yield f"gpuType: want nvidia or amd, {syntax.got(value.gpuType)}"
    if value.noOfGPUs is not None and not 1 <= value.noOfGPUs <= 4:
        yield f"noOfGPUs: want 1 to 4, got {value.noOfGPUs}"


def _parameter(value: InputParameter) -> Iterator[str]:
    if value.name is not None and not (len(value.name) <= 256 and _PARAMETER.fullmatch(value.name)):
        yield f"inputParameters: want names of capital letters, digits and underscores, {syntax.got(value.name)}"
    if value.type not in (None, "network", "constant"):
        yield f"inputParameters: want the type network or constant, {syntax.got(value.type)}"
