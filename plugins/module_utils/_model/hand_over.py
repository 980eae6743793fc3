# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the acting router learns that the first one has returned, so that it can hand over in order: a VRRP instance beside the VIPs' own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import free_number
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import private_network
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

PATH = "heartbeat.hand_over_virtual_router_id"
# Seconds. Between the leaving of one router and the other's taking over 0.41 intervals pass in which nobody is active.
LONGEST_INTERVAL = 2.0
# Seconds from the moment at which the returned router could take over until it has done so, at most.
LONGEST = 2.0


def hand_over(
    cluster: str | None, read: Any, beat: Mapping[str, Any], networks: Mapping[str, Any], report: Report, derived: dict[str, str]
) -> dict[str, Any] | None:
    """{"network", "virtual_router_id"} of that instance; None where there is no fail-back, or one without ceremony is asked for."""
    read = read if isinstance(read, Mapping) else {}
    number, wanted = read.get("hand_over_virtual_router_id"), read.get("hand_over")
    quick = (beat["interval"] or 0) <= LONGEST_INTERVAL
    if wanted and not quick:
        remedy = "leave it out, or give an interval of at most %g" % LONGEST_INTERVAL
        report.add("heartbeat.hand_over", "leaves nobody active for %.1f s at an interval of %g s" % (0.41 * beat["interval"], beat["interval"]), remedy)
    if wanted is None:
        wanted = quick
    if not beat["fail_back"] or not wanted or not beat["networks"]:
        if number is not None:
            report.add(PATH, "has no meaning without fail-back and hand-over", "leave it out")
        return None
    network, _why = private_network(networks)
    if network not in beat["networks"]:
        network = beat["networks"][-1]
    taken = {item["virtual_router_id"]: name for name, item in networks.items() if item["virtual_router_id"]}
    if number is None:
        number = free_number(set(taken), cluster or "", "hand over")
        derived[PATH] = "from the name %s" % cluster
    elif number in taken:
        report.add(PATH, "%d is that of networks.%s" % (number, taken[number]), "give a number of its own, or leave it out")
    return {"network": network, "virtual_router_id": number}
