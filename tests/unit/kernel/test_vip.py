# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the module vip, and the files for the next boot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import vip_addresses
from ansible_collections.lvs.cluster.plugins.module_utils._model import vip
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report


def wanted(**raw):
    report = Report()
    row = vip.read(dict({"interface": "eth0", "nodad": True}, **raw), report)
    assert report == []
    return row


WEB = wanted(address="192.0.2.100", label="1")


@pytest.mark.parametrize(
    ("have", "want", "present", "commands"),
    [
        ([], WEB, True, ["address add 192.0.2.100/32 dev eth0 label eth0:1"]),
        ([WEB], WEB, True, []),
        ([dict(WEB, nodad=True)], WEB, True, []),
        ([dict(WEB, address="192.0.2.101")], WEB, False, []),
        ([WEB], WEB, False, ["address delete 192.0.2.100/32 dev eth0"]),
        ([dict(WEB, prefix=24)], WEB, False, []),
        (
            [dict(WEB, label="eth0")],
            WEB,
            True,
            ["address delete 192.0.2.100/32 dev eth0", "address add 192.0.2.100/32 dev eth0 label eth0:1"],
        ),
        ([WEB, dict(WEB, prefix=24)], WEB, True, ["address delete 192.0.2.100/24 dev eth0"]),
        ([], wanted(address="2001:db8::1/64", scope="link"), True, ["address add 2001:db8::1/64 dev eth0 scope link nodad"]),
    ],
)
def test_plan(have, want, present, commands):
    assert [" ".join(vip.command(verb, row)) for verb, row in vip.plan(have, want, present)] == commands


def test_labels():
    assert wanted(address="192.0.2.1", label="eth0:web")["label"] == "eth0:web"
    assert wanted(address="192.0.2.1")["label"] == "eth0"
    assert wanted(address="2001:db8::1")["label"] is None


def test_files():
    assert vip.file_of(WEB, vip.NETWORKD, "/run/systemd/network/10-eth0.network") == {
        "/etc/systemd/network/10-eth0.network.d/60-lvs-cluster-vip-eth0-192-0-2-100.conf": {
            "content": "# Managed by lvs.cluster.vip.\n[Address]\nAddress=192.0.2.100/32\nLabel=eth0:1\n",
            "mode": "0644",
        }
    }
    found = vip.file_of(wanted(address="2001:db8::1", interface="lo"), vip.NETWORKD, None)
    assert found[vip.LOOPBACK_UNIT]["content"].endswith("[Match]\nName=lo\n\n[Network]\nKeepConfiguration=yes\n")
    assert "DuplicateAddressDetection=none" in found[vip.LOOPBACK_UNIT + ".d/60-lvs-cluster-vip-lo-2001-db8--1.conf"]["content"]
    ((path, state),) = vip.file_of(wanted(address="192.0.2.1", interface="eth0.5"), vip.IFUPDOWN, None).items()
    assert path == "/etc/network/if-up.d/lvs-cluster-vip-eth0-5-192-0-2-1"
    assert state["mode"] == "0755"


def write(root, *paths):
    for path in paths:
        (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (root / path[1:]).touch()


LO = wanted(address="192.0.2.100", interface="lo")
LO_FILE = vip.LOOPBACK_UNIT + ".d/60-lvs-cluster-vip-lo-192-0-2-100.conf"


@pytest.mark.parametrize(
    ("row", "manager", "unit"),
    [
        (WEB, vip.NETWORKD, "/run/systemd/network/10-eth0.network"),
        (WEB, vip.IFUPDOWN, None),
        (WEB, vip.NETWORK_MANAGER, None),
        (LO, vip.NETWORKD, "/etc/systemd/network/10-lo.network"),
        (LO, vip.NETWORKD, None),
    ],
)
def test_files_are_found_also_when_interface_and_manager_are_gone(tmp_path, row, manager, unit):
    assert vip_addresses.files_left(row, str(tmp_path)) == []
    mine = list(vip.file_of(row, manager, unit))
    of_another = vip.file_of(dict(row, address="192.0.2.101"), manager, "/etc/systemd/network/10-other.network")
    write(tmp_path, *mine, *of_another)
    assert sorted(vip_addresses.files_left(row, str(tmp_path))) == sorted(mine)


def test_another_address_of_the_loopback_keeps_its_unit(tmp_path):
    write(tmp_path, vip.LOOPBACK_UNIT, LO_FILE, LO_FILE.replace("100", "101"))
    assert vip_addresses.files_left(LO, str(tmp_path)) == [LO_FILE]
    assert vip_addresses.files_left(dict(LO, interface="eth0"), str(tmp_path)) == []


def test_announcements_are_what_the_standards_say():
    own = "02:00:00:00:00:01"
    assert vip_addresses.announcement(WEB, own).hex() == (
        "ffffffffffff" "020000000001" "0806" "0001080006040001" "020000000001" "c0000264" "000000000000" "c0000264"
    )
    frame = vip_addresses.announcement(wanted(address="2001:db8::100"), own)
    assert frame[:14].hex() == "333300000001" "020000000001" "86dd"
    checked = frame[22:54] + (32).to_bytes(4, "big") + (58).to_bytes(4, "big") + frame[54:]
    total = sum(int.from_bytes(checked[place : place + 2], "big") for place in range(0, len(checked), 2))
    assert (total & 0xFFFF) + (total >> 16) == 0xFFFF


def test_the_module_does_without_pyroute2():
    """It is run once for each address: the library's import would be most of its time."""
    program = "import sys; from ansible_collections.lvs.cluster.plugins.modules import vip; sys.exit('pyroute2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
