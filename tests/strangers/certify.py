"""Certify a stranger from its target file: the whole run, or what each of its vices is caught by.

    python -m tests.strangers.certify [csp-a|csp-b|op1|op2 …] [--no-clock] [--report DIR]
    python -m tests.strangers.certify --vices [NAME …] [--no-clock]

A script, not a test: a whole run takes minutes. Exit code: that of `interlock certify`; with --vices 0 where every one is
caught by the check named for it, else 1.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.strangers.served import Certified, kind_of, stranger
from tests.strangers.vices import CAUGHT, Caught

CULPRITS = ("failed", "error", "inconclusive")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.strangers.certify")
    parser.add_argument("names", nargs="*", help="seats, or with --vices vices")
    parser.add_argument("--vices", action="store_true")
    parser.add_argument("--no-clock", action="store_true", help="its time cannot be moved")
    parser.add_argument("--report", help="where report.html and the rest shall go")
    asked = parser.parse_args(words)
    if asked.vices:
        return vices(asked.names, clock=not asked.no_clock)
    with tempfile.TemporaryDirectory() as directory:
        who = kind_of(asked.names)
        with stranger(Path(directory), who, seats=asked.names, clock=not asked.no_clock) as served:
            doctor = served.interlock("doctor", "target.toml")
            print(doctor.stdout)
            done = served.certify("report")
        if asked.report:
            shutil.copytree(Path(directory) / "report", asked.report, dirs_exist_ok=True)
    tell(done)
    return done.code


def tell(done: Certified) -> None:
    print(done.printed)
    for seat in done.report["target"]["seats"]:
        counts = Counter(verdict for (_, at), verdict in done.verdicts.items() if at == seat)
        print(f"{seat}: {', '.join(f'{number} {verdict}' for verdict, number in sorted(counts.items()))}")
    for (check, seat), verdict in done.verdicts.items():
        if verdict in CULPRITS:
            row = done.told(check, seat)
            print(f"  {verdict} {check} {seat}: want {row['want']}; got {row['got']} {row.get('reason') or ''}")


def vices(names: Sequence[str], *, clock: bool = True) -> int:
    missed = 0
    for each in (row for row in CAUGHT if not names or row.vice in names):
        with tempfile.TemporaryDirectory() as directory:
            missed += not caught(each, Path(directory), clock=clock)
    return int(missed > 0)


def caught(row: Caught, directory: Path, *, clock: bool = True) -> bool:
    """Play what judges its requirement against the spoiled stranger, and tell."""
    with stranger(directory, kind_of([row.seat]), seats=[row.seat], clock=clock, vice=row.vice) as served:
        done = served.certify("report", row.check.partition("/")[0])
    verdict = done.verdicts.get((row.check, row.seat), "not played")
    others = [check for (check, _), each in done.verdicts.items() if each == "failed" and check != row.check]
    shown = done.told(row.check, row.seat)
    good = verdict == row.verdict and row.want in str(shown["want"]) and done.code == (1 if verdict == "failed" else 4)
    print(f"{'caught' if good else 'MISSED'} {row.vice}: {row.check} {verdict}, exit code {done.code}")
    print(f"       want {shown['want']}; got {shown['got']} {shown.get('reason') or ''}; also {others}", flush=True)
    return good


if __name__ == "__main__":
    sys.exit(main())
