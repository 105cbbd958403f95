"""The gallery under fuzzing: what schemathesis alone, and what our fuzz, would have caught of each mutant."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from conformance.fuzz.bare import Complaint, complaints, of_the_reference
from conformance.fuzz.contract import Wishes
from conformance.fuzz.course import field_on, fuzz
from conformance.gallery import mutants
from conformance.mutants import Mutant
from conformance.play import Open, Progress, self_play


@dataclass(frozen=True, slots=True)
class Caught:
    """``alone``: what schemathesis says of this mutant and not of the reference; ``ours``: the checks that our fuzz broke."""

    mutant: str
    alone: tuple[Complaint, ...]
    ours: tuple[str, ...]


def caught(chosen: Sequence[Mutant], wishes: Wishes, workers: int, progress: Progress) -> dict[str, Caught]:
    """Fuzz these mutants both ways, by their ids; several at a time."""
    found: dict[str, Caught] = {}
    with ProcessPoolExecutor(workers) as pool:
        for each in pool.map(_caught, [mutant.id for mutant in chosen], [wishes] * len(chosen)):
            found[each.mutant] = each
            progress(len(found), len(chosen), each.mutant)
    return found


def _caught(mutant_id: str, wishes: Wishes) -> Caught:
    mutant = next(each for each in mutants() if each.id == mutant_id)
    usual = of_the_reference(mutant.protocol, mutant.seat, wishes)
    with field_on(_open(mutant), mutant.protocol, mutant.seat) as field:
        alone = complaints(field, wishes) - usual
    with field_on(_open(mutant), mutant.protocol, mutant.seat) as field:
        ours = {found.check for found in fuzz(field, wishes).findings}
    return Caught(mutant.id, tuple(sorted(alone)), tuple(sorted(ours)))


def _open(mutant: Mutant) -> Open:
    twists = {mutant.protocol: {mutant.seat: mutant.twist}} if mutant.twist is not None else None
    return self_play("asgi", 1, {mutant.protocol: {mutant.seat: mutant.decisions}}, twists)
