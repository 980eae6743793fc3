# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every other test builds on: the lab is what it says it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time

import pytest
from program import BASE, PROJECT, LabUnderTest

BOTH_IMAGES = ["r1", "web1"]


def lost(lab: LabUnderTest, address: str, count: int = 4) -> int:
    """How many of so many pings from the client get no answer within half a second (more where the lab is slow)."""
    seconds = 0.5 * lab.facts()["patience"]
    return sum("1 received" not in lab.on("client", f"ping -c1 -W{seconds} {address}", check=False) for _ in range(count))


@pytest.mark.parametrize("host", BOTH_IMAGES)
def test_hosts_are_bare(lab, host):
    for package in ("keepalived", "ipvsadm", "rsync", "nginx-light"):
        assert "Status: install ok" not in lab.on(host, f"dpkg -s {package} 2>&1", check=False)


@pytest.mark.parametrize("host", ["client", *BOTH_IMAGES, "web2"])
def test_default_route_is_not_the_management_one(lab, host):
    route = json.loads(lab.on(host, "ip -j route show default"))
    assert [entry["dev"] for entry in route] == ["eth0"]


def test_a_network_with_ipv6_has_it_on_all_its_hosts_by_both_managers(lab):
    assert "2001:db8:2::11/64" in lab.on("web1", "ip -6 -br address show eth0")
    assert "default via 2001:db8:2::1 dev eth0" in lab.on("web1", "ip -6 route")
    lab.on("r1", "ping -6 -c 1 -W 5 2001:db8:2::11 && ping -6 -c 1 -W 5 2001:db8:2::12 && ping -6 -c 1 -W 5 2001:db8:2::1")


@pytest.mark.parametrize("host", BOTH_IMAGES)
def test_reboot_is_a_new_boot(lab, host):
    """A stray address, an IPVS service and a file in /run are gone; a file in /etc is kept."""
    lab.on(host, "apt-get -qq update && apt-get -qq install -y --no-install-recommends ipvsadm >/dev/null 2>&1")
    lab.on(host, "modprobe ip_vs && ip addr add 10.0.0.77/32 dev eth0 && ipvsadm -A -t 10.0.0.77:80 -s rr && touch /run/stray /etc/kept")
    assert "10.0.0.77" in lab.on(host, "ip -br addr; ipvsadm -Sn")
    assert "-A -t 10.0.0.77:80" in lab.on(host, "ipvsadm -Sn")
    lab.do("reboot", host)
    lab.do("wait_up", host)
    assert "10.0.0.77" not in lab.on(host, "ip -br addr")
    assert lab.on(host, "ipvsadm -Sn").strip() == ""
    assert lab.on(host, "ls /run/stray /etc/kept 2>/dev/null", check=False).split() == ["/etc/kept"]


def test_host_that_reboots_itself_comes_back(lab):
    lab.on("r1", "touch /run/stray")
    lab.on("r1", "systemctl reboot", check=False)
    limit = time.monotonic() + 90 * lab.facts()["patience"]
    while time.monotonic() < limit:
        time.sleep(0.5)
        if lab.on("r1", "test -e /run/stray && echo old || echo new", check=False).strip() == "new":
            break
    assert lab.on("r1", "ls /run/stray 2>&1", check=False) != "/run/stray\n"


def test_power_off_and_on(lab):
    gateways = lab.kernel("cat /sys/class/net/br-*/address").stdout
    lab.do("power_off", "r1")
    assert lost(lab, "192.0.2.2", 2) == 2
    lab.do("power_off", "r1")      # of one that is off: nothing happens
    lab.do("power_on", "r1")
    lab.do("wait_up", "r1")
    # wait_up answers for the management interface; the host's other ones may come a moment later
    limit = time.monotonic() + 60 * lab.facts()["patience"]
    while lost(lab, "192.0.2.2", 1) and time.monotonic() < limit:
        time.sleep(0.2)
    assert lost(lab, "192.0.2.2") == 0
    assert lab.kernel("cat /sys/class/net/br-*/address").stdout == gateways      # nobody's neighbour has changed


def test_cable_cut_takes_the_carrier(lab):
    lab.do("cut", "r1", "public")
    assert "NO-CARRIER" in lab.on("r1", "ip link show eth0")
    assert lost(lab, "192.0.2.2", 2) == 2
    lab.do("mend", "r1", "public")
    assert lost(lab, "192.0.2.2") == 0


def test_silent_cut_keeps_the_carrier(lab):
    lab.do("cut", "r1", "public", "silent")
    assert "NO-CARRIER" not in lab.on("r1", "ip link show eth0")
    assert lost(lab, "192.0.2.2", 2) == 2
    lab.do("mend", "r1", "public")
    assert lost(lab, "192.0.2.2") == 0


def test_slow_and_lossy_links(lab):
    lab.do("slow", "r1", "public", "60")
    answer = lab.on("client", "ping -c1 -W2 192.0.2.2")
    assert float(answer.split("time=")[1].split()[0]) >= 120      # both ways
    lab.do("lossy", "r1", "public", "50")
    answer = lab.on("client", "ping -c40 -i0.02 -W0.2 192.0.2.2", check=False)
    received = int(answer.split(" received")[0].split()[-1])
    assert 0 < received < 30                                       # a quarter is expected: half, each way
    lab.do("mend", "r1", "public")
    assert lost(lab, "192.0.2.2") == 0


