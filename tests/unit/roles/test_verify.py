# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify(): what is declared against what runs; each difference is named, and a cluster as declared has none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import verify

CLUSTER: dict[str, Any] = {
    "name": "web",
    "firewall": {"enabled": False},
    "networks": {"public": {"name": "public"}, "private": {"name": "private"}, "admin": {"name": "admin"}},
    "heartbeat": {"mode": "unicast", "networks": ["public", "private"], "effective_dead_time": 3.6, "startup_delay": 0, "hand_over": None, "fail_back": True},
    "connection_sync": {"enabled": True},
    "routers": [
        {"host": "r1", "priority": 150, "networks": {"public": {"interface": "eth0"}, "private": {"interface": "eth1"}}},
        {"host": "r2", "priority": 100, "networks": {"public": {"interface": "eth0"}, "private": {"interface": "eth1"}}},
    ],
    "vips": [
        {"address": "192.0.2.100", "network": "public", "device": None, "kind": "service"},
        {"address": "10.0.0.254", "network": "private", "device": None, "kind": "gateway"},
    ],
    "virtual_servers": [
        {
            "name": "www", "address": "192.0.2.100", "port": 80, "protocol": "tcp", "scheduler": "wlc", "forward": "nat",
            "family": 4, "firewall_mark": None, "scheduler_flags": [], "one_packet": False, "persistence_engine": None,
            "persistence": {"timeout": 300, "netmask": "255.255.255.255"}, "sorry_server": {"address": "10.0.0.99", "port": 80},
            "health_check": {"type": "http"},
            "real_servers": [{"name": "web1", "address": "10.0.0.11", "port": 80, "weight": 100, "forward": "nat", "tunnel": None, "family": 4},
                             {"name": "web2", "address": "10.0.0.12", "port": 80, "weight": 50, "forward": "nat", "tunnel": None, "family": 4}],
        }
    ],
}


def router(state: str) -> dict[str, Any]:
    held = [("192.0.2.100", 32, "eth0"), ("10.0.0.254", 32, "eth1")] if state == "master" else []
    return {
        "keepalived": {"running": True, "state": "active", "seconds_since_start": 100.0},
        "instances": {name: {"state": state, "interface": interface, "seconds_in_state": 90.0}
                      for name, interface in (("web_public", "eth0"), ("web_private", "eth1"))},
        "addresses": [{"address": address, "prefix": prefix, "interface": interface} for address, prefix, interface in [("127.0.0.1", 8, "lo"), *held]],
        "services": [
            {"protocol": "tcp", "address": "192.0.2.100", "port": 80, "scheduler": "wlc", "persistence_timeout": 300,
             "persistence_netmask": "255.255.255.255", "persistence_engine": None, "scheduler_flags": [], "one_packet": False,
             "destinations": [{"address": "10.0.0.11", "port": 80, "weight": 100, "forward": "nat"},
                              {"address": "10.0.0.12", "port": 80, "weight": 50, "forward": "nat"}]},
            {"protocol": None, "address": None, "port": None, "firewall_mark": 1, "scheduler": "rr", "destinations": []},
            {"protocol": "tcp", "address": "198.51.100.1", "port": 80, "scheduler": "rr", "destinations": []},
        ],
    }


def states() -> dict[str, Any]:
    return {"r1": router("master"), "r2": router("backup")}


def test_a_cluster_as_declared_has_no_problem() -> None:
    assert verify.verify(CLUSTER, states()) == []
    assert verify.active_routers(CLUSTER, states()) == ["r1"]


def test_who_is_active_is_said_without_the_state_of_the_other() -> None:
    assert verify.active_routers(CLUSTER, {"r2": router("master")}) == ["r2"]
    assert verify.active_routers(CLUSTER, {"r2": router("backup")}) == []


def stopped(found: dict[str, Any]) -> None:
    found["r2"]["keepalived"] = {"running": False, "state": "failed", "seconds_since_start": None}
    found["r2"]["instances"] = {}


