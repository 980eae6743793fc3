# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routers' nftables table, by packets: marks, FTP, and what the filter keeps out. Runs after the deploy, and again after every host has booted."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from lvslab import trial

ROUTERS, SERVERS = ["r1", "r2"], ["web1", "web2"]
PEERS = {"r1": {"192.0.2.3", "10.0.0.3"}, "r2": {"192.0.2.2", "10.0.0.2"}}
CLIENT, WWW, FTP, FTP_DIRECT = "192.0.2.10", "192.0.2.100", "192.0.2.101", "192.0.2.102"
SIXTEEN = [f"192.0.2.{number}" for number in range(128, 144)]
SOURCES = [f"192.0.2.{number}" for number in range(160, 192)]
PORTS = {"dh": 8001, "lblc": 8002, "lblcr": 8003}
OURS = "lvs_web"
PAGES = """
import json, socket, ssl
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); tls.check_hostname = False; tls.verify_mode = ssl.CERT_NONE
def page(source, port):
    try:
        with socket.create_connection(('%s', port), 10, (source, 0)) as plain:
            with tls.wrap_socket(plain) if port == 443 else plain as connection:
                connection.sendall(b'GET / HTTP/1.1\\r\\nHost: www\\r\\n\\r\\n')
                text = b''.join(iter(lambda: connection.recv(999), b''))
                return text.decode().split('\\r\\n\\r\\n')[1].split()
    except (OSError, IndexError) as error:
        return [repr(error), None]
print(json.dumps([(source, [page(source, port) for port in (80, 443, 80, 443)]) for source in %r]))
"""
SESSIONS = """
import ftplib, json
def session(source, passive):
    with ftplib.FTP(source_address=(source, 0), timeout=20) as ftp:
        greeting = ftp.connect('%s', 21).split()[1]
        ftp.login(); ftp.set_pasv(passive)
        ftp.trust_server_pasv_ipv4_address = True      # as most clients do: what the reply says must be right
        said = ftp.sendcmd('PASV').split('(')[1].split(')')[0].split(',')[:4] if passive else []
        ftp.voidcmd('TYPE I')
        data = ftp.ntransfercmd('RETR name')[0]
        peer, name = data.getpeername(), data.makefile().read().strip()
        data.close(); ftp.voidresp()
        return greeting, name, peer[0], peer[1], '.'.join(said)
print(json.dumps([session(source, %r) for source in %r]))
"""
HEAR = """
import json, socket, struct, time
raw = [socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol) for protocol in (112, 17)]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x800))
heard, arrived = set(), set()
for s in [*raw, wire]: s.settimeout(0)
print('ready', flush=True)
end = time.monotonic() + %d
while time.monotonic() < end:
    for s in [*raw, wire]:
        try: packet, about = s.recvfrom(2048)
        except OSError: continue
        if s is wire and about[2] == 4: continue      # our own, going out
        length = (packet[0] & 15) * 4
        port = struct.unpack('>H', packet[length + 2:length + 4])[0] if packet[9] == 17 else 0
        if packet[9] == 112 or port == 8848:
            (arrived if s is wire else heard).add((packet[9], socket.inet_ntoa(packet[12:16])))
    time.sleep(0.005)
print(json.dumps([sorted(heard), sorted(arrived)]))
"""
FORGE = """
import socket, time
vrrp, sync = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
vrrp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
for _ in range(5):
    vrrp.sendto(bytes([0x31, 7, 255, 1, 0, 100, 0, 0, 192, 0, 2, 100]), ('%s', 0))      # version 3, priority 255, the VIP
    sync.sendto(b'x' * 32, ('%s', 8848))
    time.sleep(0.2)
"""


def python(host: str, program: str) -> str:
    return trial.on(host, f"/usr/bin/python3 - <<'END'\n{program}\nEND", seconds=120)


@pytest.fixture(scope="module")
def active() -> str:
    assert trial.eventually(lambda: len(trial.holders(WWW, ROUTERS)) == 1, 20)
    (router,) = trial.holders(WWW, ROUTERS)
    # Two real servers in each of six services
    assert trial.eventually(lambda: len(re.findall(r"-> \d", trial.on(router, "ipvsadm -Ln"))) == 12, 30), trial.on(router, "ipvsadm -Ln")
    return router


@pytest.fixture(scope="module")
def backup(active) -> str:
    return next(router for router in ROUTERS if router != active)


@pytest.fixture(scope="module", autouse=True)
def many_addresses():
    """The client answers for many addresses, without having each on an interface."""
    trial.on("client", "ip route replace local 192.0.2.160/27 dev lo")
    yield
    trial.on("client", "ip route delete local 192.0.2.160/27 dev lo")


def test_http_and_https_are_one_service(active):
    """A client has one server for both ports; several clients are shared out."""
    pages = dict(json.loads(python("client", PAGES % (WWW, SOURCES[:6]))))
    assert all(seen == source for source, answers in pages.items() for _, seen in answers), pages
    servers = {source: {name for name, _ in answers} for source, answers in pages.items()}
    assert all(len(names) == 1 for names in servers.values()), servers
    assert Counter(name for names in servers.values() for name in names) == {"web1": 3, "web2": 3}


