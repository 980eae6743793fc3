# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pack the requests that change services and destinations, by hand and fast.

Attributes go by the numbers of layout.py. A destination is one struct, as all have the same shape.
"""

from __future__ import annotations

import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import layout
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_words import flag_words

_SERVICE, _DEST = layout.numbers(layout.SERVICE), layout.numbers(layout.DEST)
_COMMAND = layout.numbers(layout.COMMAND)
_NESTED = 0x8000
_ATTRIBUTE = struct.Struct("=HH")
_ACTIONS = {
    ("add", False): layout.NEW_SERVICE,
    ("edit", False): layout.SET_SERVICE,
    ("delete", False): layout.DEL_SERVICE,
    ("add", True): layout.NEW_DEST,
    ("edit", True): layout.SET_DEST,
    ("delete", True): layout.DEL_DEST,
}
# Header and value of each attribute of a destination: ADDR, PORT, family, method, weight, thresholds.
_DESTINATION = struct.Struct("=HH16s HH2s2x HHH2x HHI HHI HHI HHI".replace(" ", ""))
_DESTINATION_NAME = struct.Struct("=HH16s HH2s2x HHH2x".replace(" ", ""))
_TUNNEL = struct.Struct("=HHB3x HH2s2x HHH2x".replace(" ", ""))


def attribute(number, payload):
    """One attribute, padded to four bytes."""
    length = 4 + len(payload)
    return _ATTRIBUTE.pack(length, number) + payload + b"\0" * (-length % 4)


def nested(number, payload):
    return _ATTRIBUTE.pack(4 + len(payload), number | _NESTED) + payload


def _address(text):
    """(family number, 16 bytes)."""
    if ":" in text:
        return socket.AF_INET6, socket.inet_pton(socket.AF_INET6, text)
    return socket.AF_INET, socket.inet_pton(socket.AF_INET, text)


def _u16(number, value):
    return attribute(_SERVICE[number], struct.pack("=H", value))


def service_name(service):
    """The attributes that name a service, not yet nested."""
    family = _u16("AF", layout.FAMILIES[service["family"]])
    if service["firewall_mark"] is not None:
        return family + attribute(_SERVICE["FWMARK"], struct.pack("=I", service["firewall_mark"]))
    return b"".join(
        (
            family,
            _u16("PROTOCOL", layout.PROTOCOLS[service["protocol"]]),
            attribute(_SERVICE["ADDR"], _address(service["address"])[1].ljust(16, b"\0")),
            attribute(_SERVICE["PORT"], struct.pack(">H", service["port"])),
        )
    )


def service_options(service):
    """The attributes of a service apart from those that name it."""
    flags = 0
    known = flag_words(service["scheduler"])
    for word in service["scheduler_flags"]:
        flags |= layout.SCHEDULER_FLAG_BITS[known.index(word)]
    if service["persistence_timeout"] is not None:
        flags |= layout.PERSISTENT
    if service["one_packet"]:
        flags |= layout.ONE_PACKET
    parts = [
        attribute(_SERVICE["SCHED_NAME"], service["scheduler"].encode() + b"\0"),
        attribute(_SERVICE["FLAGS"], struct.pack("=II", flags, layout.ALL_FLAGS)),
        attribute(_SERVICE["TIMEOUT"], struct.pack("=I", service["persistence_timeout"] or 0)),
        attribute(_SERVICE["NETMASK"], _netmask(service)),
    ]
    if service["persistence_engine"]:
        parts.append(attribute(_SERVICE["PE_NAME"], service["persistence_engine"].encode() + b"\0"))
    return b"".join(parts)


def _netmask(service):
    """The kernel wants a mask of every service, persistent or not."""
    text = service["persistence_netmask"]
    if service["family"] == "ipv6":
        return struct.pack("=I", int(text or 128))
    return socket.inet_aton(text or "255.255.255.255")


def destination_name(destination):
    """The attributes that name a destination, not yet nested."""
    family, address = _address(destination["address"])
    return _DESTINATION_NAME.pack(
        *(20, _DEST["ADDR"], address),
        *(6, _DEST["PORT"], destination["port"].to_bytes(2, "big")),
        *(6, _DEST["ADDR_FAMILY"], family),
    )


def destination(row):
    """All attributes of a destination, not yet nested."""
    family, address = _address(row["address"])
    packed = _DESTINATION.pack(
        *(20, _DEST["ADDR"], address),
        *(6, _DEST["PORT"], row["port"].to_bytes(2, "big")),
        *(6, _DEST["ADDR_FAMILY"], family),
        *(8, _DEST["FWD_METHOD"], layout.FORWARDS[row["forward"]]),
        *(8, _DEST["WEIGHT"], row["weight"]),
        *(8, _DEST["U_THRESH"], row["upper_threshold"]),
        *(8, _DEST["L_THRESH"], row["lower_threshold"]),
    )
    # Kernels before 5.3 know nothing but IP in IP, and then need not hear of it.
    if row["forward"] != "tunnel" or row["tunnel_type"] == "ipip":
        return packed
    return packed + _TUNNEL.pack(
        *(5, _DEST["TUN_TYPE"], layout.TUNNEL_TYPES[row["tunnel_type"]]),
        *(6, _DEST["TUN_PORT"], (row["tunnel_port"] or 0).to_bytes(2, "big")),
        *(6, _DEST["TUN_FLAGS"], layout.TUNNEL_CHECKSUMS[row["tunnel_checksum"] or "nocsum"]),
    )


def requests(operations):
    """Yield (command, payload) of each operation of _model/plan.py."""
    named, name = None, b""
    for action, service, row in operations:
        # The operations of one service follow one another and share its dict.
        if service is not named:
            named, name = service, service_name(service)
        command = _ACTIONS[action, row is not None]
        if row is None:
            options = b"" if action == "delete" else service_options(service)
            yield command, nested(_COMMAND["SERVICE"], name + options)
        else:
            packed = destination_name(row) if action == "delete" else destination(row)
            yield command, nested(_COMMAND["SERVICE"], name) + nested(_COMMAND["DEST"], packed)
