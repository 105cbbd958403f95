"""Rules over what an operator's platform shows of itself: all show actions together (federation-wire, section 9).

Who a seat is, a rule reads from the trace: the id that setting up its federation returned northbound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.view import TraceView
from reports.record import Action, Outcome
from reports.verdict import Finding, Waiting

Shown = dict[str, Any]

FEDERATION_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*[a-zA-Z0-9]")


def state_of(view: TraceView, at: str) -> tuple[Shown, int]:
    """The newest state of a seat with the observation's seq; LookupError when it was never asked."""
    seen = view.latest(at, "state")
    if seen is None:
        raise LookupError(f"{at} has not been asked for its state")
    return seen.value, seen.seq


def federation_of(view: TraceView, seat: str) -> str:
    """The federation id of a seat: of its latest set-up; LookupError when it has none."""
    ids = [r.outputs.get("federation") for r in view.outcomes(seat, "create_self_federation") if r.result == "ok"]
    if not ids or not ids[-1]:
        raise LookupError(f"{seat} has set up no federation")
    return str(ids[-1])


def inputs_of(view: TraceView, seat: str, action: str) -> Shown:
    """What was asked in the latest such action."""
    asked: list[Action] = view.actions(seat, action)
    if not asked:
        raise LookupError(f"{seat} was not asked for {action}")
    return asked[-1].inputs


def partner_in(view: TraceView, at: str, other: str) -> list[Shown]:
    """The records of another seat's federation that a seat shows."""
    wanted = federation_of(view, other)
    return [each for each in state_of(view, at)[0]["partners"] if each["partner"] == wanted]


@rule
def shows_cloudlets(view: TraceView, at: str, names: Sequence[str]) -> Finding | Waiting:
    """The inventory lists each of these cloudlets exactly once."""
    state, seq = state_of(view, at)
    listed = [each["name"] for each in state["cloudlets"]]
    wrong = {name: listed.count(name) for name in names if listed.count(name) != 1}
    if wrong:
        return Finding.failed(want=f"{list(names)} listed once each", got=f"listed {wrong} times", evidence=[seq])
    return Finding.passed(f"{at} lists {list(names)}", evidence=[seq])


@rule
def shows_zone(
    view: TraceView, at: str, zone: str, cloudlets: Sequence[str] | None = None, geo: str | None = None
) -> Finding | Waiting:
    """An own zone is there once, with these members and this place, and is not among the zones of partners."""
    state, seq = state_of(view, at)
    own = [each for each in state["zones"] if each["zone"] == zone]
    learnt = [each["partner"] for each in state["partner_zones"] if each["zone"] == zone]
    want = f"{at} shows its own zone {zone!r} once" + (f" of {list(cloudlets)}" if cloudlets is not None else "")
    if len(own) != 1 or learnt:
        return Finding.failed(
            want=want, got=f"own {len(own)} times, as a partner's {len(learnt)} times", evidence=[seq]
        )
    if cloudlets is not None and sorted(own[0]["cloudlets"]) != sorted(cloudlets):
        return Finding.failed(want=want, got=f"members {own[0]['cloudlets']}", evidence=[seq])
    if geo is not None and own[0]["geo_location"] != geo:
        return Finding.failed(want=f"{zone!r} at {geo!r}", got=f"at {own[0]['geo_location']!r}", evidence=[seq])
    return Finding.passed(f"{at} shows {zone}", evidence=[seq])


@rule
def shows_only_zones(view: TraceView, at: str, zones: Sequence[str]) -> Finding | Waiting:
    """The own zones are exactly these."""
    state, seq = state_of(view, at)
    listed = sorted(each["zone"] for each in state["zones"])
    if listed != sorted(zones):
        return Finding.failed(want=f"{at} shows the zones {sorted(zones)}", got=f"{listed}", evidence=[seq])
    return Finding.passed(f"{at} shows the zones {listed}", evidence=[seq])


@rule
def shows_federation(view: TraceView, at: str) -> Finding | Waiting:
    """The set-up returned an id, and the platform shows it with all attributes given."""
    id_, asked = federation_of(view, at), inputs_of(view, at, "create_self_federation")
    state, seq = state_of(view, at)
    shown = [each for each in state["federations"] if each["federation"] == id_]
    if len(shown) != 1:
        return Finding.failed(want=f"federation {id_} shown once", got=f"{len(shown)} times", evidence=[seq])
    names = ("operator", "country", "mcc", "mnc", "locator")
    wrong = {name: shown[0].get(name) for name in names if shown[0].get(name) != asked.get(name)}
    if wrong:
        return Finding.failed(want=f"{ {name: asked.get(name) for name in wrong} }", got=f"{wrong}", evidence=[seq])
    return Finding.passed(f"federation {id_} with its attributes", evidence=[seq])


