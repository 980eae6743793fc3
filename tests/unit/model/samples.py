# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small right definition, its inventory and its facts, and ways to change them."""

from __future__ import annotations

import copy
import re
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve

GONE = object()

INVENTORY: dict[str, Any] = {
    "hosts": ["r1", "r2", "r3", "web1", "web2", "web3"],
    "groups": {
        "lvs_routers": ["r1", "r2"],
        "lvs_real_servers": ["web1", "web2", "web3"],
        "one": ["r1"],
        "three": ["r1", "r2", "r3"],
        "six": ["r1", "r2", "r3", "lb4", "lb5", "lb6"],
        "nobody": [],
    },
}

MINIMAL: dict[str, Any] = {
    "name": "web",
    "networks": {
        "public": {"cidr": "192.0.2.0/24"},
        "private": {"cidr": "10.0.0.0/24", "gateway": "10.0.0.254"},
    },
    "routers": {"group": "lvs_routers"},
    "real_servers": {"group": "lvs_real_servers"},
    "virtual_servers": [{"name": "www", "address": "192.0.2.100", "port": 80}],
}


def changed(definition: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with other values: ``{"virtual_servers[0].port": 0}``; GONE takes a key out, a new index appends."""
    result = copy.deepcopy(definition)
    for path, value in changes.items():
        steps: list[Any] = [int(step[1:-1]) if step[0] == "[" else step for step in re.findall(r"[^.\[\]]+|\[\d+\]", path)]
        target: Any = result
        for step in steps[:-1]:
            target = target.setdefault(step, {}) if isinstance(target, dict) else target[step]
        last = steps[-1]
        if value is GONE:
            del target[last]
        elif isinstance(target, list) and last == len(target):
            target.append(value)
        else:
            target[last] = value
    return result


def host(**addresses: Any) -> dict[str, Any]:
    """Facts of a host: ``host(eth0="192.0.2.2/24", eth1=["10.0.0.2/24"])``."""
    interfaces: dict[str, Any] = {"lo": {"ipv4": [{"address": "127.0.0.1", "prefix": 8}], "ipv6": [], "active": True}}
    for name, given in addresses.items():
        entries = [text.split("/") for text in ([given] if isinstance(given, str) else given)]
        interfaces[name] = {"ipv4": [{"address": a, "prefix": int(p)} for a, p in entries], "ipv6": [], "active": True}
    return {"interfaces": interfaces}


FACTS: dict[str, Any] = {
    "r1": host(eth0="192.0.2.2/24", eth1="10.0.0.2/24"),
    "r2": host(eth0="192.0.2.3/24", eth1="10.0.0.3/24"),
    "web1": host(eth0="10.0.0.11/24"),
    "web2": host(eth0="10.0.0.12/24"),
    "web3": host(eth0="10.0.0.13/24"),
}


def resolved(changes: dict[str, Any]) -> dict[str, Any]:
    """The small definition with these changes, both stages through."""
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    done, problems = resolve(cluster, FACTS)
    assert done, "\n".join(map(str, problems))
    return done
