# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPv6: twins, services of IPv6 alone, families mixed by tunnels, and what hosts need for them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.clashes import clashes
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import problems_of

from .samples import FACTS, INVENTORY, MINIMAL, changed

VS = "virtual_servers[0]"
SIX = changed(
    MINIMAL,
    {
        "networks.public.cidr6": "2001:db8:1::/64",
        "networks.private.cidr6": "2001:db8:2::/64",
        "networks.private.gateway6": "2001:DB8:2:0::fe",
        f"{VS}.address6": "2001:db8:1::100",
    },
)
# Of each interface: the addresses of a host with router advertisements, and the floating ones of an earlier deploy.
OWN = {
    "r1": {"eth0": ["2001:db8:1::2/64", "2001:db8:1::100/128"], "eth1": ["2001:db8:2::fe/128", "2001:db8:2::2/64"]},
    "r2": {"eth0": ["2001:db8:1::3/64"], "eth1": ["2001:db8:2::3/64"]},
    **{f"web{n}": {"eth0": [f"2001:db8:2::{n + 10}/64"]} for n in (1, 2, 3)},
}


def facts(own: dict[str, Any] = OWN) -> dict[str, Any]:
    result = copy.deepcopy(FACTS)
    for host, interfaces in own.items():
        for name, addresses in interfaces.items():
            rows = [text.split("/") for text in ["fe80::1/64", *addresses]]
            result[host]["interfaces"][name]["ipv6"] = [{"address": address, "prefix": int(prefix)} for address, prefix in rows]
    return result


