"""What the doctor says of a target's TLS and of its certificate."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import ssl
from pathlib import Path

import pytest
import trustme
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.conformance.doctor.patients import PARTY, TARGET, TOKENS, Clinic, Told, examined, secured, wrong

WIRE_ONLY = TARGET[: TARGET.index("[northbound]")]
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture(autouse=True)
def tokens_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Acme Trust", organization_unit_name="lab")


async def _empty(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({})(scope, receive, send)


def context(certificate: trustme.LeafCert, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.maximum_version = newest
    certificate.configure_cert(made)
    return made


def network(directory: Path, authority: trustme.CA | None, server: ssl.SSLContext | None) -> list[Told]:
    """The findings about the way to a server with this context; None: it speaks cleartext."""
    trust = ""
    if authority is not None:
        authority.cert_pem.write_to_path(directory / "ca.pem")
        trust = 'trust = "ca.pem"'

    async def run() -> list[Told]:
        async with secured(_empty, server) as url:
            return await Clinic(directory).told(WIRE_ONLY, url, trust=trust)

    return [each for each in asyncio.run(run()) if each[0].startswith("east-west.")][2:]


def issued(authority: trustme.CA, name: str = "127.0.0.1", days: float = 100) -> trustme.LeafCert:
    return authority.issue_cert(
        name,
        organization_name="Acme",
        organization_unit_name="lab",
        not_before=NOW - datetime.timedelta(days=10),
        not_after=NOW + datetime.timedelta(days=days, hours=1),
    )


def test_a_certificate_that_is_well(tmp_path: Path, authority: trustme.CA) -> None:
    assert network(tmp_path, authority, context(issued(authority))) == [
        ("east-west.tls", "ok", "TLSv1.3", ""),
        ("east-west.certificate", "ok", "OU=lab,O=Acme, by OU=lab,O=Acme Trust, verified, 100 days left", ""),
    ]


def test_a_certificate_that_ends_soon(tmp_path: Path, authority: trustme.CA) -> None:
    assert network(tmp_path, authority, context(issued(authority, days=3)))[1] == (
        "east-west.certificate",
        "warn",
        "OU=lab,O=Acme, by OU=lab,O=Acme Trust, ends in 3 days",
        "a certificate that lasts longer",
    )


def test_an_authority_that_is_not_trusted(tmp_path: Path, authority: trustme.CA) -> None:
    (found,) = network(tmp_path, None, context(issued(authority)))
    assert found[:2] == ("east-west.certificate", "bad")
    assert found[2] == "unable to get local issuer certificate"
    assert found[3] == "auth.trust: the PEM file of the authority that signed the target's certificate"


def test_a_certificate_of_another_name(tmp_path: Path, authority: trustme.CA) -> None:
    assert network(tmp_path, authority, context(issued(authority, "acme.example"))) == [
        (
            "east-west.certificate",
            "bad",
            "IP address mismatch, certificate is not valid for '127.0.0.1'",
            "target.base_url: a host name that the certificate holds, or another certificate there",
        )
    ]


def test_a_certificate_that_is_over(tmp_path: Path, authority: trustme.CA) -> None:
    assert network(tmp_path, authority, context(issued(authority, days=-1))) == [
        (
            "east-west.certificate",
            "bad",
            "certificate has expired",
            "a certificate of the target that is valid now",
        )
    ]


def test_tls_that_is_too_old(tmp_path: Path, authority: trustme.CA) -> None:
    """CC-SEC-001, FI-AUTH-011."""
    assert network(tmp_path, authority, context(issued(authority), ssl.TLSVersion.TLSv1_2)) == [
        (
            "east-west.tls",
            "bad",
            "TLSv1.2 at most",
            "let the target speak TLS 1.3 (CC-SEC-001, FI-AUTH-011)",
        )
    ]


def test_cleartext_behind_https(tmp_path: Path) -> None:
    assert network(tmp_path, None, None) == [
        ("east-west.tls", "bad", "no TLS: it answers in cleartext", "target.base_url: http, or TLS at the target")
    ]


TLS = """\
[tls]
certificate = "server.pem"
key = "server-key.pem"
client_ca = "ca.pem"
trust = "ca.pem"
"""


@pytest.mark.parametrize("shown", [True, False])
def test_a_target_that_wants_our_certificate(shown: bool, tmp_path: Path, authority: trustme.CA) -> None:
    """The partner is bound to it: without it the right token is refused (CC-SEC-002)."""
    ours = authority.issue_cert("interlock.example", common_name="interlock")
    for name, certificate in (("server", issued(authority)), ("ours", ours)):
        certificate.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
        certificate.private_key_pem.write_to_path(tmp_path / f"{name}-key.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    der = ssl.PEM_cert_to_DER_cert(ours.cert_chain_pems[0].bytes().decode())
    bound = f'token_in = "of-b-1"\ncertificate_sha256 = "{hashlib.sha256(der).hexdigest()}"'
    token = 'outbound = {{ kind = "bearer", token_env = "OF_B"'
    files = ', certificate = "ours.pem", key = "ours-key.pem" }}' if shown else " }}"
    text = TARGET.replace(token + " }}", token + files).replace("[northbound]", '[northbound]\ntrust = "ca.pem"')
    found = examined(
        tmp_path,
        text.replace("{trust}", 'trust = "ca.pem"'),
        PARTY.replace('token_in = "of-b-1"', bound) + TLS,
    )
    right = next(each for each in found if each[0] == "auth.right")
    if shown:
        assert right == ("auth.right", "ok", "GET EW/providers -> 200", "")
        assert wrong(found) == []
    else:
        assert (right[1], right[2][:33]) == ("bad", 'GET EW/providers -> 401 {"type":"')


@pytest.mark.parametrize("subject", ["OU=lab,O=Acme", "CN=somebody"])
def test_a_target_that_shows_its_certificate(subject: str, tmp_path: Path, authority: trustme.CA) -> None:
    """It calls us over TLS, and is known by the subject of its certificate."""
    for name, certificate in (("server", issued(authority)), ("ours", issued(authority))):
        certificate.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
        certificate.private_key_pem.write_to_path(tmp_path / f"{name}-key.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    bearer = 'inbound = {{ kind = "bearer", token_env = "TO_B" }}'
    mtls = f'inbound = {{{{ kind = "mtls", certificate_subject = "{subject}" }}}}'
    tls = '\ntls = {{ certificate = "ours.pem", key = "ours-key.pem", client_ca = "ca.pem" }}'
    text = TARGET.replace(bearer, mtls).replace('listen = "{listen}"', 'listen = "{listen}"' + tls)
    text = text.replace("{trust}", 'trust = "ca.pem"').replace("[northbound]", '[northbound]\ntrust = "ca.pem"')
    found = examined(tmp_path, text, PARTY.replace("{door}", "https://{door}") + TLS, door="DOOR")
    assert found[-1][0] == "auth.inbound"
    if subject == "CN=somebody":
        assert found[-1][1] == "bad"
        assert found[-1][2].startswith("the certificate of OU=lab,O=Acme, ")
    else:
        assert wrong(found) == []
