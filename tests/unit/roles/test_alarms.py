# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pair that is whole has no alarm; each thing that degrades it has its word, and says whether a router could take over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import cluster_state

from .test_verify import CLUSTER, router

WHOLE: dict[str, Any] = {**CLUSTER, "connection_sync": {"enabled": True, "network": "private", "id": 17}}
# The same with a virtual server that is asked by dialogues
ASKING = {**WHOLE, "virtual_servers": [{**service, "health_check": {"type": "send_expect"}} for service in CLUSTER["virtual_servers"]]}


def state(host: str, role: str) -> dict[str, Any]:
    peer = "r2" if host == "r1" else "r1"
    active = role == "master"
    return {
        **router(role),
        "heartbeats": {network: {"interface": interface, "instance": "web_" + network, "state": role, "carrier": True, "hears": None if active else True,
                                 "sends": True if active else None, "peers": {peer: True}} for network, interface in (("public", "eth0"), ("private", "eth1"))},
        "sync_daemons": [{"state": role, "interface": "eth1", "sync_id": 17}],
        "units": {"keepalived": {"state": "active", "restarts": 0, "seconds_since_start": 100.0}},
        "preferred": False,
        "prober": None,
    }


def states() -> dict[str, Any]:
    return {"r1": state("r1", "master"), "r2": state("r2", "backup")}


def test_a_whole_pair_has_no_alarm_and_either_could_be_active() -> None:
    judged = cluster_state.judge(WHOLE, states(), {})
    assert judged == {"cluster": "web", "active": "r1", "whole": True, "alarms": [], "fit": {"r1": [], "r2": []}}
    text = cluster_state.text(WHOLE, states(), judged)
    assert text.splitlines()[0] == "the cluster web is whole: r1 is active"
    assert text.splitlines()[-1] == "no alarm"


def deaf(found: dict[str, Any]) -> None:
    found["r2"]["heartbeats"]["public"]["hears"] = False


def unplugged(found: dict[str, Any]) -> None:
    found["r2"]["heartbeats"]["private"]["carrier"] = False


def peer_gone(found: dict[str, Any]) -> None:
    found["r1"]["heartbeats"]["public"]["peers"]["r2"] = False


def not_synchronised(found: dict[str, Any]) -> None:
    found["r2"]["sync_daemons"] = []


def wrong_role(found: dict[str, Any]) -> None:
    found["r1"]["sync_daemons"][0]["state"] = "backup"


def restarted(found: dict[str, Any]) -> None:
    found["r2"]["units"]["keepalived"].update(restarts=2)


def restarted_long_ago(found: dict[str, Any]) -> None:
    found["r2"]["units"]["keepalived"].update(restarts=2, seconds_since_start=99999.0)


def prober_dead(found: dict[str, Any]) -> None:
    found["r1"]["units"]["lvs-prober"] = {"state": "failed", "restarts": 0, "seconds_since_start": None}


def prober_stuck(found: dict[str, Any]) -> None:
    found["r1"]["units"]["lvs-prober"] = {"state": "active", "restarts": 0, "seconds_since_start": 500.0}
    found["r1"]["prober"] = {"age": 130.0, "state": {}}


def stopped(found: dict[str, Any]) -> None:
    found["r2"].update(keepalived={"running": False, "state": "inactive", "seconds_since_start": None}, instances={})


def frozen(found: dict[str, Any]) -> None:
    found["r2"]["instances"] = {}


def second_active(found: dict[str, Any]) -> None:
    found["r2"] = state("r2", "master")


def hears_another(found: dict[str, Any]) -> None:
    found["r1"]["heartbeats"]["public"]["hears"] = True


def off(found: dict[str, Any]) -> None:
    del found["r2"]


def server_out(found: dict[str, Any]) -> None:
    for one in found.values():
        one["services"][0]["destinations"].pop()


def server_out_on_one(found: dict[str, Any]) -> None:
    found["r2"]["services"][0]["destinations"].pop()


CASES: dict[str, tuple[Callable[[dict[str, Any]], None], str, str, bool, bool]] = {
    # what is done, the alarm's word, its severity, whether the pair is whole, whether r2 could take over
    "one path deaf": (deaf, "heartbeat_lost", "warning", False, False),
    "a cable pulled": (unplugged, "link_down", "warning", False, False),
    "the peer is silent on one path": (peer_gone, "peer_silent", "warning", False, False),
    "no sync daemon on the backup": (not_synchronised, "sync_stopped", "warning", False, False),
    "sync daemon in the wrong role": (wrong_role, "sync_stopped", "warning", False, True),
    "keepalived restarted": (restarted, "restarted", "warning", False, True),
    "keepalived restarted yesterday": (restarted_long_ago, "restarted", "notice", True, True),
    "prober dead": (prober_dead, "prober_down", "warning", False, True),
    "prober stuck": (prober_stuck, "prober_silent", "warning", False, True),
    "keepalived stopped": (stopped, "keepalived_down", "warning", False, False),
    "keepalived frozen": (frozen, "keepalived_silent", "critical", False, False),
    "two active": (second_active, "two_active", "critical", False, False),
    "another one's adverts": (hears_another, "two_active", "critical", False, True),
    "router off": (off, "router_lost", "warning", False, False),
    "a server out on both": (server_out, "server_out", "notice", True, True),
    "a server out on the backup alone": (server_out_on_one, "server_out", "notice", True, False),
}


@pytest.mark.parametrize("what", CASES)
def test_alarm(what: str) -> None:
    change, word, severity, whole, fit = CASES[what]
    found = states()
    change(found)
    judged = cluster_state.judge(ASKING if what.startswith("prober") else WHOLE, found, {})
    assert (word, severity) in {(alarm["alarm"], alarm["severity"]) for alarm in judged["alarms"]}
    assert (judged["whole"], not judged["fit"]["r2"]) == (whole, fit)
    assert word in cluster_state.text(WHOLE, found, judged)


@pytest.mark.parametrize("change", [prober_dead, prober_stuck])
def test_a_prober_that_has_nobody_to_ask_need_not_run(change: Callable[[dict[str, Any]], None]) -> None:
    found = states()
    change(found)
    assert cluster_state.judge(WHOLE, found, {})["alarms"] == []


def test_without_a_router_that_answers_nobody_is_fit() -> None:
    judged = cluster_state.judge(WHOLE, {}, {"r1": {"unreachable": True, "msg": "no route"}})
    assert (judged["active"], judged["whole"]) == (None, False)
    assert all(judged["fit"].values())
    assert "no route" in judged["alarms"][0]["what"]


def test_weights_that_differ_between_the_tables_are_named() -> None:
    found = states()
    found["r2"]["services"][0]["destinations"][0]["weight"] = 7
    reasons = cluster_state.judge(WHOLE, found, {})["fit"]["r2"]
    assert "its table has 10.0.0.11:80 of tcp 192.0.2.100:80 with weight 7, the active router's with 100" in " ".join(reasons)
