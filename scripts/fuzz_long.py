"""A long fuzz of the reference: both protocols, all seats, seed after seed, until so many requests were sent.

    python -m scripts.fuzz_long [--requests 100000] [--examples 40] [--workers 2]

Told in the end: requests and answers by kind, findings (there must be none: no server failure, no effect of a refusal, no
secret in an error), and whether a secret that was sent stands in a party's log.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from conformance.cast import CASTS
from conformance.fuzz.contract import Wishes
from conformance.fuzz.course import Field, field_on, fuzz
from conformance.play import self_play


@dataclass(slots=True)
class Sum:
    requests: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    leaks: int = 0
    lines: int = 0


def one(asked: tuple[str, str, int, int]) -> Sum:
    """One seat with one seed."""
    protocol, seat, seed, examples = asked
    with field_on(self_play("asgi", seed), protocol, seat) as ground:
        done = fuzz(ground, Wishes(seed=seed, examples=examples))
        lines = _log(ground)
        redactor = ground.stage.wire.redactor
        leaks = sum(redactor.text(line) != line for line in lines)
    told = [f"seed {seed}, {found.seat}: {found.check} {found.got} {found.curl}" for found in done.findings]
    return Sum(len(done.sent), Counter(done.answers), told, leaks, len(lines))


def _log(ground: Field) -> list[str]:
    """What the party has written down."""
    asked = ground.stage.seats[ground.target].northbound.act("logs", {})
    return str(ground.portal.call(asked).outputs["text"]).splitlines()


def _asked(examples: int) -> Iterator[tuple[str, str, int, int]]:
    for seed in count(1):
        for protocol, cast in CASTS.items():
            for seat in cast.seats[:2]:
                yield protocol, seat, seed, examples


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    started, total, asked = time.perf_counter(), Sum(), _asked(wanted.examples)
    with ProcessPoolExecutor(wanted.workers) as pool:
        while total.requests < wanted.requests:
            for done in pool.map(one, [next(asked) for _ in range(2 * wanted.workers)]):
                total.requests += done.requests
                total.answers += done.answers
                total.findings += done.findings
                total.leaks += done.leaks
                total.lines += done.lines
            print(f"{total.requests:,} requests, {len(total.findings)} findings", flush=True)
    print(json.dumps({"requests": total.requests, "answers": dict(sorted(total.answers.items()))}))
    print(f"{total.lines:,} lines of log, {total.leaks} with a secret; {time.perf_counter() - started:.0f} s")
    print("\n".join(total.findings) or "nothing was found")
    return 1 if total.findings or total.leaks else 0


if __name__ == "__main__":
    raise SystemExit(main())
