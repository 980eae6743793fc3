# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""real_server_drain and real_server_info on a router without keepalived: the table, what comes back at boot, and a connection that counts."""

from __future__ import annotations

import socket

import pytest

TABLE = ["-A -t 192.0.2.1:80 -s wrr", "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 100", "-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 50"]
MEMBERS = [{"name": "web1", "address": "10.0.0.1", "port": 80, "weight": 100}, {"name": "web2", "address": "10.0.0.2", "port": 80, "weight": 50}]
WWW = {"name": "www", "protocol": "tcp", "address": "192.0.2.1", "port": 80, "firewall_mark": None, "family": 4, "quorum": 1, "real_servers": MEMBERS}


@pytest.fixture
def router(kernel, tmp_path):
    kernel.ipvsadm("--restore", text="\n".join(TABLE) + "\n")
    saved = tmp_path / "table"
    saved.write_text("\n".join(TABLE) + "\n")
    places = {"virtual_servers": [WWW], "folder": str(tmp_path / "drain"), "saved_table": str(saved)}

    def drain(check=False, **arguments):
        return kernel.module("real_server_drain", check, **places, **arguments)

    drain.saved, drain.folder = saved, tmp_path / "drain"
    return drain


def weights(kernel):
    return [int(line.rsplit("-w ", 1)[1]) for line in kernel.saved() if line.startswith("-a")]


def test_life_of_a_drain(kernel, router):
    checked = router(check=True, servers=["web1"], reason="disk")
    assert (checked["changed"], weights(kernel), router.folder.exists(), router.saved.read_text().splitlines()) == (True, [100, 50], False, TABLE)
    done = router(servers=["web1"], reason="disk")
    assert (done["changed"], done["commands"]) == (True, checked["commands"])
    assert done["commands"] == ["ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 0"]
    assert weights(kernel) == [0, 50]
    assert router.saved.read_text().splitlines() == [TABLE[0], TABLE[1].replace("-w 100", "-w 0"), TABLE[2]], "or it would be back after a boot"
    note = (router.folder / "servers/web1").read_text()
    assert note.startswith("-65534\nsince 20")
    assert note.endswith("\nreason disk\n")
    again = router(servers=["web1"], reason="another")
    assert (again["changed"], again["drained"]["servers/web1"]["reason"]) == (False, "disk")
    assert router(state="undrained", servers=["web1"], reason="another")["changed"] is False
    assert router(state="undrained", servers=["web1"])["commands"] == ["ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 100"]
    assert (weights(kernel), router.saved.read_text().splitlines()) == ([100, 50], TABLE)
    assert router(state="undrained", servers=["web1"])["changed"] is False


def test_the_last_one_is_drained_only_by_force(kernel, router):
    router(servers=["web1"])
    result = router(servers=["web2"], services=["www"])
    assert result["failed"]
    assert "www would be left with no real server, and needs 1 that serves" in result["msg"]
    assert (weights(kernel), (router.folder / "services").exists()) == ([0, 50], False)
    assert router(servers=["web2"], services=["www"], force=True)["changed"]
    assert weights(kernel) == [0, 0]
    assert set(router(state="undrained", servers=["web1", "web2"])["drained"]) == set()
    assert weights(kernel) == [100, 50]


def test_a_table_that_lost_the_drain_gets_it_again(kernel, router):
    router(servers=["web1"])
    kernel.ipvsadm("-e", "-t", "192.0.2.1:80", "-r", "10.0.0.1:80", "-m", "-w", "100")
    assert router(servers=["web1"])["commands"] == ["ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 0"]
    assert weights(kernel) == [0, 50]


def test_a_connection_is_waited_for_until_it_is_gone(kernel, router):
    """A real connection: the real server is a socket of this namespace."""
    kernel.tool("ip", "addr", "add", "10.0.0.1/32", "dev", "lo")
    kernel.ipvsadm("-d", "-t", "192.0.2.1:80", "-r", "10.0.0.2:80")
    kernel.ipvsadm("-e", "-t", "192.0.2.1:80", "-r", "10.0.0.1:80", "-g", "-w", "100")

    def info(**more):
        return kernel.module("real_server_info", virtual_servers=[WWW], folder=str(router.folder), servers=["web1"], wait_for="no_connections", **more)

    assert info()["reached"]
    with socket.create_server(("192.0.2.1", 80)) as server:
        client = socket.create_connection(("192.0.2.1", 80), timeout=5)
        other, _ = server.accept()
        seen = info(timeout=0.5)
        assert (seen["reached"], seen["real_servers"][0]["active_connections"]) == (False, 1), seen
        assert seen["waiting_for"] == ["web1 in www: 1 active, 0 inactive, 0 persistent connections"]
        assert info(vips=["192.0.2.77"])["reached"], "a router that has none of the VIPs is not the active one"
        for end in (client, other):
            end.close()
    assert info(timeout=10)["reached"]
