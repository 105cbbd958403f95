"""Wrong implementations of what surrounds milestone 1: proposals without a right, providers, environments, paging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import Environment, ProviderSite

ISSUER, ACCEPTOR = "csp-a", "csp-b"


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, **decisions),
    )


def _shows_interconnects(view: Mapping[str, Any], interconnects: Sequence[str]) -> Mapping[str, Any]:
    return {**view, "via": list(interconnects)}


def _third_site(environment: Environment) -> Environment:
    sites = (*(environment.providerSites or ()), ProviderSite(providerId="providers/csp-c", site="c-east"))
    return environment.model_copy(update={"providerSites": sites})


def _unnamed_sites(environment: Environment) -> Environment:
    sites = tuple(site.model_copy(update={"site": ""}) for site in environment.providerSites or ())
    return environment.model_copy(update={"providerSites": sites})


def _shown_with(**members: Any) -> Any:
    return lambda environment: environment.model_copy(update=members)


MUTANTS = (
    _mutant(
        "cc-takes-unconfirmed",
        "takes connections whose key was not confirmed",
        "CC-CONN-004/4",
        ISSUER,
        confirm_before_create=False,
    ),
    _mutant(
        "cc-takes-other-size",
        "takes a connection with another bandwidth than its key's",
        "CC-CONN-004/2",
        ISSUER,
        covers=lambda key, environment, mbps: key.environment == environment,
    ),
    _mutant(
        "cc-takes-other-environment",
        "takes a connection in another environment than its key's",
        "CC-CONN-004/3",
        ISSUER,
        covers=lambda key, environment, mbps: key.mbps == mbps,
    ),
    _mutant(
        "cc-takes-any-key",
        "does not compare the key in a proposal",
        "CC-CONN-004/5",
        ISSUER,
        same_key=lambda presented, issued: True,
    ),
    _mutant(
        "cc-shows-interconnects",
        "shows its customers the interconnect",
        "CC-IX-006/1",
        ACCEPTOR,
        tells_customer=_shows_interconnects,
    ),
    _mutant(
        "cc-lists-partners",
        "shows all its partners to each of them",
        "CC-PROV-002/1",
        ISSUER,
        lists_provider=lambda provider, caller, server: True,
    ),
    _mutant(
        "cc-open-prefix",
        "serves what is under another partner's prefix",
        "CC-SEC-003/1",
        ISSUER,
        may_see=lambda caller, provider, server: True,
    ),
    _mutant(
        "cc-third-site",
        "names a third site in an environment",
        "CC-ENV-002/3",
        ACCEPTOR,
        presents=_third_site,
    ),
    _mutant(
        "cc-nameless-sites",
        "leaves the sites of an environment without a name",
        "CC-ENV-002/4",
        ACCEPTOR,
        presents=_unnamed_sites,
    ),
    _mutant(
        "cc-no-tiers",
        "lists a size twice",
        "CC-ENV-003/1",
        ISSUER,
        presents=_shown_with(supportedConnectionSizeMbps=(1000, 1000)),
    ),
    _mutant(
        "cc-wrong-endpoint",
        "serves its own address as the peer's",
        "CC-ENV-006/1",
        ISSUER,
        presents=_shown_with(apiUri="http://csp-a.test"),
    ),
    _mutant(
        "cc-boundless-pages",
        "ignores the page size",
        "CC-PAGE-001/1",
        ISSUER,
        page_size=lambda wanted: 100,
    ),
    _mutant(
        "cc-repeats-items",
        "begins a page with the last item of the one before",
        "CC-PAGE-001/4",
        ACCEPTOR,
        follows=str.__ge__,
    ),
    _mutant(
        "cc-any-token",
        "takes any text for a page token",
        "CC-PAGE-002/1",
        ISSUER,
        token_fits=lambda given, scope: True,
    ),
)
