# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way of forwarding, proved by a client's packets."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from lvslab import trial

pytestmark = pytest.mark.lane("packets")
CLIENT, CLIENT6 = "192.0.2.10", "2001:db8:1::10"
ROUTERS = ["r1", "r2"]
SERVERS = ["web1", "web2", "web3"]
VIPS = {"nat": "192.0.2.100", "direct": "192.0.2.101", "ipip": "192.0.2.102", "gue": "192.0.2.103", "gre": "192.0.2.104", "mixed": "192.0.2.105"}
TWINS = {way: f"2001:db8:1::{vip.rpartition('.')[2]}" for way, vip in VIPS.items() if way in ("nat", "direct", "ipip")}
EVERY = {**VIPS, **{f"{way} by IPv6": vip for way, vip in TWINS.items()}}
# Bytes of headers between a tunnel's room and a TCP segment, and what each real server has to spare for its widest tunnel (GUE)
SEGMENT_THROUGH_GUE, SEGMENT = 1500 - 32 - 40, 1500 - 40

each_way = pytest.mark.parametrize("way", EVERY)
each_server = pytest.mark.parametrize("server", SERVERS)


@pytest.fixture(scope="module")
def active() -> str:
    assert trial.eventually(lambda: len(trial.holders(VIPS["nat"], ROUTERS)) == 1, 20)
    (router,) = trial.holders(VIPS["nat"], ROUTERS)
    declared = re.findall(r"^ *real_server \S+ 80(?:8\d)? ", trial.on(router, "cat /etc/keepalived/keepalived.conf"), re.MULTILINE)
    assert len(declared) > 25
    words = "real servers are missing in the table"
    assert trial.eventually(lambda: len(re.findall(r"->.*:80(?:8\d)? ", trial.on(router, "ipvsadm -Ln"))) == len(declared), 20), words
    return router


def counted(router: str) -> dict[str, tuple[int, int]]:
    """VIP → packets in and out that the router's IPVS saw."""
    found = re.findall(r"TCP +([\d.]+):80 +\d+ +(\d+) +(\d+) ", trial.on(router, "ipvsadm -Ln --stats --exact"))
    return {vip: (int(came), int(went)) for vip, came, went in found}


@each_way
def test_client_is_served_in_the_declared_shares_and_seen_by_its_own_address(active, way):
    seen = trial.watch("client", EVERY[way], count=60, interval=0.0, timeout=2)
    assert seen["failed"] == 0, seen
    wanted = {"web1": 15, "web2": 15, "web3": 30} if way == "mixed" else dict.fromkeys(SERVERS, 20)
    assert all(abs(seen["servers"].get(server, 0) - count) <= 2 for server, count in wanted.items()), seen["servers"]
    assert set(seen["sources"]) == {CLIENT6 if way.endswith("IPv6") else CLIENT}


def test_answers_pass_the_router_by_nat_alone(active):
    """By its counters: what came in, and what went out again to the client."""
    time.sleep(2.5)      # the kernel sums its counters up every 2 s
    before = counted(active)
    for vip in VIPS.values():
        assert trial.watch("client", vip, count=8, interval=0.0, timeout=8)["first_failures"] == []
    time.sleep(2.5)
    after = counted(active)
    came, went = ({way: after[vip][which] - before[vip][which] for way, vip in VIPS.items()} for which in (0, 1))
    assert all(came[way] >= 8 * 4 for way in VIPS), came
    assert went["nat"] >= 8 * 4, went
    assert 2 * 3 <= went["mixed"] <= came["mixed"] / 2, went      # a quarter of the weights is reached by NAT
    assert {way: went[way] for way in ("direct", "ipip", "gue", "gre")} == dict.fromkeys(("direct", "ipip", "gue", "gre"), 0)


def test_direct_answers_do_not_touch_the_routers_wire(active):
    """Nothing with the VIP as its sender enters the active router, on any interface; by NAT it does."""
    watcher = ("timeout 20 python3 -c \"import socket,time; s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(0x800)); s.settimeout(0.3); n=[]\n"
               "end=time.time()+3.5\nwhile time.time()<end:\n  try: d,a=s.recvfrom(128)\n  except OSError: continue\n"
               "  if a[2]!=4: n.append(socket.inet_ntoa(d[26:30]))\nprint(*set(n))\"")
    clients = [trial.Watch("client", VIPS[way], seconds=2.5, interval=0.05, timeout=2) for way in ("nat", "direct", "gue")]
    heard = trial.on(active, watcher).split()
    assert all(client.result()["failed"] == 0 for client in clients)
    assert CLIENT in heard
    assert not {VIPS["direct"], VIPS["gue"]} & set(heard)


@each_server
def test_answers_far_away_take_the_way_that_their_sender_needs(at, server):
    """Asked of the kernel: to a client behind other routers, from a VIP by the host's own default route, else by the floating gateway."""
    own = {"web1": "10.0.0.11", "web2": "10.0.0.12", "web3": "10.0.0.13"}[server]
    ways = {sender: json.loads(at(server).check_output(f"ip -j route get 198.51.100.9 from {sender}"))[0]["gateway"] for sender in (VIPS["direct"], own)}
    assert ways == {VIPS["direct"]: "192.0.2.1", own: "10.0.0.254"}


@pytest.mark.parametrize(("way", "segment"), [("nat", SEGMENT), ("direct", None), ("ipip", None), ("gue", None), ("gre", None)])
def test_answers_name_a_segment_size_that_fits(active, way, segment):
    """What the client may send in one packet, by its own TCP; a real server that ends a tunnel says the size of its widest one."""
    program = ("import socket; s=socket.create_connection(('%s',80),3); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); s.recv(99); "
               "print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))")
    found = int(trial.on("client", f'python3 -c "{program % VIPS[way]}"'))
    # 12 bytes of each segment are the timestamps
    assert found + 12 == (segment or SEGMENT_THROUGH_GUE)


