# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router that has the VIPs itself, and IPVS services on them, asks a real server for them: directly and through each kind of tunnel, by both families.

The real server is a namespace that the role's own program sets up; this process is the router.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober import config, packet_path

PROGRAM = Path(__file__).parents[3] / "roles/lvs_real_server/files/real-server"
NAME = "vipcheck"
MODULES = ("dummy", "ipip", "ip_gre", "ip6_tunnel", "ip6_gre", "fou", "fou6")  # as host_needs has them for these tunnels
FOUR, SIX = ("198.51.100.1", "10.1.0.11"), ("2001:db8:5::1", "fd05::11")
LIST = """local4 10.1.0.11
local6 fd05::11
vip 198.51.100.1
vip 2001:db8:5::1
tunnel ipip 4 4
tunnel ipip 6 6
tunnel gre 4 4
tunnel gre 6 6
tunnel gue 4 4 6080
tunnel gue 6 6 6080
"""
SERVER = """
import socket, sys
listening = [socket.create_server((address, 80), family=family) for address, family in (("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6))]
print("there", flush=True)
sys.stdin.read()
"""


def inside(*words: str, **options):
    return subprocess.run(["ip", "netns", "exec", NAME, *words], check=True, **options)


@pytest.fixture
def server(kernel, tmp_path):
    """Starts the role's program with a list: what the real server has."""
    (tmp_path / "list").write_text("")
    subprocess.run(["modprobe", "-a", *MODULES], check=True, timeout=60)
    ip = kernel.tool
    subprocess.run(["ip", "netns", "delete", NAME], check=False, capture_output=True)
    ip("ip", "netns", "add", NAME)
    process = None
    try:
        ip("ip", "link", "add", "srv", "type", "veth", "peer", "name", "eth0", "netns", NAME)
        for words in ("addr add 10.1.0.1/24 dev srv", "addr add fd05::1/64 dev srv nodad", "link set srv up",
                      "addr add 198.51.100.1/32 dev lo", "addr add 2001:db8:5::1/128 dev lo"):
            ip("ip", *words.split())
        for words in ("addr add 10.1.0.11/24 dev eth0", "addr add fd05::11/64 dev eth0 nodad", "link set lo up", "link set eth0 up"):
            ip("ip", "-n", NAME, *words.split())
        inside("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce")
        for service, real in (("198.51.100.1:80", "10.1.0.11"), ("[2001:db8:5::1]:80", "[fd05::11]:80")):
            kernel.tool("ipvsadm", "-A", "-t", service, "-s", "rr")
            kernel.tool("ipvsadm", "-a", "-t", service, "-r", real, "-g")
        process = subprocess.Popen(["ip", "netns", "exec", NAME, sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "there\n"

        def has(text: str) -> None:
            (tmp_path / "list").write_text(text)
            inside("sh", str(PROGRAM), "up", str(tmp_path / "list"))

        yield has
    finally:
        if process:
            process.kill()
            process.wait()
        subprocess.run(["ip", "netns", "exec", NAME, "sh", str(PROGRAM), "down"], check=False)
        subprocess.run(["ip", "netns", "delete", NAME], check=False)


def ask(where: tuple[str, str], method: str, port: int = 80, timeout: float = 10.0) -> str:
    vip, address = where
    way = {"vip": vip, "port": port, "tcp": bool(port), "method": method, "tunnel_port": 6080 if method == "gue" else None}
    check = config._check({"transport": "path", "steps": [], "match": "prefix", "interval": timeout, "timeout": timeout, "limit": 1, "warmup": 0,
                           "fall": 1, "rise": 1, "reentry_delay": 0, "slow_start": 0, "start": "up", "path": way})
    return asyncio.run(packet_path.ask(config.Target("x", "web1", (), address, 80, "x", ()), check, check.path))


@pytest.mark.parametrize("method", ["direct", "ipip", "gre", "gue"])
@pytest.mark.parametrize("where", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_it_is_there_by_its_port_and_by_itself_and_a_closed_port_is_told(server, method, where):
    server(LIST)
    assert (ask(where, method), ask(where, method, port=0)) == ("", "")
    assert ask(where, method, port=81) == f"refused at the VIP {where[0]}"
    half_open = inside("ss", "-Htn", "state", "syn-recv", capture_output=True, text=True).stdout
    assert not half_open.strip(), half_open


@pytest.mark.parametrize("method", ["direct", "ipip", "gre", "gue"])
@pytest.mark.parametrize("where", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_without_the_vip_or_without_the_tunnel_there_is_no_answer(server, method, where):
    server("".join(line for line in LIST.splitlines(keepends=True) if not line.startswith("vip")))
    assert "no answer from the VIP" in ask(where, method, timeout=0.5)
    if method != "direct":
        server("".join(line for line in LIST.splitlines(keepends=True) if not line.startswith("tunnel")))
        assert "no answer from the VIP" in ask(where, method, timeout=0.5)
        assert ask(where, "direct") == ""


def test_a_machine_that_is_not_there_is_told_apart(server):
    server(LIST)
    assert ask((FOUR[0], "10.1.0.99"), "direct", timeout=0.5) == "nobody on the network answers for 10.1.0.99"


@pytest.mark.parametrize("method", ["direct", "ipip", "gre", "gue"])
@pytest.mark.parametrize("where", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_the_members_of_a_firewall_mark_answer_a_ping_of_the_vip_though_the_router_marks_what_comes_in(server, kernel, method, where):
    """Every packet from the real server gets the mark, so IPVS looks at the answers too; without the VIP there is none."""
    subprocess.run(["modprobe", "-a", "sch_ingress", "cls_matchall", "act_skbedit"], check=True, timeout=60)
    kernel.tool("ipvsadm", "-C")
    for six, real in (((), "10.1.0.11:0"), (("-6",), "[fd05::11]:0")):
        kernel.tool("ipvsadm", "-A", "-f", "7", *six, "-s", "rr")
        kernel.tool("ipvsadm", "-a", "-f", "7", *six, "-r", real, "-g")
    kernel.tool("tc", "qdisc", "add", "dev", "srv", "ingress")
    kernel.tool("tc", "filter", "add", "dev", "srv", "parent", "ffff:", "matchall", "action", "skbedit", "mark", "7")
    server(LIST)
    assert ask(where, method, port=0) == ""
    marked = re.search(r"Sent \d+ bytes (\d+) pkt", kernel.tool("tc", "-s", "filter", "show", "dev", "srv", "parent", "ffff:"))
    assert marked and int(marked.group(1)), "nothing was marked"
    server("".join(line for line in LIST.splitlines(keepends=True) if not line.startswith("vip")))
    assert "no answer from the VIP" in ask(where, method, port=0, timeout=0.5)
