# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever stands in a definition: an answer, never a traceback."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.lvs.cluster.plugins.module_utils._model.collect import collect
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe

from .samples import host

SHOP = yaml.safe_load((Path(__file__).resolve().parents[3] / "inventories/complete/group_vars/shop.yml").read_text(encoding="utf-8"))["lvs_cluster"]
HOSTS = ["shop-r1", "shop-r2", "shop-web1", "shop-web2", "shop-web3", "shop-mail1", "shop-mail2"]
INVENTORY: dict[str, Any] = {"hosts": HOSTS, "groups": {"shop_routers": HOSTS[:2], "shop_web": HOSTS[2:5], "shop_mail": HOSTS[5:]}}
FACTS = {
    **{name: host(eth0="192.0.2.%d/24" % n, eth1="10.0.0.%d/24" % n, eth2="10.9.0.%d/24" % n) for n, name in enumerate(HOSTS[:2], 2)},
    **{name: host(eth0="10.0.0.%d/24" % n) for n, name in enumerate(HOSTS[2:], 11)},
}

for number, name in enumerate(HOSTS, 2):
    for interface, network in (("eth0", 1), ("eth1", 2)) if number < 4 else (("eth0", 2),):
        FACTS[name]["interfaces"][interface]["ipv6"] = [{"address": "2001:db8:%d::%d" % (network, number), "prefix": 64}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a definition."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["192.0.2.100", "10.0.0.0/24", "::1", "none", "shop-r1", "shop_web", "real_servers", "public", "http", "direct"]),
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "host", "address", "port", "type", "group", "x"]), inner, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(places(SHOP)), junk), min_size=1, max_size=3))
def test_anything_anywhere(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    definition = copy.deepcopy(SHOP)
    for path, value in changes:
        target = definition
        try:
            for step in path[:-1]:
                target = target[step]
            target[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    cluster, problems = normalise(definition, INVENTORY)
    assert (cluster is None) == bool(problems)
    for problem in problems:
        assert problem.path and problem.message and problem.remedy, problem
        assert "\n" not in str(problem)
    if cluster:
        assert json.loads(json.dumps(cluster)) == cluster
        assert describe(cluster)
        resolve(cluster, FACTS)
    collect({"a": definition, "b": SHOP}, INVENTORY)


@settings(deadline=None)
@given(definition=junk)
def test_anything_at_all(definition: Any) -> None:
    cluster, problems = normalise(definition, INVENTORY)
    assert cluster is None and problems


def test_the_whole_example_is_right() -> None:
    cluster, problems = normalise(SHOP, INVENTORY)
    assert cluster, problems
    done, problems = resolve(cluster, FACTS)
    assert done, problems
    assert re.search(r"192\.0\.2\.101 +public +eth0:mail", describe(done))


def test_saying_what_is_derived_changes_nothing() -> None:
    """The complete form, said in the definition's words, is the same complete form."""
    cluster, _problems = normalise(SHOP, INVENTORY)
    assert cluster
    said = copy.deepcopy(SHOP)
    for name, network in cluster["networks"].items():
        said["networks"][name]["virtual_router_id"] = network["virtual_router_id"]
    labels = {vip["address"]: vip["label"] for vip in cluster["vips"]}
    services = [service for service in cluster["virtual_servers"] if service["name"] == service["service"]]
    for item, service in zip(said["virtual_servers"], services, strict=True):
        item["label"] = labels[service["address"]]
        for key in ("network", "scheduler", "forward", "quorum"):
            item[key] = service[key]
        if service["firewall_mark"]:
            item["firewall_mark"] = service["firewall_mark"]
        elif "address6" not in item:
            item.update(persistence=service["persistence"], protocol=service["protocol"])
        check = {key: value for key, value in service["health_check"].items() if value is not None}
        item["health_check"] = check
        item["real_servers"] = [
            {"name": server["name"], "weight": server["weight"], **({"port": server["port"]} if server["port"] else {})} for server in service["real_servers"]
        ]
    again, problems = normalise(said, INVENTORY)
    assert again, problems
    again.pop("derived")
    cluster.pop("derived")
    assert again == cluster
