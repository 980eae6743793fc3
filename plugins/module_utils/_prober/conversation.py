# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One dialogue over one connection, as an asyncio protocol: no stream, no task of its own, so that thousands a second are cheap."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from .dialogue import Progress
from .escapes import printable


class Conversation(asyncio.Protocol):
    """`over` gets '' when all was as expected, or the reason why not."""

    __slots__ = ("progress", "over", "transport", "heard")

    def __init__(self, progress: Progress, over: asyncio.Future[str]) -> None:
        self.progress, self.over = progress, over
        self.transport: asyncio.Transport | None = None
        self.heard = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._go_on()

    def data_received(self, data: bytes) -> None:
        if self.over.done():
            return
        self.heard = True
        wrong = self.progress.take(data)
        if wrong:
            self.end(wrong)
        else:
            self._go_on()

    def eof_received(self) -> bool:
        self._closed()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if exc and not self.over.done():
            self.end("the connection broke: %s" % (getattr(exc, "strerror", None) or exc))
        self._closed()

    def _closed(self) -> None:
        if not self.over.done():
            self.end("closed the connection before %s" % self.progress.missing())

    def _go_on(self) -> None:
        for data in self.progress.sends():
            cast(asyncio.Transport, self.transport).write(data)
        if self.progress.done:
            self.end("")

    def end(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)

    def expire(self, seconds: float) -> None:
        """The time is over."""
        what = "no more" if self.heard else "no answer"
        self.end("%s within %g s; waited for %s" % (what, seconds, self.progress.missing()))


class Datagrams(asyncio.DatagramProtocol):
    """The same over UDP: each step sends a datagram; those that come back are read as one answer."""

    __slots__ = ("inner",)

    def __init__(self, inner: Conversation) -> None:
        self.inner = inner

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.inner.connection_made(cast(Any, _Writer(cast(asyncio.DatagramTransport, transport))))

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.inner.data_received(data)

    def error_received(self, exc: Exception) -> None:
        self.inner.end("refused" if isinstance(exc, ConnectionRefusedError) else str(getattr(exc, "strerror", None) or exc))


class _Writer:
    """A datagram transport that is written to as a connection is."""

    __slots__ = ("transport",)

    def __init__(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def write(self, data: bytes) -> None:
        self.transport.sendto(data)

    def abort(self) -> None:
        self.transport.abort()

    def close(self) -> None:
        self.transport.close()


class AgentReader(Conversation):
    """Reads one line, whole when it is ended by a line break or by the end of the connection."""

    __slots__ = ("line",)

    def __init__(self, progress: Progress, over: asyncio.Future[str]) -> None:
        super().__init__(progress, over)
        self.line = b""

    def _go_on(self) -> None:
        for data in self.progress.sends():
            cast(asyncio.Transport, self.transport).write(data)

    def data_received(self, data: bytes) -> None:
        if self.over.done():
            return
        self.heard = True
        self.line += data
        if b"\n" in self.line:
            self.end("")
        elif len(self.line) > self.progress.limit:
            self.end("more than %d bytes without the end of a line" % self.progress.limit)

    def _closed(self) -> None:
        if not self.over.done():
            self.end("" if self.line else "closed the connection without a word")


class HeaderReader(AgentReader):
    """Reads the head of an HTTP answer, of any status; what the server says is the value of one header (RFC 9110: its name in any case)."""

    __slots__ = ("header", "head")

    def __init__(self, progress: Progress, over: asyncio.Future[str], header: str) -> None:
        super().__init__(progress, over)
        self.header, self.head = header, b""

    def data_received(self, data: bytes) -> None:
        if self.over.done():
            return
        self.heard = True
        self.head += data
        if b"\n\r\n" in self.head or b"\n\n" in self.head:
            self._read()
        elif len(self.head) > self.progress.limit:
            self.end("more than %d bytes without the end of the headers" % self.progress.limit)

    def _closed(self) -> None:
        if not self.over.done():
            self._read() if self.head else self.end("closed the connection without a word")

    def _read(self) -> None:
        first, *lines = self.head.replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
        for line in lines:
            name, _colon, value = line.partition(b":")
            if name.strip().lower() == self.header.lower().encode():
                self.line = value.strip()
                return self.end("")
        self.end("answered without the header %s: %s" % (self.header, printable(first)))
