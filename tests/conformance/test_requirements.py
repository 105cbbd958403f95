"""The registry holds exactly what the catalogues say, and a slip in a catalogue is named with its file and id."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from conformance.requirements import (
    PROTOCOLS,
    CatalogueError,
    Level,
    Registry,
    UnknownId,
    Untestable,
    load_registry,
    read_registry,
    seats_of,
)

CC = "connection-coordinator"
FI = "federation-interconnect"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.mark.parametrize(
    ("protocol", "must", "should", "may", "checks", "errata"), [(CC, 164, 12, 2, 532, 70), (FI, 101, 16, 2, 365, 32)]
)
def test_counts(registry: Registry, protocol: str, must: int, should: int, may: int, checks: int, errata: int) -> None:
    chosen = registry.select(protocol)
    levels = Counter(requirement.level for requirement in chosen)
    assert (levels[Level.MUST], levels[Level.SHOULD], levels[Level.MAY]) == (must, should, may)
    assert sum(len(requirement.checks) for requirement in chosen) == checks
    assert sum(erratum.protocol == protocol for erratum in registry.errata.values()) == errata


UNTESTABLE = [
    *("CC-GUIDE-009/2", "CC-ACT-002/2", "CC-ACT-009/1", "CC-ACT-009/2", "CC-DEL-007/1", "CC-DEL-007/2"),
    *("CC-MIG-002/4", "CC-MIG-002/5", "CC-MACSEC-011/1"),
]
"""What only traffic or routes would show (coordinator-harness, 9 (d))."""


def test_totals(registry: Registry) -> None:
    assert len(registry.requirements) == len(registry.select()) == 178 + 119
    assert sum(len(requirement.checks) for requirement in registry.select()) == 897
    assert len(registry.errata) == 102
    assert [c.id for r in registry.select() for c in r.checks if c.untestable] == UNTESTABLE


def test_profiles_of_the_connection_coordinator_are_those_of_the_coverage_table(registry: Registry) -> None:
    section = (DOCS / "coordinator-harness.md").read_text(encoding="utf-8").split("\n## 9. Coverage\n")[1]
    rows = dict(re.findall(r"^\| ([a-z-]+) \| (\d+) \|", section.split("\n## ")[0], re.MULTILINE))
    assert rows.pop("all") == "178"
    assert {p.id: len(p.requirements) for p in registry.profiles(CC)} == {id_: int(n) for id_, n in rows.items()}


def test_profiles_of_the_federation_interconnect(registry: Registry) -> None:
    assert [(p.id, len(p.requirements), p.extended) for p in registry.profiles(FI)] == [
        ("federation-lead", 34, False),
        ("federation-host", 44, False),
        ("federation-apps-lead", 10, True),
        ("federation-apps-host", 12, True),
        ("security", 19, False),
    ]


def test_every_requirement_is_in_one_profile(registry: Registry) -> None:
    members = [id_ for profile in registry.profiles() for id_ in profile.requirements]
    assert sorted(members) == sorted(registry.requirements)
    extended = [p.id for p in registry.profiles(CC) if p.extended]
    assert extended == ["update", "delete", "migration", "deferral", "maintenance", "macsec", "issues"]


def test_a_requirement_as_written(registry: Registry) -> None:
    requirement = registry.requirements["CC-IX-005"]
    assert requirement.protocol == CC
    assert requirement.level is Level.MUST
    assert requirement.roles == ("responder", "negotiator", "either")
    assert requirement.operation == "CreateConnection"
    assert requirement.flow == "m2-interconnect-selection"
    assert requirement.observable == ("wire", "state")
    assert [source.document for source in requirement.source] == ["upstream-openapi", "seed-002"]
    assert [check.id for check in requirement.checks] == [f"CC-IX-005/{n}" for n in range(1, 8)]


def test_check_by_id(registry: Registry) -> None:
    check = registry.check("CC-IX-005/2")
    assert check is registry.requirements["CC-IX-005"].checks[1]
    assert (check.requirement, check.n, check.given) == ("CC-IX-005", 2, "a PENDING interconnect")
    assert (check.when, check.then) == ("CreateConnection on it", "4xx, nothing stored")


def test_errata_of_a_requirement(registry: Registry) -> None:
    assert [erratum.id for erratum in registry.errata_of("CC-IX-005")] == ["CC-ERR-08", "CC-ERR-39"]
    assert registry.errata_of("CC-ENV-006") == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("CC-IX-005/8", "no check has the id 'CC-IX-005/8'; CC-IX-005 has CC-IX-005/1 to CC-IX-005/7"),
        ("CC-IX-005/02", "no check has the id 'CC-IX-005/02'; CC-IX-005 has CC-IX-005/1 to CC-IX-005/7"),
        ("FI-REMOV-001/1", "no requirement, check or erratum has the id 'FI-REMOV-001/1'; closest: FI-REMOVE-001, "),
        ("zebra", "'zebra'; interlock list requirements (or errata) names them all"),
    ],
)
def test_unknown_ids(registry: Registry, wrong: str, message: str) -> None:
    with pytest.raises(UnknownId, match=re.escape(message)):
        registry.check(wrong)


def test_an_unknown_protocol_is_no_empty_selection(registry: Registry) -> None:
    known = "unknown protocol 'federation'; known are connection-coordinator, federation-interconnect"
    for ask in (registry.select, registry.profiles):
        with pytest.raises(UnknownId, match=known):
            ask("federation")
    with pytest.raises(UnknownId, match="closest: CC-KEY-001"):
        registry.errata_of("cc-key-001")


def test_the_registry_is_read_once() -> None:
    assert load_registry() is load_registry()


def test_the_digest_is_that_of_the_files(registry: Registry, tmp_path: Path) -> None:
    package = files("conformance.requirements")
    content = b"".join(package.joinpath(f"{name}.yaml").read_bytes() for name in (CC, FI))
    assert registry.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    spoil(tmp_path, FI, "# Federation Interconnect:", "# The Federation Interconnect:")
    assert read_registry(tmp_path).digest != registry.digest


@pytest.mark.parametrize(
    ("protocol", "roles", "seats"),
    [
        (CC, ["issuer"], ("csp-a",)),
        (CC, ["acceptor"], ("csp-b",)),
        (CC, ["negotiator"], ("csp-b",)),
        (CC, ["responder"], ("csp-a",)),
        (CC, ["either"], ("csp-a", "csp-b")),
        (CC, ["update-initiator"], ("csp-a", "csp-b")),
        (CC, ["delete-initiator"], ("csp-a", "csp-b")),
        (CC, ["migration-initiator"], ("csp-a", "csp-b")),
        (CC, ["deferring-provider"], ("csp-b",)),
        (CC, ["driving-provider"], ("csp-a",)),
        (CC, ["initiator-of-maintenance"], ("csp-a", "csp-b")),
        (CC, ["macsec-manager"], ("csp-a", "csp-b")),
        (CC, ["macsec-peer"], ("csp-a", "csp-b")),
        (CC, ["channel-owner"], ("csp-a", "csp-b")),
        (CC, ["issue-handler"], ("csp-a", "csp-b")),
        (CC, ["issuer", "responder"], ("csp-a",)),
        (CC, ["negotiator", "responder"], ("csp-a", "csp-b")),
        (FI, ["lead"], ("op1",)),
        (FI, ["host"], ("op2",)),
        (FI, ["apps-lead"], ("op1",)),
        (FI, ["apps-host"], ("op2",)),
        (FI, ["either"], ("op1", "op2")),
        (FI, ["host", "lead"], ("op1", "op2")),
    ],
)
def test_seats(registry: Registry, protocol: str, roles: list[str], seats: tuple[str, ...]) -> None:
    assert seats_of(replace(registry.select(protocol)[0], roles=tuple(roles))) == seats


def test_no_role_is_without_seats(registry: Registry) -> None:
    assert [r.id for r in registry.select() if not seats_of(r)] == []
    for protocol in PROTOCOLS.values():
        used = {role for requirement in registry.select(protocol.id) for role in requirement.roles}
        assert used <= protocol.roles.keys()


def spoil(directory: Path, protocol: str, old: str, new: str) -> None:
    """Put both catalogues into the directory, the first `old` of one of them replaced."""
    for name in PROTOCOLS:
        text = files("conformance.requirements").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        if name == protocol:
            assert old in text
            text = text.replace(old, new, 1)
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("protocol", "old", "new", "message"),
    [
        pytest.param(
            CC,
            '{n: 2, given: "the same recording"',
            '{n: 3, given: "the same recording"',
            "connection-coordinator.yaml: CC-PROV-001: checks are numbered from 1 without gaps: expected 2, found 3",
            id="gap in the check numbers",
        ),
        pytest.param(
            FI,
            "  - n: 2\n",
            "  - n: 1\n",
            "federation-interconnect.yaml: FI-CLOUDLET-001: checks are numbered from 1 without gaps: expected 2, ",
            id="check number twice",
        ),
        pytest.param(
            CC,
            "- id: CC-PROV-002",
            "- id: CC-PROV-001",
            "connection-coordinator.yaml: CC-PROV-001: the id is used twice",
            id="duplicate requirement",
        ),
        pytest.param(
            FI,
            "- id: FI-ERR-02",
            "- id: FI-ERR-01",
            "federation-interconnect.yaml: FI-ERR-01: the id is used twice",
            id="duplicate erratum",
        ),
        pytest.param(
            FI,
            "  affects:\n  - FI-PARTNER-003",
            "  affects:\n  - FI-PARTNER-999",
            "federation-interconnect.yaml: FI-ERR-01: affects 'FI-PARTNER-999', which is no requirement",
            id="unknown affects",
        ),
        pytest.param(
            CC,
            "- id: CC-PROV-002",
            "- id: CC-PROV-02",
            "connection-coordinator.yaml: CC-PROV-02: expected an id like CC-TOPIC-001",
            id="ill-formed requirement id",
        ),
        pytest.param(
            FI,
            "- id: FI-ERR-02",
            "- id: CC-ERR-02",
            "federation-interconnect.yaml: CC-ERR-02: expected an id like FI-ERR-01",
            id="id of the other protocol",
        ),
        pytest.param(
            CC,
            "level: MUST",
            "level: SHALL",
            "connection-coordinator.yaml: CC-PROV-001: level: 'SHALL' is unknown; known are MUST, SHOULD, MAY",
            id="unknown level",
        ),
        pytest.param(
            CC,
            "profile: core-negotiator",
            "profile: negotiator",
            "connection-coordinator.yaml: CC-PROV-001: profile: 'negotiator' is unknown; known are core-issuer, ",
            id="unknown profile",
        ),
        pytest.param(
            FI,
            "  - lead\n",
            "  - guest\n",
            "federation-interconnect.yaml: FI-CLOUDLET-001: role: 'guest' is unknown; known are lead, host, ",
            id="unknown role",
        ),
        pytest.param(
            CC,
            "observable: [wire]",
            "observable: [wires]",
            "connection-coordinator.yaml: CC-PROV-001: observable: 'wires' is unknown; known are wire, ",
            id="unknown observable",
        ),
        pytest.param(
            CC,
            '{document: "seed-002"',
            '{document: "seed-003"',
            "connection-coordinator.yaml: CC-PROV-001: source document: 'seed-003' is unknown; known are seed-002, ",
            id="unknown document",
        ),
        pytest.param(
            CC,
            "  flow: static-resources\n",
            "",
            "connection-coordinator.yaml: CC-PROV-001: member missing: flow",
            id="member missing",
        ),
        pytest.param(
            CC,
            "  flow: static-resources\n",
            "  flow: static-resources\n  flaw: none\n",
            "connection-coordinator.yaml: CC-PROV-001: member unknown: flaw",
            id="member unknown",
        ),
        pytest.param(
            FI,
            "  profile: federation-lead\n",
            "  profile: federation-lead\n  checks: []\n",
            "federation-interconnect.yaml: no readable YAML: a member is given twice",
            id="member twice",
        ),
        pytest.param(
            FI,
            "  title: OP1 takes cloudlets into its own inventory",
            "  title: no",
            "federation-interconnect.yaml: FI-CLOUDLET-001: title: expected a text, found False",
            id="not a text",
        ),
        pytest.param(
            CC,
            "role: [either]",
            "role: []",
            "connection-coordinator.yaml: CC-PROV-001: role: expected a list that is not empty, found []",
            id="empty list",
        ),
        pytest.param(
            CC,
            '{n: 2, given: "the same recording"',
            '{untestable: {reason: "nobody sees it"}, n: 2, given: "the same recording"',
            "connection-coordinator.yaml: CC-PROV-001/2: untestable: member missing: accepted_by",
            id="untestable without acceptance",
        ),
        pytest.param(
            CC,
            "role: [either]",
            "role: [either",
            "connection-coordinator.yaml: no readable YAML: ",
            id="no YAML",
        ),
    ],
)
def test_a_slip_is_named_with_file_and_id(tmp_path: Path, protocol: str, old: str, new: str, message: str) -> None:
    spoil(tmp_path, protocol, old, new)
    with pytest.raises(CatalogueError) as caught:
        read_registry(tmp_path)
    assert str(caught.value).startswith(message)


def test_an_untestable_check_says_why_and_who_accepted_it(tmp_path: Path) -> None:
    given = 'given: "the same recording"'
    spoil(tmp_path, CC, given, f'untestable: {{reason: "nobody sees it", accepted_by: "the lead"}}, {given}')
    checks = read_registry(tmp_path).requirements["CC-PROV-001"].checks
    assert [check.untestable for check in checks] == [None, Untestable("nobody sees it", "the lead")]
