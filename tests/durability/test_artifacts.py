"""Artifacts over real sockets, from a lead that speaks by hand: a bomb, an upload that breaks off, one that is too large."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx

from tests.durability.databases import SQLITE, new_databases
from tests.durability.federation_flows import OPERATORS, be_registered
from tests.durability.flow import Story, sides
from tests.durability.pair import Seat, running


def archive(content: bytes) -> str:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(zipfile.ZipInfo("chart"), content, zipfile.ZIP_DEFLATED)
    return base64.b64encode(file.getvalue()).decode()


def upload(story: Story, content: str) -> dict[str, Any]:
    return {
        "requestId": "by-hand",
        "leadfederationId": story["lead"],
        "partnerfederationId": story["host"],
        "operator": "Op1",
        "country": "DE",
        "appId": "app-of-dev-1",
        "version": "1.0",
        "userId": "dev1",
        "artifactName": "game",
        "filename": content,
    }


async def send(host: Seat, story: Story, content: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{host.east_west}/operator/artifacts"
    headers = {"authorization": f"Bearer {story['key']}"}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        answer = await client.post(url, json=upload(story, content), headers=headers)
    return answer.status_code, answer.json().get("message", "")


async def break_off(host: Seat, story: Story) -> None:
    """Half of an upload, and the connection ends."""
    body = json.dumps(upload(story, archive(b"x"))).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", host.east_west)
    head = f"POST /operator/artifacts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {story['key']}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body[: len(body) // 2])
    await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    await reader.read()


def test_what_is_refused_or_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def run(makers: Any) -> tuple[list[tuple[int, str]], list[Any], bool, list[str]]:
        async with running("federation-interconnect", OPERATORS, tmp_path, makers[SQLITE]) as pair:
            story: Story = {}
            await be_registered(pair, story)
            _, host = sides(pair)
            bomb = archive(b"\0" * (40 << 20))
            answers = [await send(host, story, bomb)]
            await break_off(host, story)
            answers.append(await send(host, story, "A" * (23 << 20)))
            registry = host.folder / f"{host.id}-registry"
            before = (await host.state())["artifacts"], registry.exists()
            answers.append(await send(host, story, archive(b"replicas: 1")))
            await pair.settled()
            states = [each["state"] for each in (await host.state())["artifacts"]]
            return answers, before[0], before[1], states

    with new_databases({SQLITE}) as makers:
        answers, kept, folder, states = asyncio.run(run(makers))
    (refused, why), (large, how), last = answers
    assert refused == 400
    assert why.endswith("bytes once expanded, got 41943040")
    assert (large, how) == (413, "filename: want at most 16777216 bytes, got more")
    assert (kept, folder) == ([], False)
    assert (last, states) == ((200, ""), ["uploaded"])
