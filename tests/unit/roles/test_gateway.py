# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of a real server: the halves, what keeps the controller reachable, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import gateway, network_managers

DEFAULT = {"destination": "0.0.0.0/0", "gateway": "10.0.0.1", "interface": "eth0", "metric": 0, "protocol": "static"}
LINK = {"destination": "10.0.0.0/24", "gateway": None, "interface": "eth0", "metric": 0, "protocol": "kernel"}
MANAGEMENT = {"destination": "172.16.0.0/16", "gateway": None, "interface": "mgmt0", "metric": 0, "protocol": "kernel"}
MAIN = {"table": "main", "advmss": None}
HALVES = [{"destination": half, "gateway": "10.0.0.254", "interface": "eth0", **MAIN} for half in ("0.0.0.0/1", "128.0.0.0/1")]
KEPT = {"destination": "198.51.100.7/32", "gateway": "10.0.0.1", "interface": "eth0", **MAIN}


def wanted(routes: list[dict[str, Any]], ours: list[dict[str, Any]], *reachable: str) -> list[dict[str, Any]]:
    return gateway.wanted_routes("10.0.0.254", "eth0", routes, ours, list(reachable))


def test_without_a_connection_to_keep_only_the_halves() -> None:
    assert wanted([DEFAULT, LINK], []) == HALVES


@pytest.mark.parametrize("address", ["10.0.0.5", "172.16.3.4", "2001:db8::1"])
def test_a_controller_with_a_route_of_its_own_needs_none(address: str) -> None:
    assert wanted([DEFAULT, LINK, MANAGEMENT], [], address) == HALVES


def test_a_controller_behind_the_default_route_is_kept_first() -> None:
    assert wanted([DEFAULT, LINK], [], "198.51.100.7") == [KEPT, *HALVES]


def test_a_second_run_wants_the_same() -> None:
    first = wanted([DEFAULT, LINK], [], "198.51.100.7")
    routes = [DEFAULT, LINK, *({**route, "metric": 0, "protocol": "static"} for route in first)]
    assert wanted(routes, first, "198.51.100.7") == first


def test_another_controller_does_not_cut_off_the_first() -> None:
    routes = [DEFAULT, LINK, *({**route, "metric": 0, "protocol": "static"} for route in [KEPT, *HALVES])]
    found = wanted(routes, [KEPT, *HALVES], "203.0.113.9")
    assert found == [KEPT, {"destination": "203.0.113.9/32", "gateway": "10.0.0.1", "interface": "eth0", **MAIN}, *HALVES]


def test_a_network_of_administrators_is_kept_as_a_whole() -> None:
    assert wanted([DEFAULT, LINK], [], "198.51.100.0/24")[0]["destination"] == "198.51.100.0/24"


def test_the_best_of_two_default_routes_is_followed() -> None:
    other = {**DEFAULT, "gateway": "10.0.0.2", "metric": 100}
    assert wanted([other, DEFAULT, LINK], [], "198.51.100.7")[0]["gateway"] == "10.0.0.1"


def test_where_the_gateway_is_the_default_route_already_nothing_is_done() -> None:
    assert wanted([{**DEFAULT, "gateway": "10.0.0.254"}, LINK], [], "198.51.100.7") == []


ADDRESSES = [
    {"address": "10.0.0.11", "prefix": 24, "family": 4, "interface": "eth0"},
    {"address": "10.0.0.99", "prefix": 32, "family": 4, "interface": "lo"},
    {"address": "fe80::1", "prefix": 64, "family": 6, "interface": "eth0"},
]


def test_the_interface_is_that_of_the_gateways_network() -> None:
    assert gateway.interface_towards("10.0.0.254", ADDRESSES) == "eth0"


