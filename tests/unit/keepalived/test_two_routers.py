# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two routers with the files that are rendered for them understand each other: one active, failover, fail-back or not."""

from __future__ import annotations

import re

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render

from .cases import with_heartbeat
from .checker import run

# Two network namespaces, joined on both networks. Both adverts are cut at once by nothing but the end of keepalived.
START = r"""
cd /files
sed -i 's/^ *lvs_sync_daemon.*//' r1.conf r2.conf
for name in r1 r2; do ip netns add $name; ip -n $name link set lo up; done
for link in eth0 eth1; do ip link delete $link; ip link add $link netns r1 type veth peer name $link netns r2; done
number=2
for name in r1 r2; do
    ip -n $name address add 192.0.2.$number/24 dev eth0
    ip -n $name address add 10.0.0.$number/24 dev eth1
    for link in eth0 eth1; do ip -n $name link set $link up; done
    number=$((number + 1))
done
start() { ip netns exec $1 keepalived -n -l -P -p /run/$1.pid -r /run/$1.vrrp.pid -f /files/$1.conf >>$1.log 2>&1 & }
holds() { ip -n $1 -o address | grep -q '192.0.2.100/32' && ip -n $1 -o address | grep -q '10.0.0.254/32'; }
holder() { for name in r1 r2; do holds $name && printf '%s ' $name; done; }
report() { echo "$1: $(holder)" >>story; }
await() { count=0; while [ "$(holder)" != "$1 " ] && [ $count -lt 50 ]; do sleep 0.1; count=$((count + 1)); done; }
start r1; first=$!; await r1; report "r1 alone"
start r2; second=$!; sleep 0.8; report "both"
kill $first; wait $first; await r2; report "r1 ended"
start r1; first=$!; sleep 1.2; report "r1 is back"
kill $first $second; wait
report "both ended"
"""


@pytest.mark.parametrize(
    ("heartbeat", "after_return"),
    [({"mode": "unicast"}, "r1"), ({"mode": "multicast", "fail_back": False}, "r2")],
    ids=["unicast", "multicast without fail-back"],
)
def test_one_is_active_at_any_time(root, heartbeat, after_return):
    whole = with_heartbeat(interval=0.1, hand_over=None, **heartbeat)
    found = run(root, {"r1.conf": render(whole, "r1"), "r2.conf": render(whole, "r2")}, START)
    logs = found["r1.log"] + found["r2.log"]
    story = [line.strip() for line in found["story"].splitlines()]
    assert story == ["r1 alone: r1", "both: r1", "r1 ended: r2", f"r1 is back: {after_return}", "both ended:"], logs
    # At fail-back the one that goes hears nothing wrong, only a lower priority.
    strange = re.findall(r".*(?:mismatch|expected|not in|discard|ignor).*", logs, re.IGNORECASE)
    assert [line for line in strange if "received lower priority (100) advert" not in line] == []