def stopped_with_a_vip(found: dict[str, Any]) -> None:
    stopped(found)
    found["r2"]["addresses"].append({"address": "192.0.2.100", "prefix": 32, "interface": "eth0"})


def two_active(found: dict[str, Any]) -> None:
    found["r2"] = router("master")


def both_backup(found: dict[str, Any]) -> None:
    found["r1"] = router("backup")


def split_group(found: dict[str, Any]) -> None:
    found["r1"]["instances"]["web_private"]["state"] = "backup"


def fault(found: dict[str, Any]) -> None:
    for instance in found["r2"]["instances"].values():
        instance["state"] = "fault"


def no_instance(found: dict[str, Any]) -> None:
    del found["r2"]["instances"]["web_private"]


def vip_missing(found: dict[str, Any]) -> None:
    found["r1"]["addresses"].pop(1)


def vip_elsewhere(found: dict[str, Any]) -> None:
    found["r1"]["addresses"][1]["interface"] = "eth1"


def gateway_on_backup(found: dict[str, Any]) -> None:
    found["r2"]["addresses"].append({"address": "10.0.0.254", "interface": "eth1"})


def service(found: dict[str, Any]) -> dict[str, Any]:
    return found["r1"]["services"][0]


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (stopped, ["r2: keepalived does not run (its unit is failed)"]),
        (stopped_with_a_vip,
         ["r2: keepalived does not run (its unit is failed)",
          "r2: it has the VIP 192.0.2.100 on eth0 without keepalived: two routers answer for it; start keepalived, "
          "or take it off (ip address del 192.0.2.100/32 dev eth0)"]),
        (lambda found: found.pop("r2"), ["r2: its state could not be read"]),
        (lambda found: found.pop("r1"), ["web: no router that answers is active: r1 may be: ask a virtual server from a client", "r1: its state"]),
        (lambda found: found.clear(), ["web: no router that answers is active: r1 or r2 may be", "r1: its state", "r2: its state"]),
        (two_active, ["web: r1 and r2 are active at the same time"]),
        (both_backup, ["web: no router is active"]),
        (split_group, ["r1: its networks are not together: web_public is master, web_private is backup"]),
        (fault, ["r2: the VRRP instance web_public is in state fault: see the link of eth0", "r2: the VRRP instance web_private is in state fault"]),
        (no_instance, ["r2: keepalived has no VRRP instance web_private"]),
        (vip_missing, ["r1: it is active without the VIP 192.0.2.100"]),
        (vip_elsewhere, ["r1: the VIP 192.0.2.100 is on eth1: it belongs on eth0"]),
        (gateway_on_backup, ["r2: it is the backup and has the gateway 10.0.0.254 on eth1"]),
        (lambda found: found["r1"]["services"].pop(0), ["r1: the virtual server www (tcp 192.0.2.100:80) is not in the IPVS table"]),
        (lambda found: service(found).update(scheduler="rr"), ["r1: www has the scheduler rr: declared is wlc"]),
        (lambda found: service(found).update(persistence_timeout=None), ["r1: www has the persistence none: declared is 300 s"]),
        (lambda found: service(found).update(persistence_netmask="255.255.255.0"),
         ["r1: www has the persistence 300 s by 255.255.255.0: declared is 300 s by 255.255.255.255"]),
        (lambda found: service(found).update(persistence_engine="sip"), ["r1: www has the persistence engine sip: declared is none"]),
        (lambda found: service(found).update(scheduler_flags=["sh-port"]), ["r1: www has the scheduler flags sh-port: declared is none"]),
        (lambda found: service(found).update(one_packet=True), ["r1: www has one-packet scheduling on: declared is off"]),
        (lambda found: service(found)["destinations"].pop(1), ["r1: web2 (10.0.0.12:80) is out of www: its http check fails"]),
        (lambda found: service(found)["destinations"][0].update(weight=0), ["r1: web1 (10.0.0.11:80) is at weight 0 in www: its http check fails"]),
        (lambda found: service(found)["destinations"][0].update(weight=7), ["r1: web1 (10.0.0.11:80) has weight 7 in www: declared is 100"]),
        (lambda found: service(found)["destinations"][0].update(forward="direct"), ["r1: web1 (10.0.0.11:80) is forwarded to by direct in www"]),
        (lambda found: service(found)["destinations"].append({"address": "10.0.0.13", "port": 80}), ["r1: www has the real server 10.0.0.13:80, which"]),
        (lambda found: found["r1"]["services"].append({"protocol": "udp", "address": "192.0.2.100", "port": 53}),
         ["r1: the IPVS table has udp 192.0.2.100:53, which is not declared"]),
    ],
)
def test_each_difference_is_named(change: Callable[[dict[str, Any]], Any], texts: list[str]) -> None:
    found = states()
    change(found)
    problems = [str(problem) for problem in verify.verify(CLUSTER, found)]
    assert len(problems) == len(texts)
    for problem, text in zip(problems, texts):
        assert problem.startswith(text)