@pytest.mark.parametrize(("address", "asked", "word"), [("192.0.2.1", None, "no interface has an address"), ("10.0.0.254", "eth7", "interface eth7")])
def test_no_interface_is_a_clear_error(address: str, asked: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        gateway.interface_towards(address, ADDRESSES, asked)


def test_networkd_gets_a_drop_in_of_the_file_that_it_uses() -> None:
    found = network_managers.files_for([KEPT, *HALVES], {"eth0": ("systemd-networkd", "/run/systemd/network/10-netplan-eth0.network")})
    (path, state), = found.items()
    assert path == "/etc/systemd/network/10-netplan-eth0.network.d/50-lvs-cluster.conf"
    assert state["content"].count("[Route]\nDestination=") == 3
    assert "Destination=0.0.0.0/1\nGateway=10.0.0.254\n" in state["content"]
    assert network_managers.after_change(found) == ["networkctl", "reload"]


def test_ifupdown_gets_a_hook_that_heeds_the_interface() -> None:
    kept = {**KEPT, "interface": "eth1"}
    found = network_managers.files_for([kept, *HALVES], {"eth0": ("ifupdown", None), "eth1": ("ifupdown", None)})
    (path, state), = found.items()
    assert (path, state["mode"]) == ("/etc/network/if-up.d/lvs-cluster", "0755")
    first, second = state["content"].split(";;")[:2]
    assert "    eth1)\n        ip -4 route replace 198.51.100.7/32 via 10.0.0.1 dev eth1 proto static\n" in first
    assert second.count("ip -4 route replace") == 2
    assert network_managers.after_change(found) is None


DEFAULT6 = {"destination": "::/0", "gateway": "fe80::1", "interface": "eth0", "metric": 1024, "protocol": "ra"}
LINK6 = {"destination": "2001:db8:2::/64", "gateway": None, "interface": "eth0", "metric": 256, "protocol": "kernel"}
HALVES6 = [{"destination": half, "gateway": "2001:db8:2::fe", "interface": "eth0", **MAIN} for half in ("::/1", "8000::/1")]
KEPT6 = {"destination": "2001:db8:9::7/128", "gateway": "fe80::1", "interface": "eth0", **MAIN}


def test_ipv6_goes_the_same_way_and_heeds_its_own_family_alone() -> None:
    found = gateway.wanted_routes("2001:db8:2::fe", "eth0", [DEFAULT6, LINK6], [KEPT, *HALVES], ["2001:db8:9::7", "198.51.100.7"])
    assert found == [KEPT6, *HALVES6]
    assert gateway.wanted_routes("2001:db8:2::fe", "eth0", [{**DEFAULT6, "gateway": "2001:db8:2::fe"}], [], []) == []
    addresses = [*ADDRESSES, {"address": "2001:db8:2::11", "prefix": 64, "family": 6, "interface": "eth0"}]
    assert gateway.interface_towards("2001:db8:2::fe", addresses) == "eth0"


def test_both_managers_bring_routes_of_ipv6_back() -> None:
    link = {"destination": "2001:db8:2::/64", "gateway": None, "interface": "eth0", "table": "5030", "advmss": 1388}
    (networkd,) = network_managers.files_for([*HALVES6, link], {"eth0": ("systemd-networkd", "/etc/systemd/network/eth0.network")}).values()
    assert "[Route]\nDestination=::/1\nGateway=2001:db8:2::fe\n" in networkd["content"]
    assert "Scope" not in networkd["content"]
    (hook,) = network_managers.files_for([*HALVES6, link], {"eth0": ("ifupdown", None)}).values()
    assert "ip -6 route replace 8000::/1 via 2001:db8:2::fe dev eth0 proto static 2>/dev/null\n" in hook["content"]
    assert "ip -6 route replace 2001:db8:2::/64 dev eth0 proto static table 5030 advmss 1388 2>/dev/null\n" in hook["content"]


def test_an_interface_that_nobody_configures_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="neither systemd-networkd nor ifupdown configures none0.*set the default route"):
        network_managers.manager_of("none0")
