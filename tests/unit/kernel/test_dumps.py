# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pyroute2's codec writes from the same rows, the unpacking by hand reads."""

from __future__ import annotations

import socket
import struct

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import dumps, errors, layout, messages


def encoded(name, attributes):
    """The attribute bytes of an IPVS message that holds one nested object."""
    message = messages.IpvsMessage()
    prefix = "IPVS_SVC_ATTR_" if name == "SERVICE" else "IPVS_DEST_ATTR_"
    message["cmd"] = 1
    message["version"] = 1
    message["attrs"] = [["IPVS_CMD_ATTR_" + name, {"attrs": [[prefix + key, value] for key, value in attributes]}]]
    message.encode()
    return memoryview(bytes(message.data))[20:]


def flags(bits):
    return struct.pack("=II", bits, 0xFFFFFFFF)


def padded(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address).ljust(16, b"\0")


def test_service_with_everything():
    message = encoded(
        "SERVICE",
        [
            ("AF", socket.AF_INET),
            ("PROTOCOL", 6),
            ("ADDR", padded("192.0.2.1")),
            ("PORT", 80),
            ("SCHED_NAME", "sh"),
            ("FLAGS", flags(0x1 | 0x2 | 0x4 | 0x10 | 0x20)),
            ("TIMEOUT", 300),
            ("NETMASK", socket.inet_aton("255.255.255.0")),
            ("PE_NAME", "sip"),
        ],
    )
    plain, counted, name, family = dumps.service(message)
    assert plain == {
        "protocol": "tcp",
        "address": "192.0.2.1",
        "port": 80,
        "firewall_mark": None,
        "family": "ipv4",
        "scheduler": "sh",
        "scheduler_flags": ["sh-port", "flag-3"],
        "persistence_timeout": 300,
        "persistence_netmask": "255.255.255.0",
        "persistence_engine": "sip",
        "one_packet": True,
    }
    assert family == socket.AF_INET
    assert set(dumps.statistics(counted).values()) == {0}
    named = encoded("SERVICE", [("AF", 2), ("PROTOCOL", 6), ("ADDR", padded("192.0.2.1")), ("PORT", 80)])
    assert name[2:4] == struct.pack("=H", 0x8001)
    assert name[4:] == bytes(named)[4:]


def test_service_of_a_mark_in_ipv6():
    message = encoded(
        "SERVICE",
        [
            ("AF", socket.AF_INET6),
            ("FWMARK", 4294967295),
            ("SCHED_NAME", "mh"),
            ("FLAGS", flags(0x1 | 0x8 | 0x10)),
            ("TIMEOUT", 60),
            ("NETMASK", struct.pack("=I", 64)),
        ],
    )
    plain = dumps.service(message)[0]
    assert (plain["firewall_mark"], plain["family"], plain["protocol"], plain["port"]) == (4294967295, "ipv6", None, None)
    assert plain["persistence_netmask"] == "64"
    assert plain["scheduler_flags"] == ["mh-fallback", "mh-port"]


def test_mask_of_a_service_without_persistence_is_not_told():
    message = encoded(
        "SERVICE",
        [
            ("AF", 2),
            ("FWMARK", 1),
            ("SCHED_NAME", "rr"),
            ("FLAGS", flags(2)),
            ("TIMEOUT", 0),
            ("NETMASK", b"\xff" * 4),
        ],
    )
    plain = dumps.service(message)[0]
    assert (plain["persistence_timeout"], plain["persistence_netmask"], plain["one_packet"]) == (None, None, False)


DESTINATION = [
    ("ADDR", padded("10.0.0.1")),
    ("PORT", 8080),
    ("WEIGHT", 2147483647),
    ("U_THRESH", 10),
    ("L_THRESH", 5),
    ("ACTIVE_CONNS", 3),
    ("INACT_CONNS", 2),
    ("PERSIST_CONNS", 1),
    ("ADDR_FAMILY", socket.AF_INET),
]


@pytest.mark.parametrize(
    ("kernel", "forward", "tunnel"),
    [
        ([("FWD_METHOD", 0)], "nat", (None, None, None)),
        # The kernel sets bits of its own above the method.
        ([("FWD_METHOD", 0x100 | 3)], "direct", (None, None, None)),
        ([("FWD_METHOD", 2)], "tunnel", ("ipip", None, None)),
        ([("FWD_METHOD", 2), ("TUN_TYPE", 0), ("TUN_PORT", 0), ("TUN_FLAGS", 0)], "tunnel", ("ipip", None, None)),
        ([("FWD_METHOD", 2), ("TUN_TYPE", 1), ("TUN_PORT", 6080), ("TUN_FLAGS", 2)], "tunnel", ("gue", 6080, "remcsum")),
        ([("FWD_METHOD", 2), ("TUN_TYPE", 2), ("TUN_PORT", 0), ("TUN_FLAGS", 1)], "tunnel", ("gre", None, "csum")),
    ],
)
def test_destination(kernel, forward, tunnel):
    plain, connections, counted = dumps.destination(encoded("DEST", DESTINATION + kernel), socket.AF_INET)
    assert plain == {
        "address": "10.0.0.1",
        "port": 8080,
        "forward": forward,
        "weight": 2147483647,
        "upper_threshold": 10,
        "lower_threshold": 5,
        "tunnel_type": tunnel[0],
        "tunnel_port": tunnel[1],
        "tunnel_checksum": tunnel[2],
    }
    assert connections == {"active_connections": 3, "inactive_connections": 2, "persistent_connections": 1}
    assert set(dumps.statistics(counted).values()) == {0}


def test_statistics_are_64_bits_wide():
    payload = b"".join(struct.pack("=HHQ", 12, number, 2**63 + number) for number in range(1, 11))
    assert list(dumps.statistics(memoryview(payload)).values()) == [2**63 + number for number in range(1, 11)]


def test_errors_are_sentences():
    assert "become: true" in str(errors.refused(1, "add the service x"))
    known = errors.refused(17, "add the service x", {17: "it exists"})
    assert (str(known), known.code) == ("cannot add the service x: it exists", 17)
    assert "EINVAL, Invalid argument" in str(errors.refused(22, "add the service x"))


def test_every_attribute_has_its_number_of_the_kernel():
    assert layout.numbers(layout.SERVICE)["STATS64"] == 12
    assert layout.numbers(layout.DEST)["TUN_FLAGS"] == 15
    assert layout.numbers(layout.DAEMON)["MCAST_TTL"] == 8
    assert layout.numbers(layout.COMMAND)["TIMEOUT_UDP"] == 6
