"""``target init``: both files, as they are read; the inventories that the chosen profiles need."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli import main
from conformance.target.file import read_target
from conformance.target.init import CannotInit, init, inventories_of, write
from conformance.target.inventory import provider_copies
from simulator.inventories import PLANS, inventories

TOKENS = ("TARGET_TOKEN_OUT", "TARGET_TOKEN_IN", "TARGET_THIRD_TOKEN_OUT", "TARGET_THIRD_TOKEN_IN")


@pytest.fixture(autouse=True)
def tokens_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TOKENS:
        monkeypatch.setenv(name, f"geheim-{name}")


def test_a_provider_is_ready_to_be_filled_in(tmp_path: Path) -> None:
    write(init("connection-coordinator", ["core-issuer", "core-negotiator", "update"], tmp_path / "target.toml"))
    target = read_target(tmp_path / "target.toml")
    assert (target.seats, target.capabilities) == (("csp-a", "csp-b"), ("update",))
    assert target.auth.third_outbound.secret == "geheim-TARGET_THIRD_TOKEN_OUT"
    assert target.northbound.http is not None
    assert list(target.northbound.http.actions) == ["offer", "read", "delete", "accept"]
    assert "nine-left" in target.inventory.names


SEATS = {
    ("core-issuer",): ("csp-a",),
    ("core-negotiator", "update"): ("csp-b",),
    ("update",): ("csp-a", "csp-b"),
    ("security",): ("csp-a", "csp-b"),
}


@pytest.mark.parametrize("profiles", SEATS)
def test_core_profiles_tell_the_seats(profiles: tuple[str, ...], tmp_path: Path) -> None:
    write(init("connection-coordinator", profiles, tmp_path / "target.toml"))
    assert read_target(tmp_path / "target.toml").seats == SEATS[profiles]


def test_an_operator_is_ready_to_be_filled_in(tmp_path: Path) -> None:
    write(init("federation-interconnect", ["federation-host"], tmp_path / "op.toml"))
    target = read_target(tmp_path / "op.toml")
    assert (target.seats, target.inventory.file) == (("op2",), tmp_path / "op-inventory.toml")
    assert target.northbound.http is not None
    assert "onboard_cloudlet" in target.northbound.http.actions


def test_the_inventory_is_the_plan_of_each_name(tmp_path: Path) -> None:
    """In either seat, with ids of its own; where the issuers' copy is wrong on purpose, what was agreed."""
    write(init("connection-coordinator", (), tmp_path / "target.toml"))
    file = tmp_path / "target.toml"
    file.write_text(file.read_text().replace('# target = { id = "acme"', 'target = { id = "acme"'))
    target = read_target(file)
    assert len(target.inventory.names) > 15
    for name in target.inventory.names:
        for seat in ("csp-a", "csp-b"):
            agreed = "csp-b" if PLANS[name].issuers else seat
            copy = provider_copies(target, seat, name)[seat]
            plan = inventories(name, ids=target.names(seat))[seat]
            if agreed == seat:
                assert set(copy.interconnects) == set(plan.interconnects), name
                assert [(row.peer, row.id, row.sizes, row.private) for row in copy.environments] == [
                    (row.peer, row.id, row.sizes, row.private) for row in plan.environments
                ]
                assert [(row.id, row.macsec_manager, row.demarc) for row in copy.channels] == [
                    (row.id, row.macsec_manager, row.demarc) for row in plan.channels
                ]


def test_only_what_the_profiles_share_is_written() -> None:
    both = ("csp-a", "csp-b")
    assert inventories_of("connection-coordinator", ["delete"], both)[0] == "standard"
    assert "five-of-each" not in inventories_of("connection-coordinator", ["delete"], both)
    assert "nine-left" in inventories_of("connection-coordinator", ["update"], both)
    assert inventories_of("federation-interconnect", ["federation-lead"], ("op1",)) == ("standard",)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "inventory.toml").write_text("mine")
    with pytest.raises(
        CannotInit, match=r"--out: want a place where nothing is yet, got .*inventory.toml, which exists"
    ):
        init("connection-coordinator", (), tmp_path / "target.toml")
    with pytest.raises(CannotInit, match=r"--profile: want one of core-issuer, .*; got 'core'"):
        init("connection-coordinator", ["core"], tmp_path / "other.toml")


def test_the_command_says_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.toml"
    command = ["target", "init", "--protocol", "connection-coordinator", "--profile", "delete", "--out", str(out)]
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    assert f"{out}: describe your implementation here, then: interlock doctor {out}" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "which exists" in capsys.readouterr().err
