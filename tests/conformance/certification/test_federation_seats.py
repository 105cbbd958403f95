"""The operators of the examples, served, are certified from their own target files: from either seat, with a clock that we
move and without."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.certify import certify
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.portal import Portal
from conformance.served_inventories import inventories_for
from conformance.target.file import read_target
from reference_impl.serve.config import read_config
from reference_impl.serve.party import party_served
from reference_impl.serve.protocols import SERVED
from tests.conformance.certification.acme import ports

FI = "federation-interconnect"
EXAMPLES = Path(__file__).parents[3] / "examples"
CHOSEN: dict[str, tuple[str, ...]] = {
    "op1": ("table:register-zone", "FI-ZREG-001", "FI-SHARE-006", "FI-UNSHARE-005"),
    "op2": ("FI-ZREG-008", "FI-ZREG-009", "FI-UNSHARE-002", "FI-REMOVE-006"),
}
WITHOUT_A_CLOCK: dict[str, tuple[str, ...]] = {"op1": ("FI-ZREG-001",), "op2": ("FI-ZREG-009",)}


@contextlib.contextmanager
def served(directory: Path, party: str) -> Iterator[Path]:
    """Serve the party of an example on free ports; gives its target file, of this seat only."""
    at = ports()
    own, other = ("8011", "8012") if party == "op1" else ("8012", "8011")
    names = {own: "east_west", own.replace("80", "81"): "northbound", other: "here", "8013": "third"}
    for name in (f"{party}.toml", f"target-{party}.toml"):
        text = (EXAMPLES / name).read_text(encoding="utf-8").replace('seats = ["op1", "op2"]', f'seats = ["{party}"]')
        for port, place in names.items():
            text = text.replace(f":{port}", f":{at[place]}")
        (directory / name).write_text(text, encoding="utf-8")
    portal = Portal()
    config = read_config(directory / f"{party}.toml", SERVED[FI])
    serving = party_served(config, SERVED[FI], inventories=inventories_for(config))
    portal.call(serving.__aenter__())
    try:
        yield directory / f"target-{party}.toml"
    finally:
        portal.call(serving.__aexit__(None, None, None))
        portal.close()


@pytest.mark.parametrize("clock", [True, False], ids=["its clock is moved", "no clock"])
@pytest.mark.parametrize("seat", ["op1", "op2"])
def test_either_seat(seat: str, clock: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR", f"example-operator-of-{seat}")
    chosen = (CHOSEN if clock else WITHOUT_A_CLOCK)[seat]
    with served(tmp_path, seat) as file:
        if not clock:
            text = file.read_text(encoding="utf-8").replace('kind = "northbound"', 'kind = "none"')
            file.write_text(text, encoding="utf-8")
        target = read_target(file)
        run = certify(target, InEachLoop(lambda: northbound_of(target, contextlib.AsyncExitStack())), chosen)
    verdicts = {
        check.id: check.verdict
        for requirement in run.report.requirements
        for check in requirement.checks
        if check.verdict not in ("untested", "not-applicable")
    }
    assert set(verdicts.values()) == {"passed"}, verdicts
    named = [each for each in chosen if not each.startswith("table:")]
    assert {each for each in named if not any(check.startswith(each) for check in verdicts)} == set()
    counts = run.report.counts
    assert counts.executed == counts.expected == counts.judged > len(chosen)
