# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this kernel can have nftables tables of the family inet, asked without nft: a bare host has none.

A batch that makes a table and has no end is tested by the kernel and then dropped, as for `nft --check`
(net/netfilter/nfnetlink.c, nfnetlink_rcv_batch).
"""
from __future__ import annotations

import errno
import os
import socket
import struct

NETLINK_NETFILTER = 12
BATCH_BEGIN, NFTABLES, NEW_TABLE, INET = 0x10, 10, 0, 1
REQUEST, ACK, CREATE = 0x1, 0x4, 0x400
ERROR = 2       # nlmsg type
TABLE_NAME = 1  # attribute
NAME = b"lvs_probe\0"
SECONDS = 5.0


def _message(kind, flags, family, resource, attributes=b""):
    """One netlink message with nfgenmsg: family, version 0, resource in network order."""
    body = struct.pack("=BB", family, 0) + struct.pack("!H", resource) + attributes
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


def request():
    """The batch without an end."""
    name = struct.pack("=HH", 4 + len(NAME), TABLE_NAME) + NAME
    name += b"\0" * (-len(name) % 4)
    return _message(BATCH_BEGIN, REQUEST, 0, NFTABLES) + _message(NFTABLES << 8 | NEW_TABLE, REQUEST | ACK | CREATE, INET, 0, name)


def lacking():
    """Empty text, or what the kernel says against such a table."""
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as asking:
            asking.settimeout(SECONDS)
            asking.send(request())
            answer = asking.recv(65536)
    except OSError as error:
        return error.strerror or str(error)
    kind = struct.unpack_from("=IH", answer)[1]
    number = -struct.unpack_from("=i", answer, 16)[0] if kind == ERROR else errno.EBADMSG
    return os.strerror(number) if number else ""
