# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator gets wrong by hand, on the kernel's side: each fails when its handling is taken out (`make pitfalls`)."""

from __future__ import annotations

import json
import re
import shlex
import time

import pytest
from lvslab import trial

pytestmark = pytest.mark.lane("waits")
ROUTERS = ["r1", "r2"]
CLIENT, HASHED, LOYAL, LOST, KNOWN, JOINED = "192.0.2.10", ("192.0.2.106", 7014), ("192.0.2.106", 7023), "192.0.2.50", "192.0.2.51", "192.0.2.52"
SOURCE = "192.0.2.254"      # nobody else's
SERVERS = [f"web{number}" for number in range(1, 6)]


@pytest.fixture(scope="module")
def active() -> str:
    assert trial.eventually(lambda: len(trial.holders(LOST, ROUTERS)) == 1, 20)
    (router,) = trial.holders(LOST, ROUTERS)
    return router


@pytest.fixture(scope="module")
def standby(active) -> str:
    return next(router for router in ROUTERS if router != active)


class Held:
    """A connection that says something now and then, until it is told `end`; then it prints what came last."""

    def __init__(self, address: str, pause: float) -> None:
        program = (f"import select, socket, sys, time\ns = socket.create_connection(('{address}', 7000), 10)\n"
                   "print(s.getsockname()[1], s.recv(99).split()[0].decode(), flush=True)\nend = time.monotonic() + 120\n"
                   f"while time.monotonic() < end and not select.select([sys.stdin], [], [], {pause})[0]: s.send(b'x')\n"
                   "s.settimeout(30); s.shutdown(1)\n"
                   "try: print('ended', s.recv(9))\nexcept OSError as error: print(error)")
        self.process = trial.remote("client", f"/usr/bin/python3 -u -c {shlex.quote(program)}", talks=True)
        self.port, self.server = self.process.stdout.readline().split()

    def end(self) -> str:
        return self.process.communicate("end\n", timeout=60 * trial.patience())[0].strip()


def known(router: str, port: str) -> bool:
    return f" {CLIENT}:{port} " in trial.on(router, "ipvsadm -Lnc")


def test_the_other_router_knows_connections_in_use(active, standby):
    """Else each of them would end at a failover."""
    held = Held(KNOWN, 0.2)
    try:
        assert trial.eventually(lambda: known(standby, held.port), 20)
    finally:
        assert held.end() == "ended b''"


def test_a_router_that_joins_learns_of_connections_that_are_there_slow_ones_too(active, standby):
    """The kernel's default tells of a connection at its third packet, and then at every fiftieth: here that is after 100 s."""
    daemon = trial.on(standby, "ipvsadm -L --daemon")
    interface, number = re.search(r"backup sync daemon \(mcast=(\w+), syncid=(\d+)", daemon).groups()
    trial.on(standby, "ipvsadm --stop-daemon backup")
    try:
        held = Held(JOINED, 2)
        time.sleep(5)
        assert not known(standby, held.port)
    finally:
        trial.on(standby, f"ipvsadm --start-daemon backup --mcast-interface {interface} --syncid {number}")
    try:
        assert trial.eventually(lambda: known(standby, held.port), 15)
    finally:
        assert held.end() == "ended b''"


# A packet of a connection that this router never saw begin
MIDDLE = """
import random, socket, struct
source, target, port = '%s', '%s', random.randrange(20000, 30000)
head = struct.pack('>HHIIBBHHH', port, %d, 7, 7, 0x50, 0x10, 999, 0, 0)
words = struct.unpack('>16H', socket.inet_aton(source) + socket.inet_aton(target) + struct.pack('>HH', 6, len(head)) + head)
total = sum(words); total = (total & 0xffff) + (total >> 16); total = (total & 0xffff) + (total >> 16)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP); raw.bind((source, 0))
raw.sendto(head[:16] + struct.pack('>H', 0xffff - total) + head[18:], (target, 0))
print(port)
"""


def test_a_connection_may_go_on_at_a_router_that_did_not_see_it_begin(active):
    """With mh each router finds the same server for it, if it only looks."""
    port = trial.on("client", f"/usr/bin/python3 - <<'END'\n{MIDDLE % (CLIENT, *HASHED)}\nEND").strip()
    assert trial.eventually(lambda: known(active, port), 5)


def server_line(active: str, address: str, port: int, server: str) -> tuple[str, str]:
    """(address, weight) of a real server in the table."""
    number = server.removeprefix("web")
    return re.search(rf"-> (10\.0\.0\.1{number}:7000) +\w+ +(\d+)", trial.on(active, f"ipvsadm -Ln -t {address}:{port}")).groups()


def test_a_server_that_was_away_for_a_moment_goes_on_with_its_connections(active):
    """expire_nodest_conn would end them at the first packet that finds it away."""
    held = Held(LOST, 0.2)
    address, weight = server_line(active, LOST, 7000, held.server)
    trial.on(active, f"ipvsadm -d -t {LOST}:7000 -r {address}; sleep 1; ipvsadm -a -t {LOST}:7000 -r {address} -m -w {weight}")
    time.sleep(1)
    assert held.end() == "ended b''"


def test_persistent_clients_of_a_drained_server_go_elsewhere(active):
    """Weight 0 alone would not send them away: they would stay until they are silent for the time of the persistence."""
    trial.on("client", "ip route replace local 192.0.2.128/25 dev lo")
    program = (trial.PROBES / "choices.py").read_text()
    vip, port = LOYAL

    def homes() -> set[str | None]:
        return {server for _, server in json.loads(trial.on("client", f"/usr/bin/python3 - {vip} {port} --each 3 --sources {SOURCE} <<'END'\n{program}\nEND"))}

    (home,) = homes()
    address, weight = server_line(active, vip, port, home)
    trial.on(active, f"ipvsadm -e -t {vip}:{port} -r {address} -m -w 0")
    try:
        (other,) = homes()
    finally:
        trial.on(active, f"ipvsadm -e -t {vip}:{port} -r {address} -m -w {weight}")
    assert other in set(SERVERS) - {home}


# An advert that is right in all but its sender: version 3, the highest priority
ADVERT = """
import socket, struct, time
source, target, number, vip = '%s', '%s', %s, '%s'
def packet(total):
    return struct.pack('>BBBBHH', 0x31, number, 255, 1, 100, total) + socket.inet_aton(vip)
words = struct.unpack('>12H', socket.inet_aton(source) + socket.inet_aton(target) + struct.pack('>HH', 112, 12) + packet(0))
total = sum(words); total = (total & 0xffff) + (total >> 16); total = (total & 0xffff) + (total >> 16)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112); raw.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255); raw.bind((source, 0))
for _ in range(40):
    raw.sendto(packet(0xffff - total), (target, 0)); time.sleep(0.1)
print('sent')
"""


def test_an_advert_of_a_stranger_moves_nothing(active):
    """VRRP's own password would go over the wire in clear: what counts is the sender."""
    text = trial.on(active, "cat /etc/keepalived/keepalived.conf")
    number, vip = re.search(r"vrrp_instance web_public \{.*?virtual_router_id (\d+).*?virtual_ipaddress \{\s*([\d.]+)/", text, re.DOTALL).groups()
    own = {"r1": "192.0.2.2", "r2": "192.0.2.3"}[active]
    with trial.remote("client", f"/usr/bin/python3 - <<'END'\n{ADVERT % (CLIENT, own, number, vip)}\nEND") as stranger:
        time.sleep(2.5)
        held = trial.holders(vip, [active])
        assert stranger.communicate(timeout=60)[0] == "sent\n"
    assert held == [active]
