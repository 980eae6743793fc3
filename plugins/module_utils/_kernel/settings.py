# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start and stop sync daemons, set timeouts; the length of packets on an interface."""

from __future__ import annotations

import errno
import fcntl
import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, layout

SIOCGIFMTU = 0x8921


def interface_mtu(name):
    """Bytes; raises KernelError if there is no such interface in this network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe, SIOCGIFMTU, struct.pack("16si12x", name.encode()[:15], 0))
        except OSError:
            raise errors.KernelError("there is no interface %s on this host" % name) from None
    return struct.unpack_from("16si", answer)[1]


def _do(connection, what, command, attributes, reasons=None):
    from pyroute2.netlink.exceptions import NetlinkError

    try:
        connection.ask(command, attributes)
    except NetlinkError as error:
        raise errors.refused(error.code, what, reasons) from None


def _daemon(pairs):
    return [("IPVS_CMD_ATTR_DAEMON", {"attrs": [["IPVS_DAEMON_ATTR_" + name, value] for name, value in pairs]})]


def start_daemon(connection, daemon):
    """daemon: complete, as ipvs.read_daemons returns it."""
    family = socket.AF_INET6 if ":" in daemon["group"] else socket.AF_INET
    group = "MCAST_GROUP6" if family == socket.AF_INET6 else "MCAST_GROUP"
    pairs = [
        ("STATE", layout.DAEMON_STATES[daemon["state"]]),
        ("MCAST_IFN", daemon["interface"]),
        ("SYNC_ID", daemon["sync_id"]),
        ("SYNC_MAXLEN", daemon["max_length"]),
        (group, socket.inet_pton(family, daemon["group"])),
        ("MCAST_PORT", daemon["port"]),
        ("MCAST_TTL", daemon["ttl"]),
    ]
    reasons = {
        errno.EEXIST: "it runs already; somebody else started it at the same time",
        errno.ENODEV: "there is no interface %s" % daemon["interface"],
        errno.EADDRNOTAVAIL: "the interface %s has no address of the group's family" % daemon["interface"],
        errno.ENETDOWN: "the interface %s is down" % daemon["interface"],
        errno.EINVAL: "a service has destinations of the other address family, which can't be synchronised",
    }
    _do(connection, "start the sync daemon %(state)s on %(interface)s" % daemon, layout.NEW_DAEMON, _daemon(pairs), reasons)


def stop_daemon(connection, state):
    reasons = {errno.ESRCH: "it does not run; somebody else stopped it at the same time"}
    pairs = [("STATE", layout.DAEMON_STATES[state])]
    _do(connection, "stop the sync daemon " + state, layout.DEL_DAEMON, _daemon(pairs), reasons)


def set_timeouts(connection, timeouts):
    """timeouts: {"tcp", "tcp_fin", "udp"}, seconds; those left out stay."""
    attributes = [("IPVS_CMD_ATTR_TIMEOUT_" + name.upper(), value) for name, value in timeouts.items()]
    _do(connection, "set the timeouts", layout.SET_CONFIG, attributes)
