"""What the seats are called on the wire, and back."""

from __future__ import annotations

from conformance import prologue
from conformance.names import AS_THEY_ARE, Names
from simulator.inventories import inventories

NAMES = Names({"csp-a": "acme", "csp-b": "interlock-peer", "csp-c": "acme-3"}, {"X": "customer-17"})


def test_there_and_back() -> None:
    said = {
        "name": "providers/csp-a/environments/env1",
        "provider": "csp-b",
        "account": "X",
        "list": ["/v1/providers/csp-c", {"remote_account": "X"}],
        "mbps": 1000,
        "told": "nothing under providers/csp-a.",
    }
    sent = {
        "name": "providers/acme/environments/env1",
        "provider": "interlock-peer",
        "account": "customer-17",
        "list": ["/v1/providers/acme-3", {"remote_account": "customer-17"}],
        "mbps": 1000,
        "told": "nothing under providers/acme.",
    }
    assert NAMES.out(said) == sent
    assert NAMES.seen(sent) == said


def test_only_what_names_a_provider_or_an_account_is_renamed() -> None:
    other = {
        "sites": ["csp-a"],
        "title": "acme",
        "name": "providers/acme-30/x",
        "key": "X",
        "path": "/myproviders/acme",
    }
    assert NAMES.seen(other) == other
    assert NAMES.out({"title": "csp-a"}) == {"title": "csp-a"}


def test_the_facts_of_a_redacted_key_are_renamed() -> None:
    assert NAMES.seen('secret:activation-key:00ff;{"uri":"providers/acme/environments/env1"}') == (
        'secret:activation-key:00ff;{"uri":"providers/csp-a/environments/env1"}'
    )


def test_without_other_names_nothing_is_touched() -> None:
    value = {"name": "providers/csp-a"}
    assert AS_THEY_ARE.out(value) is value
    assert AS_THEY_ARE.seen(value) is value
    assert not Names({"csp-a": "csp-a"})
    assert NAMES


def test_the_account_in_the_facts_of_a_redacted_key_is_renamed() -> None:
    told = 'secret:activation-key:00ff;{"members":{"destinationAccountId":"%s","version":1}}'
    assert NAMES.seen(told % "customer-17") == told % "X"
    assert NAMES.seen(told % "customer-170") == told % "customer-170"


def test_a_bare_id_names_a_provider_where_one_is_named() -> None:
    site = {"providerId": "acme", "site": "acme"}
    assert NAMES.seen(site) == {"providerId": "csp-a", "site": "acme"}
    assert NAMES.seen({"macsecManagerProvider": "acme"}) == {"macsecManagerProvider": "csp-a"}


def test_we_call_the_customers_as_the_target_does() -> None:
    ours = inventories("private-environment")["csp-b"]
    named = NAMES.inventory(ours)
    assert [(each.id, each.acts_for) for each in named.accounts] == [
        ("customer-17", ()),
        ("Y", ()),
        ("Z", ("customer-17",)),
        ("S", ()),
    ]
    assert [each.admitted for each in named.environments] == [(), ("customer-17",)]
    assert AS_THEY_ARE.inventory(ours) is ours


def test_an_asn_is_the_one_of_the_inventories_where_none_is_given() -> None:
    named = Names({}, {}, {"csp-a": 31337})
    assert [named.asn_of(seat) for seat in ("csp-a", "csp-b")] == [31337, 64600]
    made = prologue.proposed("csp-b", "env1", "ix1", "ch1", asns={"csp-a": 31337, "csp-b": 64600})
    speakers = made["featureConfig"]["l3BaseConfig"]["providerBgpConfigs"]
    assert {each["provider"]: each["asn"] for each in speakers} == {"providers/csp-a": 31337, "providers/csp-b": 64600}