def test_frozen_host_does_nothing_until_thawed(lab):
    lab.do("freeze", "web1")
    frozen = subprocess.run([str(PROJECT / "lab/lab"), "ssh", "web1", "true"], env={**os.environ, "LAB": lab.name}, capture_output=True, timeout=60)
    lab.do("thaw", "web1")
    assert frozen.returncode == 255      # the kernel accepts the connection, sshd never speaks
    assert lab.on("web1", "echo alive").strip() == "alive"


def test_networks_meet_at_the_routers_alone(lab):
    """The client cannot go around the routers under test by way of the lab's kernel."""
    assert lost(lab, "10.0.0.11", 2) == 2


def test_inside_cannot_write_to_the_machine(lab, tmp_path):
    planted = tmp_path / "planted"
    lab.kernel(f"mkdir -p /root/m && mount -t hostfs -o / none /root/m && touch /root/m{planted}; touch {planted}", check=False)
    lab.kernel("mkdir -p /root/9 && mount -t 9p -o rw,trans=virtio,version=9p2000.L machine /root/9; mount -o remount,rw /lab/roots; "
               f"touch /root/9{planted} /lab/roots/planted", check=False)
    assert not (PROJECT / ".build/lab/roots/planted").exists()
    assert not planted.exists()
    lab.kernel("echo back > $LVS_LAB_HANDBACK/planted")
    assert (lab.folder / "handback/planted").read_text() == "back\n"


@pytest.mark.parametrize("status", [0, 3])
def test_exit_status_of_the_work_is_that_of_the_command(lab, status):
    assert lab.kernel(f"exit {status}", check=False).returncode == status
    assert lab.do("run", "--", "sh", "-c", f"exit {status}", check=False).returncode == status
    assert lab.do("ssh", "r1", f"exit {status}", check=False).returncode == status


def test_second_lab_beside_the_first_and_nothing_left_of_it(lab):
    """Same topology, same addresses, at the same time; what one does the other does not see."""
    other = LabUnderTest(f"{BASE}2")
    try:
        other.do("up", str(PROJECT / "tests/lab/topology.toml"))
        other.on("r1", "touch /etc/only-here")
        assert lab.on("r1", "ls /etc/only-here 2>&1", check=False) == "" or "No such file" in lab.on("r1", "ls /etc/only-here 2>&1", check=False)
        processes = subprocess.run(["ip", "netns", "pids", other.namespace], capture_output=True, text=True).stdout.split()
        assert processes
    finally:
        other.do("down")
    assert not other.folder.exists()
    assert other.namespace not in subprocess.run(["ip", "netns"], capture_output=True, text=True).stdout
    assert not [pid for pid in processes if os.path.exists(f"/proc/{pid}")]
    assert lab.on("r1", "echo alive").strip() == "alive"


def test_wrong_topology_is_refused_with_every_mistake(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('machines = 3\n[networks.public]\ncidr = "192.0.2.0/24"\ngateway = "10.0.0.1"\nmtu = 9000\ncidr6 = "192.0.2.0/24"\n'
                     '[networks.private]\ncidr = "10.0.0.0/24"\ngateway = "10.0.0.1"\n'
                     '[hosts.a]\nnetworks = {public = "192.0.3.1", private = "ten"}\nimage = "plan9"\n')
    done = LabUnderTest("never").do("up", str(wrong), check=False)
    assert done.returncode == 2
    for words in ("machines: unknown", "networks.public.mtu: unknown", "networks.public.cidr6: 192.0.2.0/24 is not IPv6",
                  "networks.public.gateway: 10.0.0.1 is not in 192.0.2.0/24",
                  "hosts.a.image: one of", "hosts.a.networks.private: ten is not an address in 10.0.0.0/24"):
        assert words in done.stderr
    assert not LabUnderTest("never").folder.exists()


def test_unknown_host_and_network_are_refused_with_the_names_that_exist(lab):
    assert "there are client, r1" in lab.do("reboot", "r9", check=False).stderr
    assert "it has public, management" in lab.do("cut", "client", "private", check=False).stderr


def test_project_may_lie_in_tmp(tmp_path):
    """The lab's own /tmp is another one: a clone in the machine's must be seen all the same, and stay as it is."""
    shutil.copytree(PROJECT / "lab", tmp_path / "clone/lab", ignore=shutil.ignore_patterns("__pycache__"))
    small = tmp_path / "clone/small.toml"
    small.write_text('[networks.public]\ncidr = "192.0.2.0/24"\ngateway = "192.0.2.1"\n[hosts.r1]\nnetworks = {public = "192.0.2.2"}\n')
    clone = LabUnderTest(f"{BASE}-clone", tmp_path / "clone")
    try:
        clone.do("up", str(small))
        assert clone.kernel("cat small.toml; touch planted; echo back > $LVS_LAB_HANDBACK/x", check=False).stdout.startswith(small.read_text())
        assert (clone.folder / "handback/x").read_text() == "back\n"
        assert clone.on("r1", "hostname").strip() == "r1"
    finally:
        clone.do("down")
    assert not (tmp_path / "clone/planted").exists()
    assert not clone.folder.exists()


@pytest.mark.parametrize(("call", "words"), [
    (["run"], "the command is missing"), (["kernel", "--"], "the command is missing"), (["run", "--", "/no/such/program"], "there is no /no/such/program"),
    (["cut", "r1"], "what is `lab cut r1`"), (["cut", "r1", "public", "loudly"], "what is `lab cut r1 public loudly`"),
    (["slow", "r1", "public", "much"], "could not convert"), (["frobnicate"], "`lab help` tells"),
])
def test_wrong_call_is_refused_in_one_line(lab, call, words):
    done = lab.do(*call, check=False)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr
    assert lost(lab, "192.0.2.2", 1) == 0
