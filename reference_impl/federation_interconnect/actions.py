"""The table of northbound actions of an operator (federation-wire, section 9): names, inputs, outputs."""

from __future__ import annotations

from reference_impl.federation_interconnect import application_actions
from reference_impl.kernel.action import Action, Kind, Value, may, table

_ZONE = Value("zone", summary="zone id")
_ZONES = Value("zones", Kind.OBJECTS)
_PARTNER = Value("partner", summary="the partner's federation id")
_FEDERATION = may("federation", summary="the own federation, where there are several")
_ISSUED = Value("api_key", summary="the key that was issued; shown this once")
_ARRANGEMENT = (Value("operator"), Value("country"), Value("address"))
_UNDELIVERED = Value("undelivered", Kind.OBJECTS, summary="partners that have not acknowledged, and what")
_KEY = may("api_key", summary="the key to use towards the partner", secret=True)

ACTIONS = table(
    Action(
        "onboard_cloudlet",
        "operator",
        "A cloudlet of our own",
        (
            Value("name"),
            Value("location", Kind.OBJECT, summary="lat and long in decimal degrees"),
            may("capacity", Kind.OBJECT, "cpu in cores, ram and disk in GB"),
        ),
        (Value("name"),),
    ),
    Action(
        "create_zone",
        "operator",
        "An availability zone of our own cloudlets",
        (
            _ZONE,
            Value("cloudlets", Kind.TEXTS),
            Value("geo_location"),
            *(may(name) for name in ("country", "city", "state", "locality")),
        ),
        (_ZONE, _UNDELIVERED),
    ),
    Action(
        "delete_zone",
        "operator",
        "Withdraw a zone that nobody has registered; ends when every partner has heard of it",
        (_ZONE,),
        (_ZONE,),
        long=True,
    ),
    Action(
        "share_zone",
        "operator",
        "Let a partner see a zone of ours that was taken from it",
        (_ZONE, _PARTNER),
        (_ZONE, _UNDELIVERED),
    ),
    Action(
        "unshare_zone",
        "operator",
        "Take a zone of ours from one partner, which has not registered it",
        (_ZONE, _PARTNER),
        (_ZONE, _UNDELIVERED),
    ),
    Action(
        "create_self_federation",
        "operator",
        "Set up an own federation; the key that comes back is for partners to call us with",
        (
            may("federation", summary="its id; generated where none is chosen"),
            Value("operator"),
            Value("country"),
            Value("mcc"),
            Value("mnc", Kind.TEXTS),
            may("locator"),
            may("address", summary="where partners reach us; https where it has no scheme"),
        ),
        (Value("federation"), Value("address"), _ISSUED),
    ),
    Action(
        "update_attributes",
        "operator",
        "Change what partners know of an own federation; those whom we share with are told",
        (may("mcc"), may("mnc", Kind.TEXTS, "replaces the whole list"), may("locator"), _FEDERATION),
        (Value("federation"), _UNDELIVERED),
    ),
    Action("delete_self_federation", "operator", "Give an own federation up", (Value("federation"),)),
    Action(
        "rotate_api_key",
        "operator",
        "A new key for one partner, or for all that were given none of their own; the old one is void at once",
        (may("partner"), _FEDERATION),
        (_ISSUED,),
    ),
    Action(
        "expect_partner",
        "operator",
        "Arrange a partner out of band; the key that comes back is for it to call us with",
        (_PARTNER, *_ARRANGEMENT, _KEY, _FEDERATION),
        (_ISSUED,),
    ),
    Action(
        "set_partner_api_key",
        "operator",
        "The key to use towards a partner",
        (_PARTNER, Value("api_key", secret=True)),
    ),
    Action(
        "add_partner",
        "operator",
        "Add a partner: with the whole arrangement, or by its id where it is arranged already",
        (_PARTNER, may("operator"), may("country"), may("address"), _KEY, _FEDERATION),
        (_PARTNER,),
        long=True,
    ),
    Action(
        "register_zone",
        "operator",
        "Register zones of a partner",
        (_PARTNER, Value("zones", Kind.TEXTS)),
        (_PARTNER,),
        long=True,
    ),
    Action(
        "deregister_zone",
        "operator",
        "Deregister zones of a partner",
        (_PARTNER, Value("zones", Kind.TEXTS)),
        (_PARTNER,),
        long=True,
    ),
    Action(
        "remove_partner",
        "operator",
        "Remove a partner none of whose zones is registered; the bare arrangement stays",
        (_PARTNER,),
        (_PARTNER,),
        long=True,
    ),
    Action("delete_partner", "operator", "Forget a bare arrangement, if there is one", (_PARTNER,)),
    Action(
        "retry_pending",
        "operator",
        "Tell partners now what they have not acknowledged, and once more what they have refused",
        (),
        (_UNDELIVERED,),
    ),
    Action(
        "poll",
        "operator",
        "How does a long action stand? The same as GET /operations/{operation}",
        (Value("operation", summary="the handle"),),
        (_PARTNER, _ZONES, may("application")),
    ),
    Action("show_self", "operator", "The own federation, without its key; empty where there is none", (_FEDERATION,)),
    Action("show_cloudlets", "operator", "Our cloudlets", (), (Value("cloudlets", Kind.OBJECTS),)),
    Action("show_zones", "operator", "Our zones; with a partner, those learnt from it", (may("partner"),), (_ZONES,)),
    Action("show_partners", "operator", "All partners", (), (Value("partners", Kind.OBJECTS),)),
    Action(
        "show_registrations",
        "operator",
        "Which partner registered which of our zones",
        (may("zone"),),
        (Value("registrations", Kind.OBJECTS),),
    ),
    *application_actions.ROWS,
    Action("dump", "operator", "The whole state; the same as GET /state"),
)