def test_the_sorry_server_alone_is_no_stranger() -> None:
    found = states()
    service(found)["destinations"] = [{"address": "10.0.0.99", "port": 80, "weight": 1, "forward": "nat"}]
    problems = [problem.message for problem in verify.verify(CLUSTER, found)]
    assert problems == ["web1 (10.0.0.11:80) is out of www: its http check fails", "web2 (10.0.0.12:80) is out of www: its http check fails"]


@pytest.mark.parametrize(("weight", "wrong"), [(10, 0), (100, 0), (101, 2)])
def test_a_server_whose_weight_grows_after_its_return_is_well(weight: int, wrong: int) -> None:
    cluster, found = copy.deepcopy(CLUSTER), states()
    cluster["virtual_servers"][0]["health_check"] = {"type": "send_expect", "slow_start": 30}
    for state in found.values():
        for row in state["services"][0]["destinations"][:1]:
            row["weight"] = weight
    assert len(verify.verify(cluster, found)) == wrong


@pytest.mark.parametrize("weight", [0, 40, 250])
def test_a_server_whose_weight_follows_its_load_is_well(weight: int) -> None:
    cluster, found = copy.deepcopy(CLUSTER), states()
    cluster["virtual_servers"][0]["load_feedback"] = {"port": 9999}
    for state in found.values():
        state["services"][0]["destinations"][0]["weight"] = weight
    assert verify.verify(cluster, found) == []
    for state in found.values():
        del state["services"][0]["destinations"][0]
    assert len(verify.verify(cluster, found)) == 2, "one that is out failed its check"


def test_a_server_declared_with_weight_0_is_well_with_it() -> None:
    cluster = copy.deepcopy(CLUSTER)
    cluster["virtual_servers"][0]["real_servers"][0]["weight"] = 0
    found = states()
    for state in found.values():
        state["services"][0]["destinations"][0]["weight"] = 0
    assert verify.verify(cluster, found) == []


@pytest.mark.parametrize(("age", "since_start", "expected"), [(90.0, 100.0, True), (4.5, 100.0, False), (None, 100.0, True), (None, 4.5, False)])
def test_settled_waits_for_an_election(age: Any, since_start: float, expected: bool) -> None:
    state = router("backup")
    state["instances"]["web_public"]["seconds_in_state"] = age
    state["keepalived"]["seconds_since_start"] = since_start
    assert verify.settled(CLUSTER, state) is expected


@pytest.mark.parametrize(("host", "state", "since_start", "expected"), [
    ("r1", "backup", 14.0, False), ("r1", "backup", 18.0, True), ("r1", "master", 14.0, True), ("r2", "backup", 14.0, True)])
