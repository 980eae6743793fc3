# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a machine of the segment is there: an ARP request (RFC 826) and its answer, whatever its firewall says of ping."""
from __future__ import annotations

import select
import socket
import struct
import time

ETH_P_ARP = 0x0806
EVERYBODY = b"\xff" * 6
REQUEST, REPLY = 1, 2


def ask(questions, seconds=1.0, times=3):
    """{question: whether it was answered} for questions (interface, own address, address), all of them at the same time.

    An interface that is not there, or is down, has no answers. Needs root.
    """
    sockets, waiting = {}, {}
    try:
        for interface, own, address in questions:
            opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP))
            sockets[opened] = (interface, own, address)
            try:
                opened.bind((interface, ETH_P_ARP))
                waiting[opened] = request(opened.getsockname()[4], own, address)
            except OSError:
                pass  # gone, or down
        answered = set()
        for _attempt in range(times):
            for opened, packet in waiting.items():
                try:
                    opened.send(packet)
                except OSError:
                    pass
            answered |= _listen(waiting, sockets, seconds / times)
            for opened in [one for one in waiting if sockets[one] in answered]:
                del waiting[opened]
            if not waiting:
                break
        return {question: question in answered for question in questions}
    finally:
        for opened in sockets:
            opened.close()


def _listen(waiting, sockets, seconds):
    found, left = set(), set(waiting)
    end = time.monotonic() + seconds
    while left and time.monotonic() < end:
        ready, _unused, _none = select.select(list(left), [], [], max(0.0, end - time.monotonic()))
        for opened in ready:
            if answers(opened.recv(2048), sockets[opened][2]):
                found.add(sockets[opened])
                left.discard(opened)
    return found


def request(mac, own, address):
    """The frame: who has `address`? Tell `own`."""
    head = EVERYBODY + mac + struct.pack("!H", ETH_P_ARP)
    return head + struct.pack("!HHBBH", 1, 0x0800, 6, 4, REQUEST) + mac + socket.inet_aton(own) + bytes(6) + socket.inet_aton(address)


def answers(frame, address):
    """Whether the frame is the answer of the machine with this address."""
    return len(frame) >= 42 and struct.unpack("!H", frame[20:22])[0] == REPLY and frame[28:32] == socket.inet_aton(address)
