# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to IPVS: pyroute2's generic netlink socket.

Works with pyroute2 0.7.2 to 0.9.x. Everything small goes through pyroute2's codec. Dumps of the
table and batches of changes, where thousands of messages pass, are packed by hand and go through
the same socket: its sendto() and recv() are the same plain calls in all these versions.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, layout, messages

SOL_NETLINK = 270
SO_RCVBUFFORCE = 33
NETLINK_CAP_ACK = 10
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP = 0x1, 0x2, 0x4, 0x300
NLM_F_DUMP_INTR = 0x10
HEADER = struct.Struct("=IHHIIBBH")  # netlink: length, type, flags, sequence, port; generic: command, version, 0
KERNEL = (0, 0)  # port and groups, as an address
RECEIVE = 1 << 18
BATCH = 256  # messages in one datagram, 40 KB: well below the socket's limits, errors of all included
WAIT = 30.0  # seconds until a silent kernel counts as broken
FIRST_SEQUENCE = 0x10000  # pyroute2 numbers its own requests below
# Asking for the family would have the kernel load ip_vs; looking for these does not.
SIGNS = ("/proc/net/ip_vs", "/sys/module/ip_vs")


class DumpInterrupted(Exception):
    """The table changed while it was being read."""


def is_loaded():
    """Whether the kernel has IPVS at work, or built in."""
    return any(os.path.exists(sign) for sign in SIGNS)


class Connection:
    """One open connection; use it as a context manager. Lives in the network namespace of the process."""

    def __init__(self, load=None):
        """load: a function without arguments that loads the kernel module, called if it is not; without, that is an error."""
        if messages.PYROUTE2_ERROR is not None:
            raise errors.no_library(messages.PYROUTE2_ERROR)
        if not is_loaded():
            if load is None:
                raise errors.no_ipvs()
            load()
        self._socket = _bound()
        # Errors come back without a copy of the request: a batch that fails whole still fits the buffer.
        self._socket.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        # Who is not root is told so by the kernel's answer, not here.
        with contextlib.suppress(PermissionError):
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 21)
        self._sequence = FIRST_SEQUENCE
        self.family_id = self._socket.prid

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self._socket.close()

    def ask(self, command, attributes=(), dump=False, message_class=None):
        """Send one request through the codec; returns the answers (pyroute2 messages). Raises KernelError."""
        message_class = message_class or messages.IpvsMessage
        message = messages.IpvsMessage()
        message["cmd"] = command
        message["version"] = layout.VERSION
        message["attrs"] = [list(pair) for pair in attributes]
        flags = NLM_F_REQUEST | (NLM_F_DUMP if dump else NLM_F_ACK)
        self._socket.register_policy({self.family_id: message_class})
        return tuple(self._socket.nlm_request(message, self.family_id, flags))

    def _receive(self):
        """The bytes of the next answer, by hand: pyroute2 has its socket blocking in old versions, not so in new ones."""
        try:
            return self._socket.recv(RECEIVE, socket.MSG_DONTWAIT)
        except BlockingIOError:  # seldom: the kernel has answered before the request's call returns
            waiting = select.poll()
            waiting.register(self._socket.fileno(), select.POLLIN)
            if not waiting.poll(WAIT * 1000):
                raise errors.KernelError("the kernel has not answered for %d s" % WAIT) from None
            return self._socket.recv(RECEIVE, socket.MSG_DONTWAIT)

    def dump(self, command, payload=b""):
        """Yield the attribute bytes (memoryviews) of every message of one dump. Raises KernelError, DumpInterrupted."""
        sequence = self._sequence
        self._sequence += 1
        flags = NLM_F_REQUEST | NLM_F_DUMP
        header = HEADER.pack(20 + len(payload), self.family_id, flags, sequence, 0, command, layout.VERSION, 0)
        self._socket.sendto(header + payload, KERNEL)
        interrupted = False
        while True:
            data = memoryview(self._receive())
            offset, end = 0, len(data)
            while offset + 16 <= end:
                length, kind, flags, answered, port = struct.unpack_from("=IHHII", data, offset)
                if answered == sequence:
                    interrupted = interrupted or bool(flags & NLM_F_DUMP_INTR)
                    if kind in (NLMSG_DONE, NLMSG_ERROR):
                        code = -struct.unpack_from("=i", data, offset + 16)[0] if length >= 20 else 0
                        if code > 0:
                            raise errors.refused(code, "read the IPVS table")
                        if interrupted:
                            raise DumpInterrupted
                        return
                    yield data[offset + 20 : offset + length]
                offset += (length + 3) & ~3

    def send(self, requests):
        """Send (command, payload) pairs in batches; returns [(place, errno)] of those that the kernel refused."""
        failed, batch, first = [], [], 0
        for command, payload in requests:
            batch.append((command, payload))
            if len(batch) == BATCH:
                failed += self._send_batch(batch, first)
                first += len(batch)
                batch = []
        if batch:
            failed += self._send_batch(batch, first)
        return failed

    def _send_batch(self, batch, first):
        """One datagram of many messages. Only the last asks for an answer; errors of the others come unasked."""
        start = self._sequence
        self._sequence += len(batch)
        last = len(batch) - 1
        pack, family_id = HEADER.pack, self.family_id
        parts = []
        for place, (command, payload) in enumerate(batch):
            flags = NLM_F_REQUEST | (NLM_F_ACK if place == last else 0)
            parts.append(pack(20 + len(payload), family_id, flags, start + place, 0, command, layout.VERSION, 0))
            parts.append(payload)
        self._socket.sendto(b"".join(parts), KERNEL)
        failed = []
        while True:
            data = self._receive()
            offset = 0
            while offset + 20 <= len(data):
                length, kind, flags, answered, port, code = struct.unpack_from("=IHHIIi", data, offset)
                place = answered - start
                if kind == NLMSG_ERROR and 0 <= place <= last:
                    if code:
                        failed.append((first + place, -code))
                    if place == last:
                        return failed
                offset += (length + 3) & ~3


def _bound():
    """A GenericNetlinkSocket that knows the family. Raises KernelError where the kernel has no IPVS."""
    from pyroute2.netlink.exceptions import NetlinkError
    from pyroute2.netlink.generic import GenericNetlinkSocket

    # pyroute2 logs a missing family at level error before it raises; the sentence raised here says it better.
    logging.getLogger("pyroute2").setLevel(logging.CRITICAL)
    GenericNetlinkSocket.module_err_level = "debug"
    opened = GenericNetlinkSocket()
    try:
        opened.bind(layout.FAMILY, messages.IpvsMessage)
    except (NetlinkError, OSError):
        opened.close()
        raise errors.no_ipvs() from None
    except BaseException:
        opened.close()
        raise
    return opened
