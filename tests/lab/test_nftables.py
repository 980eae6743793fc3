# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the virtual machine is for: nf_tables of a distribution's kernel inside a host, proved by packets."""

from __future__ import annotations

import pytest
from program import LabUnderTest

RULES = """
table inet lab_test {
  chain to_marks {
    type filter hook prerouting priority mangle; policy accept;
    ip daddr 192.0.2.2 tcp dport { 8081, 8082 } meta mark set 7
  }
  chain to_masquerade {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.0.0.11 oifname "eth0" masquerade
  }
}
"""
SERVE = """
import socket, threading
def serve(port):
    for connection, peer in iter(socket.create_server(("0.0.0.0", port)).accept, None):
        connection.sendall(f"{socket.gethostname()} {port} sees {peer[0]}".encode())
        connection.close()
for port in %s:
    threading.Thread(target=serve, args=(port,)).start()
"""
ASK = "import socket; print(socket.create_connection(('{}', {}), 5).recv(99).decode())"


def serve(lab: LabUnderTest, host: str, ports: list[int]) -> None:
    lab.on(host, f"cat >/run/serve.py <<'PY'\n{SERVE % ports}PY\nsystemd-run --unit=serve --collect -q /usr/bin/python3 /run/serve.py")
    for port in ports:
        lab.on(host, f"for i in $(seq 100); do ss -ltn | grep -q ':{port} ' && exit; sleep 0.3; done; exit 1")


def ask(lab: LabUnderTest, host: str, address: str, port: int) -> str:
    return lab.on(host, f'python3 -c "{ASK.format(address, port)}"').strip()


@pytest.fixture(scope="module")
def router(lab):
    """r1 between client and web1, with marks and masquerade."""
    if lab.facts()["kind"] == "uml":
        pytest.skip("User Mode Linux has no inet tables of nf_tables: LAB_KERNEL=vm runs this")
    lab.on("r1", "apt-get -qq update && apt-get -qq install -y --no-install-recommends nftables ipvsadm >/dev/null 2>&1")
    lab.on("r1", f"set -e; nft -f - <<'NFT'\n{RULES}NFT\nsysctl -qw net.ipv4.ip_forward=1; modprobe ip_vs")
    lab.on("web1", "ip route replace 192.0.2.10 via 10.0.0.2")
    serve(lab, "web1", [8081, 8082, 8083])
    serve(lab, "client", [9000])
    yield
    lab.on("r1", "nft delete table inet lab_test; ipvsadm -C; sysctl -qw net.ipv4.ip_forward=0")
    lab.on("web1", "systemctl stop serve; ip route del 192.0.2.10 via 10.0.0.2")
    lab.on("client", "systemctl stop serve")


def test_marked_packets_reach_a_mark_service(lab, router):
    """Two ports are one service by their mark; a third port, not marked, is not served."""
    lab.on("r1", "ipvsadm -A -f 7 -s rr && ipvsadm -a -f 7 -r 10.0.0.11 -m")
    for port in (8081, 8082):
        assert ask(lab, "client", "192.0.2.2", port) == f"web1 {port} sees 192.0.2.10"
    assert lab.on("client", f'python3 -c "{ASK.format("192.0.2.2", 8083)}" 2>&1', check=False).strip().endswith("Connection refused")


def test_masquerade_hides_the_source(lab, router):
    assert ask(lab, "web1", "192.0.2.10", 9000) == "client 9000 sees 192.0.2.2"
    lab.on("r1", "nft flush chain inet lab_test to_masquerade")
    lab.on("client", "ip route replace 10.0.0.11 via 192.0.2.2")
    assert ask(lab, "web1", "192.0.2.10", 9000) == "client 9000 sees 10.0.0.11"
    lab.on("client", "ip route del 10.0.0.11 via 192.0.2.2")
