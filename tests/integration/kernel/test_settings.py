# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sync daemons and timeouts of the real kernel."""

from __future__ import annotations

MASTER = "master sync daemon (mcast=net0, syncid=%d, maxlen=%d, group=%s, port=%d, ttl=%d)"
BACKUP = "backup sync daemon (mcast=net0, syncid=%d, maxlen=%d, group=%s, port=%d, ttl=%d)"


def daemons(kernel):
    return kernel.ipvsadm("-Ln", "--daemon").splitlines()


def test_timeouts(kernel):
    result = kernel.changes("ipvs_timeouts", tcp=7200, udp=1)
    assert (result["before"], result["after"]) == (
        {"tcp": 900, "tcp_fin": 120, "udp": 300},
        {"tcp": 7200, "tcp_fin": 120, "udp": 1},
    )
    assert kernel.ipvsadm("-Ln", "--timeout").strip() == "Timeout (tcp tcpfin udp): 7200 120 1"
    kernel.changes("ipvs_timeouts", tcp_fin=2147483)
    assert kernel.ipvsadm("-Ln", "--timeout").strip() == "Timeout (tcp tcpfin udp): 7200 2147483 1"
    for wrong in ({}, {"tcp": 0}, {"udp": 2147484}, {"tcp": -1}):
        assert kernel.fails("ipvs_timeouts", **wrong)


def test_both_daemons_start_change_and_stop(kernel):
    kernel.changes("ipvs_sync_daemon", role="master", interface="net0", sync_id=17)
    assert daemons(kernel) == [MASTER % (17, 1472, "224.0.0.81", 8848, 1)]
    kernel.changes("ipvs_sync_daemon", role="backup", interface="net0", group="ff02::81", port=9000, ttl=3, max_length=2000)
    assert daemons(kernel) == [
        MASTER % (17, 1472, "224.0.0.81", 8848, 1),
        BACKUP % (0, 2000, "ff02::81", 9000, 3),
    ]
    result = kernel.changes("ipvs_sync_daemon", role="master", interface="net0", sync_id=255, group="239.0.0.5")
    assert [line.split()[1] for line in result["commands"]] == ["--stop-daemon", "--start-daemon"]
    assert daemons(kernel)[0] == MASTER % (255, 1472, "239.0.0.5", 8848, 1)
    info = kernel.module("ipvs_info", gather=["sync_daemons"])["sync_daemons"]
    assert [daemon["state"] for daemon in info] == ["master", "backup"]
    assert info[1]["group"] == "ff02::81"
    kernel.changes("ipvs_sync_daemon", role="master", state="absent")
    kernel.changes("ipvs_sync_daemon", role="backup", state="absent")
    assert daemons(kernel) == []


def test_the_default_length_follows_the_mtu_of_a_backup(kernel):
    kernel.tool("ip", "link", "set", "net0", "mtu", "9000")
    kernel.changes("ipvs_sync_daemon", role="backup", interface="net0")
    kernel.changes("ipvs_sync_daemon", role="master", interface="net0", group="ff02::81")
    assert daemons(kernel) == [
        MASTER % (0, 1452, "ff02::81", 8848, 1),
        BACKUP % (0, 8972, "224.0.0.81", 8848, 1),
    ]


def test_the_commands_are_what_ipvsadm_takes(kernel):
    result = kernel.module("ipvs_sync_daemon", role="backup", interface="net0", sync_id=5)
    kernel.module("ipvs_sync_daemon", role="backup", state="absent")
    kernel.tool(*result["commands"][0].split())
    assert daemons(kernel) == [BACKUP % (5, 1472, "224.0.0.81", 8848, 1)]


def test_mixed_families_and_a_daemon_exclude_each_other_before_the_try(kernel):
    mixed = {
        "address": "192.0.2.1",
        "port": 80,
        "destinations": [{"address": "fd00::1", "forward": "tunnel"}, {"address": "10.0.0.1"}],
    }
    kernel.module("ipvs_sync_daemon", role="backup", interface="net0")
    message = kernel.fails("ipvs_services", services=[mixed])
    assert "[fd00::1]:80" in message and "10.0.0.1" not in message and "ipvs_sync_daemon" in message
    kernel.module("ipvs_sync_daemon", role="backup", state="absent")
    kernel.changes("ipvs_services", services=[mixed])
    for check in (True, False):
        result = kernel.module("ipvs_sync_daemon", role="master", interface="net0", check=check)
        assert result["failed"] and "[fd00::1]:80" in result["msg"]
    assert daemons(kernel) == []


def test_wrong_daemons(kernel):
    for wrong, word in (
        ({"role": "master"}, "interface"),
        ({"role": "master", "interface": "nosuch0"}, "nosuch0"),
        ({"role": "slave", "interface": "net0"}, "role"),
        ({"role": "master", "interface": "net0", "sync_id": 256}, "sync_id"),
        ({"role": "master", "interface": "net0", "group": "10.0.0.1"}, "group"),
        ({"role": "master", "interface": "net0", "port": 0}, "port"),
        ({"role": "master", "interface": "net0", "ttl": 256}, "ttl"),
        ({"role": "backup", "interface": "net0", "max_length": 1000}, "max_length"),
    ):
        assert word in kernel.fails("ipvs_sync_daemon", **wrong)
    assert daemons(kernel) == []
