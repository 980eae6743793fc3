# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surprises people is said, and only where it is so."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.notes import notes
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe

from .samples import GONE, INVENTORY, MINIMAL, changed

VS = "virtual_servers[0]"
BESIDE = "clients in the network private, the real servers among them, are not served by www: with nat the answer goes past the router"
BOTH = BESIDE.replace("by www", "by www, shop")
ITSELF = "a real server that is a client of www asks itself: it has the VIP"
MEET = "connections to www, shop meet at one port of web1, web2, web3 by nat"
SHOP = {"name": "shop", "address": "192.0.2.101", "port": 80}
ROUTERS = "r1 and r2 can't be clients of the cluster's own VIPs: test them from elsewhere"
PACKETS = {f"{VS}.protocol": "udp", f"{VS}.one_packet": True}
PORTS = {f"{VS}.port": GONE, f"{VS}.ports": [80, 443], f"{VS}.forward": "direct"}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, [BESIDE, ROUTERS]),
        ({f"{VS}.forward": "direct"}, [ITSELF, ROUTERS]),
        ({f"{VS}.forward": "direct", f"{VS}.real_servers": [{"host": "web1"}, {"host": "web2", "forward": "nat"}]}, [BESIDE, ITSELF, ROUTERS]),
        (PACKETS, [BESIDE, "www gets answers with", ROUTERS]),
        ({**PACKETS, f"{VS}.forward": "direct"}, [ITSELF, ROUTERS]),
        (PORTS, [ITSELF, "a client of www may get another real server for each of its ports", ROUTERS]),
        ({**PORTS, f"{VS}.persistence": 60}, [ITSELF, ROUTERS]),
        ({**PORTS, f"{VS}.scheduler": "sh"}, [ITSELF, ROUTERS]),
        ({"virtual_servers[1]": SHOP}, [BOTH, MEET, ROUTERS]),
        ({"virtual_servers[1]": {**SHOP, "address": "192.0.2.100", "port": 8080, "real_server_port": 80}}, [BOTH, MEET, ROUTERS]),
        ({"virtual_servers[1]": {**SHOP, "ports": "all", "port": None, "persistence": 60}}, [BOTH, MEET.replace("www, shop", "shop, www"), ROUTERS]),
        ({"virtual_servers[1]": {**SHOP, "real_server_port": 8080}}, [BOTH, ROUTERS]),
        ({"virtual_servers[1]": {**SHOP, "protocol": "udp", "health_check": "none"}}, [BOTH, ROUTERS]),
        ({"virtual_servers[1]": {**SHOP, "forward": "direct"}}, [BESIDE, ITSELF.replace("of www", "of shop"), ROUTERS]),
        ({f"{VS}.port": GONE, f"{VS}.ftp": True, "firewall": True}, [BESIDE, "the firewall lets TCP in to 192.0.2.100 on port 20", ROUTERS]),
    ],
)
def test_notes(changes: dict[str, Any], wanted: list[str]) -> None:
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, problems
    found = notes(cluster)
    assert len(found) == len(wanted), found
    assert all(sentence.startswith(words) for sentence, words in zip(found, wanted, strict=True)), found
    assert all(sentence in describe(cluster) for sentence in found)
