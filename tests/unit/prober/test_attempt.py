# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One check of a real server on loopback, well and wrong in every way: the verdict and its reason."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober.attempt import Outcome, attempt, tls_context
from ansible_collections.lvs.cluster.plugins.module_utils._prober.config import parse
from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import steps

from .servers import answering, check, closing, configuration, flooding, hanging, server, target


async def ask(port: int, **changes: Any) -> Outcome:
    import json

    config = parse(json.dumps(configuration(target(port), ping=check(**changes))))
    found = config.checks["ping"]
    todo = steps(found.steps, found.match, "127.0.0.1", port)
    return await attempt(config.targets[0], found, todo, tls_context(found.tls) if found.tls else None)


def once(handler: Any, context: ssl.SSLContext | None = None, **changes: Any) -> Outcome:
    async def run() -> Outcome:
        async with server(handler, context) as port:
            return await ask(port, **changes)

    return asyncio.run(run())


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_well() -> None:
    outcome = once(answering(b"+PONG\r\n"))
    assert outcome.good and not outcome.reason
    assert 0 < outcome.seconds < 3


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (hanging, 'no answer within 0.3 s; waited for "+PONG"'),
        (answering(b"+PO"), 'no more within 0.3 s; waited for "+PONG" after "+PO"'),
        (answering(b"+PONG\r\n", pause=0.6), 'no answer within 0.3 s; waited for "+PONG"'),
        (answering(b"-LOADING\r\n"), r'answered "-LOADING\r\n", expected "+PONG"'),
        (closing, 'closed the connection before "+PONG"'),
    ],
    ids=["hanging after accept", "stopping in the middle", "slow", "answering wrongly", "closing early"],
)
def test_wrong(handler: Any, reason: str) -> None:
    outcome = once(handler)
    assert not outcome.good
    assert outcome.reason == reason


def test_flooding_ends_at_the_limit() -> None:
    assert once(flooding, match="contains").reason == 'more than 16384 bytes without "+PONG"'


def test_refused() -> None:
    assert asyncio.run(ask(free_port())).reason == "refused"


