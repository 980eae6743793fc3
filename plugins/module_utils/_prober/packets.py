# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packets that ask a real server for a VIP as a client's would: made, wrapped as IPVS wraps them, and read. Pure.

RFC 791, 792, 793, 2460, 4443; GRE: RFC 2784; GUE: draft-ietf-intarea-gue, variant 0, as the kernel's ip_vs_xmit.c writes it.
"""

from __future__ import annotations

import ipaddress
import struct
from typing import NamedTuple

TCP, ICMP, ICMPV6, IPIP, IPV6, GRE = 6, 1, 58, 4, 41, 47
ETHERTYPES = {4: 0x0800, 6: 0x86DD}
SYN, RST, ACK = 0x02, 0x04, 0x10
ECHO_REQUEST, ECHO_REPLY = {4: 8, 6: 128}, {4: 0, 6: 129}
ROUTER_ALONE = 64  # hops


class Question(NamedTuple):
    """One question: source and destination are addresses of one family; port: of the destination, 0 for an echo request.

    number: the source port, or the echo's identifier; sequence: 32 bits that come back in the answer."""

    source: str
    vip: str
    port: int
    number: int
    sequence: int

    @property
    def family(self) -> int:
        return 6 if ":" in self.vip else 4


def checksum(data: bytes) -> int:
    total = sum(struct.unpack("!%dH" % ((len(data) + 1) // 2), data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _pseudo(question: Question, protocol: int, length: int) -> bytes:
    ends = ipaddress.ip_address(question.source).packed + ipaddress.ip_address(question.vip).packed
    return ends + (struct.pack("!BBH", 0, protocol, length) if question.family == 4 else struct.pack("!IHBB", length, 0, 0, protocol))


def _tcp(question: Question, flags: int, sequence: int) -> bytes:
    # A segment size for the smallest path: nothing is sent on this connection
    options = struct.pack("!BBH", 2, 4, 536) if flags & SYN else b""
    head = struct.pack("!HHIIBBH", question.number, question.port, sequence, 0, (5 + len(options) // 4) << 4, flags, 1024)
    total = checksum(_pseudo(question, TCP, len(head) + 4 + len(options)) + head + b"\0\0\0\0" + options)
    return head + struct.pack("!HH", total, 0) + options


def _echo(question: Question) -> bytes:
    rest = struct.pack("!HHI", question.number, 1, question.sequence)
    head = bytes([ECHO_REQUEST[question.family], 0])
    pseudo = _pseudo(question, ICMPV6, 8 + 4) if question.family == 6 else b""
    return head + struct.pack("!H", checksum(pseudo + head + b"\0\0" + rest)) + rest


def _datagram(question: Question, protocol: int, payload: bytes) -> bytes:
    source, vip = ipaddress.ip_address(question.source).packed, ipaddress.ip_address(question.vip).packed
    if question.family == 6:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, ROUTER_ALONE) + source + vip + payload
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(payload), 0, 0x4000, ROUTER_ALONE, protocol)
    return head + struct.pack("!H", checksum(head + b"\0\0" + source + vip)) + source + vip + payload


def ask(question: Question) -> bytes:
    """The whole IP packet: a SYN, or an echo request."""
    if question.port:
        return _datagram(question, TCP, _tcp(question, SYN, question.sequence))
    return _datagram(question, ICMPV6 if question.family == 6 else ICMP, _echo(question))


def forget(question: Question) -> bytes:
    """Takes the connection back that the SYN has half opened."""
    return _datagram(question, TCP, _tcp(question, RST, (question.sequence + 1) & 0xFFFFFFFF))


def answer(question: Question, packet: bytes) -> str | None:
    """Of a packet that came in, from its IP header on: "" it is the answer; a text: the answer is no; None: it is something else."""
    found = _payload(question, packet)
    if found is None:
        return None
    protocol, payload = found
    if question.port and protocol == TCP and len(payload) >= 20:
        source, destination, _sequence, acknowledged, _offset, flags = struct.unpack("!HHIIBB", payload[:14])
        if (source, destination, acknowledged) != (question.port, question.number, (question.sequence + 1) & 0xFFFFFFFF):
            return None
        return "refused" if flags & RST else "" if flags & (SYN | ACK) == SYN | ACK else None
    if not question.port and protocol in (ICMP, ICMPV6) and len(payload) >= 12:
        kind, _code, _sum, number, _one, sequence = struct.unpack("!BBHHHI", payload[:12])
        return "" if (kind, number, sequence) == (ECHO_REPLY[question.family], question.number, question.sequence) else None
    return None


def _payload(question: Question, packet: bytes) -> tuple[int, bytes] | None:
    """(protocol, payload) of a packet from the VIP to us."""
    ends = ipaddress.ip_address(question.vip).packed + ipaddress.ip_address(question.source).packed
    if question.family == 4:
        if len(packet) < 20 or packet[0] >> 4 != 4 or packet[12:20] != ends or struct.unpack("!H", packet[6:8])[0] & 0x1FFF:
            return None
        return packet[9], packet[(packet[0] & 15) * 4 :]
    if len(packet) < 40 or packet[0] >> 4 != 6 or packet[8:40] != ends:
        return None
    return packet[6], packet[40:]


def wrapped(method: str, family: int, packet: bytes) -> tuple[int, bytes]:
    """(IP protocol, what follows the outer IP header) of a tunnel; for gue what follows the outer UDP header. family: of the packet inside."""
    inside = IPV6 if family == 6 else IPIP
    if method == "gre":
        return GRE, struct.pack("!HH", 0, ETHERTYPES[family]) + packet
    if method == "gue":
        return 17, struct.pack("!BBH", 0, inside, 0) + packet
    return inside, packet
