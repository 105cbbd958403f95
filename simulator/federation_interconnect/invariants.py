"""What must hold, over the views of both operators (federation-wire, section 8). One definition for simulator and live runs.

I1 to I4 hold always. I6 to I10 hold at rest, for pairs between which nothing has ended in doubt: that is shown to the
operator, who can repeat it. I5 is judged by the monitors of refusals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from reports.verdict import Finding
from simulator.federation_interconnect.views import OperatorView
from simulator.invariant import Invariant, Liveness

Views = Sequence[OperatorView]


def _registered_without_being_shared(views: Views) -> Finding | None:
    """I1: at the host registered implies shared, and shared implies the role ``share`` (FI-RACE-001, -003)."""
    for view in views:
        if alone := [each for each in view.registrations if each not in view.shared]:
            return Finding.failed(
                want="every zone that is registered shared with who registered it",
                got=f"{view.seat} has {_pairs(alone)} registered, and not shared",
            )
    return None


def _known_without_access(views: Views) -> Finding | None:
    """I2: at the lead registered implies known, and known implies the role ``access`` (FI-RACE-003, -006)."""
    for view in views:
        accessible = [each.partner for each in view.partners if each.access]
        if alone := [(zone, partner) for partner, zone, _ in view.known if partner not in accessible]:
            return Finding.failed(
                want="zones only of partners to which there is access",
                got=f"{view.seat} knows {_pairs(alone)} without access",
            )
    return None


def _hosted_without_registration(views: Views) -> Finding | None:
    """I3: an application that is onboarded, or to be, is in a zone that its lead has registered (FI-RACE-012)."""
    for view in views:
        if not view.hosted:
            continue
        alone = [(zone, lead) for lead, _, zone, state in view.hosted if state != "FAILED"]
        if alone := [each for each in alone if each not in view.registrations]:
            return Finding.failed(
                want="applications only in zones that their lead has registered",
                got=f"{view.seat} has an application in {_pairs(alone)}, and no registration",
            )
    return None


def _twice(views: Views) -> Finding | None:
    """I4: one record per partner, one entry per partner and zone, one registration per zone and partner."""
    for view in views:
        kinds: tuple[tuple[str, Iterable[object]], ...] = (
            ("partner", (each.partner for each in view.partners)),
            ("zone of a partner", ((partner, zone) for partner, zone, _ in view.known)),
            ("registration", view.registrations),
        )
        for kind, shown in kinds:
            if twice := [each for each, times in Counter(shown).items() if times > 1]:
                return Finding.failed(want=f"each {kind} once", got=f"{view.seat} shows {twice} more than once")
    return None


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{zone} with {partner}" for zone, partner in pairs)


def _directions(views: Views) -> Iterator[tuple[OperatorView, OperatorView]]:
    """Each (lead, host) between whom nothing has ended in doubt."""
    for lead in views:
        for host in views:
            if lead.seat != host.seat and not lead.unsettled(host.seat) and not host.unsettled(lead.seat):
                yield lead, host


Mirrored = Callable[[OperatorView, OperatorView], tuple[object, object]]
"""What the lead shows of the host, and what the host shows for the lead: the two must be equal."""


def _mirror(what: str, of: Mirrored) -> Callable[[Views], Finding | None]:
    def judge(views: Views) -> Finding | None:
        for lead, host in _directions(views):
            here, there = of(lead, host)
            if here != there:
                return Finding.failed(
                    want=f"the same {what} on both sides", got=f"{lead.seat} {_told(here)}; {host.seat} {_told(there)}"
                )
        return None

    return judge


def _told(shown: object) -> str:
    return (", ".join(str(each) for each in shown) or "none") if isinstance(shown, tuple) else str(shown)


def _role(lead: OperatorView, host: OperatorView) -> tuple[object, object]:
    """I6: the lead has ``access`` if and only if the host has ``share`` for it."""
    here, there = lead.with_partner(host.seat), host.with_partner(lead.seat)
    return here is not None and here.access, there is not None and there.share


def _zones(lead: OperatorView, host: OperatorView) -> tuple[object, object]:
    """I7: the lead knows the zones that the host shares with it, and no other."""
    known = tuple(zone for partner, zone, _ in lead.known if partner == host.seat)
    return known, tuple(zone for zone, partner in host.shared if partner == lead.seat)


def _registered(lead: OperatorView, host: OperatorView) -> tuple[object, object]:
    """I8: what the lead has registered the host has registered for it, and nothing else (FI-RACE-008)."""
    known = tuple(zone for partner, zone, registered in lead.known if partner == host.seat and registered)
    return known, tuple(zone for zone, partner in host.registrations if partner == lead.seat)


def _attributes(lead: OperatorView, host: OperatorView) -> tuple[object, object]:
    """I9: the lead holds the attributes that the host has, which it told with the add and ever since (FI-RACE-013)."""
    here = lead.with_partner(host.seat)
    return (here.attributes, host.attributes) if here is not None and here.access else ((), ())


def _applications(lead: OperatorView, host: OperatorView) -> tuple[object, object]:
    """I10: the lead shows as onboarded what the host says is, and nothing else (FI-RACE-011)."""
    here = tuple(
        f"{app} in {zone}"
        for partner, app, zone, stage in lead.onboarded
        if (partner, stage) == (host.seat, "onboarded")
    )
    there = tuple(
        f"{app} in {zone}" for partner, app, zone, state in host.hosted if (partner, state) == (lead.seat, "ONBOARDED")
    )
    return here, there


def _open(views: Views) -> str:
    """An order that has not ended, or something that a partner has yet to hear."""
    for view in views:
        for order in view.orders:
            if order.result == "running":
                return f"{order.action} of {view.seat}"
        for partner, what, refused in view.untold:
            if not refused:
                return f"{what} from {view.seat} to {partner}"
        for lead, app, _, state in view.hosted:
            if state == "PENDING":
                return f"onboarding of {app} of {lead} at {view.seat}"
    return ""


def _still_open(views: Views) -> Finding | None:
    still = _open(views)
    return Finding.failed(want="every order ended and everything told", got=f"still open: {still}") if still else None


def _doubtful(views: Views) -> Finding | None:
    """Nothing has ended in doubt or refused: with the losses at hand the repeats always come to an answer."""
    for view in views:
        for order in view.orders:
            if order.doubt and order.result == "failed":
                return Finding.failed(want="no order ended in doubt", got=f"{order.action} of {view.seat} did")
        for partner, what, refused in view.untold:
            if refused:
                return Finding.failed(want="nothing refused", got=f"{partner} refuses {what} from {view.seat}")
    return None


registered_is_shared = Invariant("a registered zone is shared (I1)", _registered_without_being_shared)
known_needs_access = Invariant("zones are known of accessible partners only (I2)", _known_without_access)
nothing_twice = Invariant("every record once (I4)", _twice)
roles_mirrored = Invariant("roles mirrored at rest (I6)", _mirror("role", _role), at_rest=True)
zones_mirrored = Invariant("zone lists mirrored at rest (I7)", _mirror("zones", _zones), at_rest=True)
registrations_mirrored = Invariant(
    "registrations mirrored at rest (I8)", _mirror("registrations", _registered), at_rest=True
)
attributes_mirrored = Invariant("attributes mirrored at rest (I9)", _mirror("attributes", _attributes), at_rest=True)
all_ended_at_rest = Invariant("every order has ended and everything is told at rest", _still_open, at_rest=True)
no_doubt_at_rest = Invariant("nothing has ended in doubt", _doubtful, at_rest=True)

hosted_is_registered = Invariant("an application is in a registered zone (I3)", _hosted_without_registration)
applications_mirrored = Invariant(
    "applications mirrored at rest (I10)", _mirror("applications", _applications), at_rest=True
)

ALWAYS = (registered_is_shared, known_needs_access, hosted_is_registered, nothing_twice)
MIRRORED = (roles_mirrored, zones_mirrored, registrations_mirrored, attributes_mirrored, applications_mirrored)
SOUND = (*ALWAYS, *MIRRORED, all_ended_at_rest, no_doubt_at_rest)
"""All of them: what two platforms owe each other while losses stay within the repeats."""

everything_ends = Liveness("every order ends, and everything is told", _open)
