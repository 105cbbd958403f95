"""The table of northbound actions of a provider (coordinator-harness, section 2): names, inputs, outputs, who asks."""

from __future__ import annotations

from reference_impl.connection_coordinator import (
    issue_actions,
    macsec_actions,
    maintenance_actions,
    partners,
    provisioning,
    removal,
)
from reference_impl.connection_coordinator.proof import INPUT as _PROOF
from reference_impl.kernel.action import Action, Kind, Value, may, table

# Not required of the wire: without an account nobody is a customer, and the answer is 401 (CC-KEY-001).
_ACCOUNT = may("account", summary="who asks; without a known one the answer is 401")
_UUID = Value("uuid", summary="the connection")
_ENVIRONMENT = Value("environment")
_INTERCONNECT = Value("interconnect")
_KEY = Value("activation_key", summary="the key's text, as the customer brings it", secret=True)
_MBPS = Value("mbps", Kind.NUMBER, summary="one of the environment's sizes")
_VIEW = (
    _UUID,
    _ENVIRONMENT,
    _MBPS,
    Value("state", one_of=("pending", "updating", "established", "failed", "deleted")),
    may("reason", summary="why it failed"),
)

ACTIONS = table(
    Action(
        "offers",
        "customer",
        "The environments that this account may choose from, with the sizes of each",
        (_ACCOUNT,),
        (Value("environments", Kind.OBJECTS),),
    ),
    Action(
        "offer",
        "customer",
        "Create Connection at CSP A: a pending connection and the activation key for the customer",
        (
            _ACCOUNT,
            Value("remote_account", summary="the account at the other provider that shall accept"),
            _ENVIRONMENT,
            _MBPS,
            may("peer", summary="which partner's environment, where two have the same id"),
        ),
        (_UUID, Value("activation_key"), Value("state")),
    ),
    Action(
        "preview",
        "customer",
        "What does this key say? Creates nothing",
        (_ACCOUNT, _KEY),
        (_ENVIRONMENT, _MBPS, Value("account")),
    ),
    Action(
        "accept",
        "customer",
        "Accept Connection at CSP B; ends when the connection is established or has failed",
        (
            _ACCOUNT,
            _KEY,
            may("consent", Kind.TRUTH, "true: the customer agrees; nothing is created without it"),
            _PROOF,
        ),
        (_UUID,),
        long=True,
    ),
    Action("read", "customer", "One connection as its customer sees it", (_ACCOUNT, _UUID), _VIEW),
    Action(
        "list",
        "customer",
        "All connections of this account",
        (_ACCOUNT,),
        (Value("connections", Kind.OBJECTS),),
    ),
    Action("update", "customer", "Another bandwidth", (_ACCOUNT, _UUID, _MBPS, _PROOF), (_UUID,), long=True),
    Action(
        "delete",
        "customer",
        "Delete the connection; before it is placed this withdraws the key",
        (_ACCOUNT, _UUID, _PROOF),
        (_UUID,),
        long=True,
    ),
    Action(
        "poll",
        "customer",
        "How does a long action stand? The same as GET /operations/{operation}",
        (Value("operation", summary="the handle"),),
        _VIEW,
    ),
    Action("dump", "operator", "The state in the normal form; the same as GET /state"),
    Action(
        "set_interconnect_state",
        "operator",
        "Take an interconnect into service or out of it",
        (_ENVIRONMENT, _INTERCONNECT, Value("state", one_of=("PENDING", "ACTIVE", "CLOSED"))),
    ),
    Action(
        "set_channel_state",
        "operator",
        "Enable or disable a channel",
        (_ENVIRONMENT, _INTERCONNECT, Value("channel"), Value("state", one_of=("enabled", "disabled"))),
    ),
    Action(
        "set_deferral",
        "operator",
        "Is provisioning deferred in this environment, for how long, and is it taken over from a peer that defers?",
        (
            _ENVIRONMENT,
            may("defer", Kind.TRUTH, "connections accepted here are provisioned by the other provider"),
            may("drive", Kind.TRUTH, "provisioning is taken over for a peer that defers"),
            may("hours", Kind.NUMBER, "deferralTimeoutHours"),
        ),
    ),
    Action(
        "migrate",
        "operator",
        "Move an established connection to another interconnect of its environment, make before break",
        (_UUID, _INTERCONNECT),
        (_UUID,),
        long=True,
    ),
    Action(
        "set_quota",
        "operator",
        "How many living connections an account may have",
        (Value("account"), Value("connections", Kind.NUMBER)),
    ),
    *issue_actions.ROWS,
    *maintenance_actions.ROWS,
    *macsec_actions.ROWS,
    *provisioning.ROWS,
    *removal.ROWS,
    *partners.ROWS,
)
