# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hardware address of a neighbour, by rtnetlink(7). Reads only; a datagram to the discard port has the kernel find out one that it does not know."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from collections.abc import Iterator

RTM_NEWNEIGH, RTM_GETNEIGH, DONE, ERROR, DUMP = 28, 30, 3, 2, 0x301  # linux/rtnetlink.h, linux/netlink.h: NLM_F_REQUEST | NLM_F_DUMP
DESTINATION, HARDWARE = 1, 2  # NDA_DST, NDA_LLADDR of linux/neighbour.h
KNOWN = 0x02 | 0x04 | 0x08 | 0x10 | 0x80  # NUD_REACHABLE, STALE, DELAY, PROBE, PERMANENT
DISCARD = 9
PAUSE = 0.02  # seconds


def entries(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """(address, index of its device, hardware address) of those that are known, from messages of a dump. Pure."""
    while len(data) >= 16:
        length, kind = struct.unpack("=IH", data[:6])
        if length < 16:
            return
        if kind == RTM_NEWNEIGH:
            _family, index, state = struct.unpack("=B3xiH", data[16:26])
            found, rest = {}, data[28:length]
            while len(rest) >= 4:
                size, name = struct.unpack("=HH", rest[:4])
                if size < 4:
                    break
                found[name] = rest[4:size]
                rest = rest[(size + 3) & ~3 :]
            if state & KNOWN and DESTINATION in found and len(found.get(HARDWARE, b"")) >= 6:
                yield str(ipaddress.ip_address(found[DESTINATION])), index, found[HARDWARE]
        data = data[(length + 3) & ~3 :]


def known(address: str) -> tuple[str, bytes] | None:
    """(device, hardware address)"""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as channel:
        channel.settimeout(1)
        channel.send(struct.pack("=IHHII", 28, RTM_GETNEIGH, DUMP, 1, 0) + struct.pack("=B3xiHBB", family, 0, 0, 0, 0))
        while True:
            data = channel.recv(65536)
            for found, index, hardware in entries(data):
                if found == address:
                    return socket.if_indextoname(index), hardware
            if _ends(data):
                return None


def _ends(data: bytes) -> bool:
    while len(data) >= 16:
        length, kind = struct.unpack("=IH", data[:6])
        if kind in (DONE, ERROR) or length < 16:
            return True
        data = data[(length + 3) & ~3 :]
    return False


async def find(address: str, end: float) -> tuple[str, bytes]:
    """OSError where nobody has answered for the address by then."""
    loop = asyncio.get_running_loop()
    found = known(address)
    if found is None:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.setblocking(False)
            asker.sendto(b"", (address, DISCARD))
        while found is None and loop.time() < end:
            await asyncio.sleep(PAUSE)
            found = known(address)
    if found is None:
        raise OSError("nobody on the network answers for %s" % address)
    return found
