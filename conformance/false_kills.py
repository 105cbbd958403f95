"""Correct implementations are played as the wrong ones are: nothing may fail them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

from conformance.judge import judge
from conformance.mutants.correct import CORRECT
from conformance.play import Progress, play
from conformance.scenarios import load_scenarios
from reports.verdict import Verdict


def play_correct(
    protocol: str | None, selectors: Sequence[str], workers: int, progress: Progress
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Play every scenario of its seat against each correct variant, or those whose id or difference fits a selector.

    How many were played, and what failed: the variant, and the check with its seat.
    """
    chosen = [
        each.id
        for each in CORRECT
        if protocol in (None, each.protocol)
        and (not selectors or any(some in each.id or some in each.otherwise for some in selectors))
    ]
    failed: list[tuple[str, str]] = []
    with ProcessPoolExecutor(workers) if len(chosen) > 1 else nullcontext() as pool:
        found = map(false_kills, chosen) if pool is None else pool.map(false_kills, chosen)
        for done, (variant, checks) in enumerate(zip(chosen, found, strict=True), 1):
            failed += [(variant, check) for check in checks]
            progress(done, len(chosen), variant)
    return len(chosen), tuple(failed)


def false_kills(variant_id: str) -> tuple[str, ...]:
    """The checks, with the seat, that fail a correct variant."""
    variant = next(each for each in CORRECT if each.id == variant_id)
    own = (each for each in load_scenarios() if each.protocol == variant.protocol and variant.seat in each.seats)
    played = play(
        [(each.id, variant.seat) for each in own],
        decisions={variant.protocol: {variant.seat: variant.decisions}},
        twists={variant.protocol: {variant.seat: variant.twist}} if variant.twist else {},
    )
    failed = [each for each in judge(played.trace) if each.finding.verdict is Verdict.FAILED]
    return tuple(dict.fromkeys(f"{each.check} {each.seat}" for each in failed if each.seat == variant.seat))
