"""Livelocks: lassos against networkx and against the definition, and what two parties do to each other for ever."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_impl.kernel.party import Acted, Answer, Call, Refusal, Requested, Turn
from simulator.explore import INCOMPLETE, PROVED, REFUTED, Exploration, explore
from simulator.faults import NO_FAULTS, Faults
from simulator.graph import Graph
from simulator.invariant import Liveness
from simulator.livelock import components, livelocks
from simulator.race import Cast
from simulator.world import Step, World
from tests.simulator.toys import NOTES, ask, note, noted, toy

# --- against networkx and the definition ----------------------------------------------------------------------------

LABELS = ("go", "ask", "fire", "drop it")
"""The last one is a fault."""

Transitions = dict[int, list[tuple[str, int]]]

SIZE = 6
transitions = st.lists(
    st.lists(st.tuples(st.sampled_from(LABELS), st.integers(0, SIZE - 1)), max_size=3), min_size=SIZE, max_size=SIZE
)
some_open = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE)


def graph_of(ahead: Sequence[Sequence[tuple[str, int]]]) -> Graph:
    graph = Graph()
    for each in ahead:
        for label, target in each:
            graph.add(label, target)
        graph.leave()
    return graph


def networkx_of(ahead: Sequence[Sequence[tuple[str, int]]], inside: Sequence[bool]) -> nx.MultiDiGraph[int]:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(state for state in range(len(ahead)) if inside[state])
    for state, each in enumerate(ahead):
        for label, target in each:
            if inside[state] and inside[target]:
                graph.add_edge(state, target, key=label)
    return graph


def is_fair(ahead: Sequence[Sequence[tuple[str, int]]], states: set[int], taken: set[str]) -> bool:
    """Is everything taken, but for faults, that is enabled in each of these states?"""
    return all(
        label in taken or label == "drop it" or not all(label in dict(ahead[state]) for state in states)
        for label in LABELS
    )


@given(ahead=transitions, inside=some_open)
@settings(max_examples=300, deadline=None)
def test_components_are_those_of_networkx(ahead: list[list[tuple[str, int]]], inside: list[bool]) -> None:
    oracle = networkx_of(ahead, inside)
    expected = [
        sorted(each)
        for each in nx.strongly_connected_components(oracle)
        if len(each) > 1 or oracle.has_edge(*each, *each)
    ]
    assert sorted(sorted(each) for each in components(graph_of(ahead), inside)) == sorted(expected)


@given(ahead=transitions, inside=some_open)
@settings(max_examples=300, deadline=None)
def test_there_is_a_lasso_where_any_set_of_states_holds_a_fair_cycle(
    ahead: list[list[tuple[str, int]]], inside: list[bool]
) -> None:
    """The oracle tries every set of states: connected, and fair with all transitions between them."""
    oracle = networkx_of(ahead, inside)
    fair: list[set[int]] = []
    for size in range(1, SIZE + 1):
        for states in map(set, combinations(oracle.nodes, size)):
            part = oracle.subgraph(states)
            taken = {label for _, _, label in part.edges(keys=True)}
            if part.number_of_edges() and nx.is_strongly_connected(part) and is_fair(ahead, states, taken):
                fair.append(states)
    found = list(livelocks(graph_of(ahead), inside))
    assert bool(found) == bool(fair)
    entries = {lasso.entry for lasso in found}
    assert all(any(lasso.entry in states for states in fair) for lasso in found)
    assert len(entries) == len(found)


@given(ahead=transitions, inside=some_open)
@settings(max_examples=300, deadline=None)
def test_each_lasso_is_a_fair_cycle(ahead: list[list[tuple[str, int]]], inside: list[bool]) -> None:
    for lasso in livelocks(graph_of(ahead), inside):
        ends: set[tuple[int, ...]] = {
            (lasso.entry,)
        }  # the ways that these labels can go, as one label may lead to several states here
        for label in lasso.cycle:
            ends = {
                (*way, target) for way in ends for name, target in ahead[way[-1]] if name == label and inside[target]
            }
        assert lasso.cycle
        assert any(way[-1] == lasso.entry and is_fair(ahead, set(way), set(lasso.cycle)) for way in ends)


# --- two parties ----------------------------------------------------------------------------------------------------


def views(world: World) -> list[dict[str, str]]:
    return [noted(tables) for _, tables in world.cast.values()]


somebody_waits: Liveness[dict[str, str]] = Liveness(
    "whoever asks is answered", lambda views: " and ".join(each["wants"] for each in views if "wants" in each)
)


def begin(turn: Turn[Any], event: Acted) -> Answer:
    """The customer wants something that the peer has to grant."""
    note(turn, "wants", f"the customer of {turn.me}")
    return ask("Ask", "b" if turn.me == "a" else "a")(turn, event)


def insist(turn: Turn[Any], call: Call, status: int | None, body: Any) -> None:
    """Ask again until it is granted."""
    if status == 200:
        turn.tx.delete(NOTES, "wants")
    else:
        turn.call(call.peer, call.operation, dict(call.path))


def refuse_while_wanting(turn: Turn[Any], event: Requested) -> Answer:
    """The vice: whoever wants something himself refuses."""
    if turn.tx.get(NOTES, "wants") is not None:
        raise Refusal(409, "first it is my turn")
    return Answer()


def grant_if_first(turn: Turn[Any], event: Requested) -> Answer:
    """``a`` goes first."""
    return refuse_while_wanting(turn, event) if turn.me == "a" else Answer()


def search(cast: Cast, *steps: Step, faults: Faults = NO_FAULTS, cap: int = 10_000) -> Exploration:
    return explore(World(cast, steps, faults), views, (), None, (somebody_waits,), cap)


BOTH = (Step("a begins", "a", "begin"), Step("b begins", "b", "begin"))


def test_two_that_refuse_each_other_for_ever() -> None:
    cast = {seat: toy(seat, {"Ask": refuse_while_wanting}, {"begin": begin}, {"Ask": insist}) for seat in ("a", "b")}
    found = search(cast, *BOTH)
    assert (found.verdict, found.states) == (REFUTED, 22)
    assert found.violation is not None
    assert found.livelocks == (found.violation,)
    assert found.violation.invariant == "whoever asks is answered"
    assert found.violation.finding.want == "an end under every fair schedule"
    assert found.violation.finding.got == "for ever: the customer of a and the customer of b"
    assert found.violation.schedule == ("a begins", "b begins")
    assert found.violation.cycle == ("deliver a Ask 1", "deliver b Ask 1", "answer a Ask 1", "answer b Ask 1")


def test_a_tie_break_ends_it() -> None:
    """Each still asks again and again, but no fair schedule does so for ever."""
    cast = {seat: toy(seat, {"Ask": grant_if_first}, {"begin": begin}, {"Ask": insist}) for seat in ("a", "b")}
    found = search(cast, *BOTH)
    assert (found.verdict, found.states, found.livelocks) == (PROVED, 19, ())


def test_faults_prolong_no_cycle_and_end_none() -> None:
    cast = {seat: toy(seat, {"Ask": refuse_while_wanting}, {"begin": begin}, {"Ask": insist}) for seat in ("a", "b")}
    found = search(cast, *BOTH, faults=Faults(drop=1, clock_jump=1))
    assert found.violation is not None
    assert (found.violation.schedule, len(found.violation.cycle)) == (("a begins", "b begins"), 4)


def polling(optional: bool) -> Exploration:
    """``a`` polls until the customer of ``b`` has accepted."""

    def accepted(turn: Turn[Any], event: Requested) -> Answer:
        if turn.tx.get(NOTES, "accepted") is None:
            raise Refusal(404, "not yet")
        return Answer()

    def accept(turn: Turn[Any], event: Acted) -> Answer:
        note(turn, "accepted")
        return Answer()

    cast = {
        "a": toy("a", acted={"begin": begin}, responded={"Ask": insist}),
        "b": toy("b", {"Ask": accepted}, {"accept": accept}),
    }
    return search(cast, Step("a begins", "a", "begin"), Step("b accepts", "b", "accept", optional=optional))


def test_what_can_happen_throughout_does_happen() -> None:
    """Polling goes on for ever only if the customer never acts: that would not be fair."""
    assert polling(optional=False).verdict is PROVED


def test_what_need_not_happen_does_not() -> None:
    found = polling(optional=True)
    assert found.violation is not None
    assert found.violation.schedule == ("a begins", "forgo b accepts")
    assert found.violation.cycle == ("deliver a Ask 1", "answer a Ask 1")


def two_that_are_never_answered() -> Cast:
    def want(turn: Turn[Any], event: Acted) -> Answer:
        wants = turn.tx.get(NOTES, "wants")
        note(turn, "wants", f"{wants.text + ' and ' if wants else ''}{event.inputs['id']}")
        return ask("Ask")(turn, event)

    def never(turn: Turn[Any], event: Requested) -> Answer:
        raise Refusal(409, "never")

    return {"a": toy("a", acted={"want": want}, responded={"Ask": insist}), "b": toy("b", {"Ask": never})}


BOTH_POLL = ("deliver a Ask 1", "deliver a Ask 2", "answer a Ask 1", "answer a Ask 2")
TWO = (Step("first", "a", "want", {"id": "1"}), Step("second", "a", "want", {"id": "2"}, optional=True))


def test_one_lasso_for_each_thing_that_is_waited_for() -> None:
    found = search(two_that_are_never_answered(), *TWO)
    assert [(each.finding.got, each.schedule, each.cycle) for each in found.livelocks] == [
        ("for ever: 1", ("first", "forgo second"), ("deliver a Ask 1", "answer a Ask 1")),
        ("for ever: 1 and 2", ("first", "second"), BOTH_POLL),
        ("for ever: 2 and 1", ("second", "first"), BOTH_POLL),
    ]


def test_a_truncated_graph_is_not_searched() -> None:
    found = search(two_that_are_never_answered(), *TWO, cap=5)
    assert (found.verdict, found.livelocks, found.violation) == (INCOMPLETE, (), None)
    assert "exchanges" in found.cardinality