def test_settled_waits_for_a_returned_router_to_take_over(host: str, state: str, since_start: float, expected: bool) -> None:
    """It does when it knows the connections, some 12 s after its start; the second router stays backup."""
    found = router(state)
    found["instances"]["web_public"]["seconds_in_state"] = since_start - 1
    found["keepalived"]["seconds_since_start"] = since_start
    assert verify.settled(CLUSTER, found, host) is expected


def test_a_router_that_does_not_run_is_not_settled() -> None:
    found = states()
    stopped(found)
    assert not verify.settled(CLUSTER, found["r2"])


NOTE = {"since": "2026-11-23T05:40:12Z", "reason": "kernel update"}


@pytest.mark.parametrize("path", ["servers/web1", "services/www/web1"])
@pytest.mark.parametrize("there", [True, False], ids=["weight 0", "failed and out of the table"])
def test_a_drained_server_is_as_declared(path, there):
    read = states()
    for state in read.values():
        state["drained"] = {path: NOTE}
        rows = state["services"][0]["destinations"]
        rows[0]["weight"] = 0
        if not there:
            del rows[0]
    assert verify.verify(CLUSTER, read) == []


def test_a_drained_server_that_gets_connections_is_told():
    read = states()
    for state in read.values():
        state["drained"] = {"servers/web1": NOTE}
    told = "web1 (10.0.0.11:80) is drained since 2026-11-23 05:40 UTC (kernel update), and has weight 100 in www"
    assert [problem.path for problem in verify.verify(CLUSTER, read) if told in problem.message] == ["r1", "r2"]


def test_a_server_that_is_drained_on_one_router_only_is_told():
    read = states()
    read["r1"]["drained"] = {"services/www/web1": NOTE}
    read["r1"]["services"][0]["destinations"][0]["weight"] = 0
    assert [problem.message for problem in verify.verify(CLUSTER, read)] == ["web1 in www is drained on r1 and not on r2"]


def test_a_damaged_drain_file_is_told():
    read = states()
    read["r2"]["damaged_drain_files"] = ["servers/web1"]
    assert "servers/web1 is damaged" in str(verify.verify(CLUSTER, read)[0])


MARKED: dict[str, Any] = {**CLUSTER, "firewall": {"enabled": True}}


@pytest.mark.parametrize(
    ("have", "words"),
    [
        ({"content": None, "in_force": True}, "it lacks the nftables table"),
        ({"content": "other", "in_force": True}, "its nftables table is not the declared one"),
        ({"content": "declared", "in_force": False}, "the nftables table lvs_web is not loaded as its file says: something flushed or changed it"),
        ({"content": "declared", "in_force": True}, None),
    ],
)
def test_the_nftables_table_is_the_declared_one_and_loaded(monkeypatch: pytest.MonkeyPatch, have: dict[str, Any], words: str | None) -> None:
    monkeypatch.setattr(verify.nftables, "table", lambda cluster, host: "declared")
    found = {host: {**state, "nftables": have} for host, state in states().items()}
    problems = [str(problem) for problem in verify.verify(MARKED, found)]
    assert [problem[:4] for problem in problems] == ([] if words is None else ["r1: ", "r2: "])
    assert all((words or "") in problem for problem in problems)


def test_a_table_that_is_no_longer_declared_is_named() -> None:
    found = {host: {**state, "nftables": {"content": "old", "in_force": True}} for host, state in states().items()}
    assert [str(problem) for problem in verify.verify(CLUSTER, found)] == [
        f"{host}: its nftables table is not the declared one: deploy again" for host in ("r1", "r2")]


def test_thresholds_are_compared() -> None:
    found = states()
    found["r1"]["services"][0]["destinations"][0].update(upper_threshold=100, lower_threshold=80)
    assert [str(problem) for problem in verify.verify(CLUSTER, found)] == [
        "r1: web1 (10.0.0.11:80) has the thresholds 100 and 80 in www: declared are 0 and 0"]
