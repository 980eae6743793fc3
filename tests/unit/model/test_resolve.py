# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stage 2: what the facts fill in, and what is wrong with them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.facts import interfaces
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve, resolve_partly
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe

from .samples import FACTS, GONE, INVENTORY, MINIMAL, changed, host


def resolved(changes: dict[str, Any], facts: dict[str, Any]) -> tuple[dict[str, Any] | None, list[Any]]:
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    return resolve(cluster, {name: value for name, value in {**FACTS, **facts}.items() if value is not GONE})


def test_all_is_filled_in() -> None:
    cluster, problems = resolved({}, {})
    assert cluster and not problems
    assert cluster["routers"][1]["networks"] == {
        "public": {"address": "192.0.2.3", "address6": None, "interface": "eth0"},
        "private": {"address": "10.0.0.3", "address6": None, "interface": "eth1"},
    }
    assert [(server["address"], server["interface"]) for server in cluster["real_servers"]] == [("10.0.0.1%d" % n, "eth0") for n in (1, 2, 3)]
    assert [server["address"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["10.0.0.11", "10.0.0.12", "10.0.0.13"]


def test_the_input_is_not_changed() -> None:
    cluster, _problems = normalise(MINIMAL, INVENTORY)
    before = copy.deepcopy(cluster)
    assert cluster
    assert resolve(cluster, FACTS)[0] != before
    assert cluster == before


def test_an_active_router_and_one_that_was() -> None:
    """VIPs in the facts, of this definition and of an older one, are not the router's own address."""
    active = host(eth0=["192.0.2.2/24", "192.0.2.100/32", "192.0.2.99/32"], eth1=["10.0.0.254/32", "10.0.0.2/24"])
    assert resolved({}, {"r1": active})[0] == resolved({}, {})[0]


def test_the_first_of_several_on_one_interface() -> None:
    cluster, problems = resolved({}, {"r1": host(eth0=["192.0.2.2/24", "192.0.2.7/24"], eth1="10.0.0.2/24")})
    assert cluster, problems
    assert cluster["routers"][0]["networks"]["public"]["address"] == "192.0.2.2"
    assert "192.0.2.7" in cluster["derived"]["routers.r1.public"]


def partly(changes: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    return resolve_partly(cluster, {name: value for name, value in {**FACTS, **facts}.items() if value is not GONE})


def test_partly_of_all_hosts_is_the_same() -> None:
    assert partly({}, {}) == {**(resolved({}, {})[0] or {}), "unresolved": []}


def test_partly_without_a_router_and_a_real_server() -> None:
    cluster = partly({}, {"r1": GONE, "web2": GONE})
    assert cluster["unresolved"] == []
    assert [list(router["networks"]) for router in cluster["routers"]] == [[], ["public", "private"]]
    assert [server["address"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["10.0.0.11", None, "10.0.0.13"]
    assert all(map(describe(cluster).__contains__, ("web2", "r1")))


def test_partly_keeps_an_address_that_was_declared() -> None:
    servers = {"real_servers": {"servers": [{"host": "web1"}, {"host": "web2", "address": "10.0.0.99"}]}}
    cluster = partly(servers, {"web2": GONE})
    assert [server["address"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["10.0.0.11", "10.0.0.99"]


def test_partly_tells_what_is_wrong_with_a_host_that_was_read() -> None:
    """A router whose cable is out has lost its own address there; the other one is to be looked at none the less."""
    cluster = partly({}, {"r1": host(eth1="10.0.0.2/24"), "web2": GONE})
    (problem,) = cluster["unresolved"]
    assert (problem["path"], problem["message"]) == ("networks.public", "r1 has no address of its own in 192.0.2.0/24")
    assert list(cluster["routers"][0]["networks"]) == ["private"]


def test_a_named_interface_decides() -> None:
    two = host(eth0="192.0.2.2/24", eth2="192.0.2.9/24", eth1="10.0.0.2/24")
    cluster, problems = resolved({"networks.public.interface": "eth0"}, {"r1": two})
    assert cluster, problems
    assert cluster["routers"][0]["networks"]["public"] == {"address": "192.0.2.2", "address6": None, "interface": "eth0"}


def test_a_derived_label_that_does_not_fit_is_left_out() -> None:
    facts = {name: host(enp129s0f1np1="192.0.2.%d/24" % n, eth1="10.0.0.%d/24" % n) for name, n in (("r1", 2), ("r2", 3))}
    cluster, problems = resolved({}, facts)
    assert cluster, problems
    assert [vip["label"] for vip in cluster["vips"]] == [None, "gw"]
    assert "has no room" in cluster["derived"]["vips.192.0.2.100.label"]


WRONG = [
    ("host not reached", {}, {"r2": GONE}, "routers", "there are no facts of r2", "ansible r2 -m ping"),
    ("real server not reached", {}, {"web2": GONE}, "real_servers (web2)", "there are no facts of web2", "Ansible reaches it"),
    ("facts without network", {}, {"web2": {"interfaces": {}}}, "real_servers (web2)", "name no interfaces", "the subset network"),
    (
        "no address in the network",
        {},
        {"r1": host(eth0="192.0.2.2/24", eth1="10.0.9.2/24")},
        "networks.private",
        "r1 has no address of its own in 10.0.0.0/24",
        "it has eth0 192.0.2.2/24, eth1 10.0.9.2/24",
    ),
    (
        "two interfaces",
        {},
        {"r1": host(eth0="192.0.2.2/24", eth2="192.0.2.9/24", eth1="10.0.0.2/24")},
        "networks.public",
        "on 2 interfaces (eth0 192.0.2.2, eth2 192.0.2.9)",
        "give networks.public.interface",
    ),
    ("no such interface", {"networks.public.interface": "eth9"}, {}, "networks.public.interface", "r1 has no interface eth9", "did you mean eth"),
    (
        "interface without address",
        {"networks.public.interface": "eth1"},
        {},
        "networks.public",
        "r1 has no address of its own in 192.0.2.0/24 on eth1",
        "correct the cidr",
    ),
    (
        "VIP is a router's address",
        {"virtual_servers[0].address": "192.0.2.2"},
        {},
        "networks.public",
        "r1 has no address of its own",
        "it has eth0 192.0.2.2/24 (floating in the definition)",
    ),
    (
        "real server with two",
        {},
        {"web1": host(eth0="10.0.0.11/24", eth1="10.0.0.31/24")},
        "real_servers (web1)",
        "several addresses in the network private",
        "{host: web1, address: …}",
    ),
    (
        "real server without",
        {},
        {"web1": host(eth0="10.7.0.11/24")},
        "real_servers (web1)",
        "no address of its own in the network private",
        "name the pool's network",
    ),
    (
        "address that the host lacks",
        {"real_servers": {"servers": [{"host": "web1", "address": "10.0.0.77"}]}},
        {},
        "real_servers (web1)",
        "doesn't have the address 10.0.0.77",
        "it has eth0 10.0.0.11/24",
    ),
    (
        "one address on two hosts",
        {},
        {"web2": host(eth0="10.0.0.11/24")},
        "real_servers",
        "real server web1 and real server web2 have the same address",
        "each its own",
    ),
    ("router and real server", {}, {"web2": host(eth0="10.0.0.2/24")}, "real_servers", "router r1 and real server web2", "each its own"),
    (
        "sorry server",
        {"virtual_servers[0].sorry_server": {"address": "10.0.0.12", "port": 80}},
        {},
        "virtual_servers[0].sorry_server",
        "is the real server web2",
        "another machine",
    ),
    (
        "label too long",
        {"virtual_servers[0].label": "longlabel"},
        {"r1": host(enp3s0f0="192.0.2.2/24", eth1="10.0.0.2/24")},
        "virtual_servers (www).label",
        "enp3s0f0:longlabel has 18 characters",
        "at most 6",
    ),
    (
        "one virtual router id twice on an interface",
        {"networks.public.virtual_router_id": 9, "networks.private.virtual_router_id": 9},
        {"r1": host(eth0=["192.0.2.2/24", "10.0.0.2/24"])},
        "networks.private.virtual_router_id",
        "9 is that of networks.public.virtual_router_id too, and both are on eth0 of r1",
        "different ones",
    ),
    ("no such device", {"virtual_servers[0].device": "dummy0"}, {}, "virtual_servers (www).device", "r1 has no interface dummy0", "make it before"),
]


@pytest.mark.parametrize(("what", "changes", "facts", "path", "message", "remedy"), WRONG, ids=[case[0] for case in WRONG])
def test_wrong_facts(what: str, changes: dict[str, Any], facts: dict[str, Any], path: str, message: str, remedy: str) -> None:
    cluster, problems = resolved(changes, facts)
    assert cluster is None
    assert any(p.path == path and message in p.message and remedy in p.remedy for p in problems), "\n".join(map(str, problems))


def test_facts_of_setup() -> None:
    """As ansible-core 2.19 gave them: labels are interfaces with _ for :, - in names is _ in keys, the primary address is the first."""
    raw = {
        "interfaces": ["br-lan_100", "br-lan", "br-lan_7", "eth0.10", "lo"],
        "default_ipv6": {"interface": "eth0.10", "gateway": "fe80::2"},
        "br_lan": {
            "active": True,
            "device": "br-lan",
            "ipv4": {"address": "192.0.2.2", "netmask": "255.255.255.0", "prefix": "24"},
            "ipv4_secondaries": [{"address": "192.0.2.7", "netmask": "255.255.255.0", "prefix": "24"}],
        },
        "br_lan_7": {"ipv4_secondaries": [{"address": "192.0.2.7", "netmask": "255.255.255.0"}]},
        "br_lan_100": {"ipv4": {"address": "192.0.2.100", "netmask": "255.255.255.255"}},
        "eth0.10": {"active": False, "device": "eth0.10", "ipv6": [{"address": "fe80::1", "prefix": "64"}]},
        "lo": {"active": True, "device": "lo", "ipv4": {"address": "127.0.0.1", "prefix": "8"}},
    }
    found = interfaces(raw)
    assert found
    assert found["interfaces"] == {
        "br-lan": {
            "ipv4": [{"address": "192.0.2.2", "prefix": 24}, {"address": "192.0.2.7", "prefix": 24}, {"address": "192.0.2.100", "prefix": 32}],
            "ipv6": [],
            "active": True,
        },
        "eth0.10": {"ipv4": [], "ipv6": [{"address": "fe80::1", "prefix": 64}], "active": False},
        "lo": {"ipv4": [{"address": "127.0.0.1", "prefix": 8}], "ipv6": [], "active": True},
    }
    assert found["default6"] == "eth0.10"
    assert interfaces({}) is None
