# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fail-back as a hand-over: the returned router does not snatch the VIPs, the acting one gives them away in order.

The instance CLUSTER_hand_over is master on the first of the routers that are there and fit. When a better one is back, it becomes
master there. The router where it has been master until then, and now goes to backup, runs the program hand-over: if it is active, it
lets no new connection in for a moment, then leaves the election (the tracked file is not 0) and enters it again.
Without it the answers that are under way at that moment, and the connections that are just being opened, would meet a router
that does not know them. Should the program fail, the returned router takes over by itself, FALLBACK seconds later.

A planned switch-over goes the same way, with or without fail-back: the active router runs `hand-over give`, and the router that
is to be active until further notice is preferred: PREFERENCE in its file PREFERRED is added to its priority.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word

PROGRAM = "/usr/libexec/lvs-cluster/hand-over"
WISH = "/run/lvs-cluster-hand-over"
TRACKED = "hand_over"
PREFERRED = "/run/lvs-cluster-preferred"
PREFERENCE = 100  # more than lies between two priorities of one cluster
FALLBACK = 5  # seconds
LONGEST_DELAY = 1000  # keepalived takes no longer one


def wanted(cluster: Mapping[str, Any]) -> bool:
    return bool(cluster["heartbeat"].get("hand_over"))


def track_file(cluster: Mapping[str, Any]) -> list[Block]:
    """Weight 0: any other number than 0 in the file puts what tracks it out of the election, at once and in words to the peer.

    Weight 1: the number in the file is added to the priority.
    """
    return [
        Block("track_file " + TRACKED, ['file "%s"' % WISH, "weight 0", "init_file 0"]),
        Block("track_file preferred", ['file "%s"' % PREFERRED, "weight 1", "init_file 0"]),
    ]


def of_the_group(cluster: Mapping[str, Any]) -> list[str | Block]:
    """What stands in the sync group, or in the only instance. The programs run as root: they set filters."""
    tracked = Block("track_file", [TRACKED + " weight 0", "preferred weight 1"])
    return [tracked, 'notify_master "%s over" root' % PROGRAM, 'notify_fault "%s left" root' % PROGRAM]


def preempt_delay(cluster: Mapping[str, Any]) -> int:
    """Of the instances with the VIPs, in seconds; 0 for none."""
    return min(LONGEST_DELAY, _signal_delay(cluster) + FALLBACK) if wanted(cluster) else int(cluster["heartbeat"]["fail_back_delay"])


def _signal_delay(cluster: Mapping[str, Any]) -> int:
    """While the start-up delay lasts keepalived hears the other router, and counts the time until it is missed from its end."""
    return max(int(cluster["heartbeat"]["fail_back_delay"]), int(cluster["heartbeat"]["startup_delay"]))


def signal_name(cluster: Mapping[str, Any]) -> str:
    return cluster["name"] + "_hand_over"


def signal_lines(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> list[str | Block]:
    """What the instance has beyond any other. It follows every link that the VIPs' instances follow: a router with one down is not back."""
    heartbeat = cluster["heartbeat"]
    own = router["networks"][heartbeat["hand_over"]["network"]]["interface"]
    interfaces = [router["networks"][name]["interface"] for name in cluster["networks"] if name in heartbeat["networks"]]
    others = sorted(set(interfaces) - {own})
    lines: list[str | Block] = []
    if _signal_delay(cluster):
        lines.append("preempt_delay %d" % _signal_delay(cluster))
    # Else the return of the first router would be seen as one to hand over to
    lines.append(Block("track_file", ["preferred weight 1"]))
    if others and heartbeat["link_tracking"]["enabled"]:
        lines.append(Block("track_interface", [word(name) for name in others]))
    # The first router has a better one beside it only when it does not reach its targets.
    if router["priority"] < max(other["priority"] for other in cluster["routers"]) or heartbeat["ping_targets"]:
        # Connections come in over any network of the cluster.
        places = sorted({place["interface"] for place in router["networks"].values()})
        lines.append('notify_master "%s away" root' % PROGRAM)
        lines.append('notify_backup "%s" root' % " ".join([PROGRAM, "begin", *(word(name) for name in places)]))
    return lines