def test_a_machine_that_answers_nothing() -> None:
    """A listening socket whose queue is full does not answer a SYN."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        held = [socket.socket() for _ in range(4)]
        for one in held:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        try:
            assert asyncio.run(ask(port)).reason == "no connection within 0.2 s"
        finally:
            for one in held:
                one.close()


def test_the_dialogue_names_the_server() -> None:
    seen: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readline())
        writer.write(b"+PONG")
        await reader.read()

    assert once(handler, steps=[{"send": "%h\\r\\n"}, {"expect": "+PONG"}], source="127.0.0.2").good
    assert seen == [b"127.0.0.1\r\n"]


def test_the_source_address_is_the_one_that_was_asked_for() -> None:
    seen: list[str] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername")[0])
        await answering(b"+PONG")(reader, writer)

    assert once(handler, source="127.0.0.2").good
    assert seen == ["127.0.0.2"]


def test_udp_well_refused_and_silent() -> None:
    async def run() -> tuple[Outcome, Outcome, Outcome]:
        class Echo(asyncio.DatagramProtocol):
            def connection_made(self, transport: Any) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, addr: Any) -> None:
                if data != b"quiet":
                    self.transport.sendto(b"+PONG", addr)

        transport, _protocol = await asyncio.get_running_loop().create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        well = await ask(port, transport="udp")
        silent = await ask(port, transport="udp", steps=[{"send": "quiet"}, {"expect": "+PONG"}])
        transport.close()
        return well, silent, await ask(free_port(socket.SOCK_DGRAM), transport="udp")

    well, silent, refused = asyncio.run(run())
    assert well.good
    assert silent.reason == 'no answer within 0.3 s; waited for "+PONG"'
    assert refused.reason == "refused"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem signs server.pem (for www.example.com) and client.pem; other.pem signs itself."""
    folder = tmp_path_factory.mktemp("keys")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    openssl("req", "-x509", *ec, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=CA")
    openssl("req", "-x509", *ec, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=other")
    for name, subject in (("server", "www.example.com"), ("client", "prober")):
        openssl("req", "-x509", *ec, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={subject}", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-addext", f"subjectAltName=DNS:{subject}")  # fmt: skip
    return folder


def tls(**changes: Any) -> dict[str, Any]:
    return {"transport": "tls", "tls": {"verify": True, "ca": None, "name": "www.example.com", "certificate": None, "key": None, **changes}}


def serving(keys: Path, client: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "server.pem", keys / "server.key")
    if client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(keys / "ca.pem")
    return context


def test_tls_verified_and_with_a_name(keys: Path) -> None:
    ca = str(keys / "ca.pem")
    names: list[str | None] = []
    context = serving(keys)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    assert once(answering(b"+PONG"), context, **tls(ca=ca)) .good
    assert names == ["www.example.com"]
    assert "Hostname mismatch" in once(answering(b"+PONG"), serving(keys), **tls(ca=ca, name="shop.example.com")).reason
    assert once(answering(b"+PONG"), serving(keys), **tls(ca=str(keys / "other.pem"))).reason.startswith("certificate: ")
    assert once(answering(b"+PONG"), serving(keys), **tls(verify=False, name=None)).good


def test_tls_with_a_client_certificate(keys: Path) -> None:
    ca = str(keys / "ca.pem")
    own = {"certificate": str(keys / "client.pem"), "key": str(keys / "client.key")}
    assert once(answering(b"+PONG"), serving(keys, client=True), **tls(ca=ca, **own)).good
    without = once(answering(b"+PONG"), serving(keys, client=True), **tls(ca=ca))
    assert not without.good
    with pytest.raises(ValueError, match="can't be used"):
        asyncio.run(ask(1, **tls(certificate=str(keys / "missing.pem"))))


def test_tls_to_a_server_without_tls() -> None:
    assert not once(answering(b"+PONG"), None, **tls(verify=False, name=None)).good


def test_an_agent_says_its_load() -> None:
    async def handler(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"75% # busy\n")
        await writer.drain()

    outcome = once(handler, agent=True, steps=[])
    assert outcome.good and outcome.line == b"75% # busy\n"
    assert once(closing, agent=True, steps=[{"send": "x\\n"}]).reason == "closed the connection without a word"


def said_in_a_header(answer: bytes, **changes: Any) -> Outcome:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (await reader.readline()).strip():
            pass
        writer.write(answer)
        await writer.drain()

    return once(handler, agent=True, header="X-Load", steps=[{"send": "GET /load HTTP/1.0\\r\\n\\r\\n"}], **changes)


def test_an_http_answer_says_the_load_in_its_header() -> None:
    """In any case of letters, of any status, whatever stands in the body."""
    outcome = said_in_a_header(b"HTTP/1.1 503 busy\r\nServer: x\r\nx-load:  40%, up\r\n\r\nX-Load: 90%\r\n")
    assert (outcome.good, outcome.line) == (True, b"40%, up")
    assert said_in_a_header(b"HTTP/1.0 200 OK\nX-Load: drain").line == b"drain", "the end of the connection ends the headers too"


@pytest.mark.parametrize(("answer", "reason"), [
    (b"HTTP/1.1 200 OK\r\n\r\nX-Load: 90%\r\n", "answered without the header X-Load: HTTP/1.1 200 OK"),
    (b"", "closed the connection without a word"),
    (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 9999, "more than 1024 bytes without the end of the headers"),
])
def test_an_http_answer_without_the_load_says_nothing(answer: bytes, reason: str) -> None:
    outcome = said_in_a_header(answer, limit=1024, interval=20.0, timeout=20.0, connect_timeout=20.0)
    assert (outcome.good, outcome.reason) == (False, reason)
