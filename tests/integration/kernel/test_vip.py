# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses on real interfaces, judged by ip; announcements, seen by a neighbour; the files for the next boot."""

from __future__ import annotations

import json
import os
import pathlib
import socket
import struct

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import vip_addresses
from ansible_collections.lvs.cluster.plugins.module_utils._model import vip


def addresses(kernel, interface="net0"):
    (link,) = json.loads(kernel.tool("ip", "-json", "address", "show", "dev", interface))
    return {
        "%s/%s" % (row["local"], row["prefixlen"]): (row["scope"], row.get("label"), row.get("nodad", False))
        for row in link["addr_info"]
        if not row["local"].startswith("fe80")
    }


def changes(kernel, **arguments):
    """Check mode, real run, run again; returns the result of the real run."""
    before = addresses(kernel, arguments["interface"])
    checked = kernel.module("vip", check=True, **arguments)
    assert addresses(kernel, arguments["interface"]) == before
    result = kernel.module("vip", **arguments)
    assert not result.get("failed"), result["msg"]
    assert checked == result
    assert kernel.module("vip", **arguments)["changed"] is False
    return result


@pytest.mark.parametrize("interface", ["net0", "lo"])
@pytest.mark.parametrize(
    ("address", "options", "expected"),
    [
        ("192.0.2.100", {"label": "1"}, ("192.0.2.100/32", ("global", "%s:1", False))),
        ("192.0.2.101/24", {}, ("192.0.2.101/24", ("global", "%s", False))),
        ("192.0.2.102/32", {"scope": "link", "label": "web"}, ("192.0.2.102/32", ("link", "%s:web", False))),
        ("192.0.2.103", {"scope": "host"}, ("192.0.2.103/32", ("host", "%s", False))),
        ("2001:db8::100", {}, ("2001:db8::100/128", ("global", None, True))),
        ("2001:0DB8::0101/64", {"nodad": False}, ("2001:db8::101/64", ("global", None, False))),
    ],
)
def test_life_of_an_address(kernel, interface, address, options, expected):
    others = addresses(kernel, interface)
    result = changes(kernel, address=address, interface=interface, **options)
    name, (scope, label, nodad) = expected
    found = addresses(kernel, interface)
    assert found.pop(name) == (scope, label and label.replace("%s", interface), nodad)
    assert found == others
    kernel.tool("ip", "address", "delete", name, "dev", interface)
    kernel.tool(*result["commands"][0].split())
    assert kernel.module("vip", address=address, interface=interface, **options)["changed"] is False
    changes(kernel, address=address, interface=interface, state="absent")
    assert addresses(kernel, interface) == others


def test_another_label_prefix_or_scope_replaces(kernel):
    for options in ({"label": "1"}, {"label": "2"}, {"scope": "link"}, {}):
        changes(kernel, address="192.0.2.100/32", interface="net0", **options)
    assert addresses(kernel)["192.0.2.100/32"] == ("global", "net0", False)
    changes(kernel, address="192.0.2.100/24", interface="net0")
    assert "192.0.2.100/32" not in addresses(kernel)
    assert "192.0.2.100/24" in addresses(kernel)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"interface": "nosuch0"}, "nosuch0"),
        ({"interface": "nosuch0", "persistent": True}, "nosuch0"),
        ({"interface": "net 0"}, "interface"),
        ({"address": "192.0.2.300"}, "address"),
        ({"address": "192.0.2.1/33"}, "0 to 32"),
        ({"address": "2001:db8::1/129"}, "0 to 128"),
        ({"address": "224.0.0.1"}, "unicast"),
        ({"label": "much-too-long-a-label"}, "characters"),
        ({"label": "a b"}, "label"),
        ({"address": "2001:db8::5", "label": "1"}, "label"),
        ({"scope": "site"}, "scope"),
        ({"scope": "universe"}, "scope"),
        ({"announcements": -1}, "announcements"),
        ({"persistent": True}, "systemd-networkd, ifupdown, NetworkManager"),
    ],
)
def test_wrong_arguments(kernel, options, word):
    before = addresses(kernel)
    for check in (True, False):
        result = kernel.module("vip", check=check, **dict({"address": "192.0.2.100", "interface": "net0"}, **options))
        assert result["failed"] and word in result["msg"], result
    assert addresses(kernel) == before


@pytest.mark.parametrize("address", ["192.0.2.100", "2001:db8::100"])
def test_neighbours_hear_of_it(kernel, address):
    kernel.tool("ip", "link", "add", "here", "type", "veth", "peer", "name", "there")
    for name in ("here", "there"):
        kernel.tool("ip", "link", "set", name, "up", "addrgenmode", "none")
    (link,) = json.loads(kernel.tool("ip", "-json", "link", "show", "dev", "here"))
    own = bytes.fromhex(link["address"].replace(":", ""))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as listener:
        listener.bind(("there", 3))
        listener.settimeout(5)
        result = kernel.module("vip", address=address, interface="here", announcements=3)
        assert result["announced"] == 3
        wanted = [frame for frame in (listener.recv(200) for _frame in range(3)) if ours(frame, own, address)]
        assert len(wanted) == 3
        assert kernel.module("vip", address=address, interface="here", announcements=3)["announced"] == 0


def ours(frame, own, address):
    kind = struct.unpack_from(">H", frame, 12)[0]
    if kind == 0x0806:
        packed = socket.inet_aton(address)
        return frame[6:12] == own and frame[22:28] == own and frame[28:32] == frame[38:42] == packed
    packed = socket.inet_pton(socket.AF_INET6, address)
    return kind == 0x86DD and frame[6:12] == own and frame[54] == 136 and frame[62:78] == packed and frame[80:86] == own


