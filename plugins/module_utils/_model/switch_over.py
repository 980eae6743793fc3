# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A planned switch-over: which router is to be active, whether it may, and what each router does for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone

OTHER, FIRST = "other", "first"  # words for "whoever is not active now" and "whoever takes precedence"


def switch(cluster: Mapping[str, Any], judged: Mapping[str, Any], preferred: Mapping[str, bool], to: str) -> dict[str, Any]:
    """{"target": host or None, "refused": [why], "orders": {host: [arguments of the program hand-over]}}.

    judged: of cluster_state.judge; preferred: {router that was read: whether it is preferred now}; to: a router, OTHER or FIRST.
    Without orders there is nothing to do. target None: the router is none of this cluster.
    """
    if alone(cluster):
        return {"target": None, "refused": ["the cluster %s has one router alone" % cluster["name"]] if to == OTHER else [], "orders": {}}
    routers = sorted(cluster["routers"], key=lambda router: -router["priority"])
    hosts, active = [router["host"] for router in routers], judged["active"]
    if to not in (*hosts, OTHER, FIRST):
        return {"target": None, "refused": [], "orders": {}}
    if active is None:
        return {"target": None, "refused": ["no single router of %s is active: the playbook status tells more" % cluster["name"]], "orders": {}}
    target = hosts[0] if to == FIRST else to
    if to == OTHER:
        others = [host for host in hosts if host != active]
        target = next((host for host in others if not judged["fit"][host]), others[0])
    if target != active and judged["fit"][target]:
        return {"target": target, "refused": judged["fit"][target], "orders": {}}
    # The first one is active by its own priority when nobody else is preferred.
    orders = {host: ["prefer" if host == target else "ordinary"] for host, has in preferred.items() if has != (host == target != hosts[0])}
    if target != active:
        places = next(router["networks"] for router in routers if router["host"] == active)
        if active in orders:
            orders.pop(active)  # giving away ends its preference too
        orders[active] = ["give", *sorted({place["interface"] for place in places.values()})]
    return {"target": target, "refused": [], "orders": orders}
