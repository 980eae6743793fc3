# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of the heartbeat between a router and its peers, as cluster_state_info asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.vrrp import instance_name, instance_networks


def heartbeat_paths(cluster: Mapping[str, Any], host: str) -> list[dict[str, Any]]:
    """[{"network", "interface", "instance", "address", "peers": {host: address}}]; empty where there is no heartbeat.

    A host whose address is not known (it could not be read) is no peer there; a network of which this router's own is unknown is left out.
    """
    if not cluster["heartbeat"]["networks"]:
        return []
    places = {router["host"]: router["networks"] for router in cluster["routers"]}
    paths = []
    for network in instance_networks(cluster):
        own = places[host].get(network) or {}
        if own.get("interface") and own.get("address"):
            peers = {other: (place.get(network) or {}).get("address") for other, place in places.items() if other != host}
            paths.append({"network": network, "interface": own["interface"], "instance": instance_name(cluster, network), "address": own["address"],
                          "peers": {other: address for other, address in peers.items() if address}})
    return paths
