# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of the kernel's IPVS interface (linux/ip_vs.h), each written down once.

Every attribute is a row (name, kind); its number is its place in the tuple, from 0.
The message classes (messages.py) and the hand-made packing (packing.py, dumps.py) are both
made from these rows, so they cannot disagree.
Kinds are those of pyroute2: uint8/16/32/64 in the machine's byte order, be16 in the network's,
asciiz a zero-terminated string, cdata plain bytes.
"""

from __future__ import annotations

FAMILY = "IPVS"
VERSION = 1

# Commands.
NEW_SERVICE, SET_SERVICE, DEL_SERVICE, GET_SERVICE = 1, 2, 3, 4
NEW_DEST, SET_DEST, DEL_DEST, GET_DEST = 5, 6, 7, 8
NEW_DAEMON, DEL_DAEMON, GET_DAEMON = 9, 10, 11
SET_CONFIG, GET_CONFIG = 12, 13
SET_INFO, GET_INFO = 14, 15
ZERO, FLUSH = 16, 17

# What stands at the top of a message. The answer to GET_INFO has rows of its own there.
COMMAND = (
    ("UNSPEC", "none"),
    ("SERVICE", "service"),
    ("DEST", "dest"),
    ("DAEMON", "daemon"),
    ("TIMEOUT_TCP", "uint32"),
    ("TIMEOUT_TCP_FIN", "uint32"),
    ("TIMEOUT_UDP", "uint32"),
)
INFO = (
    ("UNSPEC", "none"),
    ("VERSION", "uint32"),
    ("CONN_TAB_SIZE", "uint32"),
)
SERVICE = (
    ("UNSPEC", "none"),
    ("AF", "uint16"),
    ("PROTOCOL", "uint16"),
    ("ADDR", "cdata"),  # 16 bytes, IPv4 in the first four
    ("PORT", "be16"),
    ("FWMARK", "uint32"),
    ("SCHED_NAME", "asciiz"),
    ("FLAGS", "cdata"),  # two uint32: flags, mask
    ("TIMEOUT", "uint32"),  # persistence, seconds
    ("NETMASK", "cdata"),  # four bytes: IPv4 mask as an address, IPv6 prefix length as uint32
    ("STATS", "none"),
    ("PE_NAME", "asciiz"),
    ("STATS64", "none"),
)
DEST = (
    ("UNSPEC", "none"),
    ("ADDR", "cdata"),
    ("PORT", "be16"),
    ("FWD_METHOD", "uint32"),
    ("WEIGHT", "uint32"),
    ("U_THRESH", "uint32"),
    ("L_THRESH", "uint32"),
    ("ACTIVE_CONNS", "uint32"),
    ("INACT_CONNS", "uint32"),
    ("PERSIST_CONNS", "uint32"),
    ("STATS", "none"),
    ("ADDR_FAMILY", "uint16"),
    ("STATS64", "none"),
    ("TUN_TYPE", "uint8"),
    ("TUN_PORT", "be16"),
    ("TUN_FLAGS", "uint16"),
)
DAEMON = (
    ("UNSPEC", "none"),
    ("STATE", "uint32"),
    ("MCAST_IFN", "asciiz"),
    ("SYNC_ID", "uint32"),
    ("SYNC_MAXLEN", "uint16"),
    ("MCAST_GROUP", "cdata"),  # four bytes
    ("MCAST_GROUP6", "cdata"),  # sixteen bytes
    ("MCAST_PORT", "uint16"),  # the machine's byte order, unlike all other ports
    ("MCAST_TTL", "uint8"),
)
# The words under which statistics are returned, in the order of the kernel's attributes 1 to 10.
STATISTICS = (
    "connections",
    "packets_in",
    "packets_out",
    "bytes_in",
    "bytes_out",
    "connections_per_second",
    "packets_in_per_second",
    "packets_out_per_second",
    "bytes_in_per_second",
    "bytes_out_per_second",
)


def numbers(rows):
    """{attribute name: its number} of one of the tables above."""
    return {name: number for number, (name, kind) in enumerate(rows)}


# Service flags. HASHED is the kernel's own note.
PERSISTENT, HASHED, ONE_PACKET = 0x1, 0x2, 0x4
SCHEDULER_FLAG_BITS = (0x8, 0x10, 0x20)
ALL_FLAGS = 0xFFFFFFFF

PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
FAMILIES = {"ipv4": 2, "ipv6": 10}
FORWARDS = {"nat": 0, "local": 1, "tunnel": 2, "direct": 3, "bypass": 4}
FORWARD_MASK = 0x7
TUNNEL_TYPES = {"ipip": 0, "gue": 1, "gre": 2}
TUNNEL_CHECKSUMS = {"nocsum": 0, "csum": 1, "remcsum": 2}
DAEMON_STATES = {"master": 1, "backup": 2}
