"""Which erratum explains a difference: the reading that our contract takes where the documents leave room.

A difference that no row explains is one that both sides have to talk about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from conformance.contract.difference import Aspect, Difference


@dataclass(frozen=True, slots=True)
class Explanation:
    """Differences of one aspect at these places (with ``*``), here and there as given; None: whatever it is.

    It does not hold where one of the operations ``but`` is concerned.
    """

    erratum: str
    aspect: Aspect
    where: tuple[str, ...]
    here: str | None = None
    there: str | None = None
    but: frozenset[str] = frozenset()

    def explains(self, difference: Difference) -> bool:
        return (
            difference.aspect == self.aspect
            and any(fnmatchcase(difference.where, place) for place in self.where)
            and self.here in (None, difference.here)
            and self.there in (None, difference.there)
            and not self.but.intersection(difference.operations)
        )


_SAID_TO_BE_REQUIRED = (
    "request",
    *(f"{resource}.name" for resource in ("Provider", "Environment", "Interconnect", "Channel")),
    *(f"ProviderSite.{member}" for member in ("providerId", "site")),
    "FeatureGuidance.channel",
    "SubnetGuidance.includeSubnet",
    *(f"{range_}Range.{end}" for range_ in ("ASN", "VLAN", "MTU") for end in ("start", "stop")),
    *(f"Feature.{member}" for member in ("channel", "featureConfig")),
    *(f"FeatureConfig.{member}" for member in ("featureType", "l3BaseConfig")),
    *(f"L3BaseConfig.{member}" for member in ("ipv4Subnet", "ipv4SubnetPrefixLength", "mtuBytes", "vlanId")),
    "L3BaseConfig.providerBgpConfigs",
    *(f"ProviderBgpConfig.{member}" for member in ("provider", "asn", "hostIpv4")),
)
"""What descriptions call required or an identifier, and what a thing is nothing without, though no list says so."""

_NAMES_409 = frozenset({"CreateConnection", "UpdateConnection", "CreateFeature"})

EXPLANATIONS: Mapping[str, tuple[Explanation, ...]] = {
    "connection-coordinator": (
        Explanation("CC-ERR-01", "parameter", ("?channelId", "?featureType"), there=""),
        Explanation(
            "CC-ERR-05", "member", ("ListProvidersResponse.providers", "ListProvidersResponse.environments"), there=""
        ),
        Explanation("CC-ERR-13", "status", ("statuses",), there="default"),
        Explanation("CC-ERR-13", "status", ("2*", "400", "401", "403", "404", "41?", "42?", "5*")),
        Explanation("CC-ERR-13", "status", ("409",), but=_NAMES_409),
        Explanation("CC-ERR-14", "security", ("credentials",), there="not asked for"),
        Explanation("CC-ERR-15", "member", ("Connection.deferConnection",), here=""),
        Explanation("CC-ERR-22", "limits", ("?updateMask",)),
        Explanation("CC-ERR-33", "type", ("?updateMask",), there="string fieldmask"),
        Explanation("CC-ERR-33", "type", ("ASNRange.*", "ProviderBgpConfig.asn"), there="uint32"),
        Explanation("CC-ERR-33", "type", ("MacSecKey",), there="none given"),
        Explanation("CC-ERR-36", "parameter", ("?pageSize", "?pageToken"), here=""),
        Explanation("CC-ERR-42", "parameter", ("?$alt", "?$callback", "?$prettyPrint", "?$.xgafv"), here=""),
        Explanation("CC-ERR-43", "required", _SAID_TO_BE_REQUIRED, here="required"),
    ),
    "federation-interconnect": (),
}


def explanation_of(protocol: str, difference: Difference) -> Explanation | None:
    """The first row that explains a difference, or None."""
    return next((each for each in EXPLANATIONS[protocol] if each.explains(difference)), None)
