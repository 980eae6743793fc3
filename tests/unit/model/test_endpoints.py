# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Protocols, several ports, all ports, firewall marks, FTP."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import problems_of

from .samples import GONE, resolved

VS = "virtual_servers[0]"


def right(changes: dict[str, Any]) -> dict[str, Any]:
    done = resolved(changes)
    assert render(done, "r1")
    assert not problems_of(kernel_services(done))
    return done


def service(changes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = right(changes)["virtual_servers"][0]
    return found


def test_sctp_is_pinged() -> None:
    found = service({f"{VS}.protocol": "sctp", f"{VS}.port": 2905})
    assert (found["protocol"], found["health_check"]["type"]) == ("sctp", "ping")


def test_sctp_is_asked_at_a_port_of_another_service() -> None:
    found = service({f"{VS}.protocol": "sctp", f"{VS}.port": 2905, f"{VS}.health_check": {"type": "tcp", "port": 22}})
    assert found["health_check"]["port"] == 22


@pytest.mark.parametrize("forward", ["nat", "direct"])
def test_all_ports(forward: str) -> None:
    """Beside a service with a port of its own, which goes before it."""
    other = {"name": "other", "address": "192.0.2.100", "port": 443}
    found = service({f"{VS}.port": GONE, f"{VS}.ports": "all", f"{VS}.persistence": 60, f"{VS}.forward": forward, "virtual_servers[1]": other})
    assert (found["port"], found["firewall_mark"], found["health_check"]["type"]) == (0, None, "ping")
    assert {server["port"] for server in found["real_servers"]} == {0}
    assert found["endpoints"] == [{"address": "192.0.2.100", "protocol": "tcp", "first": 0, "last": 65535}]


def test_several_ports_are_a_service_by_mark() -> None:
    found = service({f"{VS}.port": GONE, f"{VS}.ports": [80, "443", "8000-8010", "443/udp"]})
    assert (found["port"], found["protocol"]) == (None, None)
    # Derived marks must never change: packets under way would lose their service.
    assert found["firewall_mark"] == 500201
    assert [(row["protocol"], row["first"], row["last"]) for row in found["endpoints"]] == [
        ("tcp", 80, 80), ("tcp", 443, 443), ("tcp", 8000, 8010), ("udp", 443, 443)
    ]  # fmt: skip
    assert {server["port"] for server in found["real_servers"]} == {0}
    assert (found["health_check"]["type"], found["health_check"]["port"]) == ("http", 80)


def test_a_mark_over_many_addresses() -> None:
    more = ["192.0.2.%d" % n for n in range(101, 117)]
    cluster = right({f"{VS}.firewall_mark": 9, f"{VS}.addresses": more, f"{VS}.scheduler": "dh", f"{VS}.forward": "direct"})
    found = cluster["virtual_servers"][0]
    assert found["firewall_mark"] == 9
    assert [row["address"] for row in found["endpoints"]] == ["192.0.2.100", *more]
    assert [vip["address"] for vip in cluster["vips"]] == ["192.0.2.100", *more, "10.0.0.254"]
    assert cluster["real_servers"][0]["vips"] == ["192.0.2.100", *more]
    assert kernel_services(cluster)[0]["firewall_mark"] == 9


def test_marks_that_are_asked_for_are_nobody_elses() -> None:
    derived = service({f"{VS}.firewall_mark": "auto"})["firewall_mark"]
    cluster = right({f"{VS}.firewall_mark": "auto", "virtual_servers[1]": {"name": "second", "address": "192.0.2.101", "port": 80, "firewall_mark": derived}})
    assert [found["firewall_mark"] for found in cluster["virtual_servers"]] == [derived + 1, derived]


def test_ftp_by_nat_is_followed_by_the_kernel() -> None:
    cluster = right({f"{VS}.port": GONE, f"{VS}.ftp": True})
    found = cluster["virtual_servers"][0]
    assert (found["port"], found["firewall_mark"], found["persistence"]) == (21, None, None)
    assert "ip_vs_ftp" in cluster["routers"][0]["modules"]
    assert cluster["routers"][0]["sysctls"]["net/ipv4/vs/conntrack"] == "1"
    assert right({})["routers"][0]["sysctls"]["net/ipv4/vs/conntrack"] == "0"


def test_ftp_by_direct_routing_is_a_service_by_mark() -> None:
    cluster = right({f"{VS}.port": GONE, f"{VS}.ftp": {"passive_ports": "40000-40100"}, f"{VS}.forward": "direct"})
    found = cluster["virtual_servers"][0]
    assert [(row["first"], row["last"]) for row in found["endpoints"]] == [(20, 21), (40000, 40100)]
    assert found["persistence"]["timeout"] == 300
    assert (found["health_check"]["type"], found["health_check"]["port"]) == ("tcp", 21)
    assert "ip_vs_ftp" not in cluster["routers"][0]["modules"]


def test_a_sorry_server_of_several_ports_keeps_them() -> None:
    sorry = {"address": "10.0.0.99"}
    assert service({f"{VS}.port": GONE, f"{VS}.ports": [80, 443], f"{VS}.sorry_server": sorry})["sorry_server"]["port"] == 0