def refused(host: str) -> int:
    """Packets that must not be cut into pieces and were too large."""
    return int(trial.on(host, "nstat -az IpFragFails --json | python3 -c \"import json,sys; print(json.load(sys.stdin)['kernel']['IpFragFails'])\""))


@each_way
def test_large_request_and_large_answer_go_through(active, way):
    """900 kB upwards, and a file downwards; TCP forbids to cut its packets, and none has to be refused on the way."""
    before = {host: refused(host) for host in (active, *SERVERS)}
    program = ("import socket; s=socket.create_connection(('%s',80),3); s.settimeout(5); n=900000; "
               "s.sendall(b'POST / HTTP/1.0\\r\\nContent-Length: %%d\\r\\n\\r\\n' %% n + b'x'*n); print(s.recv(99).split()[1].decode())\n"
               "s=socket.create_connection(('%s',80),3); s.settimeout(5); s.sendall(b'GET /large HTTP/1.0\\r\\n\\r\\n')\n"
               "data=b''.join(iter(lambda: s.recv(65536), b'')); print(len(data.partition(b'\\r\\n\\r\\n')[2]))") % (EVERY[way], EVERY[way])
    status, size = trial.on("client", f"python3 - <<'E'\n{program}\nE").split()
    assert status == "200"
    assert int(size) > 1000000
    assert {host: refused(host) for host in (active, *SERVERS)} == before


def test_no_ipv6_address_waits_for_duplicates_or_found_one(active):
    """Real servers have the VIPs that the router has."""
    for host in (active, *SERVERS):
        lines = trial.on(host, "ip -6 -o address show")
        assert "tentative" not in lines, host
        assert "dadfailed" not in lines, host
        assert TWINS["direct"] in lines, host


def test_only_the_active_router_answers_for_a_vip(active):
    """The client forgets, asks everybody, and hears one."""
    router = trial.on(active, "cat /sys/class/net/eth0/address").strip()
    program = (
        "import socket,struct,time\n"
        "own=bytes.fromhex(open('/sys/class/net/eth0/address').read().strip().replace(':',''))\n"
        "s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(0x806)); s.bind(('eth0',0x806)); s.settimeout(0.2)\n"
        "for vip in %r:\n"
        "  s.send(b'\\xff'*6+own+b'\\x08\\x06'+struct.pack('>HHBBH',1,0x800,6,4,1)+own+socket.inet_aton('192.0.2.10')+bytes(6)+socket.inet_aton(vip))\n"
        "end=time.time()+1.5\n"
        "while time.time()<end:\n"
        "  try: d=s.recv(99)\n"
        "  except OSError: continue\n"
        "  if d[20:22]==b'\\x00\\x02' and d[:6]==own: print(socket.inet_ntoa(d[28:32]), d[22:28].hex(':'))\n"
    ) % (list(VIPS.values()),)
    said = set(trial.on("client", f"python3 - <<'E'\n{program}E").split("\n")) - {""}
    assert said == {f"{vip} {router}" for vip in VIPS.values()}


def test_real_servers_never_ask_in_the_name_of_a_vip(active):
    """A request of its own poisons neighbours as an answer does: it names its own address as the sender's."""
    program = (
        "import socket,time\n"
        "s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3)); s.bind(('eth1',3)); s.settimeout(0.2)\n"
        "c=socket.socket(); c.bind((%r,0)); c.setblocking(False); c.connect_ex(('192.0.2.77',9))\n"
        "end=time.time()+1.5\n"
        "while time.time()<end:\n"
        "  try: d=s.recv(99)\n"
        "  except OSError: continue\n"
        "  if d[12:14]==b'\\x08\\x06' and d[38:42]==socket.inet_aton('192.0.2.77'): print(d[6:12].hex(':'), socket.inet_ntoa(d[28:32]))\n"
    ) % VIPS["direct"]

    def senders(server: str) -> set[str]:
        own = trial.on(server, "cat /sys/class/net/eth1/address").strip()
        asked = [line.split() for line in trial.on(server, f"python3 - <<'E'\n{program}E").splitlines()]
        return {address for hardware, address in asked if hardware == own}

    with ThreadPoolExecutor() as pool:
        found = dict(zip(SERVERS, pool.map(senders, SERVERS), strict=True))
    assert all(found.values()), f"some asked nobody: {found}"
    assert not {address for addresses in found.values() for address in addresses} & set(VIPS.values())


@each_server
def test_nothing_of_the_kernels_own_tunnel_devices_is_used(at, server):
    links = {link["ifname"]: link for link in json.loads(at(server).check_output("ip -j link"))}
    assert {"lvs-vips", "lvs-ipip", "lvs-gre"} <= set(links)
    assert all("UP" not in links[name]["flags"] for name in ("tunl0", "gre0") if name in links)


@each_server
def test_what_makes_it_a_real_server_is_there_at_boot_before_the_network(at, server):
    order = at(server).check_output("systemctl show -p After -p Before lvs-cluster-real-server")
    assert "network-pre.target" in order.split("Before=")[1].split("\n")[0]
    assert at(server).service("lvs-cluster-real-server").is_enabled


def test_deploy_takes_few_tasks():
    counted_tasks = json.loads((trial.folder() / "converge.json").read_text())
    assert {host: len(counted_tasks["tasks"][host]) for host in ROUTERS if len(counted_tasks["tasks"][host]) > 20} == {}
    assert {host: len(counted_tasks["tasks"][host]) for host in SERVERS if len(counted_tasks["tasks"][host]) > 12} == {}