def right(changes: dict[str, Any], own: dict[str, Any] = OWN) -> dict[str, Any]:
    cluster, problems = normalise(changed(SIX, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    done, problems = resolve(cluster, facts(own))
    assert done, "\n".join(map(str, problems))
    return done


def test_a_twin_is_a_second_service_with_the_real_servers_ipv6_addresses() -> None:
    cluster = right({})
    four, six = cluster["virtual_servers"]
    assert (four["name"], six["name"], six["service"]) == ("www", "www.ipv6", "www")
    assert (four["address"], six["address"]) == ("192.0.2.100", "2001:db8:1::100")
    assert [server["address"] for server in four["real_servers"]] == ["10.0.0.11", "10.0.0.12", "10.0.0.13"]
    assert [server["address"] for server in six["real_servers"]] == ["2001:db8:2::11", "2001:db8:2::12", "2001:db8:2::13"]
    assert [(vip["address"], vip["prefix"], vip["label"]) for vip in cluster["vips"]] == [
        ("192.0.2.100", 32, "100"),
        ("2001:db8:1::100", 128, None),
        ("10.0.0.254", 32, "gw"),
        ("2001:db8:2::fe", 128, None),
    ]
    assert {server["gateway6"] for server in cluster["real_servers"]} == {"2001:db8:2::fe"}
    assert cluster["routers"][0]["networks"]["private"] == {"address": "10.0.0.2", "address6": "2001:db8:2::2", "interface": "eth1"}
    assert "2001:db8:1::100" in describe(cluster)


def test_the_heartbeat_stays_on_ipv4_and_moves_the_ipv6_addresses_along() -> None:
    text = render(right({}), "r1")
    announced, excluded = (text.split(head + " {")[1].split("}")[0] for head in ("virtual_ipaddress", "virtual_ipaddress_excluded"))
    assert "192.0.2.100" in announced and ":db8:" not in announced
    assert "2001:db8:1::100/128 dev eth0\n" in excluded


def test_a_service_of_ipv6_alone() -> None:
    cluster = right({f"{VS}.address6": None, f"{VS}.address": "2001:db8:1::100"})
    (service,) = cluster["virtual_servers"]
    assert (service["name"], service["family"], service["network"]) == ("www", 6, "public")
    assert {server["gateway"] for server in cluster["real_servers"]} == {None}
    assert "169.254.15.1/32 dev eth0" in render(cluster, "r1")


def test_sysctls_forward_after_router_advertisements_are_kept() -> None:
    names = list(right({})["routers"][0]["sysctls"])
    assert names.index("net/ipv6/conf/all/forwarding") > max(names.index("net/ipv6/conf/%s/accept_ra" % interface) for interface in ("eth0", "eth1"))


def test_a_router_keeps_the_default_route_that_it_has_by_a_third_interface() -> None:
    known = facts()
    known["r1"]["default6"] = "mgmt0"
    done, _problems = resolve(normalise(SIX, INVENTORY)[0], known)
    assert done
    assert done["routers"][0]["sysctls"]["net/ipv6/conf/mgmt0/accept_ra"] == "2"
    assert "net/ipv6/conf/mgmt0/accept_ra" not in done["routers"][1]["sysctls"]


def test_real_servers_carry_the_vips_of_both_families() -> None:
    server = right({f"{VS}.forward": "direct"})["real_servers"][0]
    assert (server["vips"], server["vips6"], server["gateway6"]) == (["192.0.2.100"], ["2001:db8:1::100"], None)
    assert (server["families"], server["modules"]) == ([4, 6], ["dummy"])
    assert server["sysctls"]["net/ipv4/conf/all/arp_ignore"] == "1"


@pytest.mark.parametrize(("tunnel", "modules"), [("ipip", ["dummy", "ipip", "sit"]), ("gue", ["dummy", "fou", "ipip", "sit"]), ("gre", ["dummy", "ip_gre"])])
def test_a_tunnel_carries_ipv6_to_a_real_server_without_it(tunnel: str, modules: list[str]) -> None:
    mixed = {"networks.private.cidr6": None, "networks.private.gateway6": None, "connection_sync": False, f"{VS}.forward": "tunnel", f"{VS}.tunnel": tunnel}
    cluster = right(mixed)
    six = cluster["virtual_servers"][1]
    assert [(server["address"], server["family"]) for server in six["real_servers"]] == [("10.0.0.11", 4), ("10.0.0.12", 4), ("10.0.0.13", 4)]
    server = cluster["real_servers"][0]
    port = 6080 if tunnel == "gue" else None
    assert server["tunnels"] == [{"type": tunnel, "port": port}]
    assert server["tunnels6"] == [{"type": tunnel, "port": port, "outer": 4, "inner": 6}]
    assert server["modules"] == modules


def test_what_the_facts_lack_is_said() -> None:
    cluster, _problems = normalise(SIX, INVENTORY)
    assert cluster
    own = {**OWN, "r2": {"eth0": ["2001:db8:1::3/64"]}, "web2": {}}
    done, problems = resolve(cluster, facts(own))
    assert done is None
    assert [(problem.path, problem.message) for problem in problems] == [
        ("networks.private", "r2 has no address of its own in 2001:db8:2::/64 on eth1"),
        ("real_servers (web2)", "web2 has no address of its own in the network private (2001:db8:2::/64)"),
    ]


def test_a_real_server_of_ipv6_alone_needs_no_ipv4_address() -> None:
    servers = {"servers": [{"name": "ext", "address6": "2001:db8:2::50"}]}
    cluster = right({"real_servers": servers, f"{VS}.address6": None, f"{VS}.address": "2001:db8:1::100"})
    assert [server["address"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["2001:db8:2::50"]
    assert cluster["real_servers"][0]["network"] == "private"


def test_table_of_a_single_router() -> None:
    rows = kernel_services(right({f"{VS}.persistence": {"timeout": 60, "netmask6": 64}}))
    assert [(row["address"], row["persistence_netmask"]) for row in rows] == [("192.0.2.100", "255.255.255.255"), ("2001:db8:1::100", "64")]
    assert not problems_of(rows)


def test_an_ipv6_vip_in_two_clusters() -> None:
    one = right({})
    other = copy.deepcopy(one)
    other["name"] = "other"
    assert any("web: virtual_servers[0].address6 and other: virtual_servers[0].address6" in problem.path for problem in clashes([one, other]))
