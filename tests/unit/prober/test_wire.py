# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The prober's own connections: what is more than the kernel takes at once, a connection that breaks, and that nothing stays open."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober.attempt import Outcome, attempt
from ansible_collections.lvs.cluster.plugins.module_utils._prober.config import parse
from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import steps

from .servers import answering, check, configuration, hanging, server, target


async def ask(port: int, address: str = "127.0.0.1", **changes: object) -> Outcome:
    config = parse(json.dumps(configuration({**target(port), "address": address}, ping=check(**changes))))
    found = config.checks["ping"]
    return await attempt(config.targets[0], found, steps(found.steps, found.match, address, port))


def test_more_than_the_kernel_takes_at_once_arrives_whole() -> None:
    much = 4_000_000

    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)  # until the sender's buffer is full
        await reader.readexactly(much)
        writer.write(b"+PONG\r\n")
        await writer.drain()
        await reader.read()

    async def run() -> Outcome:
        async with server(counting) as port:
            return await ask(port, steps=[{"send": "x" * much}, {"expect": "+PONG"}], timeout=10, connect_timeout=10, interval=10)

    outcome = asyncio.run(run())
    assert outcome.good, outcome.reason


def test_a_server_that_speaks_first() -> None:
    async def greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 well\r\n")
        await reader.read()

    async def run() -> Outcome:
        async with server(greeting) as port:
            return await ask(port, steps=[{"expect": "220"}])

    assert asyncio.run(run()).good


def test_a_reset_is_told() -> None:
    async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def run() -> Outcome:
        async with server(resetting) as port:
            return await ask(port)

    assert asyncio.run(run()).reason == "the connection broke: Connection reset by peer"


def test_from_a_source_address() -> None:
    seen = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername")[0])
        await answering(b"+PONG\r\n")(reader, writer)

    async def run(source: str) -> Outcome:
        async with server(handler) as port:
            return await ask(port, source=source)

    assert asyncio.run(run("127.0.0.9")).good
    assert seen == ["127.0.0.9"]
    assert asyncio.run(run("192.0.2.77")).reason == "Cannot assign requested address"


def test_over_ipv6() -> None:
    async def run() -> Outcome:
        try:
            listening = await asyncio.start_server(answering(b"+PONG\r\n"), "::1", 0)
        except OSError:
            pytest.skip("no IPv6 here")
        async with listening:
            return await ask(listening.sockets[0].getsockname()[1], "::1")

    assert asyncio.run(run()).good


@pytest.mark.parametrize("handler", [answering(b"+PONG\r\n"), answering(b"no\r\n"), hanging], ids=["well", "wrong", "hanging"])
def test_nothing_stays_open(handler: object) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def run() -> tuple[int, int]:
        async with server(handler) as port:  # type: ignore[arg-type]
            await ask(port)
            await asyncio.sleep(0.05)
            before = descriptors()
            for _ in range(5):
                await ask(port)
            await asyncio.sleep(0.05)
            return before, descriptors()

    before, after = asyncio.run(run())
    assert after <= before