@rule
def shows_federations(view: TraceView, at: str, number: int) -> Finding | Waiting:
    """So many own federations are shown."""
    state, seq = state_of(view, at)
    if len(state["federations"]) != number:
        return Finding.failed(want=f"{number} federations", got=f"{len(state['federations'])}", evidence=[seq])
    return Finding.passed(f"{at} shows {number} federations", evidence=[seq])


@rule
def shows_partner(
    view: TraceView, at: str, other: str, access: bool, share: bool, attributes: Mapping[str, Any] | None = None
) -> Finding | Waiting:
    """The other's federation is listed once, with these roles and attributes (roles: FI-ERR-01)."""
    records = partner_in(view, at, other)
    seq = state_of(view, at)[1]
    asked = inputs_of(view, other, "create_self_federation")
    wanted = {
        "operator": asked["operator"],
        "country": asked["country"],
        "access": access,
        "share": share,
        **(attributes or {}),
    }
    if len(records) != 1:
        return Finding.failed(want=f"{other} listed once at {at}", got=f"listed {len(records)} times", evidence=[seq])
    wrong = {name: records[0].get(name) for name, value in wanted.items() if records[0].get(name) != value}
    if wrong:
        return Finding.failed(want=f"{ {name: wanted[name] for name in wrong} }", got=f"{wrong}", evidence=[seq])
    roles = " and ".join(name for name in ("access", "share") if wanted[name]) or "no role"
    return Finding.passed(f"{at} lists {other} with {roles}", evidence=[seq])


@rule
def shows_no_role(view: TraceView, at: str, other: str) -> Finding | Waiting:
    """The other is no partner: not listed, or a bare arrangement without roles (FI-ERR-09)."""
    seq = state_of(view, at)[1]
    roles = [name for each in partner_in(view, at, other) for name in ("access", "share") if each[name]]
    if roles:
        return Finding.failed(want=f"{other} without a role at {at}", got=f"{roles}", evidence=[seq])
    return Finding.passed(f"{other} has no role at {at}", evidence=[seq])


@rule
def shows_no_partner_but(view: TraceView, at: str, others: Sequence[str]) -> Finding | Waiting:
    """Nobody has a role but these."""
    known = {federation_of(view, other) for other in others}
    state, seq = state_of(view, at)
    foreign = [each["partner"] for each in state["partners"] if each["partner"] not in known]
    if foreign:
        return Finding.failed(want=f"no partner at {at} but {list(others)}", got=f"{foreign}", evidence=[seq])
    return Finding.passed(f"{at} has no partner but {list(others)}", evidence=[seq])


@rule
def knows_zones(
    view: TraceView, at: str, of: str, zones: Sequence[str], registered: Sequence[str] = ()
) -> Finding | Waiting:
    """Exactly these zones are known from the other, once each, and exactly these of them registered."""
    state, seq = state_of(view, at)
    known = [each for each in state["partner_zones"] if each["partner"] == federation_of(view, of)]
    ids = sorted(each["zone"] for each in known)
    held = sorted(each["zone"] for each in known if each["registered"])
    if ids != sorted(zones) or held != sorted(registered):
        return Finding.failed(
            want=f"{at} knows {sorted(zones)} of {of}, registered {sorted(registered)}",
            got=f"{ids}, registered {held}",
            evidence=[seq],
        )
    return Finding.passed(f"{at} knows {ids} of {of}, registered {held}", evidence=[seq])


@rule
def keeps_registration(view: TraceView, at: str, zone: str, other: str) -> Finding | Waiting:
    """The host shows that the other has this zone registered, once."""
    state, seq = state_of(view, at)
    found = [r for r in state["registrations"] if (r["zone"], r["partner"]) == (zone, federation_of(view, other))]
    if len(found) != 1:
        return Finding.failed(want=f"{zone} registered for {other} once", got=f"{len(found)} times", evidence=[seq])
    return Finding.passed(f"{zone} is registered for {other}", evidence=[seq])


@rule
def state_as_before(view: TraceView, at: str, moment: int) -> Finding | Waiting:
    """The newest state of a seat is the one that was observed last before this moment."""
    before = [r for r in view.observations(at, "state") if r.seq <= moment]
    state, seq = state_of(view, at)
    if not before or seq <= moment:
        return Waiting("the state before and after", "one of the two was not observed")
    changed = sorted(name for name in {*state, *before[-1].value} if state.get(name) != before[-1].value.get(name))
    if changed:
        return Finding.failed(
            want=f"the state of {at} as it was", got=f"{', '.join(changed)} changed", evidence=[before[-1].seq, seq]
        )
    return Finding.passed(f"the state of {at} is as it was", evidence=[before[-1].seq, seq])


