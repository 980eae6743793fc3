# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Right definitions: what their complete form is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise

from .samples import INVENTORY, MINIMAL, changed


def right(definition: dict[str, Any], inventory: dict[str, Any] = INVENTORY) -> dict[str, Any]:
    cluster, problems = normalise(definition, inventory)
    assert cluster, "\n".join(map(str, problems))
    assert not problems
    return cluster


def test_minimal() -> None:
    cluster = right(MINIMAL)
    assert cluster["networks"]["public"] == {
        "name": "public",
        "cidr": "192.0.2.0/24",
        "cidr6": None,
        "interface": None,
        "gateway": None,
        "gateway6": None,
        "heartbeat": True,
        # Derived ids must never change: a change would make two active routers during an update.
        "virtual_router_id": 15,
    }
    assert cluster["networks"]["private"]["virtual_router_id"] == 63
    assert cluster["routers"] == [
        {"host": "r1", "priority": 150, "networks": None, "modules": ["ip_vs", "ip_vs_wlc"], "sysctls": {}},
        {"host": "r2", "priority": 100, "networks": None, "modules": ["ip_vs", "ip_vs_wlc"], "sysctls": {}},
    ]
    assert cluster["heartbeat"] == {
        "interval": 1.0,
        "dead_time": None,
        "down_timer_adverts": 3,
        "effective_dead_time": 3.609,
        "hand_over": {"network": "private", "virtual_router_id": 234},
        "fail_back": True,
        "fail_back_delay": 0,
        "startup_delay": 0,
        "networks": ["public", "private"],
        "mode": "unicast",
        "link_tracking": {"enabled": True, "down_delay": 0, "up_delay": 0},
        "ping_targets": [],
        "watchdog": None,
    }
    assert cluster["connection_sync"] == {"enabled": True, "network": "private", "id": 16}
    assert [(vip["address"], vip["network"], vip["label"], vip["kind"], vip["virtual_servers"]) for vip in cluster["vips"]] == [
        ("192.0.2.100", "public", "100", "service", ["www"]),
        ("10.0.0.254", "private", "gw", "gateway", []),
    ]
    assert [(server["name"], server["host"], server["network"], server["gateway"]) for server in cluster["real_servers"]] == [
        (name, name, "private", "10.0.0.254") for name in ("web1", "web2", "web3")
    ]
    (service,) = cluster["virtual_servers"]
    assert service["health_check"].pop("type") == "http"
    assert service["health_check"]["interval"] == 5
    server = {"name": "web1", "host": "web1", "address": None, "port": 80, "weight": 100, "forward": "nat", "tunnel": None, "family": 4}
    assert service["real_servers"][0] == {**server, "upper_threshold": 0, "lower_threshold": 0}
    assert {key: service[key] for key in service if key not in ("health_check", "real_servers")} == {
        "name": "www",
        "service": "www",
        "address": "192.0.2.100",
        "addresses": ["192.0.2.100"],
        "port": 80,
        "protocol": "tcp",
        "firewall_mark": None,
        "endpoints": [{"address": "192.0.2.100", "protocol": "tcp", "first": 80, "last": 80}],
        "ftp_helper": False,
        "network": "public",
        "family": 4,
        "scheduler": "wlc",
        "scheduler_flags": [],
        "one_packet": False,
        "persistence_engine": None,
        "forward": "nat",
        "tunnel": None,
        "persistence": None,
        "sorry_server": None,
        "quorum": {"servers": 1, "hysteresis": 0},
        "quiesce": False,
        "alpha": False,
        "notify": None,
        "load_feedback": None,
        "vip_check": None,
    }


def test_plain_json() -> None:
    cluster = right(MINIMAL)
    assert json.loads(json.dumps(cluster)) == cluster


def test_the_definition_is_not_changed() -> None:
    before = json.dumps(MINIMAL)
    right(MINIMAL)["virtual_servers"][0]["quorum"]["servers"] = 9
    assert json.dumps(MINIMAL) == before
    assert right(MINIMAL)["virtual_servers"][0]["quorum"]["servers"] == 1


def test_null_is_as_good_as_absent() -> None:
    nulls = {"heartbeat": None, "connection_sync": None, "pools": None, "virtual_servers[0].label": None, "networks.public.interface": None}
    assert right(changed(MINIMAL, nulls)) == right(MINIMAL)


