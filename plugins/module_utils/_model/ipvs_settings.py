# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sync daemon and timeouts: read what a user gave, complete it, plan, and say it as ipvsadm would."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_values import Integer, Word
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import shown

ROLES = ("master", "backup")
LONGEST_TIMEOUT = 2147483  # seconds: the kernel counts in up to 1,000 ticks a second, in 31 bits
TIMEOUTS = ("tcp", "tcp_fin", "udp")
DAEMON_DEFAULTS: dict[str, Any] = {"sync_id": 0, "max_length": None, "group": "224.0.0.81", "port": 8848, "ttl": 1}
_DAEMON_FIELDS = {
    "sync_id": Integer(0, 255),
    "max_length": Integer(1, 65507),
    "port": Integer(1, 65535),
    "ttl": Integer(1, 255),
}
_INTERFACE = re.compile("[^\\s/:]{1,15}\\Z")


class Group:
    """A multicast address."""

    def read(self, value, path, name, report):
        try:
            address = ipaddress.ip_address(str(value))
        except ValueError:
            address = None
        if address is None or not address.is_multicast:
            report.add(name, "%s is not a multicast address" % shown(value), "give one such as 224.0.0.81 or ff02::81")
            return None
        return str(address)


def read_timeouts(raw, report):
    """{name: seconds} of those that are given."""
    kind = Integer(1, LONGEST_TIMEOUT)
    found = {name: kind.read(raw[name], "", name, report) for name in TIMEOUTS if raw.get(name) is not None}
    if not found and not report:
        report.add("", "nothing is asked for", "give tcp, tcp_fin or udp")
    return found


def timeouts_command(timeouts):
    return "ipvsadm --set %d %d %d" % tuple(timeouts[name] for name in TIMEOUTS)


def read_daemon(raw, present, report):
    """The given settings of a daemon that shall run; of one that shall not only its state."""
    found = {"state": Word(ROLES).read(raw["role"], "", "role", report)}
    if not present:
        return found
    interface = raw.get("interface")
    if not interface:
        report.add("interface", "is missing", "give the interface to the other router")
    elif not _INTERFACE.match(interface):
        report.add("interface", "%s is no name of an interface" % shown(interface), "give one such as eth1")
    found["interface"] = str(interface)
    for name, kind in _DAEMON_FIELDS.items():
        if raw.get(name) is not None:
            found[name] = kind.read(raw[name], "", name, report)
    if raw.get("group") is not None:
        found["group"] = Group().read(raw["group"], "", "group", report)
    if found["state"] == "backup" and (found.get("max_length") or 1024) < 1024:
        report.add("max_length", "%d is too short for a backup" % found["max_length"], "give 1024 to 65507")
    return found


def complete_daemon(given, have, mtu):
    """The daemon that shall run; mtu: of its interface, from which the kernel takes the default length."""
    daemon = dict(DAEMON_DEFAULTS)
    if have is not None:
        daemon.update(have)
    daemon.update(given)
    if daemon["max_length"] is None:
        header = 48 if ":" in daemon["group"] else 28
        daemon["max_length"] = (min(max(mtu, 1500), 65535) if daemon["state"] == "backup" else 1500) - header
    return daemon


def daemon_start_command(daemon):
    return (
        "ipvsadm --start-daemon %(state)s --mcast-interface %(interface)s --syncid %(sync_id)d --sync-maxlen %(max_length)d"
        " --mcast-group %(group)s --mcast-port %(port)d --mcast-ttl %(ttl)d" % daemon
    )


def daemon_stop_command(state):
    return "ipvsadm --stop-daemon " + state
