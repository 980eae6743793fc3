# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel that has not loaded ip_vs, for those who must not make it: empty, with the timeouts that it would start with."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, layout, messages

# Seconds; net/netfilter/ipvs/ip_vs_proto_tcp.c and _udp.c.
FIRST_TIMEOUTS = {"TCP": 900, "TCP_FIN": 120, "UDP": 300}
CAP_NET_ADMIN = 12  # the number of its bit


class Unloaded:
    """Stands in for connection.Connection where a task only looks."""

    def __init__(self, status="/proc/self/status"):
        """Raises KernelError for whom the kernel would refuse, as a Connection does at its first use."""
        with open(status, encoding="ascii") as file:
            rights = next((line.split()[1] for line in file if line.startswith("CapEff:")), "0")
        if not int(rights, 16) >> CAP_NET_ADMIN & 1:
            raise errors.no_permission()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        pass

    def dump(self, command, payload=b""):
        return iter(())

    def ask(self, command, attributes=(), dump=False, message_class=None):
        if command != layout.GET_CONFIG:
            return ()
        answer = messages.IpvsMessage()
        answer["attrs"] = [("IPVS_CMD_ATTR_TIMEOUT_" + name, value) for name, value in FIRST_TIMEOUTS.items()]
        return (answer,)