@rule
def actions_refused(view: TraceView, asked: Sequence[int]) -> Finding | Waiting:
    """Each of these actions (``seq`` of its record) was refused: nothing was attempted at a peer."""
    last = {r.of: r for r in view.records if isinstance(r, Outcome)}
    wrong = [last[seq] for seq in asked if last[seq].result != "refused"]
    evidence = [last[seq].seq for seq in asked]
    if wrong:
        got = f"{wrong[0].action} ended as {wrong[0].result}, asked in r{wrong[0].of}"
        return Finding.failed(want="every one of them refused northbound", got=got, evidence=evidence)
    return Finding.passed(f"{len(asked)} refused northbound", evidence=evidence)


@rule
def action_failed(view: TraceView, asked: int) -> Finding | Waiting:
    """The action was tried, and its operator is told that it did not succeed."""
    last = [r for r in view.records if isinstance(r, Outcome) and r.of == asked][-1]
    if last.result == "running":
        return Waiting(f"{last.action} to end", "it is still running", (last.seq,))
    if last.result not in ("failed", "refused"):
        return Finding.failed(want=f"{last.action} reported as failed", got=last.result, evidence=[last.seq])
    return Finding.passed(f"{last.result}: {last.reason or 'no reason'}", evidence=[last.seq])


@rule
def action_accepted(view: TraceView, asked: int) -> Finding | Waiting:
    """The action was not turned down; how it ends is another question."""
    ends = [r for r in view.records if isinstance(r, Outcome) and r.of == asked]
    if any(each.result == "refused" for each in ends):
        got = f"refused: {ends[-1].reason or 'no reason'}"
        return Finding.failed(want=f"{ends[-1].action} accepted", got=got, evidence=[ends[-1].seq])
    return Finding.passed(f"{ends[-1].action} accepted", evidence=[ends[0].seq])


@rule
def action_succeeded(view: TraceView, asked: int) -> Finding | Waiting:
    """The action was carried out."""
    last = [r for r in view.records if isinstance(r, Outcome) and r.of == asked][-1]
    if last.result == "running":
        return Waiting(f"{last.action} to end", "it is still running", (last.seq,))
    if last.result != "ok":
        got = f"{last.result}: {last.reason or 'no reason'}"
        return Finding.failed(want=f"{last.action} to succeed", got=got, evidence=[last.seq])
    return Finding.passed(f"{last.action} succeeded", evidence=[last.seq])


@rule
def ids_are_fresh(view: TraceView, asked: Sequence[int]) -> Finding | Waiting:
    """The federation ids that these set-ups returned are well-formed, pairwise different, none another incremented."""
    made = {r.of: str(r.outputs.get("federation", "")) for r in view.records if isinstance(r, Outcome)}
    ids = [made[seq] for seq in asked]
    if wrong := [each for each in ids if not (8 <= len(each) <= 128 and FEDERATION_ID.fullmatch(each))]:
        return Finding.failed(
            want="8 to 128 letters, digits, hyphens, underscores", got=f"{wrong[0]!r}", evidence=asked
        )
    if len(set(ids)) < len(ids):
        return Finding.failed(want="different ids", got=f"{sorted(ids)}", evidence=asked)
    for first in ids:
        for second in ids:
            if _counted_up(first, second):
                return Finding.failed(want="ids that tell nothing", got=f"{first}, {second}", evidence=asked)
    return Finding.passed(f"{len(ids)} different ids", evidence=asked)


def _counted_up(first: str, second: str) -> bool:
    """Do the two differ in one run of digits only, by one? Hexadecimal digits count (a UUID read as one number)."""
    if len(first) != len(second) or first == second:
        return False
    start = next(i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
    end = len(first) - next(i for i, (a, b) in enumerate(zip(first[::-1], second[::-1], strict=True)) if a != b)
    a, b = first[start:end], second[start:end]
    return all(c in "0123456789abcdefABCDEF" for c in a + b) and abs(int(a, 16) - int(b, 16)) == 1


@rule
def unchanged_between(view: TraceView, at: str, first: int, last: int) -> Finding | Waiting:
    """The newest states of a seat before these two moments are equal."""
    seen = view.observations(at, "state")
    one, other = ([r for r in seen if r.seq <= moment] for moment in (first, last))
    if not one or other[-1].seq <= first:
        return Waiting("the state before and after", "one of the two was not observed")
    if one[-1].value != other[-1].value:
        changed = sorted(n for n, value in other[-1].value.items() if one[-1].value.get(n) != value)
        evidence = [one[-1].seq, other[-1].seq]
        return Finding.failed(want=f"the state of {at} unchanged", got=f"{changed} changed", evidence=evidence)
    return Finding.passed(f"the state of {at} is unchanged", evidence=[one[-1].seq, other[-1].seq])
