# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbours with a wrong address, a real server that lost its VIP, a failover, a boot of every host. The cluster is whole again after each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from lvslab import trial

ROUTERS, SERVERS, UNMANAGED = ["r1", "r2"], ["web1", "web2", "web3"], ["web4", "web5"]
MANAGED = [*ROUTERS, *SERVERS]
INVENTORY = Path(__file__).parents[1] / "inventory" / "cluster.yml"
NAT, DIRECT, IPIP, GUE, GRE, MIXED = (f"192.0.2.{100 + number}" for number in range(6))
BY_ITS_DEVICE = "192.0.2.111"
TWINS = [f"2001:db8:1::{number}" for number in (100, 101, 102)]
VIPS = [NAT, DIRECT, IPIP, GUE, GRE, MIXED, *TWINS]


# What makes a host a part of the cluster while it runs. Without link-local addresses: the lab's cables have new ones after a boot
STATE = r"""
ip -o addr show | awk '{print "address", $2, $4}' | grep -v ' fe80:'
for family in 4 6; do ip -$family rule show; ip -$family route show table all | grep -v -e 'proto kernel' -e '^multicast'; done
ip fou show 2>/dev/null
ip -o link show up | awk '{sub("@.*", "", $2); print "up", $2}'
sysctl -a -r '^net[./]ipv4[./](ip_forward|vs[./].*)$'
sysctl -a -r '^net[./]ipv[46][./]conf[./](all|eth[0-9]+)[./](forwarding|accept_ra|send_redirects|promote_secondaries|rp_filter|arp_ignore|arp_announce)$'
systemctl is-enabled keepalived lvs-guard lvs-cluster-real-server
ipvsadm -Sn 2>/dev/null
"""
# One question for each virtual server, in the words of what answers there: 'kind address port' in, who answered out
ASK = r"""
import socket, struct
SIP = b'INVITE sip:a@lab SIP/2.0\r\nVia: SIP/2.0/UDP lab\r\nCall-ID: again@lab\r\nContent-Length: 0\r\n\r\n'
DNS = struct.pack('>HHHHHH', 7, 256, 1, 0, 0, 0) + b'\x03who\x03lab\x00' + struct.pack('>HH', 16, 1)
def ask(kind, address, port):
    s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM if kind in ('udp', 'sip', 'dns') else socket.SOCK_STREAM,
                      132 if kind == 'sctp' else 0)
    s.settimeout(3); s.connect((address, port))
    words = {'http': b'GET / HTTP/1.0\r\n\r\n', 'sip': SIP, 'dns': DNS, 'udp': b'x'}.get(kind)
    if words: s.sendall(words)  # SCTP has no empty message
    text = s.recv(999)
    while kind == 'http':
        more = s.recv(999); text += more
        if not more: break
    return text.split(b'web')[1][:1].decode()
for kind, address, port in QUESTIONS:
    try: print(kind, address, port, 'web' + ask(kind, address, port))
    except (OSError, IndexError) as error: print(kind, address, port, 'nobody:', error)
"""


def kind(service: dict) -> str:
    named = {"dns": "dns", "sip": "sip", "ftp": "ftp"}.get(service["name"])
    return named or ("http" if service.get("port") == 80 else service.get("protocol", "tcp"))


def questions() -> list[tuple[str, str, int]]:
    """One for each virtual server of the definition, and for its twin."""
    services = yaml.safe_load(INVENTORY.read_text())["all"]["vars"]["lvs_cluster"]["virtual_servers"]
    port = {"all": 7000, "ftp": 21}
    return [(kind(service), service[key], service.get("port") or port[service["name"]])
            for service in services for key in ("address", "address6") if key in service and service["name"] != "leaving"]


def state(host: str) -> set[str]:
    return set(trial.on(host, STATE, check=False).splitlines())


def states() -> dict[str, set[str]]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(MANAGED, pool.map(state, MANAGED), strict=True))


def served(vip: str) -> bool:
    seen = trial.watch("client", vip, count=4, interval=0.0, timeout=1)
    return seen["failed"] == 0


