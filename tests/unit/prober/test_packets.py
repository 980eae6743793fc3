# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets that ask for a VIP: right by their checksums, and the answer is told from everything else that may come from there."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober import attempt, config, neighbours, packet_path, packets

FOUR = packets.Question("10.0.0.2", "192.0.2.100", 80, 62000, 0x01020304)
SIX = packets.Question("2001:db8:2::2", "2001:db8:1::100", 80, 62000, 0xFFFFFFFF)
QUESTIONS = [FOUR, SIX, FOUR._replace(port=0), SIX._replace(port=0)]


def back(question: packets.Question, packet: bytes) -> packets.Question:
    """The same with the ends swapped, to make what the server sends."""
    return question._replace(source=question.vip, vip=question.source)


def reply(question: packets.Question, flags: int = packets.SYN | packets.ACK, **wrong: Any) -> bytes:
    """What a server's kernel answers."""
    right = {"number": question.number, "sequence": question.sequence, "port": question.port, **wrong}
    ends = question._replace(source=question.vip, vip=question.source)
    if question.port:
        acknowledged = (right["sequence"] + 1) & 0xFFFFFFFF
        payload = struct.pack("!HHIIBBHHH", right["port"], right["number"], 77, acknowledged, 5 << 4, flags, 1000, 0, 0)
        return packets._datagram(ends, packets.TCP, payload)
    kind = packets.ECHO_REPLY[question.family]
    return packets._datagram(ends, packets.ICMPV6 if question.family == 6 else packets.ICMP, struct.pack("!BBHHHI", kind, 0, 0, right["number"], 1,
                                                                                                         right["sequence"]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_checksums_add_up(question: packets.Question) -> None:
    """A sum over what holds its own checksum is 0 (RFC 1071)."""
    made = [packets.ask(question)] + ([packets.forget(question)] if question.port else [])
    for packet in made:
        if question.family == 4:
            head, payload, protocol = packet[:20], packet[20:], packet[9]
            assert packets.checksum(head) == 0
            assert struct.unpack("!H", packet[2:4])[0] == len(packet)
        else:
            payload, protocol = packet[40:], packet[6]
            assert struct.unpack("!H", packet[4:6])[0] == len(payload)
        pseudo = packets._pseudo(question, protocol, len(payload)) if protocol != packets.ICMP else b""
        assert packets.checksum(pseudo + payload) == 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_known_and_nothing_else_is(question: packets.Question) -> None:
    assert packets.answer(question, reply(question)) == ""
    others = [reply(question, number=1), reply(question, sequence=9), packets.ask(question), reply(question)[:30], b"", b"x" * 100,
              reply(question._replace(vip="2001:db8::9" if question.family == 6 else "192.0.2.9"))]
    if question.port:
        others += [reply(question, port=81), reply(question, flags=packets.ACK)]
        assert packets.answer(question, reply(question, flags=packets.RST | packets.ACK)) == "refused"
    assert [packets.answer(question, packet) for packet in others] == [None] * len(others)


def test_tunnels_wrap_as_the_kernel_does() -> None:
    assert packets.wrapped("ipip", 4, b"x") == (4, b"x")
    assert packets.wrapped("ipip", 6, b"x") == (41, b"x")
    assert packets.wrapped("gre", 4, b"x") == (47, b"\0\0\x08\0x")
    assert packets.wrapped("gre", 6, b"x") == (47, b"\0\0\x86\xddx")
    assert packets.wrapped("gue", 4, b"x") == (17, b"\0\x04\0\0x")


def test_neighbours_are_read_from_a_dump() -> None:
    def message(address: str, hardware: bytes, state: int) -> bytes:
        packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
        attributes = struct.pack("=HH", 4 + len(packed), 1) + packed
        if hardware:
            attributes += struct.pack("=HH", 4 + len(hardware), 2) + hardware + b"\0" * (-len(hardware) % 4)
        body = struct.pack("=B3xiHBB", 2, 7, state, 0, 0) + attributes
        return struct.pack("=IHHII", 16 + len(body), 28, 0, 1, 0) + body

    dump = message("10.0.0.11", b"\2\0\0\0\0\1", 2) + message("10.0.0.12", b"", 0x20) + message("2001:db8::1", b"\2\0\0\0\0\3", 4)
    assert list(neighbours.entries(dump)) == [("10.0.0.11", 7, b"\2\0\0\0\0\1"), ("2001:db8::1", 7, b"\2\0\0\0\0\3")]
    assert list(neighbours.entries(dump[:30])) == []


def check(**path: Any) -> config.Check:
    way = {"vip": "192.0.2.100", "port": 80, "tcp": True, "method": "direct", "tunnel_port": None, **path}
    return config._check({"transport": "path", "steps": [], "match": "prefix", "interval": 1, "timeout": 0.2, "limit": 1, "warmup": 0, "fall": 1, "rise": 1,
                          "reentry_delay": 0, "slow_start": 0, "start": "up", "path": way})


TARGET = config.Target("web1_80_x", "web1", ("www",), "127.0.0.1", 80, "x", ())


@pytest.mark.parametrize(("code", "asked"), [(errno.EPERM, False), (errno.EAFNOSUPPORT, False), (errno.ENETUNREACH, True)])
def test_what_the_router_itself_lacks_is_no_failure_of_the_server(monkeypatch: pytest.MonkeyPatch, code: int, asked: bool) -> None:
    def listener(_question: packets.Question) -> socket.socket:
        raise OSError(code, "no")

    monkeypatch.setattr(packet_path, "listener", listener)
    outcome = asyncio.run(attempt.attempt(TARGET, check(), ()))
    assert (outcome.good, outcome.asked) == (False, asked)
    assert "no" in outcome.reason


def test_an_unknown_way_is_refused_with_its_path() -> None:
    with pytest.raises(ValueError, match="path.method: nat is none of direct"):
        check(method="nat")