def test_text_of_digits_as_ini_inventories_give_it() -> None:
    texts = {"virtual_servers[0].port": "80", "networks.public.heartbeat": "yes", "heartbeat": {"interval": "1"}}
    assert right(changed(MINIMAL, texts)) == right(MINIMAL)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"virtual_servers[0].persistence": 300}, {"virtual_servers[0].persistence": {"timeout": 300}}),
        ({"virtual_servers[0].quorum": 2}, {"virtual_servers[0].quorum": {"servers": 2}}),
        ({"virtual_servers[0].health_check": "tcp"}, {"virtual_servers[0].health_check": {"type": "tcp"}}),
        ({"connection_sync": False}, {"connection_sync": {"enabled": False}}),
        ({"routers": {"hosts": ["r1", "r2"]}}, {}),
        ({"virtual_servers[0].label": 7}, {"virtual_servers[0].label": "7"}),
        ({"virtual_servers[0].persistence": {"timeout": 5, "netmask": 24}}, {"virtual_servers[0].persistence": {"timeout": 5, "netmask": "255.255.255.0"}}),
    ],
)
def test_short_forms(short: dict[str, Any], long: dict[str, Any]) -> None:
    assert right(changed(MINIMAL, short)) == right(changed(MINIMAL, long))


def test_weights_and_ports_from_the_nearest() -> None:
    definition = changed(
        MINIMAL,
        {
            "real_servers": {"servers": [{"host": "web1"}, {"host": "web2", "weight": 20}, {"host": "web3", "weight": 20}]},
            "virtual_servers[0].weight": 7,
            "virtual_servers[0].real_server_port": 8080,
            "virtual_servers[0].real_servers": [{"host": "web1"}, {"host": "web2"}, {"name": "web3", "weight": 30, "port": 81}],
        },
    )
    servers = right(definition)["virtual_servers"][0]["real_servers"]
    assert [(server["name"], server["port"], server["weight"]) for server in servers] == [("web1", 8080, 7), ("web2", 8080, 20), ("web3", 81, 30)]


