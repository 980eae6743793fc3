# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a definition, by the model, to a file that keepalived accepts: the product's own way."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve

from .checker import ACCEPTED, REPOSITORY, ask

INVENTORY = {"hosts": ["r1", "r2", "web1", "web2"], "groups": {"lvs_routers": ["r1", "r2"], "lvs_real_servers": ["web1", "web2"]}}
HOSTS = {
    "r1": {"eth0": "192.0.2.2", "eth1": "10.0.0.2", "dummy0": "198.51.100.2"},
    "r2": {"eth0": "192.0.2.3", "eth1": "10.0.0.3", "dummy0": "198.51.100.3"},
    "web1": {"eth0": "10.0.0.11"},
    "web2": {"eth0": "10.0.0.12"},
}
FACTS = {
    host: {"interfaces": {name: {"ipv4": [{"address": address, "prefix": 24}], "ipv6": [], "active": True} for name, address in interfaces.items()}}
    for host, interfaces in HOSTS.items()
}
DOCUMENT = (REPOSITORY / "docs/health_checks.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)]
EXAMPLES = [block["health_check"] for block in BLOCKS if "health_check" in block]


def text_of(virtual_servers, router="r1", **further):
    definition = {
        "name": "web",
        "networks": {"public": {"cidr": "192.0.2.0/24"}, "private": {"cidr": "10.0.0.0/24", "gateway": "10.0.0.254"}},
        "routers": {"group": "lvs_routers"},
        "real_servers": {"group": "lvs_real_servers"},
        "virtual_servers": virtual_servers,
        **further,
    }
    for step, argument in ((normalise, INVENTORY), (resolve, FACTS)):
        definition, problems = step(definition, argument)
        assert [str(problem) for problem in problems] == []
    return render(definition, router)


def www(**changes):
    return {"name": "www", "address": "192.0.2.100", "port": 80, **changes}


DEFINITIONS = {
    "minimal": lambda: text_of([www()]),
    **{f"services of the document {number}": lambda block=block: text_of(**block) for number, block in enumerate(BLOCKS) if "virtual_servers" in block},
    "documented checks": lambda: text_of([www(name=f"s{n}", port=1000 + n, health_check=check) for n, check in enumerate(EXAMPLES)]),
    "defaults by port": lambda: text_of([www(name=f"p{port}", port=port) for port in (25, 53, 80, 443, 587, 3306, 8080)]),
    "dead time": lambda: text_of([www()], heartbeat={"interval": 0.1, "dead_time": 0.5, "fail_back": False}),
    "longest interval": lambda: text_of([www()], heartbeat={"interval": 40.95}),
    "longest dead time": lambda: text_of([www()], heartbeat={"interval": 1, "dead_time": 100.6}),
    "delays": lambda: text_of([www()], heartbeat={"startup_delay": 1000, "fail_back_delay": 1000}),
    "multicast without sync": lambda: text_of([www()], heartbeat={"mode": "multicast"}, connection_sync=False),
    "persistence": lambda: text_of([www(persistence=2678400), www(name="b", port=81, persistence={"timeout": 1, "netmask": "255.255.0.0"})]),
    "quorum": lambda: text_of([www(quorum=2, sorry_server={"address": "10.0.0.50", "port": 8080})]),
    "weights": lambda: text_of([www(real_servers=[{"host": "web1", "weight": 65534, "port": 1}, {"host": "web2", "weight": 0}])]),
    "labels": lambda: text_of([www(label="1"), www(name="b", address="192.0.2.101"), www(name="c", address="192.0.2.102", device="dummy0")]),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_right_definition_becomes_a_file_that_keepalived_accepts(root, name):
    answer = ask(root, {name: DEFINITIONS[name]()})[name]
    assert answer.status == ACCEPTED, answer.output
    assert answer.output.strip() == ""


def test_both_routers_agree_on_what_they_must(root):
    """Virtual router ids, intervals and announced addresses are the same; priorities and addresses of their own differ."""
    first, second = (text_of([www()], router) for router in ("r1", "r2"))
    for same in ("virtual_router_id", "advert_int", "down_timer_adverts", "virtual_server"):
        assert re.findall(same + ".*", first) == re.findall(same + ".*", second)
    assert re.findall(r"priority (\d+)", first) != re.findall(r"priority (\d+)", second)
    assert {answer.status for answer in ask(root, {"first": first}).values()} == {ACCEPTED}
