# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cluster is for: power cut, fail-back, cables, a dead daemon, a dead server; measured by a client that asks 50 times a second.

Each test leaves the cluster as it found it: r1 active, all cables whole.
"""

from __future__ import annotations

import time

import pytest
from lvslab import trial

CLUSTERS = {"debian12": ("a", "192.0.2.100", "10.0.0.253"), "debian13": ("b", "192.0.2.200", "10.0.0.254")}
FAILOVER_LIMIT_MS = 4000      # at the default interval of 1 s


@pytest.fixture(params=list(CLUSTERS.values()), ids=list(CLUSTERS))
def cluster(request):
    name, vip, gateway = request.param
    routers = [f"{name}-r1", f"{name}-r2"]
    yield name, vip, gateway, routers
    for router in routers:
        if trial.agent().call("state_of_hosts")[router] == "off":
            trial.agent().call("power_on", host=router)
        for network in ("public", "private"):
            trial.agent().call("mend", host=router, network_name=network)
    trial.agent().call("wait_up", hosts=routers)
    assert trial.eventually(lambda: trial.holders(vip, routers) == routers[:1] and trial.holders(gateway, routers) == routers[:1], 20)


def test_power_cut_and_return(cluster):
    """One router serves again within 4 s; the return of the first costs no request but one that is under way at that moment.

    A connection of a few packets is not synchronised yet: its answer, once on its way to the other router, is lost (seen in one
    run of a dozen, at 50 requests a second on the one slow processor of User Mode Linux).
    """
    _, vip, gateway, routers = cluster
    client = trial.Watch("client", vip, seconds=10, timeout=0.15)
    time.sleep(2)
    trial.agent().call("power_off", host=routers[0])
    assert trial.eventually(lambda: trial.holders(vip, routers) == routers[1:], 8)
    seen = client.result()
    print(f"outage {seen['hole_ms']} ms, {seen['failed']} of {seen['asked']} requests failed")
    assert 0 < seen["hole_ms"] <= FAILOVER_LIMIT_MS, seen
    assert trial.holders(gateway, routers) == routers[1:]
    trial.agent().call("power_on", host=routers[0])
    trial.agent().call("wait_up", hosts=routers[:1])
    # A packet in flight at the moment of the change is sent again by TCP after 1 s: clients wait longer than that.
    client = trial.Watch("client", vip, seconds=12, timeout=3)
    assert trial.eventually(lambda: trial.holders(vip, routers) == routers[:1], 11)
    seen = client.result()
    print(f"fail-back: longest wait {seen['hole_ms']} ms, {seen['failed']} of {seen['asked']} requests failed")
    assert seen["failed"] <= 1, seen


@pytest.mark.parametrize("network", ["public", "private"])
def test_one_heartbeat_path_is_enough(cluster, network):
    """Adverts lost on one network alone (the backup's cable there): the backup stays backup, no request is lost."""
    _, vip, gateway, routers = cluster
    trial.agent().call("cut", host=routers[1], network_name=network, carrier=False)
    seen = trial.watch("client", vip, seconds=8)
    assert trial.holders(vip, routers) == routers[:1]
    assert trial.holders(gateway, routers) == routers[:1]
    assert seen["failed"] == 0, seen


def test_cable_of_the_active_router_moves_everything(cluster):
    """Public carrier lost: the private side (the gateway) goes along."""
    _, vip, gateway, routers = cluster
    trial.agent().call("cut", host=routers[0], network_name="public")
    assert trial.eventually(lambda: trial.holders(vip, routers) == routers[1:] and trial.holders(gateway, routers) == routers[1:], 8)
    assert trial.watch("client", vip, count=20)["failed"] == 0


def test_keepalived_killed_leaves_no_second_holder(cluster):
    """All processes of keepalived die at once: systemd clears what they left, and starts it again."""
    _, vip, gateway, routers = cluster
    client = trial.Watch("client", vip, seconds=14, timeout=0.15)
    time.sleep(1)
    trial.on(routers[0], "pkill -KILL -x keepalived")
    assert trial.eventually(lambda: trial.holders(vip, routers) != routers, 4), "both routers hold the VIP"
    assert trial.eventually(lambda: trial.holders(vip, routers) == routers[:1] and trial.holders(gateway, routers) == routers[:1], 20)
    seen = client.result()
    print(f"keepalived killed: outage {seen['hole_ms']} ms")
    assert seen["hole_ms"] <= FAILOVER_LIMIT_MS + 1000, seen


def test_dead_server_gets_no_requests_until_it_is_well(cluster):
    name, vip, _, routers = cluster
    trial.on(f"{name}-web1", "systemctl stop nginx")
    assert trial.eventually(lambda: trial.watch("client", vip, count=8, interval=0.0)["failed"] == 0, 20)
    seen = trial.watch("client", vip, count=30, interval=0.0)
    assert seen["failed"] == 0 and set(seen["servers"]) == {f"{name}-web2"}, seen
    trial.on(f"{name}-web1", "systemctl start nginx")
    assert trial.eventually(lambda: f"{name}-web1" in trial.watch("client", vip, count=8, interval=0.0)["servers"], 20)
