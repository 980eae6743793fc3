# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster of one router without heartbeat: its complete form, what is refused, what its kernel shall hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import held_addresses, kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import problems_of

from .samples import FACTS, INVENTORY, MINIMAL, changed

SINGLE: dict[str, Any] = changed(MINIMAL, {"heartbeat": "none", "routers.group": "one"})


def right(definition: dict[str, Any]) -> dict[str, Any]:
    cluster, problems = normalise(definition, INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    return cluster


def resolved(definition: dict[str, Any]) -> dict[str, Any]:
    cluster, problems = resolve(right(definition), FACTS)
    assert cluster, "\n".join(map(str, problems))
    return cluster


def test_complete_form_has_the_keys_of_a_pair() -> None:
    one, two = right(SINGLE), right(MINIMAL)
    assert alone(one) and not alone(two)
    assert one.keys() == two.keys()
    for key in ("heartbeat", "connection_sync"):
        assert one[key].keys() == two[key].keys()
    assert one["networks"]["public"] == {**two["networks"]["public"], "heartbeat": False, "virtual_router_id": None}
    assert one["vips"] == two["vips"]
    assert one["routers"] == two["routers"][:1]
    assert (one["heartbeat"]["mode"], one["heartbeat"]["networks"], one["heartbeat"]["interval"]) == ("none", [], None)
    assert one["connection_sync"]["enabled"] is False
    (service,) = one["virtual_servers"]
    assert service.keys() == two["virtual_servers"][0].keys()
    assert service["health_check"] == {"type": "none"}
    assert one["derived"]["virtual_servers.www.health_check"] == "there is no keepalived that could run one"
    assert not [path for path in one["derived"] if "virtual_router_id" in path or path.startswith(("heartbeat.", "connection_sync.id"))]
    assert json.loads(json.dumps(one)) == one


@pytest.mark.parametrize(
    "said",
    [
        {"connection_sync": False},
        {"connection_sync": {"enabled": False}},
        {"health_check": "none"},
        {"virtual_servers[0].health_check": {"type": "none"}},
        {"networks.public.heartbeat": False},
        {"routers": {"hosts": ["r1"]}},
    ],
)
def test_what_is_off_may_be_said(said: dict[str, Any]) -> None:
    one, other = right(SINGLE), right(changed(SINGLE, said))
    one.pop("derived")
    other.pop("derived")
    assert other == one


REFUSED = [
    ({"routers.group": "lvs_routers"}, "routers.group", "has 2 routers (r1, r2), but heartbeat is none", "leave heartbeat out"),
    ({"routers.group": "nobody"}, "routers.group", "has no hosts", "put the router in"),
    ({"routers": {"hosts": ["r1", "r2"]}}, "routers.hosts", "has 2 routers", "name one of them"),
    ({"connection_sync": True}, "connection_sync", "no second router", "give false"),
    ({"connection_sync": {"id": 7}}, "connection_sync", "no second router", "give false"),
    ({"health_check": "tcp"}, "health_check", "runs no health checks", "use two routers"),
    ({"health_check": {"interval": 2}}, "health_check", "runs no health checks", "leave it out"),
    ({"virtual_servers[0].health_check": {"path": "/up"}}, "virtual_servers[0].health_check", "runs no health checks", "leave it out"),
    ({"virtual_servers[0].sorry_server": {"address": "10.0.0.99", "port": 80}}, "virtual_servers[0].sorry_server", "no real server is left", "leave it out"),
    ({"virtual_servers[0].quorum": 2}, "virtual_servers[0].quorum", "counts the healthy", "leave it out"),
    ({"networks.public.virtual_router_id": 9}, "networks.public.virtual_router_id", "no VRRP", "leave it out"),
    ({"networks.public.heartbeat": True}, "networks.public.heartbeat", "for the whole cluster", "leave it out"),
    ({"heartbeat": "no"}, "heartbeat", "no stands where a mapping belongs", "a mapping, or none"),
]


@pytest.mark.parametrize(("changes", "path", "message", "remedy"), REFUSED, ids=[json.dumps(case[0]) for case in REFUSED])
def test_refused(changes: dict[str, Any], path: str, message: str, remedy: str) -> None:
    cluster, problems = normalise(changed(SINGLE, changes), INVENTORY)
    assert cluster is None
    assert len(problems) <= 2, problems
    assert any(problem.path == path and message in problem.message and remedy in problem.remedy for problem in problems), "\n".join(map(str, problems))


def test_other_mistakes_are_still_seen() -> None:
    service = {"name": "x", "address": "198.51.100.1", "port": 80}
    changes = {"virtual_servers[0].port": 70000, "virtual_servers[1]": service, "networks.private.gateway": "10.0.1.1"}
    _cluster, problems = normalise(changed(SINGLE, changes), INVENTORY)
    assert {problem.path for problem in problems} == {"virtual_servers[0].port", "virtual_servers[1].address", "networks.private.gateway"}


def test_shown_without_what_it_does_not_have() -> None:
    text = describe(resolved(SINGLE))
    for words in ("none: a single router without keepalived", "the only one", "off: there is no second router", "none *", "192.0.2.100   public    eth0:100"):
        assert words in text, words
    for words in ("quorum", "sorry", "when both", "from facts", "failover"):
        assert words not in text, words


def test_the_table_that_its_kernel_shall_hold() -> None:
    definition = changed(
        SINGLE,
        {
            "virtual_servers[0].persistence": {"timeout": 300, "netmask": 24},
            "virtual_servers[1]": {
                "name": "dns", "address": "192.0.2.101", "port": 53, "protocol": "udp", "scheduler": "wrr", "real_server_port": 5353,
                "real_servers": [{"host": "web2", "weight": 7}],
            },
        },
    )
    services = kernel_services(resolved(definition))
    assert not problems_of(services)
    assert services == [
        {
            "protocol": "tcp", "address": "192.0.2.100", "port": 80, "scheduler": "wlc", "persistence_timeout": 300, "persistence_netmask": "255.255.255.0",
            "destinations": [{"address": "10.0.0.1%d" % n, "port": 80, "forward": "nat", "weight": 100} for n in (1, 2, 3)],
        },
        {
            "protocol": "udp", "address": "192.0.2.101", "port": 53, "scheduler": "wrr", "persistence_timeout": 0,
            "destinations": [{"address": "10.0.0.12", "port": 5353, "forward": "nat", "weight": 7}],
        },
    ]


def test_the_addresses_that_it_shall_hold() -> None:
    definition = changed(SINGLE, {"virtual_servers[0].device": "eth1", "virtual_servers[0].label": "web"})
    assert held_addresses(resolved(definition), "r1") == [
        {"address": "192.0.2.100/32", "interface": "eth1", "label": "web"},
        {"address": "10.0.0.254/32", "interface": "eth1", "label": "gw"},
    ]
