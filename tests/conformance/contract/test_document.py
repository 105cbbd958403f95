"""Documents of one file and of many, from a disk and from a server; and what is said of those that cannot be read."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.contract import fetching
from conformance.contract.difference import differences
from conformance.contract.document import of_value, read
from conformance.contract.fetching import Unreadable
from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED

CONTRACT = document(SERVED["connection-coordinator"])
OURS = of_value(CONTRACT, "ours")


def in_many_files(directory: Path) -> Path:
    """Our contract as YAML: a file of paths, a file of parameters, a file for each schema; references among them."""
    written = json.loads(
        json.dumps(CONTRACT)
        .replace('"#/components/schemas/', '"../schemas/')
        .replace('"../schemas/Problem"', '"../schemas/Problem.yaml#/Problem"')
    )

    def in_files(node: Any) -> Any:
        if isinstance(node, dict):
            reference = str(node.get("$ref", ""))
            if reference.startswith("../schemas/") and "#" not in reference:
                name = reference.rpartition("/")[2]
                node["$ref"] = f"../schemas/{name}.yaml#/{name}"
            return {key: in_files(value) for key, value in node.items()}
        return [in_files(value) for value in node] if isinstance(node, list) else node

    written = in_files(written)
    for place in ("schemas", "paths"):
        (directory / place).mkdir()
    for name, schema in written["components"].pop("schemas").items():
        (directory / "schemas" / f"{name}.yaml").write_text(yaml.safe_dump({name: schema}))
    provider = {"name": "provider", "in": "path", "required": True, "schema": {"type": "string"}}
    (directory / "paths" / "all.yaml").write_text(yaml.safe_dump({"of/every kind": written["paths"], "p": provider}))
    for path, item in written["paths"].items():
        pointer = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        written["paths"][path] = {"$ref": f"paths/all.yaml#/of~1every%20kind/{pointer}"}
        item["parameters"] = [{"$ref": "#/p"}]
    (directory / "paths" / "all.yaml").write_text(
        yaml.safe_dump({"of/every kind": in_files(_paths(written, directory)), "p": provider})
    )
    root = directory / "openapi.yaml"
    root.write_text(yaml.safe_dump(written))
    return root


def _paths(written: dict[str, Any], directory: Path) -> Any:
    held = yaml.safe_load((directory / "paths" / "all.yaml").read_text())["of/every kind"]
    for item in held.values():
        item["parameters"] = [{"$ref": "#/p"}]
    assert held.keys() == written["paths"].keys()
    return held


def test_a_document_of_many_files_says_what_ours_says(tmp_path: Path) -> None:
    root = in_many_files(tmp_path)
    assert len(list(tmp_path.rglob("*.yaml"))) > 40
    assert differences(OURS, read(str(root))) == []


def test_a_change_in_one_of_the_files_is_found(tmp_path: Path) -> None:
    root = in_many_files(tmp_path)
    file = tmp_path / "schemas" / "AdminState.yaml"
    file.write_text(file.read_text().replace("ADMIN_STATE_DISABLED", "ADMIN_STATE_DOWN"))
    found = {(each.aspect, each.change, each.here, each.there) for each in differences(OURS, read(str(root)))}
    assert found == {
        ("enumeration", "lost", "ADMIN_STATE_DISABLED", ""),
        ("enumeration", "gained", "", "ADMIN_STATE_DOWN"),
    }


def minimal(**more: Any) -> dict[str, Any]:
    return {"openapi": "3.0.3", "paths": {"/x": {"get": {"responses": {"200": more}}}}}


def content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


A_LOOP = minimal(**content({"$ref": "#/components/schemas/A"})) | {
    "components": {"schemas": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}}}
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("openapi: 3.0.3\npaths:\n  a: [1\n  b: 2\n", ", line 4: "),
        ('{"openapi": "3.0.3",\n "paths": {"/x": }}', ", line 2: Expecting value"),
        ("swagger: '2.0'\n", ": want an OpenAPI 3 document, got Swagger 2"),
        ("title: nothing\n", ": want an OpenAPI 3 document, got no member 'openapi'"),
        ("openapi: 3.0.3\npaths: {}\n", ": no paths"),
        ("- 1\n", ": want an OpenAPI 3 document, got no member 'openapi'"),
        (
            "openapi: 3.0.3\npaths:\n  /x:\n    $ref: 'paths.yaml#/X'\n",
            ", line 4: $ref 'paths.yaml#/X': {tmp}/paths.yaml: No such file or directory",
        ),
        (
            "openapi: 3.0.3\npaths:\n  /x:\n    $ref: '#/lost/here'\n",
            ", line 4: $ref '#/lost/here' leads to nothing: no 'lost' there",
        ),
        ("openapi: 3.0.3\npaths:\n  /x:\n    $ref: '#/paths/~1x'\n", ": references that lead to no end"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(text)
    with pytest.raises(Unreadable) as raised:
        differences(OURS, read(str(file)))
    assert str(raised.value).startswith(str(file))
    assert told.replace("{tmp}", str(tmp_path)) in str(raised.value)


def test_a_schema_made_of_itself_is_told() -> None:
    with pytest.raises(Unreadable, match=r"theirs: a schema that is made of itself"):
        differences(of_value(minimal(**content({"type": "object"})), "ours"), of_value(A_LOOP, "theirs"))


def test_a_file_that_is_not_there_or_too_large_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        read(str(tmp_path / "missing.yaml"))
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (fetching.LARGEST + 1))
    with pytest.raises(Unreadable, match="larger than 5000000 bytes"):
        read(str(file))
    file.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(Unreadable, match="line 2: not UTF-8"):
        read(str(file))


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a directory; ``/away`` redirects to a file, ``/round`` to itself, ``/flood`` does not end."""

    def do_GET(self) -> None:
        if self.path in ("/away", "/round"):
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname" if self.path == "/away" else "/round")
            self.end_headers()
        elif self.path == "/flood":
            self.send_response(200)
            self.end_headers()
            for _ in range(fetching.LARGEST // 100_000 + 2):
                self.wfile.write(b"#" * 100_000)
        else:
            super().do_GET()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_of_many_files_from_a_server(tmp_path: Path, served: str) -> None:
    in_many_files(tmp_path)
    assert differences(OURS, read(f"{served}/openapi.yaml")) == []


@pytest.mark.parametrize("reference", ["file:///etc/hostname", "http://192.0.2.1/x.yaml", "//192.0.2.1/x.yaml"])
def test_a_served_document_reaches_no_other_place(tmp_path: Path, served: str, reference: str) -> None:
    (tmp_path / "openapi.yaml").write_text(f"openapi: 3.0.3\npaths:\n  /x:\n    $ref: '{reference}#/x'\n")
    with pytest.raises(Unreadable, match=r"line 4: .*want files of the same server only"):
        differences(OURS, read(f"{served}/openapi.yaml"))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/missing.yaml", "answers 404, want 200"),
        ("/away", "redirects to file:///etc/hostname; want http or https"),
        ("/round", "more than 3 redirections"),
        ("/flood", "larger than 5000000 bytes"),
    ],
)
def test_an_address_that_serves_no_document(served: str, path: str, told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(served + path)
    assert told in str(raised.value)


def test_an_address_that_nobody_serves() -> None:
    with pytest.raises(Unreadable, match=r"http://127\.0\.0\.1:1/openapi\.yaml: "):
        read("http://127.0.0.1:1/openapi.yaml")
