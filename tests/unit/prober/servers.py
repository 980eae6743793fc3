# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers on loopback, each wrong in a way of its own; they live as long as the `with` lasts."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def server(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on which it listens."""

    async def held(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await handler(reader, writer)
        writer.close()

    listening = await asyncio.start_server(held, "127.0.0.1", 0, ssl=context)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def answering(answer: bytes, pause: float = 0.0) -> Handler:
    """Reads a line, waits, answers, waits for the other side to go."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        await asyncio.sleep(pause)
        writer.write(answer)
        await writer.drain()
        await reader.read()

    return handler


async def hanging(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()


async def flooding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 4096)
        await writer.drain()


def check(**changes: Any) -> dict[str, Any]:
    """A check as it stands in the prober's configuration: PING, +PONG."""
    return {
        "transport": "tcp", "steps": [{"send": "PING\\r\\n"}, {"expect": "+PONG"}], "match": "prefix", "interval": 0.3, "timeout": 0.3,
        "connect_timeout": 0.2, "limit": 16384, "warmup": 0, "fall": 2, "rise": 1, "reentry_delay": 0, "slow_start": 0, "start": "up", **changes,
    }  # fmt: skip


def target(port: int, identity: str = "web1_redis", **changes: Any) -> dict[str, Any]:
    return {"id": identity, "server": "web1", "services": ["redis"], "address": "127.0.0.1", "port": port, "check": "ping", "weights": [100], **changes}


def configuration(*targets: dict[str, Any], **checks: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "checks": checks or {"ping": check()}, "probes": list(targets)}
