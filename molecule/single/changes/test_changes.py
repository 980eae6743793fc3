# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a router without keepalived in its life. They follow on one another; at the end it is no router any more."""

from __future__ import annotations

import json
import time

from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/single/inventory"
# Another scheduler and label of one virtual server, another VIP instead of the second
CHANGED = "@molecule/single/definitions/changed.json"
# The real servers have been seen unchanged by a second deploy: they are left out where only the router matters
ROUTER = ("--limit", "r1")
VIPS = ["192.0.2.100", "192.0.2.101", "10.0.0.254"]
TABLE_TASK = "lvs.cluster.lvs_router : The IPVS table, all of it"


def table() -> list[str]:
    return sorted(line.strip() for line in trial.on("r1", "ipvsadm -Sn").splitlines())


def held() -> list[str]:
    return [vip for vip in VIPS if trial.holders(vip, ["r1"])]


def test_drift_is_named_and_repaired():
    declared = table()
    trial.on("r1", "ipvsadm -d -t 192.0.2.100:80 -r 10.0.0.12:80")
    verified = play("lvs.cluster.verify", *ROUTER, inventory=INVENTORY, check=False)
    assert verified.status and "r1: web2 (10.0.0.12:80) is out of www" in verified.output
    run = play("lvs.cluster.deploy", *ROUTER, inventory=INVENTORY)
    assert {host: tasks for host, tasks in run.changed.items() if tasks} == {"r1": [TABLE_TASK]}
    assert table() == declared


def test_check_mode_of_a_changed_definition_shows_the_table_and_touches_nothing():
    before = trial.fingerprint("r1"), table()
    run = play("lvs.cluster.deploy", "--check", "--diff", "-e", CHANGED, *ROUTER, inventory=INVENTORY)
    assert (trial.fingerprint("r1"), table()) == before
    for words in ("--A -t 192.0.2.100:80 -s wrr", "+-A -t 192.0.2.100:80 -s wlc", "--a -t 192.0.2.101:80 -r 10.0.0.11:80 -m -w 100",
                  "+192.0.2.102/32 dev eth0 label eth0:102", "-192.0.2.101/32 dev eth0 label eth0:101"):
        assert words in run.output, words


def test_addresses_outlive_a_restart_of_the_network():
    trial.on("r1", "systemctl restart systemd-networkd")
    assert trial.eventually(lambda: held() == VIPS, 10)
    assert trial.eventually(lambda: trial.watch("client", VIPS[0], count=5, timeout=0.5)["failed"] == 0, 10)


def test_everything_is_back_after_a_boot_without_a_play():
    declared = table()
    boot = trial.on("r1", "cat /proc/sys/kernel/random/boot_id; systemctl show -p UserspaceTimestampMonotonic --value")
    started = time.monotonic()
    trial.agent().call("reboot", host="r1")
    trial.agent().call("wait_up", hosts=["r1"])
    back = trial.eventually(lambda: held() == VIPS and table() == declared, 30)
    assert back, trial.on("r1", "ip addr; ipvsadm -Sn; systemctl status lvs-cluster-table", check=False)
    assert trial.eventually(lambda: trial.watch("client", VIPS[0], count=5, timeout=0.5)["failed"] == 0, 10)
    print(f"served again {time.monotonic() - started:.1f} s after the boot began")
    assert trial.on("r1", "cat /proc/sys/kernel/random/boot_id; systemctl show -p UserspaceTimestampMonotonic --value") != boot
    assert trial.on("r1", "sysctl -n net.ipv4.ip_forward net.ipv4.vs.expire_quiescent_template").split() == ["1", "1"]


def test_changed_definition_takes_off_what_it_no_longer_names():
    play("lvs.cluster.deploy", "-e", CHANGED, *ROUTER, inventory=INVENTORY)
    assert held() == ["192.0.2.100", "10.0.0.254"]
    assert "eth0:web" in trial.on("r1", "ip -o addr show to 192.0.2.100")
    assert [line for line in table() if line.startswith("-A")] == ["-A -t 192.0.2.100:80 -s wlc", "-A -t 192.0.2.102:80 -s wlc"]
    assert trial.watch("client", "192.0.2.102", count=10, interval=0.0)["failed"] == 0


def test_remove_leaves_the_hosts_as_they_were_found():
    """Also what the definition of the removal does not name: the VIP of the test before."""
    bare = {host: set(lines) for host, lines in json.loads((trial.folder() / "bare.json").read_text()).items()}
    play("lvs.cluster.remove", inventory=INVENTORY)
    for host, before in bare.items():
        # net.ipv4.vs.* is there as long as the module is, which all hosts of the lab share
        left = {line for line in trial.fingerprint(host) ^ before if not line.startswith("sysctl net.ipv4.vs.")}
        assert left == set(), host
    assert not trial.on("r1", "cat /proc/net/ip_vs").splitlines()[3:]
