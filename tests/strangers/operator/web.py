"""A small HTTP server: methods and paths to functions, JSON in and out. Each of our two doors is one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """A request: the names in its path and query, its headers (small letters), its body as it came."""

    method: str
    path: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The JSON object of the body. Raises ValueError."""
        value = json.loads(self.body.decode("utf-8"))
        if not isinstance(value, dict):
            raise ValueError("the body is no object")
        return value


@dataclass(frozen=True)
class Answer:
    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Does = Callable[[Asked], Answer]


class Door(ThreadingHTTPServer):
    """``routes`` are (method, path with {names}, what it does); ``deny`` words what is not served."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(
        self, host: str, port: int, routes: list[tuple[str, str, Does]], deny: Callable[[int, str], Answer]
    ) -> None:
        super().__init__((host, port), _Handler)
        self.routes = [
            (method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), do) for method, path, do in routes
        ]
        self.deny = deny

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        fitting = [(each, found, do) for each, path, do in self.routes if (found := path.fullmatch(parts.path))]
        for each, found, do in fitting:
            if each == method:
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                return do(Asked(method, parts.path, found.groupdict(), query, headers, body))
        if fitting:
            allow = ", ".join(sorted({each for each, _, _ in fitting}))
            return Answer(405, self.deny(405, f"only {allow} here").document, {"Allow": allow})
        return self.deny(404, "nothing is served here")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nobody's fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Meridian", ""
    server: Door

    def _any(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            self._send(self.server.deny(411, "a length is needed"))
            return
        if int(length) > LARGEST:
            self.close_connection = True
            self._send(self.server.deny(413, "too large"))
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(self.server.answer(self.command, self.path, headers, body))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _any  # noqa: N815 (http.server's own names)

    def _send(self, answer: Answer) -> None:
        content = b"" if answer.document is None else json.dumps(answer.document, ensure_ascii=False).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", "application/json;charset=UTF-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""