@pytest.mark.parametrize("passive", [True, False])
@pytest.mark.parametrize("vip", [FTP, FTP_DIRECT])
def test_ftp_passive_and_active(active, vip, passive):
    """A file comes over a data connection with the VIP, from the server that greeted."""
    sources = SOURCES[6:10]
    found = json.loads(python("client", SESSIONS % (vip, passive, sources)))
    assert [(greeting == name, peer) for greeting, name, peer, _, _ in found] == [(True, vip)] * len(sources), found
    assert {name for _, name, _, _, _ in found} == set(SERVERS)
    if passive:
        assert {said for _, _, _, _, said in found} == {vip}
        assert all(40000 <= port <= 40100 for _, _, _, port, _ in found)
    else:
        assert {port for _, _, _, port, _ in found} == {20}


def chosen(service: str, options: str, sources: list[str]) -> dict[str, set[str | None]]:
    """VIP → the servers that these sources got there."""
    program = (trial.PROBES / "choices.py").read_text()
    asked = f"{','.join(SIXTEEN)} {PORTS[service]} {options} --timeout 10 --sources {','.join(sources)}"
    answers = json.loads(trial.on("client", f"/usr/bin/python3 - {asked} <<'END'\n{program}\nEND", seconds=120))
    assert len(answers) == len(SIXTEEN) * len(sources)
    return {vip: {server for _, server in answers[number * len(sources):(number + 1) * len(sources)]} for number, vip in enumerate(SIXTEEN)}


@pytest.mark.parametrize("service", PORTS)
def test_schedulers_by_destination_keep_an_address_with_its_server_whoever_asks(active, service):
    first = chosen(service, "--hold", SOURCES[10:11])
    assert all(len(names) == 1 for names in first.values())
    assert set().union(*first.values()) == set(SERVERS), first
    if service != "dh":      # which goes by the address alone; the others take the server with the fewest connections for a new one
        assert Counter(name for names in first.values() for name in names) == {"web1": 8, "web2": 8}
    assert chosen(service, "", SOURCES[11:13]) == first


def test_services_are_reached_on_their_ports_alone(active):
    """The router's own SSH answers at its own address, and not at a VIP, which is on the same interface; a ping is answered."""
    program = ("import socket\nfor address, port in %r:\n  s = socket.socket(); s.settimeout(4)\n"
               "  print(address, port, s.connect_ex((address, port)) and 'closed' or 'open')")
    own = {"r1": "192.0.2.2", "r2": "192.0.2.3"}[active]
    asked = [(own, 22), (WWW, 80), (WWW, 443), (WWW, 22), (WWW, 8001), (FTP_DIRECT, 22), (SIXTEEN[5], 8002), (SIXTEEN[5], 22)]
    found = dict(line.rsplit(" ", 1) for line in python("client", program % (asked,)).splitlines())
    assert found == {f"{address} {port}": "open" if (address, port) in ((own, 22), (WWW, 80), (WWW, 443), (SIXTEEN[5], 8002)) else "closed"
                     for address, port in asked}
    trial.on("client", f"ping -c 1 -W 5 {WWW}")


def heard_by(router: str) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """((protocol, sender) of VRRP and sync that passed the filter; those that arrived on the wire), while the client forges both."""
    address = {"r1": "192.0.2.2", "r2": "192.0.2.3"}[router]
    seconds = int(6 * min(trial.patience(), 3))
    with trial.remote(router, f"/usr/bin/python3 -u - <<'END'\n{HEAR % seconds}\nEND") as listener:
        assert listener.stdout.readline() == "ready\n"
        python("client", FORGE % (address, address))
        trial.watch("client", WWW, count=10, interval=0.0, timeout=5)      # connections for the routers to tell each other
        heard, arrived = json.loads(listener.communicate(timeout=seconds + 120)[0])
    return {tuple(pair) for pair in heard}, {tuple(pair) for pair in arrived}


def test_vrrp_and_sync_come_from_the_peer_alone(backup):
    """What others forge arrives, and is dropped; without the table it is not."""
    forged = {(112, CLIENT), (17, CLIENT)}
    heard, arrived = heard_by(backup)
    assert forged <= arrived
    assert {sender for _, sender in heard} <= PEERS[backup] and {protocol for protocol, _ in heard} == {112, 17}, heard
    trial.on(backup, f"nft delete table inet {OURS}")
    try:
        heard, _ = heard_by(backup)
    finally:
        trial.on(backup, "systemctl restart lvs-cluster-nftables.service")
    assert forged <= heard


@pytest.mark.parametrize("router", ROUTERS)
def test_the_administrators_rules_are_as_they_were(router):
    before = json.loads((trial.folder() / "bare.json").read_text())["rules"][router]
    tables = trial.on(router, "nft list tables").split("\n")
    assert f"table inet {OURS}" in tables
    others = "".join(trial.on(router, f"nft --stateless list {table}") for table in tables if table and table != f"table inet {OURS}")
    assert others.split() == before.split()


def test_an_administrator_who_loads_their_rules_again_does_not_lose_ours():
    """Their file begins with `flush ruleset`."""
    before = trial.on("r1", "nft --stateless list ruleset")
    trial.on("r1", "systemctl reload nftables")
    assert trial.eventually(lambda: trial.on("r1", "nft --stateless list ruleset") == before, 10)


def test_deploy_takes_few_tasks():
    counted = json.loads((trial.folder() / "converge.json").read_text())["tasks"]
    assert {host: len(counted[host]) for host in ROUTERS if len(counted[host]) > 20} == {}
    assert {host: len(counted[host]) for host in SERVERS if len(counted[host]) > 12} == {}
