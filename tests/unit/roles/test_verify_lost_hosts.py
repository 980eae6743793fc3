# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify() of a cluster that lost hosts: these are named, and the others judged as far as it goes without them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import verify
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve_partly

from ..model.samples import FACTS, INVENTORY, MINIMAL, changed, host
from ..model.test_single import SINGLE
from .test_verify_single import state as single_state

NO_ROUTE = {"unreachable": True, "msg": "Task failed: Data could not be sent: Broken pipe\r\nssh: connect to host r1: No route to host"}
UNREACHABLE = "it is unreachable (connect to host r1: No route to host): see its power and its network (ansible %s -m ping tells when it answers); "


def partly(*lost: str, definition: dict[str, Any] = MINIMAL, **facts: Any) -> dict[str, Any]:
    cluster, problems = normalise(definition, INVENTORY)
    assert cluster, problems
    return resolve_partly(cluster, {name: found for name, found in {**FACTS, **facts}.items() if name not in lost})


def router(word: str, *servers: str) -> dict[str, Any]:
    held = {"192.0.2.100": "eth0", "10.0.0.254": "eth1"} if word == "master" else {}
    rows = [{"address": address, "port": 80, "weight": 100, "forward": "nat"} for address in servers or ("10.0.0.11", "10.0.0.12", "10.0.0.13")]
    return {
        "keepalived": {"running": True, "state": "active", "seconds_since_start": 100.0},
        "instances": {name: {"state": word, "interface": "eth0", "seconds_in_state": 90.0} for name in ("web_public", "web_private")},
        "addresses": [{"address": address, "prefix": 32, "interface": interface} for address, interface in held.items()],
        "services": [{"protocol": "tcp", "address": "192.0.2.100", "port": 80, "scheduler": "wlc", "scheduler_flags": [], "one_packet": False,
                      "persistence_timeout": None, "persistence_netmask": None, "persistence_engine": None, "destinations": rows}],
    }


def said(problems: list[Any]) -> list[str]:
    return [str(problem) for problem in problems]


def test_a_lost_router_is_the_only_problem() -> None:
    (problem,) = said(verify.verify(partly("r1"), {"r2": router("master")}, {"r1": NO_ROUTE}))
    assert problem.startswith("r1: " + UNREACHABLE % "r1")
    assert problem.endswith("deploy refuses to begin without it")


def test_the_survivor_is_judged_in_full() -> None:
    found = router("master")
    found["addresses"].pop()
    found["services"].clear()
    _lost, *problems = said(verify.verify(partly("r1"), {"r2": found}, {"r1": NO_ROUTE}))
    assert [problem.split(": ")[1] for problem in problems] == [
        "it is active without the gateway 10.0.0.254",
        "the virtual server www (tcp 192.0.2.100:80) is not in the IPVS table",
    ]


def test_the_survivor_did_not_take_over() -> None:
    first, second = said(verify.verify(partly("r1"), {"r2": router("backup")}, {"r1": NO_ROUTE}))
    assert first == "web: no router that answers is active: r1 may be: ask a virtual server from a client"
    assert second.startswith("r1: it is unreachable")


def test_a_router_on_which_the_reading_failed() -> None:
    (problem,) = said(verify.verify(partly(), {"r2": router("master")}, {"r1": {"failed": True, "msg": "pyroute2 is missing"}}))
    assert problem == "r1: its state could not be read (pyroute2 is missing): correct that, and verify again"


def test_a_router_that_lost_its_own_address_is_judged_too() -> None:
    """Its cable is out: the network's own address is gone with the link."""
    cluster = partly(r1=host(eth1="10.0.0.2/24"))
    fault = router("fault")
    problems = said(verify.verify(cluster, {"r1": fault, "r2": router("master")}))
    assert problems[0].startswith("networks.public: r1 has no address of its own in 192.0.2.0/24")
    assert problems[1].startswith("r1: the VRRP instance web_public is in state fault")
    assert all(problem.startswith(("networks", "r1")) for problem in problems)
    active = said(verify.verify(cluster, {"r1": router("master"), "r2": router("backup")}))
    assert active == problems[:1], "an interface that is not known is not compared"


@pytest.mark.parametrize(
    ("lost", "rows", "texts"),
    [
        (["web2"], ["10.0.0.11", "10.0.0.13"], ["web2 is out of www: its http check fails"]),
        (["web2"], ["10.0.0.11", "10.0.0.12", "10.0.0.13"], []),
        (["web2"], ["10.0.0.11", "10.0.0.12", "10.0.0.13", "10.0.0.14"], ["www has the real server 10.0.0.14:80, which is not declared"]),
        (["web2"], ["10.0.0.11", "10.0.0.13", "10.9.9.9"], ["web2 is out of www", "www has the real server 10.9.9.9:80, which is not declared"]),
        (["web2", "web3"], ["10.0.0.11", "10.0.0.13"], ["of web2 and web3, whose addresses are unknown, 1 is in www: see which of them is down"]),
        (["web2", "web3"], ["10.0.0.11"], ["of web2 and web3, whose addresses are unknown, none is in www"]),
        (["web2", "web3"], ["10.0.0.11", "10.0.0.12", "10.0.0.13"], []),
        (["web1", "web2"], ["10.0.0.11", "10.0.0.12"], ["web3 (10.0.0.13:80) is out of www"]),
    ],
)
def test_a_real_server_whose_address_nobody_told(lost: list[str], rows: list[str], texts: list[str]) -> None:
    problems = said(verify.verify(partly(*lost), {"r1": router("master", *rows), "r2": router("backup")}))
    assert len(problems) == len(texts), problems
    for problem, text in zip(problems, texts):
        assert problem.startswith("r1: " + text)


def test_a_lost_real_server_at_weight_0() -> None:
    found = router("master")
    found["services"][0]["destinations"][1]["weight"] = 0
    assert said(verify.verify(partly("web2"), {"r1": found, "r2": router("backup")}))[0].startswith(
        "r1: web2 (10.0.0.12:80) is at weight 0 in www: its http check fails")


def test_what_the_real_servers_say() -> None:
    carried = {"web1": {"problems": ["it lacks the VIP 192.0.2.100: packets for it are dropped here"]}, "web3": {"skipped": True}}
    found = said(verify.verify_real_servers(partly("web2"), carried, {"web2": NO_ROUTE}))
    assert found[0] == "web1: it lacks the VIP 192.0.2.100: packets for it are dropped here: deploy again"
    assert found[1].startswith("web2: " + UNREACHABLE % "web2")
    assert found[1].endswith("or take it out of the definition")
    assert len(found) == 2


def test_a_router_without_keepalived_that_is_lost_or_lost_a_real_server() -> None:
    alone = partly("r1", definition=SINGLE)
    (problem,) = said(verify.verify(alone, {}, {"r1": NO_ROUTE}))
    assert problem.startswith("r1: it is unreachable")
    assert said(verify.verify(partly("web2", definition=SINGLE), {"r1": single_state()})) == []


def test_the_definition_of_the_tests_is_whole() -> None:
    assert said(verify.verify(partly(), {"r1": router("master"), "r2": router("backup")})) == []
    assert partly(definition=changed(MINIMAL, {}))["unresolved"] == []
