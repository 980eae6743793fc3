# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules and routes a real server gets that carries VIPs or has a leg in the clients' network."""

from __future__ import annotations

from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._host import gateway, network_managers, policy

DEFAULT = {"destination": "0.0.0.0/0", "gateway": "192.0.2.1", "interface": "eth1", "metric": 0}
SLOWER = {**DEFAULT, "gateway": "192.0.2.9", "metric": 100}
def ends(*types: str, outer: int = 4) -> list[dict[str, Any]]:
    return [{"type": name, "outer": outer} for name in types]


LEG = {"destination": "192.0.2.0/24", "gateway": None, "interface": "eth1", "metric": 0}


def texts(rules: list[dict[str, Any]]) -> list[str]:
    return [" ".join(policy.command("add", rule)[3:-2]) for rule in rules]


def test_answers_from_a_vip_take_the_hosts_own_routes_and_all_else_the_gateway() -> None:
    assert texts(policy.wanted_rules(["192.0.2.100"], "10.0.0.11", ["192.0.2.0/24"], True, False)) == [
        "priority 5010 from 192.0.2.100 lookup main",
        "priority 5011 from 10.0.0.11 to 192.0.2.0/24 lookup 5020",
        "priority 5020 lookup main suppress_prefixlength 0",
        "priority 5021 lookup 5020",
    ]


def test_without_nat_there_are_rules_for_the_segment_size_alone() -> None:
    assert {rule["priority"] for rule in policy.wanted_rules(["192.0.2.100"], "10.0.0.11", [], False, True)} == {5005, 5006, 5007}
    assert policy.wanted_rules(["192.0.2.100"], "10.0.0.11", [], False, False) == []


def test_neighbouring_vips_share_a_rule_and_no_other_address_does() -> None:
    assert policy.collapsed(["192.0.2.101", "192.0.2.100", "192.0.2.103"]) == ["192.0.2.100/31", "192.0.2.103"]


def test_segments_leave_room_for_the_widest_tunnel() -> None:
    found = policy.smaller_routes([SLOWER, DEFAULT, LEG], {"eth0": 1500, "eth1": 1500}, "eth0", ends("ipip", "gue"))
    assert [(route["destination"], route["gateway"], route["advmss"]) for route in found] == [
        ("0.0.0.0/0", "192.0.2.1", 1500 - 32 - 40),
        ("192.0.2.0/24", None, 1500 - 32 - 40),
    ]
    assert {route["advmss"] for route in policy.smaller_routes([DEFAULT], {"eth0": 9000, "eth1": 1500}, "eth0", ends("gre"))} == {1460}
    assert policy.smaller_routes([DEFAULT], {"eth0": 1500, "eth1": 1500}, "eth0", []) == []


def test_ipv6_has_rules_of_its_own() -> None:
    rules = policy.wanted_rules(["2001:db8:1::101", "2001:db8:1::100"], "2001:db8:2::11", ["2001:db8:1::/64"], True, False, 6)
    assert texts(rules) == [
        "priority 5010 from 2001:db8:1::100/127 lookup main",
        "priority 5011 from 2001:db8:2::11 to 2001:db8:1::/64 lookup 5020",
        "priority 5020 lookup main suppress_prefixlength 0",
        "priority 5021 lookup 5020",
    ]
    assert {policy.command("add", rule)[0] for rule in rules} == {"-6"}
    assert policy.section(rules[-1]).endswith("Family=ipv6\n")
    assert policy.text(rules).startswith("rule -6 priority 5010")


def test_segments_of_ipv6_leave_room_for_longer_headers() -> None:
    default = {"destination": "::/0", "gateway": "fe80::1", "interface": "eth1", "metric": 1024}
    link_local = {"destination": "fe80::/64", "gateway": None, "interface": "eth1", "metric": 256}
    mtus = {"eth0": 1500, "eth1": 1500}
    (route,) = policy.smaller_routes([default, link_local], mtus, "eth0", ends("ipip", "gue", outer=6), 6)
    assert (route["destination"], route["advmss"]) == ("::/0", 1500 - 40 - 12 - 60)
    (route,) = policy.smaller_routes([default, link_local], mtus, "eth0", ends("ipip"), 6)
    assert route["advmss"] == 1500 - 20 - 60


def test_both_managers_bring_rules_and_tables_back() -> None:
    routes = [gateway.plain({**DEFAULT, "table": policy.SMALLER_TABLE, "advmss": 1428})]
    rules = policy.wanted_rules(["192.0.2.100"], "10.0.0.11", [], False, True)
    (networkd,) = network_managers.files_for(routes, {"eth1": ("systemd-networkd", "/etc/systemd/network/eth1.network")}, rules, "eth1").values()
    assert "Table=5030\nTCPAdvertisedMaximumSegmentSize=1428\n" in networkd["content"]
    assert "[RoutingPolicyRule]\nPriority=5005\nTable=5030\nFrom=192.0.2.100\nSuppressPrefixLength=0\n" in networkd["content"]
    (hook,) = network_managers.files_for(routes, {"eth1": ("ifupdown", None)}, rules, "eth1").values()
    assert "ip -4 route replace 0.0.0.0/0 via 192.0.2.1 dev eth1 proto static table 5030 advmss 1428\n" in hook["content"]
    assert "ip -4 rule add priority 5007 from 192.0.2.100 lookup 5030 protocol static 2>/dev/null\n" in hook["content"]
    (elsewhere,) = network_managers.files_for(routes, {"eth1": ("ifupdown", None)}, rules, "eth0").values()
    assert "rule" not in elsewhere["content"]
