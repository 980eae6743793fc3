# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack the dumps of services and destinations by hand: pyroute2's codec is too slow for thousands.

A dump message becomes the plain form (see ipvs.read_table) of one service or destination.
"""

from __future__ import annotations

import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import layout

_U16, _U32 = struct.Struct("=H"), struct.Struct("=I")
_BE16 = struct.Struct(">H")
_ATTRIBUTE = struct.Struct("=HH")
_SERVICE, _DEST = layout.numbers(layout.SERVICE), layout.numbers(layout.DEST)

_PROTOCOLS = {number: word for word, number in layout.PROTOCOLS.items()}
_FORWARDS = {number: word for word, number in layout.FORWARDS.items()}
_TUNNELS = {number: word for word, number in layout.TUNNEL_TYPES.items()}
_CHECKSUMS = {number: word for word, number in layout.TUNNEL_CHECKSUMS.items()}
# Schedulers whose flag bits have names of their own; all others say flag-1 to flag-3.
_NAMED_FLAGS = {"sh": ("sh-fallback", "sh-port"), "mh": ("mh-fallback", "mh-port")}


def attributes(data):
    """{number: memoryview of the payload} of the attributes that lie one after the other in data."""
    found = {}
    offset, end = 0, len(data)
    while offset + 4 <= end:
        length, number = _ATTRIBUTE.unpack_from(data, offset)
        if length < 4:
            break
        found[number & 0x3FFF] = data[offset + 4 : offset + length]
        offset += (length + 3) & ~3
    return found


def _text(data):
    return bytes(data).split(b"\0", 1)[0].decode("ascii", "replace")


def address(family, data):
    """Address bytes of the kernel (16, or 4 for IPv4) as text."""
    if family == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, bytes(data[:16]))
    return socket.inet_ntop(socket.AF_INET, bytes(data[:4]))


def scheduler_flags(scheduler, flags):
    """The words of the scheduler's flag bits, in the order of the bits."""
    named = _NAMED_FLAGS.get(scheduler, ())
    words = named + tuple("flag-%d" % (n + 1) for n in range(len(named), 3))
    return [word for word, bit in zip(words, layout.SCHEDULER_FLAG_BITS) if flags & bit]


def netmask(family, data):
    """IPv4: the mask as an address; IPv6: the prefix length as text."""
    if family == socket.AF_INET6:
        return str(_U32.unpack_from(data)[0])
    return socket.inet_ntop(socket.AF_INET, bytes(data[:4]))


def statistics(data):
    """The ten counters and rates of a STATS64 (8 bytes each) or STATS (4 or 8 bytes each) attribute."""
    values = attributes(data)
    result = {}
    for number, word in enumerate(layout.STATISTICS, 1):
        raw = values.get(number)
        result[word] = int.from_bytes(raw, "little" if _U16.pack(1)[0] else "big") if raw is not None else 0
    return result


def service(message):
    """(plain service without destinations, statistics, bytes that name it in requests, family number)."""
    found = attributes(attributes(message)[1])
    family = _U16.unpack(found[_SERVICE["AF"]])[0]
    scheduler = _text(found[_SERVICE["SCHED_NAME"]])
    flags = _U32.unpack_from(found[_SERVICE["FLAGS"]])[0]
    persistent = bool(flags & layout.PERSISTENT)
    engine = found.get(_SERVICE["PE_NAME"])
    plain = {
        "protocol": None,
        "address": None,
        "port": None,
        "firewall_mark": None,
        "family": "ipv6" if family == socket.AF_INET6 else "ipv4",
        "scheduler": scheduler,
        "scheduler_flags": scheduler_flags(scheduler, flags),
        "persistence_timeout": _U32.unpack(found[_SERVICE["TIMEOUT"]])[0] if persistent else None,
        "persistence_netmask": netmask(family, found[_SERVICE["NETMASK"]]) if persistent else None,
        "persistence_engine": _text(engine) if engine is not None else None,
        "one_packet": bool(flags & layout.ONE_PACKET),
    }
    naming = ["AF"]
    if _SERVICE["FWMARK"] in found:
        plain["firewall_mark"] = _U32.unpack(found[_SERVICE["FWMARK"]])[0]
        naming += ["FWMARK"]
    else:
        number = _U16.unpack(found[_SERVICE["PROTOCOL"]])[0]
        plain["protocol"] = _PROTOCOLS.get(number, str(number))
        plain["address"] = address(family, found[_SERVICE["ADDR"]])
        plain["port"] = _BE16.unpack(found[_SERVICE["PORT"]])[0]
        naming += ["PROTOCOL", "ADDR", "PORT"]
    key = b"".join(_attribute(_SERVICE[name], bytes(found[_SERVICE[name]])) for name in naming)
    counted = found.get(_SERVICE["STATS64"], found.get(_SERVICE["STATS"], b""))
    return plain, counted, _attribute(1, key, nested=True), family


def _attribute(number, payload, nested=False):
    """One packed attribute, padded to four bytes."""
    length = 4 + len(payload)
    return _ATTRIBUTE.pack(length, number | (0x8000 if nested else 0)) + payload + b"\0" * (-length % 4)


def destination(message, service_family):
    """(plain destination, connections, memoryview of its statistics) of a destination of a service."""
    found = attributes(attributes(message)[2])
    family = found.get(_DEST["ADDR_FAMILY"])
    family = _U16.unpack(family)[0] if family is not None else service_family
    number = _U32.unpack(found[_DEST["FWD_METHOD"]])[0] & layout.FORWARD_MASK
    forward = _FORWARDS.get(number, str(number))
    plain = {
        "address": address(family, found[_DEST["ADDR"]]),
        "port": _BE16.unpack(found[_DEST["PORT"]])[0],
        "forward": forward,
        "weight": _U32.unpack(found[_DEST["WEIGHT"]])[0],
        "upper_threshold": _U32.unpack(found[_DEST["U_THRESH"]])[0],
        "lower_threshold": _U32.unpack(found[_DEST["L_THRESH"]])[0],
        "tunnel_type": None,
        "tunnel_port": None,
        "tunnel_checksum": None,
    }
    if forward == "tunnel":
        _add_tunnel(plain, found)
    connections = {
        "active_connections": _U32.unpack(found[_DEST["ACTIVE_CONNS"]])[0],
        "inactive_connections": _U32.unpack(found[_DEST["INACT_CONNS"]])[0],
        "persistent_connections": _U32.unpack(found[_DEST["PERSIST_CONNS"]])[0],
    }
    return plain, connections, found.get(_DEST["STATS64"], found.get(_DEST["STATS"], b""))


def _add_tunnel(plain, found):
    """Type, port and checksum; kernels before 5.3 know IP in IP alone and send none of them."""
    kind = found.get(_DEST["TUN_TYPE"])
    plain["tunnel_type"] = word = _TUNNELS.get(kind[0], str(kind[0])) if kind is not None else "ipip"
    if word == "gue":
        plain["tunnel_port"] = _BE16.unpack(found[_DEST["TUN_PORT"]])[0]
    if word != "ipip":
        bits = _U16.unpack(found[_DEST["TUN_FLAGS"]])[0]
        plain["tunnel_checksum"] = _CHECKSUMS.get(bits, str(bits))
