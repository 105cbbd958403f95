"""Steps and acts for setting up federations and adding a partner, as the operators do it."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.players import Untested
from conformance.session import Result, Session
from conformance.steps.federation import CHECK, SEAT, Ruled, claim, moment, seat_of
from conformance.tables import act

BAD_IDS = ("seven77", "f" * 129, "_bad-id-0001", "bad id 0001")
BAD_COUNTRIES: tuple[str | None, ...] = ("USA", "ZZ", "us1", None)
LACKING: tuple[dict[str, Any], ...] = ({"operator": None}, {"mcc": None}, {"mnc": []})


# --- acts of the tables ---------------------------------------------------------------------------------------------


def _sets_up(session: Session, seat: str) -> None:
    """With the zones of the first table, since an add shares them."""
    prologue.onboard(session, seat)
    prologue.form_zones(session, seat)
    prologue.demanded(prologue.set_up(session, seat))


@act("operator1-sets-up-federation")
def operator1_sets_up(session: Session) -> None:
    _sets_up(session, "op1")


@act("operator2-sets-up-federation")
def operator2_sets_up(session: Session) -> None:
    _sets_up(session, "op2")


@act("operator1-adds-operator2")
def operator1_adds_operator2(session: Session) -> None:
    """The operators exchange ids, addresses and keys out of band first (FI-ERR-08)."""
    prologue.arrange(session, "op1", "op2")
    session.finish(prologue.ask_to_add(session, "op1", "op2"))
    session.settle()


# --- setting up -----------------------------------------------------------------------------------------------------


@given(parsers.re(rf"the operator of {SEAT} has set up its federation"))
def has_set_up(session: Session, seat: str) -> None:
    prologue.demanded(prologue.set_up(session, seat_of(session, seat)))


def _attempt(session: Session, seat: str, **changes: Any) -> Result:
    result = prologue.set_up(session, seat, **changes)
    session.notes["asked"] = result
    session.notes.setdefault("attempts", []).append(result.seq)
    session.notes.setdefault("ids", []).append(result.outputs.get("federation"))
    return result


@when(
    parsers.re(rf"{SEAT} sets up (?P<number>two|ten) federations, for (?P<for_>different operators|the same operator)")
)
def sets_up_several(session: Session, seat: str, number: str, for_: str) -> None:
    """A platform may be one operator, with one federation at a time: then the former one is given up before the next."""
    at = seat_of(session, seat)
    for each in range({"two": 2, "ten": 10}[number]):
        changes = {"operator": f"operator-{each:04}"} if for_ == "different operators" else {}
        if _attempt(session, at, **changes).result == "ok":
            continue
        former = session.notes["ids"][-2] if each else None
        if former is None:
            return
        if for_ == "different operators":
            raise Untested("not claimed: several operators on one platform")
        for tried in ("attempts", "ids"):
            session.notes[tried].pop()
        prologue.demanded(session.act(at, "delete_self_federation", federation=former))
        _attempt(session, at, **changes)


@when(
    parsers.re(
        rf"{SEAT} is asked for federations with (?P<what>chosen ids that are none|countries that are none|members lacking)"
    )
)
def asks_for_bad_federations(session: Session, seat: str, what: str) -> None:
    tried: dict[str, list[dict[str, Any]]] = {
        "chosen ids that are none": [{"federation": each} for each in BAD_IDS],
        "countries that are none": [{"country": each} for each in BAD_COUNTRIES],
        "members lacking": list(LACKING),
    }
    for changes in tried[what]:
        _attempt(session, seat_of(session, seat), **changes)


@then(parsers.re(rf"their ids are well-formed, all different and not counted up {CHECK}"))
def ids_differ(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("ids_are_fresh", {"asked": session.notes["attempts"]}))


@then(parsers.re(rf"each is refused and {SEAT} has no federation, until it is asked correctly {CHECK}"))
def refused_until_correct(session: Session, seat: str, check: str, at: str | None) -> None:
    """The positive twin: the same request with nothing wrong is carried out."""
    seat = seat_of(session, seat)
    attempts = list(session.notes["attempts"])
    correct = prologue.set_up(session, seat, federation=session.notes.get("chosen"))
    claim(
        session,
        check,
        at,
        ("actions_refused", {"asked": attempts}),
        ("action_succeeded", {"asked": correct.seq}),
        ("shows_federations", {"at": seat, "number": 1}),
    )


@when(parsers.re(rf"the operator of {SEAT} asks to delete its federation"))
def deletes_federation(session: Session, seat: str) -> None:
    owner = seat_of(session, seat)
    session.observe(owner)
    session.notes["asked"] = session.act(
        owner, "delete_self_federation", federation=prologue.federation_id(session, owner)
    )


# --- adding, asked northbound ---------------------------------------------------------------------------------------


@when(parsers.re(rf"{SEAT} adds (?P<other>OP1|OP2|the target|its peer|the third operator)"))
def adds(session: Session, seat: str, other: str) -> None:
    """Asked, and waited for until the platform has ended it, well or not."""
    lead = seat_of(session, seat)
    session.observe(lead)
    session.notes["before"] = moment(session)
    session.finish(prologue.ask_to_add(session, lead, seat_of(session, other)))
    session.settle()


@when("OP1 without a federation is asked to add OP2")
def adds_without_federation(session: Session) -> None:
    session.observe("op1")
    key = "k" * 32
    session.notes["asked"] = session.act("op1", "add_partner", **prologue.arrangement(session, "op2"), api_key=key)


@when("OP1 adds by hand an OP2 without a federation")
def adds_one_without_federation(session: Session) -> None:
    """There is no key either: whatever is presented was issued by nobody."""
    session.notes.setdefault("federations", {})["op2"] = "arbitrary-0001"
    session.notes["api-keys"] = {("op1", "op2"): "k" * 32}
    session.observe("op2")
    prologue.by_hand(session, "op1", prologue.ADD)


@then(parsers.re(rf"OP2 refuses it and has no partner {CHECK}"))
def has_no_partner(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["sent"], "twins": [], "at": "op2"}
    claim(session, check, at, ("every_refused", params), ("shows_no_partner_but", {"at": "op2", "others": []}))


@when("OP1 is asked to add OP2 with each of the inputs missing or malformed")
def adds_malformed(session: Session) -> None:
    session.observe("op1")
    session.notes["before"] = moment(session)
    changes: list[dict[str, Any]] = [{name: None} for name in ("partner", "operator", "country", "address", "api_key")]
    changes += [{"country": "USA"}, {"partner": "short"}]
    asked = [prologue.ask_to_add(session, "op1", "op2", **each) for each in changes]
    session.notes["attempts"] = [each.seq for each in asked]


@then(parsers.re(rf"each is refused northbound and OP1 sends nothing, until it is asked correctly {CHECK}"))
def each_add_refused(session: Session, check: str, at: str | None) -> None:
    """``adds_once``: the only request is the one of the correct add, which is the positive twin."""
    attempts = session.notes["attempts"]
    correct = session.finish(prologue.ask_to_add(session, "op1", "op2"))
    rules: list[Ruled] = [
        ("actions_refused", {"asked": attempts}),
        ("adds_once", {"lead": "op1", "host": "op2"}),
        ("action_succeeded", {"asked": correct.seq}),
    ]
    claim(session, check, at, *rules)


@when(parsers.re(rf"{SEAT} is asked to add itself"))
def adds_itself(session: Session, seat: str) -> None:
    lead = seat_of(session, seat)
    session.observe(lead)
    inputs = prologue.arrangement(session, lead) | {"api_key": "k" * 32}
    session.notes["asked"] = session.act(lead, "add_partner", **inputs)