@pytest.fixture(scope="module")
def whole() -> dict[str, set[str]]:
    """Every host's state while nothing is wrong: twice the same, with health checks in between."""
    before = states()
    for _ in range(10):
        time.sleep(7 * trial.patience())
        now = states()
        if now == before:
            return now
        before = now
    raise AssertionError("the cluster does not come to rest")


@pytest.fixture(scope="module", autouse=True)
def poisoned(whole):
    """The client believes from the first test on that a VIP is web1: until a router says otherwise (every 60 s, and at a failover)."""
    wrong = trial.on("web1", "cat /sys/class/net/eth1/address").strip()
    trial.on("client", f"ip neigh replace {GRE} lladdr {wrong} dev eth0 nud stale")
    yield wrong


def test_a_real_server_that_would_answer_for_the_vip_does_not_get_it():
    """The program refuses the order that poisons a segment."""
    trial.on("web3", "/usr/libexec/lvs-cluster/real-server down; sysctl -qw net.ipv4.conf.all.arp_ignore=0")
    words = trial.on("web3", "/usr/libexec/lvs-cluster/real-server up 2>&1; ip -o address show", check=False)
    assert "arp_ignore and arp_announce are not in force" in words
    assert DIRECT not in words
    trial.on("web3", "sysctl -qw net.ipv4.conf.all.arp_ignore=1; /usr/libexec/lvs-cluster/real-server up")
    assert served(DIRECT)


def test_strict_filtering_for_all_interfaces_is_no_obstacle():
    """An administrator's rp_filter=1 for `all`: the real servers' own devices have 2, which wins."""
    for server in SERVERS:
        trial.on(server, "sysctl -qw net.ipv4.conf.all.rp_filter=1")
    try:
        trial.on("client", "ip neigh flush dev eth0")
        assert {vip: served(vip) for vip in (DIRECT, IPIP, GUE, GRE)} == dict.fromkeys((DIRECT, IPIP, GUE, GRE), True)
    finally:
        for server in SERVERS:
            trial.on(server, "sysctl -qw net.ipv4.conf.all.rp_filter=0")


def test_failover_keeps_every_way_working_and_heals_neighbours(poisoned):
    trial.on("client", f"ip neigh replace {GRE} lladdr {poisoned} dev eth0 nud stale")
    clients = {vip: trial.Watch("client", vip, seconds=8.0, interval=0.1, timeout=0.3) for vip in (NAT, DIRECT, GUE, *TWINS[:2])}
    time.sleep(1.5)
    trial.agent().call("power_off", host="r1")
    seen = {vip: client.result() for vip, client in clients.items()}
    print("outage", {vip: result["hole_ms"] for vip, result in seen.items()})
    assert all(result["hole_ms"] < 7000 for result in seen.values()), seen
    assert poisoned not in trial.on("client", f"ip neigh show {GRE}")
    assert all(served(vip) for vip in VIPS)
    trial.agent().call("power_on", host="r1")
    trial.agent().call("wait_up", hosts=["r1"])


def test_everything_is_back_after_every_host_has_booted(whole):
    """No play: each host is as it was, and every virtual server answers."""
    for host in [*MANAGED, *UNMANAGED]:
        trial.agent().call("reboot", host=host)
    trial.agent().call("wait_up", hosts=[*MANAGED, *UNMANAGED])
    assert trial.eventually(lambda: trial.holders(NAT, ROUTERS) == ["r1"], 60)
    assert trial.eventually(lambda: states() == whole, 60, every=2), {host: sorted(now ^ whole[host]) for host, now in states().items()}
    assert all(trial.eventually(lambda: served(vip), 60) for vip in VIPS)  # noqa: B023
    asked = questions()
    assert len(asked) > 50
    trial.on("client", f"ip route replace {BY_ITS_DEVICE}/32 dev eth1 src 203.0.113.10")
    said = trial.on("client", f"/usr/bin/python3 - <<'END'\nQUESTIONS = {asked}\n{ASK}\nEND", seconds=200).splitlines()
    assert len(said) == len(asked)
    assert [line for line in said if "nobody" in line] == []
