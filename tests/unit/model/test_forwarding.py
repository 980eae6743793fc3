# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forward methods: for a virtual server, for one real server, and what real servers need for them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.forwarding import by_hand
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.vip_check import told

from .samples import FACTS, GONE, INVENTORY, MINIMAL, changed

VS = "virtual_servers[0]"
GUE = {"type": "gue", "port": 6080}


def right(changes: dict[str, Any]) -> dict[str, Any]:
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    return cluster


MIXED = {
    f"{VS}.forward": "direct",
    f"{VS}.real_servers": [{"host": "web1"}, {"host": "web2", "forward": "tunnel", "tunnel": "gue"}, {"host": "web3", "forward": "nat", "port": 8080}],
    "virtual_servers[1]": {"name": "other", "address": "192.0.2.101", "port": 80, "real_servers": [{"host": "web1"}]},
}


def test_every_real_server_has_its_own() -> None:
    service = right(MIXED)["virtual_servers"][0]
    assert [(server["forward"], server["tunnel"], server["port"]) for server in service["real_servers"]] == [
        ("direct", None, 80),
        ("tunnel", GUE, 80),
        ("nat", None, 8080),
    ]


def test_real_servers_get_what_they_need_and_no_more() -> None:
    """web1 comes directly for one service and by NAT for the other: it carries the first VIP alone, and has the gateway."""
    found = {server["name"]: (server["vips"], server["tunnels"], server["gateway"]) for server in right(MIXED)["real_servers"]}
    assert found == {
        "web1": (["192.0.2.100"], [], "10.0.0.254"),
        "web2": (["192.0.2.100"], [GUE], None),
        "web3": ([], [], "10.0.0.254"),
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, {"type": "ipip", "port": None}),
        ("gre", {"type": "gre", "port": None}),
        ("gue", GUE),
        ({"type": "gue", "port": 5555}, {"type": "gue", "port": 5555}),
    ],
)
def test_tunnel(given: Any, wanted: dict[str, Any]) -> None:
    cluster = right({f"{VS}.forward": "tunnel", **({f"{VS}.tunnel": given} if given else {})})
    assert [server["tunnel"] for server in cluster["virtual_servers"][0]["real_servers"]] == [wanted] * 3
    assert [server["tunnels"] for server in cluster["real_servers"]] == [[wanted]] * 3


def test_direct_routing_needs_no_gateway() -> None:
    """What is refused with NAT: real servers beside the VIP, in a network without a floating gateway."""
    cluster = right({f"{VS}.forward": "direct", "real_servers": {"group": "lvs_real_servers", "network": "public"}})
    assert {server["gateway"] for server in cluster["real_servers"]} == {None}


def test_sorry_server_is_reached_as_the_virtual_server_says_or_as_it_says_itself() -> None:
    sorry = {"address": "10.0.0.99", "port": 80}
    assert right({f"{VS}.forward": "direct", f"{VS}.sorry_server": sorry})["virtual_servers"][0]["sorry_server"]["forward"] == "direct"
    own = {**sorry, "port": 8080, "forward": "nat"}
    assert right({f"{VS}.forward": "direct", f"{VS}.sorry_server": own})["virtual_servers"][0]["sorry_server"] == own


def test_table_of_a_single_router() -> None:
    cluster, problems = resolve(right(MIXED), FACTS)
    assert cluster, problems
    assert [(row["forward"], row.get("tunnel_type"), row.get("tunnel_port")) for row in kernel_services(cluster)[0]["destinations"]] == [
        ("direct", None, None),
        ("tunnel", "gue", 6080),
        ("nat", None, None),
    ]


def test_what_is_left_to_the_administrator_is_said() -> None:
    servers = {"servers": [{"host": "web1"}, {"name": "ext", "address": "10.0.0.50"}]}
    cluster = right(
        {"real_servers": servers, f"{VS}.forward": "tunnel", f"{VS}.tunnel": "gue", f"{VS}.sorry_server": {"address": "10.0.0.99", "port": 80}}
    )
    server, sorry = by_hand(cluster)
    for words in ("ext (10.0.0.50)", "arp_ignore=1", "arp_announce=2", "192.0.2.100/32", "gue on UDP port 6080"):
        assert words in server
    assert "10.0.0.99" in sorry
    assert server in describe(cluster)
    assert "tunnel (gue, port 6080)" in describe(cluster)
    assert by_hand(right({})) == []


@pytest.mark.parametrize(
    "by_mark", [{f"{VS}.firewall_mark": "auto"}, {f"{VS}.port": GONE, f"{VS}.ports": [80, 443]}, {f"{VS}.port": GONE, f"{VS}.ftp.passive_ports": "40000-40100"}]
)
def test_members_of_a_firewall_mark_are_pinged_under_each_vip(by_mark: dict[str, Any]) -> None:
    """A mark has no port that all of its packets ask for."""
    service = right({f"{VS}.forward": "direct", f"{VS}.vip_check": True, f"{VS}.addresses": ["192.0.2.101"], **by_mark})["virtual_servers"][0]
    assert service["firewall_mark"]
    assert [one["path"] for one in told(service, service["real_servers"][0])] == [
        {"vip": vip, "port": 0, "tcp": False, "method": "direct", "tunnel_port": None} for vip in ("192.0.2.100", "192.0.2.101")
    ]
