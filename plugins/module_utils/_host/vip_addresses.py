# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of one interface, as _model/vip.py has them; who brings an interface up at boot; announcements."""

from __future__ import annotations

import glob
import os
import re
import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._host import addresses, files
from ansible_collections.lvs.cluster.plugins.module_utils._model import vip

ETH_P_IP, ETH_P_ARP, ETH_P_IPV6 = 0x0800, 0x0806, 0x86DD
IFUPDOWN_FILES = ("/etc/network/interfaces", "/etc/network/interfaces.d/*")


def read_interface(run, name):
    """(its addresses, its hardware address or None if nobody listens to announcements). Raises OSError if it is not there."""
    (link,) = addresses.ask(run, ["address", "show", "dev", name])
    rows = [
        {
            "address": row["local"],
            "prefix": row["prefixlen"],
            "family": 6 if row["family"] == "inet6" else 4,
            "interface": name,
            "label": row.get("label", name) if row["family"] == "inet" else None,
            "scope": row["scope"],
            "nodad": bool(row.get("nodad")),
        }
        for row in link.get("addr_info", [])
        if row.get("family") in ("inet", "inet6") and "local" in row
    ]
    silent = {"LOOPBACK", "NOARP"} & set(link.get("flags", ())) or link.get("link_type") != "ether"
    return rows, None if silent else link["address"]


def is_there(interface):
    """Whether the interface is on this host now."""
    try:
        socket.if_nametoindex(interface)
    except OSError:
        return False
    return True


def apply(run, verb, row):
    """Add or delete an address. Raises OSError with what ip said, unless a network manager was faster."""
    code, _out, error = run(["ip", *vip.command(verb, row)])
    if code == 0:
        return
    there = any(vip.same(other, row) for other in read_interface(run, row["interface"])[0])
    if there != (verb == "add"):
        raise OSError("%s %s/%d on %s: %s" % (verb, row["address"], row["prefix"], row["interface"], error.strip() or code))


def manager_of(interface, root="/"):
    """(manager, .network file of networkd or None). Raises ValueError if nobody brings the interface up at boot."""
    index = _first_line(os.path.join("/", "sys/class/net", interface, "ifindex"))
    state = os.path.join(root, "run/systemd/netif/links", index)
    unit = _value(state, "NETWORK_FILE")
    if unit:
        return vip.NETWORKD, unit
    if _value(os.path.join(root, "run/NetworkManager/devices", index), "managed") in ("true", "1"):
        return vip.NETWORK_MANAGER, None
    stanza = re.compile(r"\s*iface\s+%s\s+inet" % re.escape(interface))
    # Files of ifupdown may be there without ifupdown.
    patterns = IFUPDOWN_FILES if any(os.path.exists(os.path.join(root, path)) for path in ("sbin/ifup", "usr/sbin/ifup")) else ()
    for pattern in patterns:
        for path in glob.glob(os.path.join(root, pattern.lstrip("/"))):
            if any(stanza.match(line) for line in _lines(path)):
                return vip.IFUPDOWN, None
    if interface == "lo" and os.path.exists(state):
        return vip.NETWORKD, None
    raise ValueError(
        "%s is brought up at boot by none of %s, so the address would be lost: let one of them configure the interface, "
        "or give persistent: false" % (interface, ", ".join(vip.MANAGERS))
    )


def wanted_files(row, present):
    """{path: state} for the next boot, with the address or without it. Raises ValueError as manager_of does, if present."""
    found = dict.fromkeys(files_left(row), files.ABSENT)
    if present:
        manager, unit = manager_of(row["interface"])
        found.update(vip.file_of(row, manager, unit))
    return found


def files_left(row, root="/"):
    """The files of this address that are there, whichever manager they were for: the interface, or the manager, may be gone."""

    def there(path):
        return os.path.lexists(os.path.join(root, path.lstrip("/")))

    folders = glob.glob(os.path.join(root, vip.NETWORKD_FOLDER.lstrip("/"), "*.network.d"))
    found = [path for path in vip.paths(row, [os.path.basename(folder)[:-2] for folder in folders]) if there(path)]
    if row["interface"] == "lo" and there(vip.LOOPBACK_UNIT):
        drop_ins = glob.glob(os.path.join(root, vip.LOOPBACK_UNIT.lstrip("/") + ".d", "*"))
        # Other addresses of lo still need the file that they are drop-ins of.
        if {os.path.basename(path) for path in drop_ins} <= {os.path.basename(path) for path in found}:
            found.append(vip.LOOPBACK_UNIT)
    return found


def write_files(changed):
    """changed: {path: state}; folders of drop-ins that become empty go too."""
    for path, state in changed.items():
        files.restore(path, state)
    files.remove_empty_folders({os.path.dirname(path) for path in changed if os.path.dirname(path).endswith(".network.d")})


def _lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().splitlines()
    except OSError:
        return []


def _first_line(path):
    return (_lines(path) or ["0"])[0].strip()


def _value(path, name):
    for line in _lines(path):
        if line.startswith(name + "="):
            return line.partition("=")[2].strip()
    return None


def announcement(row, hardware):
    """The Ethernet frame that tells all neighbours who has the address: gratuitous ARP, or an unsolicited advertisement."""
    own = bytes.fromhex(hardware.replace(":", ""))
    if row["family"] == 4:
        address = socket.inet_aton(row["address"])
        arp = struct.pack(">HHBBH", 1, ETH_P_IP, 6, 4, 1) + own + address + b"\0" * 6 + address
        return b"\xff" * 6 + own + struct.pack(">H", ETH_P_ARP) + arp
    address = socket.inet_pton(socket.AF_INET6, row["address"])
    everybody = socket.inet_pton(socket.AF_INET6, "ff02::1")
    # Type 136, override flag, the target, and the option "target link-layer address".
    body = struct.pack(">BBHI", 136, 0, 0, 0x20000000) + address + b"\x02\x01" + own
    checked = address + everybody + struct.pack(">II", len(body), socket.IPPROTO_ICMPV6) + body
    total = sum(struct.unpack(">%dH" % (len(checked) // 2), checked))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    body = body[:2] + struct.pack(">H", checksum) + body[4:]
    header = struct.pack(">IHBB", 0x60000000, len(body), socket.IPPROTO_ICMPV6, 255) + address + everybody
    return b"\x33\x33\0\0\0\x01" + own + struct.pack(">H", ETH_P_IPV6) + header + body


def announce(row, hardware, times):
    """Send the announcement so many times."""
    frame = announcement(row, hardware)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind((row["interface"], 0))
        for _number in range(times):
            sender.send(frame)
