"""The operations of MACsec keys (paths/macseckeys.yaml, RequestMacSecKeyRotation of paths/channels.yaml), one row each."""

from __future__ import annotations

from reference_impl.connection_coordinator import macsec_messages as m
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.kernel.operation import Operation, Parameter

CHANNEL = "/providers/{provider}/environments/{environment}/interconnects/{interconnect}/channels/{channel}"
KEYS = CHANNEL + "/macSecKeys"
KEY = KEYS + "/{macSecKey}"

_EITHER = ("csp-a", "csp-b")
_CREDENTIALS = {401: "no valid credentials"}

ALL = (
    Operation(
        "CreateMacSecKey",
        "POST",
        KEYS,
        m.MacSecKey,
        m.MacSecKey,
        caller=_EITHER,
        query=(Parameter("macSecKeyId", required=True, description="the id of the new key"),),
        statuses={
            200: "taken; startTime is the moment of it",
            400: "no usable key",
            404: "no such channel",
            409: "not the channel's MACsec manager, the id is in use, or the rotation rules forbid it now",
            **_CREDENTIALS,
        },
        links=("GetMacSecKey", "DeleteMacSecKey", "ListMacSecKeys"),
        summary="Hand over a key that stands by at the channel's MACsec manager",
    ),
    Operation(
        "GetMacSecKey",
        "GET",
        KEY,
        response=m.MacSecKey,
        caller=_EITHER,
        statuses={200: "the key, its CAK hidden", 404: "no such key", **_CREDENTIALS},
        links=("DeleteMacSecKey",),
        summary="One key of a channel",
    ),
    Operation(
        "ListMacSecKeys",
        "GET",
        KEYS,
        response=m.ListMacSecKeysResponse,
        caller=_EITHER,
        statuses={200: "all of them, their CAKs hidden", 404: "no such channel", **_CREDENTIALS},
        summary="The keys of a channel",
    ),
    Operation(
        "DeleteMacSecKey",
        "DELETE",
        KEY,
        response=Empty,
        caller=_EITHER,
        statuses={
            200: "gone",
            403: "not the channel's MACsec manager",
            404: "no such key",
            409: "it is active",
            **_CREDENTIALS,
        },
        links=("GetMacSecKey", "ListMacSecKeys"),
        summary="Delete an inactive key",
    ),
    Operation(
        "RequestMacSecKeyRotation",
        "POST",
        CHANNEL + "/RequestMacSecKeyRotation",
        m.MacSecKeyRotationRequest,
        Empty,
        caller=_EITHER,
        body_required=False,
        statuses={
            200: "the rotation follows as soon as the rules allow it",
            404: "no such channel",
            409: "the receiver does not manage the channel's keys",
            **_CREDENTIALS,
        },
        links=("ListMacSecKeys",),
        summary="The channel's MACsec manager is asked for a new key",
    ),
)
