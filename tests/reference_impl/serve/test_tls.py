"""HTTPS with real certificates: TLS 1.3 at least, verified both ways, and bound to the counterpart."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import trustme
from cryptography.x509 import load_der_x509_certificate

from reference_impl.kernel.node import NoAnswer
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Call
from reference_impl.kernel.transport import Endpoint, HttpTransport, http_client
from reference_impl.serve.answers import json_response
from reference_impl.serve.config import read_config
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving
from reference_impl.serve.tls import Tls, client_context, server_context, subject
from reference_impl.serve.tomlfile import ConfigError
from tests.reference_impl.serve.parties import COORDINATOR, FEDERATION, OF_B, OF_C, Served, served

T = TypeVar("T")


@dataclass
class Files:
    """PEM files of an authority, of a server on this machine and of clients; ``sha256`` and ``subject`` by name."""

    directory: Path
    sha256: dict[str, str]
    subject: dict[str, str]

    def path(self, name: str) -> Path:
        return self.directory / f"{name}.pem"

    def client(self, name: str | None = None, trust: str = "ca") -> ssl.SSLContext:
        """What a client shows and trusts."""
        shown = Tls() if name is None else Tls(self.path(name), self.path(f"{name}-key"))
        return client_context(shown, self.path(trust))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    directory = tmp_path_factory.mktemp("pem")
    ca, foreign = trustme.CA(), trustme.CA()
    ca.cert_pem.write_to_path(directory / "ca.pem")
    foreign.cert_pem.write_to_path(directory / "foreign-ca.pem")
    issued = {
        "server": ca.issue_cert("127.0.0.1", "localhost"),
        "csp-b": ca.issue_cert("b.example", common_name="csp-b"),
        "csp-c": ca.issue_cert("c.example", common_name="csp-c"),
        "stranger": foreign.issue_cert("b.example", common_name="csp-b"),
    }
    digests, subjects = {}, {}
    for name, certificate in issued.items():
        certificate.cert_chain_pems[0].write_to_path(directory / f"{name}.pem")
        certificate.private_key_pem.write_to_path(directory / f"{name}-key.pem")
        der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
        digests[name] = hashlib.sha256(der).hexdigest()
        subjects[name] = load_der_x509_certificate(der).subject.rfc4514_string()
    return Files(directory, digests, subjects)


def tls_of(files: Files) -> str:
    names = {"certificate": "server", "key": "server-key", "client_ca": "ca", "trust": "ca"}
    return "[tls]\n" + "\n".join(f'{key} = "{files.path(name)}"' for key, name in names.items())


def play(files: Files, directory: Path, work: Callable[[Served], Awaitable[T]]) -> T:
    """A test against csp-a; csp-b is bound to its certificate by digest, csp-c by subject."""

    async def run() -> T:
        digest = files.sha256["csp-b"].upper()
        bound = {
            "csp_b": f'certificate_sha256 = "{":".join(digest[at : at + 2] for at in range(0, 64, 2))}"',
            "csp_c": f'certificate_subject = "{files.subject["csp-c"]}"',
        }
        async with served(directory, COORDINATOR, files.client(), more=tls_of(files), **bound) as party:
            return await work(party)

    return asyncio.run(run())


def test_both_sides_are_https_and_tls_1_2_is_not_spoken(files: Files, tmp_path: Path) -> None:
    """CC-SEC-001/1. An asyncio server hangs up instead of telling why."""

    async def work(party: Served) -> list[tuple[str, str | None]]:
        spoken = []
        for url in (party.running.east_west, party.running.northbound):
            old, new = files.client(), files.client()
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
            scheme, port = url.partition(":")[0], int(url.rpartition(":")[2])
            with pytest.raises((ConnectionResetError, ssl.SSLError)):
                await asyncio.open_connection("127.0.0.1", port, ssl=old)
            new.maximum_version = ssl.TLSVersion.TLSv1_3
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=new)
            spoken.append((scheme, writer.get_extra_info("ssl_object").version()))
            writer.close()
        return spoken

    assert play(files, tmp_path, work) == [("https", "TLSv1.3"), ("https", "TLSv1.3")]


# who shows which certificate with whose token
CALLERS: dict[str, tuple[str | None, dict[str, str], int]] = {
    "b with its certificate": ("csp-b", OF_B, 200),
    "c with its certificate": ("csp-c", OF_C, 200),
    "b without": (None, OF_B, 401),
    "c without": (None, OF_C, 401),
    "c's token and b's certificate": ("csp-b", OF_C, 401),
    "b's token and c's certificate": ("csp-c", OF_B, 401),
    "a certificate and no token": ("csp-b", {}, 401),
}


@pytest.mark.parametrize("name", CALLERS)
def test_a_certificate_belongs_to_its_counterpart(name: str, files: Files, tmp_path: Path) -> None:
    shown, headers, status = CALLERS[name]

    async def work(party: Served) -> httpx.Response:
        async with httpx.AsyncClient(verify=files.client(shown), trust_env=False) as client:
            return await client.get(f"{party.running.east_west}/providers", headers=headers)

    answer = play(files, tmp_path, work)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "want valid credentials in the header Authorization: Bearer …"


def test_a_certificate_of_a_foreign_authority_ends_the_handshake(files: Files, tmp_path: Path) -> None:
    async def work(party: Served) -> int:
        async with httpx.AsyncClient(verify=files.client("stranger"), trust_env=False) as client:
            with pytest.raises(httpx.TransportError):
                await client.get(f"{party.running.east_west}/providers", headers=OF_B)
        return len(party.log)

    assert play(files, tmp_path, work) == 0


def test_a_certificate_bound_to_a_partner_serves_no_other_one_that_is_not_bound(files: Files, tmp_path: Path) -> None:
    async def run() -> list[int]:
        bound = {"csp_b": f'certificate_sha256 = ["{"0" * 64}", "{files.sha256["csp-b"]}"]'}
        async with served(tmp_path, COORDINATOR, files.client(), more=tls_of(files), **bound) as party:
            statuses = [(await party.get("/providers", **OF_C)).status_code]
            for shown, headers in (("csp-c", OF_C), ("csp-b", OF_C), ("csp-b", OF_B)):
                async with httpx.AsyncClient(verify=files.client(shown), trust_env=False) as client:
                    answer = await client.get(f"{party.running.east_west}/providers", headers=headers)
                    statuses.append(answer.status_code)
            return statuses

    assert asyncio.run(run()) == [200, 200, 401, 200]


def test_a_federation_is_bound_to_its_certificate(files: Files, tmp_path: Path) -> None:
    """The Party judges keys; the server sees that the sender it claims to be has shown its own certificate."""

    async def run() -> list[tuple[int, str]]:
        client_table = (
            f'\n[[tls.clients]]\nfederation = "federation-one"\ncertificate_sha256 = "{files.sha256["csp-b"]}"\n'
        )
        async with served(tmp_path, FEDERATION, files.client(), more=tls_of(files) + client_table) as party:
            two = {
                "federation": "federation-two",
                "operator": "Operator2",
                "country": "FR",
                "mcc": "208",
                "mnc": ["01"],
            }
            assert (await party.act("/actions/create_self_federation", **two)).status_code == 200
            one = {"partner": "federation-one", "operator": "Operator1", "country": "DE", "address": "op1.example"}
            key = (await party.act("/actions/expect_partner", **one)).json()["outputs"]["api_key"]
            body = {
                "requestId": "r-1",
                "origFederationId": "federation-one",
                "destFederationId": "federation-two",
                "operator": "Operator1",
                "country": "DE",
                "origFederationAddr": "op1.example",
            }
            answers = []
            for shown in (None, "csp-c", "csp-b"):
                async with httpx.AsyncClient(verify=files.client(shown), trust_env=False) as client:
                    answer = await client.post(
                        f"{party.running.east_west}/operator/partner", json=body, headers={"x-api-key": key}
                    )
                    answers.append((answer.status_code, answer.json().get("message", "")))
            return answers

    refused = (401, "want valid credentials in the header Authorization: Bearer …")
    assert asyncio.run(run()) == [refused, refused, (200, "")]


def _answering() -> object:
    async def app(scope: object, receive: object, send: object) -> None:
        await json_response({"seen": True})(scope, receive, send)  # type: ignore[arg-type] # an ASGI app by hand

    return app


CALL = Call(1, "csp-b", "Look", ())
LOOK = Operation("Look", "GET", "/look")


@pytest.mark.parametrize(
    ("trust", "maximum", "reached"),
    [("ca", None, True), ("foreign-ca", None, False), ("ca", ssl.TLSVersion.TLSv1_2, False)],
)
def test_a_call_goes_only_to_whom_it_can_trust(
    trust: str, maximum: ssl.TLSVersion | None, reached: bool, files: Files
) -> None:
    """CC-SEC-001/3: an untrusted certificate and TLS 1.2 end the call before anything is sent."""

    async def run() -> int | None:
        context = server_context(Tls(files.path("server"), files.path("server-key")), clients=False)
        if maximum is not None:
            context.minimum_version, context.maximum_version = maximum, maximum
        async with contextlib.AsyncExitStack() as stack:
            url = await stack.enter_async_context(serving(_answering(), tls=context))  # type: ignore[arg-type] # see there
            client = await stack.enter_async_context(
                http_client(tls=files.client(trust="foreign-ca"), tls_of={url: files.client(trust=trust)})
            )
            transport = HttpTransport(client, lambda call: Endpoint(url))
            try:
                return (await transport.send(CALL, LOOK))[0]
            except NoAnswer:
                return None

    assert asyncio.run(run()) == (200 if reached else None)


def test_a_call_shows_our_certificate(files: Files, tmp_path: Path) -> None:
    async def work(party: Served) -> int:
        async with http_client(tls=files.client("csp-b")) as client:
            transport = HttpTransport(client, lambda call: Endpoint(party.running.east_west, OF_B))
            operation = SERVED["connection-coordinator"].operations["ListProviders"]
            return (await transport.send(CALL, operation))[0]

    assert play(files, tmp_path, work) == 200


def test_a_subject_is_written_as_rfc_4514_does() -> None:
    certificate = {
        "subject": (
            (("countryName", "DE"),),
            (("organizationName", "A, B"),),
            (("commonName", "x"), ("userId", "7")),
        )
    }
    assert subject(certificate) == "CN=x+userId=7,O=A\\, B,C=DE"


WRONG = {
    "certificate without key": ('[tls]\ncertificate = "{server}"', "tls.key: want a certificate and its key"),
    "no such file": ('[tls]\ntrust = "nowhere.pem"', "tls.trust: want the path of a file, got none at"),
    "no certificate": ('[tls]\ncertificate = "{ca}"\nkey = "{server-key}"', "tls.certificate: want PEM files that can"),
    "no authority": ('[tls]\ntrust = "{server-key}"', "tls.trust: want PEM files that can be used, got"),
    "bound without authority": (
        '[tls]\ncertificate = "{server}"\nkey = "{server-key}"',
        "tls.client_ca: want it beside certificate and key, for certificates are bound, got nothing",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_tls_is_told(name: str, files: Files, tmp_path: Path) -> None:
    text, error = WRONG[name]
    for pem in ("server", "server-key", "ca"):
        text = text.replace("{" + pem + "}", str(files.path(pem)))
    bound = f'certificate_sha256 = "{"ab" * 32}"' if name.startswith("bound") else ""
    file = tmp_path / "party.toml"
    file.write_text(COORDINATOR.format(more=text, csp_b=bound, csp_c=""), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(file, SERVED["connection-coordinator"])
    assert error in str(caught.value)
