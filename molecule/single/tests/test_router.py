# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster of one router is as declared, asked on the hosts and by a client's packets. Runs after the deploy and at the end."""

from __future__ import annotations

import json

import pytest
from lvslab import trial

VIPS = ("192.0.2.100", "192.0.2.101")
TABLE = {
    "-A -t 192.0.2.100:80 -s wrr", "-a -t 192.0.2.100:80 -r 10.0.0.11:80 -m -w 100", "-a -t 192.0.2.100:80 -r 10.0.0.12:80 -m -w 100",
    "-A -t 192.0.2.101:80 -s rr", "-a -t 192.0.2.101:80 -r 10.0.0.11:80 -m -w 100", "-a -t 192.0.2.101:80 -r 10.0.0.12:80 -m -w 100",
}


def test_no_keepalived(at):
    assert not at("r1").package("keepalived").is_installed
    assert not at("r1").file("/etc/keepalived").exists
    assert not at("r1").user("keepalived_script").exists


def test_kernel_holds_the_declared_table(at):
    """By ipvsadm, which is not our code."""
    assert {line.strip() for line in at("r1").check_output("ipvsadm -Sn").splitlines()} == TABLE


def test_router_holds_the_addresses(at):
    found = {entry["local"]: entry["label"] for device in json.loads(at("r1").check_output("ip -j -4 addr show")) for entry in device["addr_info"]}
    assert (found["192.0.2.100"], found["192.0.2.101"]) == ("eth0:100", "eth0:101")
    assert "10.0.0.254" in found


@pytest.mark.parametrize("vip", VIPS)
def test_client_is_served_in_equal_shares_and_seen_by_its_own_address(vip):
    seen = trial.watch("client", vip, count=40, interval=0.0)
    assert seen["failed"] == 0, seen
    assert all(abs(seen["servers"][name] - 20) <= 2 for name in ("web1", "web2")), seen["servers"]
    assert set(seen["sources"]) == {"192.0.2.10"}


@pytest.mark.parametrize("path", ["/etc/lvs-cluster/table", "/etc/lvs-cluster/addresses", "/usr/libexec/lvs-cluster/table"])
def test_what_boots_it_is_changed_by_root_alone(at, path):
    file = at("r1").file(path)
    assert (file.user, file.group, file.mode & 0o022) == ("root", "root", 0)


def test_unit_is_enabled_well_and_confined(at):
    unit = at("r1").service("lvs-cluster-table")
    assert unit.is_enabled and unit.is_running
    exposure = at("r1").check_output("systemd-analyze security --no-pager lvs-cluster-table.service | tail -1")
    assert float(exposure.split(":")[1].split()[0]) < 3, exposure


def test_deploy_takes_few_tasks():
    """All of them counted: facts, skipped ones."""
    counted = json.loads((trial.folder() / "converge.json").read_text())["tasks"]
    assert len(counted["r1"]) <= 20, counted["r1"]
