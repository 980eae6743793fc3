# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual servers that a keepalived.conf names, and those that the kernel has, as the same words."""
from __future__ import annotations

import socket
import struct

PROTOCOLS = ("TCP", "UDP", "SCTP")


def virtual_servers(text):
    """{"TCP 192.0.2.100:80", "UDP [2001:db8::1]:53", "FWM 7"} of the text of a keepalived.conf.

    Without those that are named otherwise, which only a text that was written by hand has: groups, names of services.

    keepalived puts each of them into the kernel at its start or reload, whatever becomes of their real servers
    (init_service_vs in check/ipwrapper.c of 2.2.7).
    """
    found, name, protocol = set(), None, "TCP"
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["virtual_server"] and len(words) >= 3 and line[0] not in " \t":
            name, protocol = words[1:3], "TCP"
        elif name and words[:1] == ["protocol"] and len(words) == 2:
            protocol = words[1].upper()
        elif name and line.startswith("}"):
            found.add(_named(name, protocol))
            name = None
    return found - {None}


def _named(name, protocol):
    try:
        if name[0] == "fwmark":
            return f"FWM {int(name[1])}"
        return f"{protocol} {_address(name[0])}:{int(name[1])}"
    except (OSError, ValueError):
        return None


def _address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    plain = socket.inet_ntop(family, socket.inet_pton(family, text))
    return f"[{plain}]" if family == socket.AF_INET6 else plain


def of_kernel(text):
    """The same of the text of /proc/net/ip_vs (ip_vs_info_seq_show in net/netfilter/ipvs/ip_vs_ctl.c)."""
    found = set()
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["FWM"]:
            found.add(f"FWM {int(words[1], 16)}")
        elif words and words[0] in PROTOCOLS:
            address, _colon, port = words[1].rpartition(":")
            if not address.startswith("["):
                address = socket.inet_ntop(socket.AF_INET, struct.pack(">I", int(address, 16)))
            found.add(f"{words[0]} {_address(address.strip('[]')) if ':' in address else address}:{int(port, 16)}")
    return found