def test_a_service_narrows_its_pool() -> None:
    cluster = right(changed(MINIMAL, {"virtual_servers[0].real_servers": [{"host": "web3"}]}))
    assert [server["name"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["web3"]
    assert len(cluster["real_servers"]) == 3


def test_health_check_from_cluster_and_service() -> None:
    definition = changed(
        MINIMAL,
        {
            "health_check": {"type": "http", "path": "/up", "interval": 2},
            "virtual_servers[1]": {"name": "db", "address": "192.0.2.101", "port": 3306, "health_check": "tcp"},
            "virtual_servers[2]": {"name": "api", "address": "192.0.2.102", "port": 80, "health_check": {"status": 204}},
        },
    )
    checks = [service["health_check"] for service in right(definition)["virtual_servers"]]
    assert [(check["type"], check.get("path"), check["interval"]) for check in checks] == [("http", "/up", 2), ("tcp", None, 2), ("http", "/up", 2)]
    assert [check.get("status") for check in checks] == [["200"], None, ["204"]]


def test_a_short_interval_shortens_the_default_timeout() -> None:
    check = right(changed(MINIMAL, {"health_check": {"interval": 1}}))["virtual_servers"][0]["health_check"]
    assert (check["interval"], check["timeout"]) == (1, 1)


def test_a_new_vip_changes_no_label_and_no_id() -> None:
    first = {"name": "first", "address": "192.0.2.50", "port": 80}
    before = {vip["address"]: vip for vip in right(MINIMAL)["vips"]}
    definition = changed(MINIMAL, {})
    definition["virtual_servers"].insert(0, first)
    after = {vip["address"]: vip for vip in right(definition)["vips"]}
    assert after.pop("192.0.2.50")["label"] == "50"
    assert after == before


def test_services_share_a_vip() -> None:
    cluster = right(changed(MINIMAL, {"virtual_servers[0].label": "web", "virtual_servers[1]": {"name": "tls", "address": "192.0.2.100", "port": 443}}))
    assert [(vip["label"], vip["virtual_servers"]) for vip in cluster["vips"]] == [("web", ["www", "tls"]), ("gw", [])]


def test_a_derived_label_gives_way() -> None:
    taken = {
        "virtual_servers[1]": {"name": "x", "address": "192.0.2.101", "port": 80, "label": 100},
        "virtual_servers[2]": {"name": "y", "address": "10.0.0.9", "port": 80, "label": "gw"},
    }
    definition = changed(MINIMAL, {**taken, "networks.private.interface": "enp129s0f1n"})
    cluster = right(definition)
    assert [(vip["address"], vip["label"]) for vip in cluster["vips"]] == [
        ("192.0.2.100", None),
        ("192.0.2.101", "100"),
        ("10.0.0.9", "gw"),
        ("10.0.0.254", None),
    ]
    assert cluster["derived"]["vips.10.0.0.254.label"] == "none: gw is the label of 10.0.0.9"


def test_one_address_and_port_for_two_protocols() -> None:
    right(changed(MINIMAL, {"virtual_servers[1]": {"name": "quic", "address": "192.0.2.100", "port": 80, "protocol": "udp"}}))


def test_real_servers_outside_the_inventory() -> None:
    cluster = right(changed(MINIMAL, {"real_servers": {"servers": [{"name": "ext", "address": "10.0.0.50"}]}}))
    (server,) = cluster["real_servers"]
    assert {key: server[key] for key in ("name", "host", "address", "network", "interface", "gateway")} == {
        "name": "ext", "host": None, "address": "10.0.0.50", "network": "private", "interface": None, "gateway": "10.0.0.254",
    }  # fmt: skip


def test_what_is_derived_is_named() -> None:
    derived = right(MINIMAL)["derived"]
    assert {"networks.public.virtual_router_id", "connection_sync.id", "virtual_servers.www.health_check", "heartbeat.effective_dead_time"} <= set(derived)
    assert "networks.public.virtual_router_id" not in right(changed(MINIMAL, {"networks.public.virtual_router_id": 9}))["derived"]


@pytest.mark.parametrize("changes", [{"fail_back": False}, {"hand_over": False}, {"interval": 2.1}])
def test_no_hand_over_without_fail_back_when_it_is_not_wanted_or_would_take_long(changes: dict[str, Any]) -> None:
    assert right(changed(MINIMAL, {"heartbeat": changes}))["heartbeat"]["hand_over"] is None


def test_hand_over_goes_over_a_network_with_heartbeat() -> None:
    without_gateway = {"networks.private.gateway": None, "networks.private.heartbeat": False}
    assert right(MINIMAL)["heartbeat"]["hand_over"]["network"] == "private"
    beat = right(changed(MINIMAL, {**without_gateway, "heartbeat": {"hand_over_virtual_router_id": 7}}))["heartbeat"]
    assert beat["hand_over"] == {"network": "public", "virtual_router_id": 7}


class Tagged(str):
    """As ansible-core 2.19 hands over text."""


def _types(value: Any) -> set[type]:
    if isinstance(value, dict):
        return set().union({type(value)}, *map(_types, value), *map(_types, value.values()))
    if isinstance(value, list):
        return set().union({type(value)}, *map(_types, value))
    return {type(value)}


def test_tagged_text_becomes_plain() -> None:
    def tag(value: Any) -> Any:
        if isinstance(value, dict):
            return {Tagged(key): tag(item) for key, item in value.items()}
        if isinstance(value, list):
            return [tag(item) for item in value]
        return Tagged(value) if isinstance(value, str) else value

    full = changed(MINIMAL, {"virtual_servers[0].health_check": {"type": "http", "path": "/x", "body_pattern": "o.k"}, "virtual_servers[0].persistence": 3})
    assert _types(right(tag(full))) <= {dict, list, str, int, float, bool, type(None)}


def big(services: int, servers: int) -> tuple[dict[str, Any], dict[str, Any]]:
    names = ["s%d" % number for number in range(servers)]
    inventory = {"hosts": ["r1", "r2", *names], "groups": {"lvs_routers": ["r1", "r2"], "lvs_real_servers": names}}
    definition = changed(MINIMAL, {"networks.public.cidr": "198.18.0.0/16"})
    definition["virtual_servers"] = [{"name": "v%d" % n, "address": "198.18.1.%d" % (n + 1), "port": 80, "scheduler": "wrr"} for n in range(services)]
    return definition, inventory


def test_a_large_definition_is_quick() -> None:
    definition, inventory = big(100, 20)
    begin = time.perf_counter()
    cluster = right(definition, inventory)
    seconds = time.perf_counter() - begin
    assert sum(len(service["real_servers"]) for service in cluster["virtual_servers"]) == 2000
    assert seconds < 10, seconds  # what grows by the square takes minutes
