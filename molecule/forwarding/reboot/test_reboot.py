# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbours with a wrong address, a real server that lost its VIP, a failover, a boot of every host. The cluster is whole again after each."""

from __future__ import annotations

import time

import pytest
from lvslab import trial

ROUTERS, SERVERS, UNMANAGED = ["r1", "r2"], ["web1", "web2", "web3"], ["web4", "web5"]
NAT, DIRECT, IPIP, GUE, GRE, MIXED = (f"192.0.2.{100 + number}" for number in range(6))
TWINS = [f"2001:db8:1::{number}" for number in (100, 101, 102)]
VIPS = [NAT, DIRECT, IPIP, GUE, GRE, MIXED, *TWINS]


def served(vip: str) -> bool:
    seen = trial.watch("client", vip, count=4, interval=0.0, timeout=1)
    return seen["failed"] == 0


@pytest.fixture(scope="module", autouse=True)
def poisoned():
    """The client believes from the first test on that a VIP is web1: until a router says otherwise (every 60 s, and at a failover)."""
    wrong = trial.on("web1", "cat /sys/class/net/eth1/address").strip()
    trial.on("client", f"ip neigh replace {GRE} lladdr {wrong} dev eth0 nud stale")
    yield wrong


def test_a_real_server_that_would_answer_for_the_vip_does_not_get_it():
    """The program refuses the order that poisons a segment."""
    trial.on("web3", "/usr/libexec/lvs-cluster/real-server down; sysctl -qw net.ipv4.conf.all.arp_ignore=0")
    words = trial.on("web3", "/usr/libexec/lvs-cluster/real-server up 2>&1; ip -o address show", check=False)
    assert "arp_ignore and arp_announce are not in force" in words
    assert DIRECT not in words
    trial.on("web3", "sysctl -qw net.ipv4.conf.all.arp_ignore=1; /usr/libexec/lvs-cluster/real-server up")
    assert served(DIRECT)


def test_strict_filtering_for_all_interfaces_is_no_obstacle():
    """An administrator's rp_filter=1 for `all`: the real servers' own devices have 2, which wins."""
    for server in SERVERS:
        trial.on(server, "sysctl -qw net.ipv4.conf.all.rp_filter=1")
    try:
        trial.on("client", "ip neigh flush dev eth0")
        assert {vip: served(vip) for vip in (DIRECT, IPIP, GUE, GRE)} == dict.fromkeys((DIRECT, IPIP, GUE, GRE), True)
    finally:
        for server in SERVERS:
            trial.on(server, "sysctl -qw net.ipv4.conf.all.rp_filter=0")


def test_failover_keeps_every_way_working_and_heals_neighbours(poisoned):
    trial.on("client", f"ip neigh replace {GRE} lladdr {poisoned} dev eth0 nud stale")
    clients = {vip: trial.Watch("client", vip, seconds=8.0, interval=0.1, timeout=0.3) for vip in (NAT, DIRECT, GUE, *TWINS[:2])}
    time.sleep(1.5)
    trial.agent().call("power_off", host="r1")
    seen = {vip: client.result() for vip, client in clients.items()}
    print("outage", {vip: result["hole_ms"] for vip, result in seen.items()})
    assert all(result["hole_ms"] < 7000 for result in seen.values()), seen
    assert poisoned not in trial.on("client", f"ip neigh show {GRE}")
    assert all(served(vip) for vip in VIPS)
    trial.agent().call("power_on", host="r1")
    trial.agent().call("wait_up", hosts=["r1"])


def test_everything_is_back_after_every_host_has_booted():
    """No play: the verify after this asks all again."""
    for host in [*ROUTERS, *SERVERS, *UNMANAGED]:
        trial.agent().call("reboot", host=host)
    trial.agent().call("wait_up", hosts=[*ROUTERS, *SERVERS, *UNMANAGED])
    assert trial.eventually(lambda: trial.holders(NAT, ROUTERS) == ["r1"], 60)
    for server in SERVERS:
        assert trial.eventually(lambda: trial.on(server, "systemctl is-active nginx", check=False).strip() == "active", 60)  # noqa: B023
    assert all(trial.eventually(lambda: served(vip), 60) for vip in VIPS)  # noqa: B023
