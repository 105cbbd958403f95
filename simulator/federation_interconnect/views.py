"""What one operator's platform shows, for invariants over both sides: built from tables here, from observations in a
live run."""

from __future__ import annotations

from dataclasses import dataclass

from reference_impl.federation_interconnect.application_records import HOSTED, ONBOARDINGS, Stage
from reference_impl.federation_interconnect.records import (
    FEDERATIONS,
    OWN_REQUESTS,
    PARTNER_ZONES,
    PARTNERS,
    REGISTRATIONS,
    TELLINGS,
    ZONES,
)
from reference_impl.federation_interconnect.views import dump
from reference_impl.kernel.tables import Tables
from simulator.sight import Gauge, Sight

Attributes = tuple[str, tuple[str, ...], str]
"""MCC, MNC and locator."""


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partner as an operator shows it, with its attributes as they were told; one without a role is not shown."""

    partner: str
    access: bool
    share: bool
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Ordered:
    """What became of an order of the operator: ``result`` is running, ok or failed; ``doubt``: whether the partner did
    it is not known."""

    action: str
    partner: str
    zones: tuple[str, ...]
    result: str
    doubt: bool


@dataclass(frozen=True, slots=True)
class OperatorView:
    """One operator's view; ``seat`` is its federation id.

    ``shared`` and ``registrations`` are (zone, partner) of own zones; ``known`` is (partner, zone, registered) of zones
    learnt. ``untold`` is (partner, what, refused) of everything that share partners have not acknowledged.
    ``onboarded`` is (partner, application, zone, stage) of own applications, ``hosted`` the same of partners' ones.
    """

    seat: str
    attributes: Attributes
    partners: tuple[Partnership, ...]
    shared: tuple[tuple[str, str], ...]
    registrations: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str, bool], ...]
    orders: tuple[Ordered, ...]
    untold: tuple[tuple[str, str, bool], ...]
    onboarded: tuple[tuple[str, str, str, str], ...] = ()
    hosted: tuple[tuple[str, str, str, str], ...] = ()

    def with_partner(self, partner: str) -> Partnership | None:
        return next((each for each in self.partners if each.partner == partner), None)

    def unsettled(self, partner: str) -> bool:
        """Has something between the two ended in doubt or in a refusal, which the operator is shown and can repeat?"""
        return any(each.partner == partner and each.doubt for each in self.orders) or any(
            each[0] == partner for each in self.untold
        )


def _view(seat: str, tables: Tables) -> OperatorView:
    (own,) = tables.rows(FEDERATIONS)
    partners = tuple(
        Partnership(row.id, row.roles.access, row.roles.share, (row.mcc, row.mnc, row.locator))
        for row in sorted(tables.rows(PARTNERS), key=lambda row: row.id)
        if row.roles.any
    )
    zones = sorted(row.id for row in tables.rows(ZONES) if not row.withdrawn)
    ours = tables.rows(ONBOARDINGS)
    doubtful = [row.order for row in ours if row.doubt and row.stage is Stage.FAILED]
    return OperatorView(
        seat,
        (own.mcc, own.mnc, own.locator),
        partners,
        tuple((zone, each.partner) for zone in zones for each in partners if each.share),
        tuple(sorted((row.zone, row.partner) for row in tables.rows(REGISTRATIONS))),
        tuple(sorted((row.partner, row.id, row.registered) for row in tables.rows(PARTNER_ZONES))),
        tuple(
            Ordered(row.action, row.partner, row.zones, row.outcome.value, row.doubt or row.id in doubtful)
            for row in tables.rows(OWN_REQUESTS)
        ),
        tuple(
            sorted(
                (row.partner, f"{row.operation} {row.about}".rstrip(), row.refused != "")
                for row in tables.rows(TELLINGS)
                if row.former != 1
            )
        ),
        tuple(sorted((row.partner, row.app, row.zone, row.stage.value) for row in ours)),
        tuple(sorted((row.partner, row.app, row.zone, row.state.value) for row in tables.rows(HOSTED))),
    )


def _gauges(tables: Tables) -> tuple[Gauge, ...]:
    """How many own zones are registered, shared only and being withdrawn; how many learnt ones registered and known only."""
    zones = tables.rows(ZONES)
    used = {row.zone for row in tables.rows(REGISTRATIONS)}
    shared = any(row.roles.share for row in tables.rows(PARTNERS))
    learnt = [row.registered for row in tables.rows(PARTNER_ZONES)]
    own = (
        ("registered", sum(row.id in used for row in zones)),
        ("shared", sum(shared and row.id not in used and not row.withdrawn for row in zones)),
        ("being withdrawn", sum(row.withdrawn for row in zones)),
    )
    known = (("registered", learnt.count(True)), ("known", learnt.count(False)))
    return (Gauge("own zones", "zones", None, own), Gauge("zones learnt", "zones", None, known))


operator_view = Sight(
    view=_view,
    dump=dump,
    rows={
        "federations": ("federation",),
        "cloudlets": ("name",),
        "zones": ("zone",),
        "partners": ("partner",),
        "partner_zones": ("partner", "zone"),
        "registrations": ("zone", "partner"),
        "undelivered": ("partner", "about"),
        "applications": ("application", "partner", "zone"),
        "artifacts": ("partner", "artifact"),
        "hosted_applications": ("partner", "application", "zone"),
    },
    gauges=_gauges,
)
