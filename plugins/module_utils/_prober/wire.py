# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A TCP connection to a numeric address, for a conversation: what that needs of a transport, at half the cost of asyncio's.

Most checks are such, and asyncio makes a task's worth of futures and look-ups for each connection. TLS and UDP go by asyncio's own.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from typing import Any

from .conversation import Conversation

PIECE = 65536  # bytes that are read at once
UNDER_WAY = (0, errno.EINPROGRESS, errno.EAGAIN)


def reason_of(error: OSError) -> str:
    """In words for a person."""
    return "refused" if isinstance(error, ConnectionRefusedError) else str(error.strerror or error)


class Wire:
    """`open` begins to connect; what comes of it the conversation's `over` tells. `abort` ends it at any time, more than once too."""

    __slots__ = ("loop", "conversation", "socket", "unsent", "connected")

    def __init__(self, loop: asyncio.AbstractEventLoop, conversation: Conversation) -> None:
        self.loop = loop
        self.conversation = conversation
        self.socket: socket.socket | None = None
        self.unsent = b""
        self.connected = False

    def open(self, address: str, port: int, source: str | None) -> None:
        try:
            self.socket = opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            if source:
                opened.bind((source, 0))
            status = opened.connect_ex((address, port))
            if status not in UNDER_WAY:
                raise OSError(status, os.strerror(status))
            self.loop.add_writer(opened, self._writable)
        except OSError as error:
            self.conversation.end(reason_of(error))

    def _writable(self) -> None:
        opened: Any = self.socket
        if not self.connected:
            status = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if status:
                self.loop.remove_writer(opened)
                self.conversation.end(reason_of(OSError(status, os.strerror(status))))
                return
            self.loop.add_reader(opened, self._readable)  # before the writer goes: one change of the watch for both
            self.loop.remove_writer(opened)
            self.connected = True
            self.conversation.connection_made(self)  # type: ignore[arg-type]
            return
        self.loop.remove_writer(opened)
        data, self.unsent = self.unsent, b""
        self.write(data)

    def _readable(self) -> None:
        opened: Any = self.socket
        try:
            data = opened.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.loop.remove_reader(opened)
            self.conversation.connection_lost(error)
            return
        if data:
            self.conversation.data_received(data)
        else:
            self.loop.remove_reader(opened)
            self.conversation.eof_received()

    def write(self, data: bytes) -> None:
        """What the kernel does not take at once goes when it has room."""
        if self.socket is None:
            return
        if not self.unsent:
            try:
                data = data[self.socket.send(data) :]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                self.conversation.connection_lost(error)
                return
            if data:
                self.loop.add_writer(self.socket, self._writable)
        self.unsent += data

    def abort(self) -> None:
        if self.socket is not None:
            self.loop.remove_reader(self.socket)
            self.loop.remove_writer(self.socket)
            self.socket.close()
            self.socket = None