def test_a_neighbour_believes_the_announcement(kernel):
    """The kernel on the other end checks checksums and formats by itself."""
    other = "lvsvip%d" % os.getpid()
    kernel.tool("ip", "netns", "add", other)
    try:
        kernel.tool("ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns", other)
        kernel.tool("ip", "link", "set", "here", "up")
        for words in (
            ["address", "add", "2001:db8::2/64", "dev", "there", "nodad"],
            ["address", "add", "192.0.2.200/24", "dev", "there"],
            ["link", "set", "there", "up"],
            ["neighbour", "add", "2001:db8::100", "lladdr", "02:00:00:00:00:99", "nud", "stale", "dev", "there"],
            ["neighbour", "add", "192.0.2.100", "lladdr", "02:00:00:00:00:99", "nud", "stale", "dev", "there"],
        ):
            kernel.tool("ip", "-n", other, *words)
        (link,) = json.loads(kernel.tool("ip", "-json", "link", "show", "dev", "here"))
        for address in ("192.0.2.100", "2001:db8::100"):
            kernel.module("vip", address=address, interface="here", announcements=2)
            (neighbour,) = json.loads(kernel.tool("ip", "-n", other, "-json", "neighbour", "show", address, "dev", "there"))
            assert neighbour["lladdr"] == link["address"]
    finally:
        kernel.tool("ip", "netns", "delete", other)


def test_an_interface_that_is_gone_has_no_address(kernel):
    arguments = {"address": "192.0.2.100", "interface": "nosuch0", "state": "absent"}
    for check in (True, False):
        result = kernel.module("vip", check=check, **arguments)
        assert not result.get("failed"), result["msg"]
        assert (result["changed"], result["commands"], result["files"]) == (False, [], [])
    hook = pathlib.Path("/etc/network/if-up.d/lvs-cluster-vip-nosuch0-192-0-2-100")
    missing = [folder for folder in hook.parents if not folder.exists()]
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.touch()
    try:
        checked = kernel.module("vip", check=True, **arguments)
        assert hook.exists()
        assert kernel.module("vip", **arguments) == checked
        assert (checked["changed"], checked["files"]) == (True, [str(hook)])
        assert not hook.exists()
        assert kernel.module("vip", **arguments)["changed"] is False
    finally:
        hook.unlink(missing_ok=True)
        for folder in missing:
            folder.rmdir()


ROW = {"address": "192.0.2.100", "prefix": 32, "family": 4, "interface": "net0", "label": "net0:1", "scope": "link", "nodad": False}


@pytest.mark.parametrize("manager", [vip.IFUPDOWN, vip.NETWORK_MANAGER])
def test_the_hooks_bring_the_address_back(kernel, manager, tmp_path):
    (state,) = vip.file_of(ROW, manager, None).values()
    script = tmp_path / "hook"
    script.write_text(state["content"])
    script.chmod(0o755)
    for interface, action in (("eth9", "up"), ("net0", "up"), ("net0", "reapply")):
        words = [str(script), interface, action] if manager == vip.NETWORK_MANAGER else ["env", "IFACE=" + interface, str(script)]
        kernel.tool(*words)
        assert ("192.0.2.100/32" in addresses(kernel)) == (interface == "net0")
    assert addresses(kernel)["192.0.2.100/32"] == ("link", "net0:1", False)
    if manager == vip.NETWORK_MANAGER:
        kernel.tool("ip", "address", "delete", "192.0.2.100/32", "dev", "net0")
        for action, there in (("down", False), ("dhcp4-change", False), ("reapply", True)):
            kernel.tool(str(script), "net0", action)
            assert ("192.0.2.100/32" in addresses(kernel)) == there


def test_who_brings_an_interface_up(tmp_path):
    index = pathlib.Path("/sys/class/net/lo/ifindex").read_text().strip()
    with pytest.raises(ValueError, match="none of systemd-networkd"):
        vip_addresses.manager_of("lo", str(tmp_path))
    link = tmp_path / "run/systemd/netif/links" / index
    link.parent.mkdir(parents=True)
    link.write_text("ADMIN_STATE=unmanaged\n")
    assert vip_addresses.manager_of("lo", str(tmp_path)) == (vip.NETWORKD, None)
    stanzas = tmp_path / "etc/network/interfaces"
    stanzas.parent.mkdir(parents=True)
    stanzas.write_text("auto lo\niface lo inet loopback\n")
    assert vip_addresses.manager_of("lo", str(tmp_path)) == (vip.NETWORKD, None), "ifupdown is not installed"
    (tmp_path / "sbin").mkdir()
    (tmp_path / "sbin/ifup").touch()
    assert vip_addresses.manager_of("lo", str(tmp_path)) == (vip.IFUPDOWN, None)
    device = tmp_path / "run/NetworkManager/devices" / index
    device.parent.mkdir(parents=True)
    device.write_text("[device]\nmanaged=true\n")
    assert vip_addresses.manager_of("lo", str(tmp_path)) == (vip.NETWORK_MANAGER, None)
    link.write_text("NETWORK_FILE=/etc/systemd/network/10-lo.network\n")
    assert vip_addresses.manager_of("lo", str(tmp_path)) == (vip.NETWORKD, "/etc/systemd/network/10-lo.network")
