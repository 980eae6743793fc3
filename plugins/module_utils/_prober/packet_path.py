# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a real server for the VIP itself, by the way that IPVS sends a client's packets: is the VIP there, and the service on it?

On the active router the VIP is an address of its own and IPVS looks at every packet for it, also at those that start here: no socket
can reach a real server under that address, whatever route, rule or mark there is. So the packet is made here and handed to the device
past the IP stack (packet(7)), with the real server's own hardware address, or wrapped into the tunnel. The answer comes to the router's
own address from an address that it has itself, which the stack drops as a forgery; it is read before, by a filter that lets nothing else
pass. No route, rule, neighbour, address or connection of the router is touched. It takes CAP_NET_RAW.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import errno
import ipaddress
import random
import socket
import struct
from collections.abc import Callable

from . import neighbours, packets
from .config import Check, Path, Target

ATTACH_FILTER = 26  # SO_ATTACH_FILTER, include/uapi/asm-generic/socket.h
AGAIN = 3  # questions within the time limit: one packet may be lost
LOAD_WORD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
OWN_FAULT = {errno.EPERM, errno.EACCES, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ENOBUFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENODEV}
FIRST_PORT, LAST_PORT = 61001, 65535  # above what the kernel gives connections by itself


Send = Callable[[bytes], object]


class CanNotAsk(Exception):
    """Nothing was learnt of the server: the router itself lacks something."""


def own_address(target: str) -> str:
    """From which address this router reaches it. Sends nothing."""
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asker:
        asker.connect((target, 9))
        return str(asker.getsockname()[0])


def listener(question: packets.Question) -> socket.socket:
    """Gets what comes from the VIP to us, from the IP header on, and nothing else."""
    words, first = (1, 12) if question.family == 4 else (4, 8)
    ends = ipaddress.ip_address(question.vip).packed + ipaddress.ip_address(question.source).packed
    program = b""
    for number in range(2 * words):
        program += struct.pack("HBBI", LOAD_WORD, 0, 0, first + 4 * number)
        # Not that: to the last instruction
        program += struct.pack("HBBI", JUMP_EQUAL, 0, 2 * (2 * words - number) - 1, struct.unpack("!I", ends[4 * number : 4 * number + 4])[0])
    program += struct.pack("HBBI", RETURN, 0, 0, 0xFFFF) + struct.pack("HBBI", RETURN, 0, 0, 0)
    kept = array.array("B", program)
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.htons(packets.ETHERTYPES[question.family]))
    try:
        opened.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("HL", len(program) // 8, kept.buffer_info()[0]))
    except OSError:
        opened.close()
        raise
    with contextlib.suppress(BlockingIOError):
        while True:  # what came before the filter was there
            opened.recv(1)
    return opened


async def ask(target: Target, check: Check, path: Path) -> str:
    """'' or why not. CanNotAsk where this router is to blame."""
    loop = asyncio.get_running_loop()
    end = loop.time() + check.timeout
    try:
        source = own_address(target.address)
        port = path.port if path.tcp else 0
        question = packets.Question(source, path.vip, port, random.randint(FIRST_PORT, LAST_PORT), random.getrandbits(32))
        with contextlib.ExitStack() as stack:
            heard = stack.enter_context(listener(question))
            send = await _sender(stack, target, path, question.family, end)
            return await _talk(heard, send, question, end, check.timeout)
    except OSError as error:
        if error.errno in OWN_FAULT:
            raise CanNotAsk("this router can't ask by the way of the packets: %s" % error.strerror) from None
        return str(error.strerror or error)


async def _talk(heard: socket.socket, send: Send, question: packets.Question, end: float, limit: float) -> str:
    loop = asyncio.get_running_loop()
    said: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        with contextlib.suppress(BlockingIOError):
            while not said.done():
                found = packets.answer(question, heard.recv(2048))
                if found is not None:
                    said.set_result(found)

    loop.add_reader(heard, read)
    try:
        pause = limit / AGAIN
        while True:
            send(packets.ask(question))
            with contextlib.suppress(asyncio.TimeoutError):
                reason = await asyncio.wait_for(asyncio.shield(said), max(0.001, min(pause, end - loop.time())))
                break
            if loop.time() >= end:
                return "no answer from the VIP %s within %g s: is it on the server, and does the server take packets for it?" % (question.vip, limit)
        if not reason and question.port:
            send(packets.forget(question))
        return "refused at the VIP %s" % question.vip if reason else ""
    finally:
        loop.remove_reader(heard)


async def _sender(stack: contextlib.ExitStack, target: Target, path: Path, family: int, end: float) -> Send:
    """What puts a packet on its way."""
    if path.method == "direct":
        device, hardware = await neighbours.find(target.address, end)
        line = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0))
        return lambda packet: line.sendto(packet, (device, packets.ETHERTYPES[family], 0, 0, hardware))
    outer = socket.AF_INET6 if ":" in target.address else socket.AF_INET
    protocol, _start = packets.wrapped(path.method, family, b"")
    if path.method == "gue":
        tunnel, port = stack.enter_context(socket.socket(outer, socket.SOCK_DGRAM)), path.tunnel_port
    else:
        tunnel, port = stack.enter_context(socket.socket(outer, socket.SOCK_RAW, protocol)), 0
    return lambda packet: tunnel.sendto(packets.wrapped(path.method, family, packet)[1], (target.address, port))
