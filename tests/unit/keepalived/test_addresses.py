# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keepalived really puts on a router what `addresses` says, and nothing else; with labels and devices of their own."""

from __future__ import annotations

import json

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.vrrp import addresses

from .cases import CASES
from .checker import run

# The checker is left out (it needs IPVS in the kernel), and with it the sync daemon.
START = r"""
cd /files
sed -i 's/^ *lvs_sync_daemon.*//; s/advert_int 1$/advert_int 0.1/' a.conf
ip -j -4 address >before
keepalived -n -l -P -f /files/a.conf >log 2>&1 &
count=0
while [ $count -lt 40 ] && ! ip -o -4 address show | grep -q "$(cat last)"; do sleep 0.1; count=$((count + 1)); done
sleep 0.2
ip -j -4 address >after
kill $!
wait $!
ip -j -4 address >stopped
"""


def held(text):
    """Of `ip -j -4 address`: {(address/prefix, interface, label or None)}."""
    return {
        (f"{item['local']}/{item['prefixlen']}", link["ifname"], item["label"] if item["label"] != link["ifname"] else None)
        for link in json.loads(text)
        for item in link["addr_info"]
    }


@pytest.mark.parametrize("name", ["many_vips", "heartbeat_without_vip", "vip_without_heartbeat"])
def test_the_active_router_holds_these_addresses_and_no_other(root, name):
    whole, host = CASES[name]()
    router = next(router for router in whole["routers"] if router["host"] == host)
    expected = {(f"{vip.address}/{vip.prefix}", vip.interface, vip.label) for vip in addresses(whole, router)}
    found = run(root, {"a.conf": render(whole, host), "last": sorted(expected)[-1][0]}, START)
    assert held(found["after"]) - held(found["before"]) == expected, found["log"]
    assert held(found["stopped"]) == held(found["before"])
