"""Certify a served reference provider again and again: is every verdict the same each time?

    python -m tests.identical_runs [csp-a|csp-b …] [--runs 20] [--clock northbound|none] [-- OPTIONS OF CERTIFY]

A script, not a test: a full run takes minutes. Each run is an `interlock certify` of its own against the same process of
`interlock serve`. Prints how many verdicts there were of each kind, and every check whose verdict was not always the same.
Exit code: 0 identical, 1 not, 2 a run left no report.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from tests.conformance.interop.partners import free_ports

INTERLOCK = (sys.executable, "-c", "from conformance.cli import main; main()")
CAPABILITIES = ["update", "delete", "migration", "deferral", "maintenance", "macsec", "issues"]
OTHER = {"csp-a": "csp-b", "csp-b": "csp-a"}
SECRETS = {"TO_TARGET": "to-target", "OF_TARGET": "of-target", "C_TO": "third-to", "TO_C": "to-third", "OPERATOR": "n"}

Verdicts = Mapping[tuple[str, str], str]
"""By check and seat."""


def party(seat: str, ports: Sequence[int]) -> str:
    """PARTY.toml of the provider, with the harness as both of its partners."""
    partners = ((OTHER[seat], ports[2], "of-target", "to-target"), ("csp-c", ports[3], "to-third", "third-to"))
    rows = [
        f'[[partners]]\nid = "{id_}"\nurl = "http://127.0.0.1:{port}"\ntoken_out = "{out}"\ntoken_in = "{in_}"\n'
        for id_, port, out, in_ in partners
    ]
    return (
        f'[party]\nprotocol = "connection-coordinator"\nid = "{seat}"\nlisten = "127.0.0.1:{ports[0]}"\n'
        f'northbound = "127.0.0.1:{ports[1]}"\nnorthbound_token = "n"\n{"".join(rows)}'
        "[provisioning]\nseconds = 1\n[limits]\nper_second = 100000\nburst = 100000\n[inventory]\n"
    )


def target(seat: str, ports: Sequence[int], clock: str) -> str:
    """TARGET.toml of the same."""
    bearer = [
        f'[auth.{table}]\nkind = "bearer"\ntoken_env = "{name}"\n'
        for table, name in (
            ("outbound", "TO_TARGET"),
            ("inbound", "OF_TARGET"),
            ("third.outbound", "C_TO"),
            ("third.inbound", "TO_C"),
        )
    ]
    return (
        f'[target]\nname = "served {seat}"\nprotocol = "connection-coordinator"\nseats = ["{seat}"]\n'
        f'base_url = "http://127.0.0.1:{ports[0]}"\ncapabilities = {json.dumps(CAPABILITIES)}\n{"".join(bearer)}'
        f'[counterpart]\nlisten = "127.0.0.1:{ports[2]}"\n[counterpart.third]\nlisten = "127.0.0.1:{ports[3]}"\n'
        f'[northbound]\nkind = "http"\nstyle = "interlock"\nbase_url = "http://127.0.0.1:{ports[1]}"\n'
        f'auth = {{ kind = "bearer", token_env = "OPERATOR" }}\n[clock]\nkind = "{clock}"\n'
        "[declares]\ndefers = true\nmacsec_cadence = 2592000\n"
    )


@contextlib.contextmanager
def served(file: Path, port: int) -> Iterator[None]:
    """The provider of PARTY.toml in a process of its own, ready. RuntimeError: it did not get there."""
    command = (*INTERLOCK, "serve", "connection-coordinator", "--config", str(file))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200:
                    break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{file} is not served")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def certified(file: Path, options: Sequence[str]) -> Verdicts | None:
    """The verdicts of one run; None where it left no report, and then it has told why."""
    done = subprocess.run(
        [*INTERLOCK, "certify", str(file), "--json", *options],
        env=os.environ | SECRETS,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == 2 or not done.stdout:
        return None
    return verdicts(json.loads(done.stdout))


def verdicts(report: Mapping[str, list[Mapping[str, list[Mapping[str, str]]]]]) -> Verdicts:
    """Of a report.json."""
    rows = [check for requirement in report["requirements"] for check in requirement["checks"]]
    return {(check["id"], check["seat"]): check["verdict"] for check in rows}


def differences(runs: Sequence[Verdicts]) -> dict[tuple[str, str], Counter[str]]:
    """How often each verdict came, of the checks whose verdict was not always the same; "nothing" counts as one."""
    pairs = dict.fromkeys(pair for run in runs for pair in run)
    found = {pair: Counter(run.get(pair, "nothing") for run in runs) for pair in pairs}
    return {pair: each for pair, each in found.items() if len(each) > 1}


def compared(seat: str, number: int, clock: str, options: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as directory:
        ports = free_ports(4, above=31_000)
        one, other = Path(directory, "party.toml"), Path(directory, "target.toml")
        one.write_text(party(seat, ports), encoding="utf-8")
        other.write_text(target(seat, ports, clock), encoding="utf-8")
        runs: list[Verdicts] = []
        with served(one, ports[1]):
            for place in range(1, number + 1):
                started = time.monotonic()
                run = certified(other, options)
                if run is None:
                    return 2
                runs.append(run)
                counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(Counter(run.values()).items()))
                print(f"{seat} run {place}: {counts}, in {time.monotonic() - started:.0f} s", flush=True)
    found = differences(runs)
    for (check, at), each in sorted(found.items()):
        print(f"  {check} {at}: " + ", ".join(f"{count} x {verdict}" for verdict, count in each.most_common()))
    print(f"{seat}: {len(runs)} runs, {len(runs[0])} checks, {len(found)} whose verdict was not always the same")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seats", nargs="*", default=["csp-a", "csp-b"], metavar="SEAT", help="csp-a, csp-b")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--clock", choices=("northbound", "none"), default="northbound")
    own, options = sys.argv[1:], []
    if "--" in own:
        place = own.index("--")
        own, options = own[:place], own[place + 1 :]
    wishes = parser.parse_args(own)
    if unknown := set(wishes.seats) - set(OTHER):
        parser.error(f"want csp-a or csp-b, got {', '.join(sorted(unknown))}")
    return max(compared(seat, wishes.runs, wishes.clock, options) for seat in wishes.seats)


if __name__ == "__main__":
    sys.exit(main())
