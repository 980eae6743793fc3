# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The global_defs block. Every setting exists in keepalived 2.2.7 (Debian 12) and 2.3.3 (Debian 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, seconds, word
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.vrrp import instance_name, instance_networks

# Seconds between two gratuitous ARPs of the active router: a switch that lost the ones at the failover learns within a minute.
GARP_REFRESH = 60


def global_defs(cluster: Mapping[str, Any], router: Mapping[str, Any], layout: Layout) -> Block:
    """The settings for the whole of keepalived on one router.

    Left out on purpose:
    - lvs_flush_on_stop: keepalived takes its own services out at a stop anyway.
    - dynamic_interfaces: an interface that is not there must be an error of `keepalived -t`, not a silent wait.
    - vrrp_strict: it forbids unicast and down_timer_adverts.
    - max_auto_priority: a realtime priority is not given out unasked; vrrp_priority does for a busy router.
    """
    body: list[str | Block] = [
        "router_id " + word(router["host"]),
        # Scripts run as a user who can do nothing, and one that root would run is refused when others can write it.
        "script_user " + word(layout.script_user),
        "enable_script_security",
        # A reload with a bad file keeps what runs; without it a missing interface ends keepalived with the VIPs left on.
        "reload_check_config",
        # Version 3 has intervals below a second.
        "vrrp_version 3",
        # The heartbeat comes before whatever else wants the processor.
        "vrrp_priority -20",
        # Lost gratuitous ARPs; and after two routers were active, the one that stays says so again.
        "vrrp_garp_master_refresh %d" % GARP_REFRESH,
        "vrrp_garp_lower_prio_repeat 3",
        # What a crash left in the table goes when keepalived starts.
        "lvs_flush",
    ]
    if cluster["heartbeat"]["mode"] == "unicast":
        # An advert from anybody but the peer is dropped.
        body.append("vrrp_check_unicast_src")
    if cluster["heartbeat"]["startup_delay"]:
        body.append("vrrp_startup_delay " + seconds(cluster["heartbeat"]["startup_delay"]))
    sync = cluster["connection_sync"]
    if sync["enabled"]:
        names = instance_networks(cluster)
        carrier = sync["network"] if sync["network"] in names else names[0]
        interface = router["networks"][sync["network"]]["interface"]
        # The roles of the daemon follow the instance: master where the VIPs are, backup on the other router.
        body.append("lvs_sync_daemon %s inst %s id %d" % (word(interface), word(instance_name(cluster, carrier)), sync["id"]))
    return Block("global_defs", body)
