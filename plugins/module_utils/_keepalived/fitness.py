# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is fit to serve: what lowers a router's priority, so that it comes after all that are fit.

Never weight 0, which takes a router out of the election: if no router is fit, the first of them serves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Check
from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import SETPRIV
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import UNFIT
from ansible_collections.lvs.cluster.plugins.module_utils._model.host_needs import SYNC_KNOWN_AFTER

TABLE, TARGETS = "table_is_whole", "reaches_targets"
PROGRAM = "/usr/libexec/lvs-cluster/fit"
LONGEST_WAIT = 300  # seconds
SERVERS_PER_SECOND = 500  # that the program may compare with the table


def wait(cluster: Mapping[str, Any]) -> int:
    """Seconds within which each health check has noticed a well server: so long a router waits for those that its table lacks."""
    checks = [service["health_check"] for service in cluster["virtual_servers"]]
    times = [_noticed(check) for check in checks if "interval" in check]
    return min(LONGEST_WAIT, math.ceil(max(times, default=0)) + 5)


def _noticed(check: Check) -> float:
    """At most: a check that is failing comes to its end, then as many as are asked for succeed."""
    tries, pause, rise, delay = (check.get(name) or 0 for name in ("retries", "retry_delay", "rise", "reentry_delay"))
    failing = (tries + 1) * check["timeout"] + tries * pause
    return float((check["warmup"] or 0) + failing + max(1, rise) * check["interval"] + delay)


def scripts(cluster: Mapping[str, Any], router: Mapping[str, Any], anchor: str, layout: Layout) -> list[Block]:
    """The vrrp_script blocks. anchor: an address that this router has whenever it is the active one."""
    blocks = []
    if _table(cluster):
        servers = sum(len(service["real_servers"]) for service in cluster["virtual_servers"])
        every = max(2, math.ceil(servers / SERVERS_PER_SECOND))
        words = [PROGRAM, "table", word(anchor), "%d" % wait(cluster)]
        sync = cluster["connection_sync"]
        if sync["enabled"]:
            words += [word(router["networks"][sync["network"]]["interface"]), "%d" % SYNC_KNOWN_AFTER]
        body: list[str | Block] = ['script "%s"' % " ".join(words), "interval %d" % every]
        # A busy router may be slow to tell. One that has just started is not fit before it is known to be; a reload keeps what is known.
        body += ["timeout 10", "fall 2", "rise 1", "init_fail", "user root"]
        blocks.append(Block("vrrp_script " + TABLE, body))
    if cluster["heartbeat"]["ping_targets"]:
        targets = " ".join(word(address) for address in cluster["heartbeat"]["ping_targets"])
        # Not by `user`: with any other than root keepalived 2.2.7 kills itself in its own test (see _checks/external.py for what stands here).
        user = "%s --reuid=%s --regid=%s --clear-groups" % (SETPRIV, word(layout.script_user), word(layout.script_user))
        # Ping has the right to ask from its file or from net.ipv4.ping_group_range: not on every machine. Without it no router would be fit.
        user += " --inh-caps=-all,+net_raw --ambient-caps=+net_raw --bounding-set=-all,+net_raw"
        body = ['script "%s %s reach %s"' % (user, PROGRAM, targets), "interval 1", "timeout 2", "fall 3", "rise 3", "user root"]
        blocks.append(Block("vrrp_script " + TARGETS, body))
    return blocks


def tracked(cluster: Mapping[str, Any]) -> list[str | Block]:
    """What stands in the sync group or the only instance, and in the hand-over's instance."""
    names = ([TABLE] if _table(cluster) else []) + ([TARGETS] if cluster["heartbeat"]["ping_targets"] else [])
    return [Block("track_script", ["%s weight -%d" % (name, UNFIT) for name in names])] if names else []


def _table(cluster: Mapping[str, Any]) -> bool:
    """Where nobody takes over from one who is active, there is nothing to wait for."""
    return bool(cluster["heartbeat"]["fail_back"])
