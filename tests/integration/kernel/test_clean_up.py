# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dead keepalived left: the addresses of the list go, of both families and from any device, the table and the sync daemons; all else stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "roles/lvs_router/files/clean-up"
LEFT = """
link add eth0 type dummy
link add vlan7 type dummy
addr add 198.51.100.2/24 dev eth0
addr add 198.51.100.100/32 dev eth0 label eth0:100
addr add 198.51.100.101/24 dev eth0 label eth0:www
addr add 2001:db8:7::100/128 dev eth0 nodad
addr add 2001:db8:7::2/64 dev vlan7 nodad
addr add 2001:db8:7::101/64 dev vlan7 nodad
addr add 10.254.0.254/32 dev vlan7
link set eth0 up
link set vlan7 up
"""
LIST = "# Every address\n198.51.100.100/32\n198.51.100.101/32\n2001:db8:7::100/128\n2001:db8:7::101/128\n10.254.0.254/32\n198.51.100.250/32\n"
TABLE = "-A -t 198.51.100.100:80 -s rr\n-a -t 198.51.100.100:80 -r 10.0.0.1:80 -m\n-A -u [2001:db8:7::100]:53 -s wlc\n-A -f 7 -s sh\n"


def addresses(kernel) -> set[str]:
    found = json.loads(kernel.tool("ip", "-j", "addr", "show"))
    return {f"{device['ifname']} {entry['local']}" for device in found for entry in device["addr_info"] if entry["scope"] == "global"}


def test_a_dead_keepalived_leaves_nothing_of_its_own_and_all_that_is_others(kernel, tmp_path):
    before = addresses(kernel)
    kernel.tool("ip", "-batch", "-", text=LEFT)
    kernel.ipvsadm("-R", text=TABLE)
    kernel.ipvsadm("--start-daemon", "backup", "--mcast-interface", "vlan7")
    (tmp_path / "list").write_text(LIST)
    assert len(addresses(kernel) - before) == 7 and len(kernel.saved()) == 4

    # systemd says how the unit ended: another's keepalived that lives keeps nothing
    kernel.tool("env", "SERVICE_RESULT=signal", f"PATH={os.environ['PATH']}", "sh", str(SCRIPT), str(tmp_path / "list"))

    assert addresses(kernel) - before == {"eth0 198.51.100.2", "vlan7 2001:db8:7::2"}
    assert before <= addresses(kernel)
    assert kernel.saved() == []
    assert kernel.ipvsadm("-L", "--daemon").strip() == ""
