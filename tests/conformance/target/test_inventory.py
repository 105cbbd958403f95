"""The inventory file: the target's copy by the seat that it takes, and ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.target.inventory import Cloudlet, Zone, holdings, provider_copies
from reference_impl.serve.tomlfile import ConfigError
from simulator.inventories import guidance_of, inventories
from tests.conformance.target.files import INVENTORY, OPERATOR, PROVIDER, SMALL, read, set_secrets


@pytest.fixture(autouse=True)
def secrets_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(monkeypatch)


def test_the_target_has_all_rows_and_each_of_us_its_own(tmp_path: Path) -> None:
    copies = provider_copies(read(tmp_path, PROVIDER), "csp-b")
    assert {seat: [(row.peer, row.id) for row in copy.environments] for seat, copy in copies.items()} == {
        "csp-b": [("interlock", "west-1"), ("csp-c", "west-1")],
        "csp-a": [("acme", "west-1")],
        "csp-c": [("acme", "west-1")],
    }
    assert [(row.id, row.own_id) for row in copies["csp-b"].partners] == [("interlock", "acme"), ("csp-c", "acme")]
    assert [(row.id, row.display_name, row.own_id) for row in copies["csp-a"].partners] == [
        ("acme", "Acme", "interlock")
    ]
    assert [(row.id, row.max_mbps) for row in copies["csp-a"].interconnects] == [("ix9", 5000)]


def test_managers_are_named_by_id_whatever_the_seat(tmp_path: Path) -> None:
    target = read(tmp_path, PROVIDER)
    for seat, ours in (("csp-a", "csp-b"), ("csp-b", "csp-a")):
        copies = provider_copies(target, seat)
        managers = [(row.id, row.macsec_manager) for row in copies[ours].channels]
        assert managers == [("ch1", "acme"), ("ch2", "interlock")]
    left = provider_copies(target, "csp-b", "one-left")["csp-b"]
    assert [row.macsec_manager for row in left.channels] == ["interlock", "interlock", "acme", "acme"]


def test_each_serves_its_own_ranges(tmp_path: Path) -> None:
    copies = provider_copies(read(tmp_path, PROVIDER), "csp-a")
    assert [(each.start, each.stop) for each in copies["csp-a"].channels[0].guidance.vlanRanges] == [(100, 200)]
    assert copies["csp-b"].channels[0].guidance == guidance_of("csp-b")


def test_where_the_peer_of_an_environment_is_reached(tmp_path: Path) -> None:
    copies = provider_copies(read(tmp_path, PROVIDER), "csp-a", api_uri=lambda seat: f"http://{seat}")
    assert {seat: [row.api_uri for row in copy.environments] for seat, copy in copies.items()} == {
        "csp-a": ["http://csp-b", "http://csp-c"],
        "csp-b": ["https://west.acme.example/v1"],
        "csp-c": ["https://west.acme.example/v1"],
    }


def test_without_a_file_the_plans_hold(tmp_path: Path) -> None:
    target = read(tmp_path, SMALL)
    assert provider_copies(target, "csp-a", "one-left", lambda seat: "") == inventories(
        "one-left", ids=target.names("csp-a")
    )
    with pytest.raises(KeyError, match="no inventory 'nowhere'"):
        provider_copies(target, "csp-a", "nowhere")


def test_ours_may_differ_on_purpose_where_the_target_has_what_was_agreed(tmp_path: Path) -> None:
    """The plan of that name decides over our copies, as long as the file agrees with it."""
    target = read(tmp_path, PROVIDER)
    planned = inventories("one-left", ids=target.names("csp-a"))
    assert provider_copies(target, "csp-a", "one-left", lambda seat: "")["csp-b"] == planned["csp-b"]
    roomier = read(tmp_path, PROVIDER, INVENTORY.replace('id = "ix1", max_mbps = 1000', 'id = "ix1", max_mbps = 2000'))
    ours = provider_copies(roomier, "csp-a", "one-left", lambda seat: "")["csp-b"]
    assert ours.interconnects == (replace(planned["csp-b"].interconnects[0], max_mbps=2000),)


def test_only_what_the_file_holds_can_be_given(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no inventory 'nine-left'; there are standard, one-left"):
        provider_copies(read(tmp_path, PROVIDER), "csp-a", "nine-left")


def test_an_operator_holds_cloudlets_and_zones(tmp_path: Path) -> None:
    held = holdings(read(tmp_path, OPERATOR))
    assert held.cloudlets == (Cloudlet("edge-1", 50.1, 8.7, {"cpu": 64}), Cloudlet("edge-2"))
    assert held.zones == (Zone("zone-1", ("edge-1", "edge-2"), "50.1,8.7", city="Frankfurt"),)


WRONG = {
    "unknown environment": (
        INVENTORY.replace('environment = "west-1", id = "ix9", max', 'environment = "west-2", id = "ix9", max'),
        "6: interconnects[0].environment: want an environment shared with interlock: west-1, got a text: 'west-2'",
    ),
    "unknown provider": (
        INVENTORY.replace('"interlock"', '"interlook"'),
        "10: channels[1].macsec_manager: want one of acme, interlock, csp-c, got a text: 'interlook'",
    ),
    "in a named one": (
        INVENTORY.replace("max_mbps = 1000", "max_mbps = -1"),
        "23: inventories.one-left.interconnects[0].max_mbps: want a whole number from 0 to 2147483647, "
        "got a whole number: -1",
    ),
    "base url of nothing": (
        INVENTORY.replace("west-1 = ", "west-7 = "),
        "19: base_urls.west-7: want an environment of the inventory, west-1, got another one",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str, tmp_path: Path) -> None:
    text, error = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, PROVIDER, text)
    assert str(caught.value).removeprefix(f"{tmp_path}/inventory.toml:") == error


OPERATORS = {
    "cloudlet twice": (
        OPERATOR.replace('"edge-2" }', '"edge-1" }'),
        "inventory.cloudlets[0].name: want each of the cloudlets once",
    ),
    "unknown cloudlet": (
        OPERATOR.replace('"edge-2"],', '"edge-9"],'),
        "inventory.zones[0].cloudlets: want cloudlets of this file, edge-1, edge-2, got edge-9",
    ),
    "beyond the pole": (
        OPERATOR.replace("50.1, long", "91, long"),
        "inventory.cloudlets[0].lat: want decimal degrees from -90 to 90",
    ),
    "unknown group": (
        OPERATOR.replace("application =", "applications ="),
        "inventory.base_urls.applications: want the key application",
    ),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_what_is_wrong_with_an_operator_is_told(name: str, tmp_path: Path) -> None:
    text, error = OPERATORS[name]
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert error in str(caught.value)
