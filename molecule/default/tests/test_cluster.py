# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both clusters are as declared, asked on the hosts and by a client's packets. Runs after the deploy and again after the failovers."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from lvslab import trial


@dataclass(frozen=True)
class Cluster:
    name: str
    debian: str
    vips: tuple[str, ...]
    gateway: str

    @property
    def routers(self) -> list[str]:
        return [f"{self.name}-r1", f"{self.name}-r2"]

    @property
    def servers(self) -> list[str]:
        return [f"{self.name}-web1", f"{self.name}-web2"]


CLUSTERS = [Cluster("a", "12", ("192.0.2.100", "192.0.2.101"), "10.0.0.253"), Cluster("b", "13", ("192.0.2.200",), "10.0.0.254")]
ROUTERS = [router for cluster in CLUSTERS for router in cluster.routers]
SERVERS = [(cluster, server) for cluster in CLUSTERS for server in cluster.servers]

each_cluster = pytest.mark.parametrize("cluster", CLUSTERS, ids=lambda cluster: f"debian{cluster.debian}")
each_router = pytest.mark.parametrize("router", ROUTERS)
each_server = pytest.mark.parametrize(("cluster", "server"), SERVERS, ids=lambda value: value if isinstance(value, str) else "")


@each_cluster
def test_runs_the_debian_it_is_named_for(at, cluster):
    assert {at(host).system_info.release.split(".")[0] for host in cluster.routers + cluster.servers} == {cluster.debian}


@each_router
def test_keepalived_is_installed_enabled_and_runs(at, router):
    assert at(router).package("keepalived").is_installed
    assert at(router).service("keepalived").is_running
    assert at(router).service("keepalived").is_enabled


@each_router
def test_configuration_is_readable_by_root_alone(at, router):
    config = at(router).file("/etc/keepalived/keepalived.conf")
    assert (config.user, config.mode & 0o037) == ("root", 0)


@each_cluster
def test_first_router_is_active_and_the_other_holds_nothing(cluster):
    for address in (*cluster.vips, cluster.gateway):
        assert trial.holders(address, cluster.routers) == [cluster.routers[0]], address


@each_cluster
def test_vips_are_aliases_of_the_public_interface(at, cluster):
    labels = [entry["label"] for device in json.loads(at(cluster.routers[0]).check_output("ip -j -4 addr show eth0")) for entry in device["addr_info"]
              if entry["local"] in cluster.vips]
    assert sorted(labels) == [f"eth0:{vip.rsplit('.', 1)[1]}" for vip in cluster.vips]


@each_cluster
def test_kernel_holds_the_declared_table(at, cluster):
    """By ipvsadm, which is not our code."""
    table = at(cluster.routers[0]).check_output("ipvsadm -Sn").splitlines()
    servers = {"a-web1": "10.0.0.11", "a-web2": "10.0.0.12", "b-web1": "10.0.0.21", "b-web2": "10.0.0.22"}
    scheduler = {"192.0.2.100": "wrr", "192.0.2.101": "rr", "192.0.2.200": "wrr"}
    wanted = {f"-A -t {vip}:80 -s {scheduler[vip]}" for vip in cluster.vips}
    wanted |= {f"-a -t {vip}:80 -r {servers[server]}:80 -m -w 100" for vip in cluster.vips for server in cluster.servers}
    assert {line.strip() for line in table} == wanted


@each_cluster
def test_client_is_served_in_equal_shares_and_seen_by_its_own_address(cluster):
    for vip in cluster.vips:
        before = trial.on(cluster.routers[0], "ipvsadm -Ln --stats")
        seen = trial.watch("client", vip, count=60, interval=0.0)
        assert seen["failed"] == 0, seen
        assert set(seen["servers"]) == set(cluster.servers)
        counters = f"{before}\n{trial.on(cluster.routers[0], 'ipvsadm -Ln --stats')}"
        # After failovers a few may differ (34 and 26 were seen once, why is not known); the demonstration holds 300 to within 2 of 100.
        assert all(abs(count - 30) <= 5 for count in seen["servers"].values()), f"{seen}\n{counters}"
        assert set(seen["sources"]) == {"192.0.2.10"}


@each_server
def test_real_server_answers_by_way_of_the_floating_gateway(at, cluster, server):
    route = json.loads(at(server).check_output("ip -j route get 192.0.2.10"))[0]
    assert route["gateway"] == cluster.gateway


@each_server
def test_nothing_else_is_touched_on_a_real_server(at, cluster, server):
    assert not at(server).package("keepalived").is_installed
    assert not at(server).package("ipvsadm").is_installed
    assert at(server).sysctl("net.ipv4.ip_forward") == 0


@each_router
def test_kernel_settings_survive_a_boot(at, router):
    """What runs now also stands in files that are read at boot, modules before sysctls."""
    assert at(router).sysctl("net.ipv4.ip_forward") == 1
    assert "ip_vs" in at(router).check_output("cat /etc/modules-load.d/*.conf")
    assert "ip_forward = 1" in at(router).check_output("cat /etc/sysctl.d/*lvs*.conf")


def test_deploy_takes_few_tasks():
    """At most 20 on a router, 12 on a real server, of all kinds: facts, handlers, skipped ones; none of them a shell."""
    for run in ("converge.json",):
        counted = json.loads((trial.folder() / run).read_text())
        assert {host: len(counted["tasks"][host]) for host in ROUTERS if len(counted["tasks"][host]) > 20} == {}
        servers = [server for _, server in SERVERS]
        assert {host: len(counted["tasks"][host]) for host in servers if len(counted["tasks"][host]) > 12} == {}
        used = {action for actions in counted["actions"].values() for action in actions}
        assert not {action for action in used if action.rsplit(".", 1)[-1] in ("shell", "command", "raw", "script")}
