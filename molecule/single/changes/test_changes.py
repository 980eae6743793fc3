# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a router without keepalived in its life. They follow on one another; at the end it is no router any more."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/single/inventory"
# Another scheduler and label of one virtual server, another VIP instead of the second
CHANGED = ("-e", "@molecule/single/definitions/changed.json")
# The real servers have been seen unchanged by a second deploy: they are left out where only the router matters
ROUTER = ("--limit", "r1")
VIPS = ["192.0.2.100", "192.0.2.101", "10.0.0.254"]
ROLE = "lvs.cluster.lvs_router : "
# What the changed definition changes; the first for the module of the other scheduler
CHANGES = ["Kernel modules, sysctls, systemd's units and what they run", "The IPVS table, all of it",
           "The addresses, now and after the next boot", "What brings the table back at boot"]
# Addresses of a host that ifupdown configures; each with the hook that brings it back
CARRIED = "molecule/single/carried.yml"
HOOKS = ["lvs-cluster-vip-eth0-192-0-2-110", "lvs-cluster-vip-lo-2001-db8--110"]


def table() -> list[str]:
    return sorted(line.strip() for line in trial.on("r1", "ipvsadm -Sn").splitlines())


def held() -> list[str]:
    return [vip for vip in VIPS if trial.holders(vip, ["r1"])]


def carried() -> list[list[str]]:
    """Interface or label, and address, of web2's."""
    lines = trial.on("web2", "ip -o addr show").splitlines()
    return [[words[-1] if words[2] == "inet" else words[1], words[3]] for words in map(str.split, (line.split("\\")[0] for line in lines))
            if words[3].split("/")[0] in ("192.0.2.110", "2001:db8::110")]


def hooks() -> list[str]:
    return [name for name in trial.on("web2", "ls /etc/network/if-up.d").split() if name.startswith("lvs-cluster-vip")]


@pytest.fixture(scope="module")
def declared() -> list[str]:
    return table()


@pytest.fixture(scope="module")
def looks(declared):
    """What verify and check mode say of a router from which a real server was taken by hand; side by side, as neither touches it.

    Meanwhile web2 gets its addresses.
    """
    trial.on("r1", "ipvsadm -d -t 192.0.2.100:80 -r 10.0.0.12:80")
    before = trial.fingerprint("r1"), table()
    with ThreadPoolExecutor() as pool:
        verify = pool.submit(play, "lvs.cluster.verify", *ROUTER, inventory=INVENTORY, check=False)
        check = pool.submit(play, "lvs.cluster.deploy", "--check", "--diff", *CHANGED, *ROUTER, inventory=INVENTORY)
        play(CARRIED, "-e", "carried_state=present", inventory=INVENTORY)
        found = {"verify": verify.result(), "check": check.result()}
    assert (trial.fingerprint("r1"), table()) == before
    return found


def test_drift_is_named(looks):
    assert looks["verify"].status and "r1: web2 (10.0.0.12:80) is out of www" in looks["verify"].output


def test_check_mode_of_a_changed_definition_shows_the_table_and_touches_nothing(looks):
    for words in ("--A -t 192.0.2.100:80 -s wrr", "+-A -t 192.0.2.100:80 -s wlc", "--a -t 192.0.2.101:80 -r 10.0.0.11:80 -m -w 100",
                  "+-a -t 192.0.2.100:80 -r 10.0.0.12:80 -m -w 100",
                  "+192.0.2.102/32 dev eth0 label eth0:102", "-192.0.2.101/32 dev eth0 label eth0:101"):
        assert words in looks["check"].output, words
    assert looks["check"].changed["r1"] == [ROLE + name for name in CHANGES]


def test_ifupdown_is_told_of_addresses(looks):
    assert sorted(carried()) == [["eth0:vip", "192.0.2.110/32"], ["lo", "2001:db8::110/128"]]
    assert hooks() == HOOKS


def test_addresses_outlive_a_restart_of_the_network():
    trial.on("r1", "systemctl restart systemd-networkd")
    assert trial.eventually(lambda: held() == VIPS, 10)
    assert trial.eventually(lambda: trial.watch("client", VIPS[0], count=5, timeout=0.5)["failed"] == 0, 10)


def test_everything_is_back_after_a_boot_without_a_play(declared):
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


def test_ifupdown_has_the_addresses_back_after_a_boot():
    trial.agent().call("reboot", host="web2")
    trial.agent().call("wait_up", hosts=["web2"])
    assert trial.eventually(lambda: sorted(carried()) == [["eth0:vip", "192.0.2.110/32"], ["lo", "2001:db8::110/128"]], 10), carried()


def test_changed_definition_repairs_drift_and_takes_off_what_it_no_longer_names():
    trial.on("r1", "ipvsadm -d -t 192.0.2.100:80 -r 10.0.0.12:80; ipvsadm -A -u 192.0.2.109:53 -s rr")
    with ThreadPoolExecutor() as pool:
        off = pool.submit(play, CARRIED, "-e", "carried_state=absent", inventory=INVENTORY)
        run = play("lvs.cluster.deploy", *CHANGED, *ROUTER, inventory=INVENTORY)
        off.result()
    assert run.changed["r1"] == [ROLE + name for name in CHANGES]
    assert held() == ["192.0.2.100", "10.0.0.254"]
    assert "eth0:web" in trial.on("r1", "ip -o addr show to 192.0.2.100")
    assert table() == sorted(
        line for vip in ("192.0.2.100", "192.0.2.102") for line in
        [f"-A -t {vip}:80 -s wlc"] + [f"-a -t {vip}:80 -r 10.0.0.{number}:80 -m -w 100" for number in (11, 12)])
    assert trial.watch("client", "192.0.2.102", count=10, interval=0.0)["failed"] == 0
    assert (carried(), hooks()) == ([], [])


def test_remove_leaves_the_hosts_as_they_were_found():
    """Also what the definition of the removal does not name: the VIP of the test before."""
    bare = {host: set(lines) for host, lines in json.loads((trial.folder() / "bare.json").read_text()).items()}
    play("lvs.cluster.remove", inventory=INVENTORY)
    with ThreadPoolExecutor() as pool:
        now = dict(zip(bare, pool.map(trial.fingerprint, bare), strict=True))
    for host, before in bare.items():
        # net.ipv4.vs.* is there as long as the module is, which all hosts of the lab share
        left = {line for line in now[host] ^ before if not line.startswith("sysctl net.ipv4.vs.")}
        assert left == set(), host
    assert not trial.on("r1", "cat /proc/net/ip_vs").splitlines()[3:]
