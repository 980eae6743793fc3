# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of services beside HTTP, what becomes of servers that fail or are full, and where VIPs are: by who answered a client."""

from __future__ import annotations

import json
import re
import time
from collections import Counter

import pytest
from lvslab import trial

pytestmark = pytest.mark.lane("packets")
ROUTERS = ["r1", "r2"]
CHOSEN, ALL, DNS, FTP = "192.0.2.106", "192.0.2.107", "192.0.2.108", "192.0.2.109"
NAMED, DEVICE, ELSEWHERE = "192.0.2.110", "192.0.2.111", "203.0.113.100"
MANY = [f"192.0.2.{number}" for number in range(50, 66)]
SERVERS = [f"web{number}" for number in range(1, 6)]
MANAGED = SERVERS[:3]
SOURCES = [f"192.0.2.{number}" for number in range(128, 168)]


@pytest.fixture(scope="module")
def active() -> str:
    (router,) = trial.holders(CHOSEN, ROUTERS)
    assert trial.eventually(lambda: weights(router, 7021) == dict.fromkeys(MANAGED, 100), 20)
    return router


@pytest.fixture(scope="module", autouse=True)
def many_addresses():
    """The client answers for all of 192.0.2.128 to .255, without having each on an interface."""
    trial.on("client", "ip route replace local 192.0.2.128/25 dev lo")


def weights(router: str, port: int) -> dict[str, int]:
    """Real server → its weight in a service of the chosen VIP now."""
    rows = re.findall(r"-> 10\.0\.0\.1(\d):7000 +\w+ +(\d+)", trial.on(router, f"ipvsadm -Ln -t {CHOSEN}:{port}"))
    return {f"web{number}": int(weight) for number, weight in rows}


def answers(address: str, port: int, options: str = "", sources: list[str] | None = None) -> list[tuple[str, str | None]]:
    """(source, server) for each question; see lab/probes/choices.py."""
    chosen = f"--sources {','.join(sources)}" if sources else ""
    program = (trial.PROBES / "choices.py").read_text()
    output = trial.on("client", f"/usr/bin/python3 - {address} {port} {options} {chosen} <<'END'\n{program}\nEND")
    return [tuple(pair) for pair in json.loads(output)]


def servers(address: str, port: int, options: str = "", sources: list[str] | None = None) -> list[str | None]:
    return [server for _, server in answers(address, port, options, sources)]


def client(program: str) -> list[str]:
    """The words that a Python program on the client prints."""
    return trial.on("client", f"/usr/bin/python3 - <<'END'\nimport socket, struct, sys, time\n{program}\nEND").split()


def sick(name: str, *hosts: str) -> None:
    for host in hosts:
        trial.on(host, f"mkdir -p /run/sick; touch /run/sick/{name}")


def well(name: str, *hosts: str) -> None:
    for host in hosts:
        trial.on(host, f"rm -f /run/sick/{name}")


# The text of who.lab, by a question of its own for each of 12 ports
DNS_CLIENT = f"""
question = struct.pack(">HHHHHH", 7, 256, 1, 0, 0, 0) + b"\\x03who\\x03lab\\x00" + struct.pack(">HH", 16, 1)
for _ in range(12):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2); s.connect(("{DNS}", 53)); s.send(question)
    answer = s.recv(999); text = answer[len(question) + 12:]
    print(text[1:1 + text[0]].decode())
"""


def test_dns_server_answers_over_udp():
    """A socket that is connected to the VIP: answers with another sender would not reach it."""
    assert Counter(client(DNS_CLIENT)) == dict.fromkeys(MANAGED, 4)


# The server's greeting and name, the sender of the data connection, and the address that the server told
FTP_CLIENT = f"""
import ftplib
for number in range(3):
    with ftplib.FTP(timeout=10) as ftp:
        ftp.trust_server_pasv_ipv4_address = True      # as most clients do: what the reply says must be right
        greeting = ftp.connect('{FTP}', 21).split()[1]
        ftp.login(); said = ftp.sendcmd('PASV').split('(')[1].split(')')[0].split(',')[:4]; ftp.voidcmd('TYPE I')
        data = ftp.ntransfercmd('RETR name')[0]
        print(greeting, data.makefile().read().strip(), data.getpeername()[0], '.'.join(said)); data.close(); ftp.voidresp()
"""


def test_a_passive_ftp_server_is_reached_by_nat_at_ports_that_nobody_declared():
    found = client(FTP_CLIENT)
    assert set(found[2::4]) == set(found[3::4]) == {FTP}
    assert found[0::4] == found[1::4]
    assert sorted(found[0::4]) == MANAGED


def test_sctp_takes_turns():
    assert Counter(servers(CHOSEN, 7022, "--sctp --each 10")) == dict.fromkeys(SERVERS, 2)


def test_all_ports_of_a_vip_are_one_service_and_a_client_has_one_server_for_them():
    homes = {}
    for source in SOURCES[:5]:
        (home,) = set(servers(ALL, 7000, "--each 2", [source]))
        homes[source] = home
        said = client(f"s = socket.create_connection(('{ALL}', 7100), 2, ('{source}', 0)); s.sendall(b'GET /x HTTP/1.0\\r\\n\\r\\n'); "
                      "print(s.recv(99).decode())")
        assert said[1] == "200"
    assert set(homes.values()) == set(SERVERS)
    # HTTP and the other port of one client meet one machine
    source = next(source for source, home in homes.items() if home in MANAGED)
    (name, seen) = client(f"s = socket.create_connection(('{ALL}', 80), 2, ('{source}', 0)); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); "
                          "time.sleep(0.3); print(s.recv(999).decode().split('\\r\\n\\r\\n')[1])")
    assert (name, seen) == (homes[source], source)


def test_sip_calls_of_one_client_are_shared_out_and_each_stays_with_its_server():
    """Each call from several ports, as after a restart of the client. Persistence alone would send all of them to one server."""
    said = "'INVITE sip:a@lab SIP/2.0\r\nVia: SIP/2.0/UDP lab\r\nCall-ID: {}@lab\r\nContent-Length: 0\r\n\r\n'"
    homes = []
    for number in range(5):
        found = servers(CHOSEN, 5060, "--udp --flows 4 --say " + said.format(f"{time.time_ns()}-{number}"), SOURCES[:1])
        assert len(found) == 4
        assert len(set(found)) == 1, found
        homes.append(found[0])
    assert sorted(homes) == SERVERS


def test_client_of_a_server_at_weight_0_goes_elsewhere_with_the_flag_and_nowhere_without(active):
    """web5 fails and is quiesced: its open connection goes on."""
    services = {"sh-fallback": 7016, "sh-alone": 7017, "mh-fallback": 7018, "mh-alone": 7019}
    before = {name: dict(answers(CHOSEN, port, "", SOURCES)) for name, port in services.items()}
    assert all("web5" in homes.values() for homes in before.values()), before
    holder = next(source for source, server in before["sh-alone"].items() if server == "web5")
    held = f"s = socket.create_connection(('{CHOSEN}', 7017), 2, ('{holder}', 0)); print(s.recv(99).split()[0].decode(), flush=True)"
    trial.on("client", f"rm -f /tmp/held /tmp/go; (timeout 60 python3 -c \"import os, socket, time\n{held}\n"
                       "while not os.path.exists('/tmp/go'): time.sleep(0.1)\ns.shutdown(1); print(s.recv(9))\" >/tmp/held 2>&1 &)")
    sick("sh", "web5")
    sick("mh", "web5")
    try:
        assert trial.eventually(lambda: all(weights(active, port).get("web5") == 0 for port in services.values()), 10)
        after = {name: dict(answers(CHOSEN, port, "--timeout 1", SOURCES)) for name, port in services.items()}
        trial.on("client", "touch /tmp/go")
        assert trial.eventually(lambda: trial.on("client", "cat /tmp/held").split() == ["web5", "b''"], 5), trial.on("client", "cat /tmp/held")
    finally:
        well("sh", "web5")
        well("mh", "web5")
    for name, homes in after.items():
        assert (None in homes.values()) == name.endswith("alone"), (name, homes)
        assert set(homes.values()) - {None} == set(SERVERS) - {"web5"}, (name, homes)
    for name in ("mh-fallback", "mh-alone"):
        theirs = {source for source in SOURCES if before[name][source] == "web5"}
        moved = {source for source in SOURCES if before[name][source] != after[name][source]}
        assert moved == theirs, f"{name} moved others than the clients of web5, as sh does: it deals its table anew"
    assert trial.eventually(lambda: all(weights(active, port).get("web5") == 5 for port in services.values()), 10)


def test_full_servers_get_no_new_connections_until_they_are_below_the_lower_threshold():
    """Three each are enough, and below two they get new ones again. Closed by resets: the kernel forgets those after 10 s."""
    found = client(f"""
def opened():
    try:
        s = socket.create_connection(("{CHOSEN}", 7020), 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return s.recv(99).split()[0].decode(), s
    except OSError:
        return None
held = {{}}
for _ in range(15):
    name, s = opened(); held.setdefault(name, []).append(s)
print(*sorted("%s=%d" % (name, len(kept)) for name, kept in held.items()), opened())
for kept in held.values(): kept.pop().close()
time.sleep(11)
print(opened())
for kept in held.values(): kept.pop().close()
time.sleep(11)
print(*sorted(opened()[0] for _ in range(5)))
""")
    assert found == [f"{server}=3" for server in SERVERS] + ["None", "None"] + SERVERS


def test_sorry_server_from_the_lost_quorum_to_the_regained_one(active):
    """Three servers, a quorum of 2 with a hysteresis of 1: lost with the last, regained with the third. The sorry server is web5."""

    def answering() -> set[str | None]:
        return set(servers(CHOSEN, 7021, "--each 6 --timeout 1"))

    try:
        sick("sorry", "web1")
        assert trial.eventually(lambda: answering() == {"web2", "web3"}, 10)
        sick("sorry", "web2")
        assert trial.eventually(lambda: answering() == {"web3"}, 10)
        sick("sorry", "web3")
        assert trial.eventually(lambda: answering() == {"web5"}, 10)
        well("sorry", "web1", "web2")
        time.sleep(3)
        assert answering() == {"web5"}
        well("sorry", "web3")
        assert trial.eventually(lambda: answering() == set(MANAGED), 10)
    finally:
        well("sorry", *MANAGED)


def test_the_users_program_was_told_of_all_that_as_an_unprivileged_user(active):
    """Of the virtual and of its real servers; its own arguments first, the rest also in its environment."""
    told = trial.on(active, "cat /var/tmp/told").splitlines()
    assert {line.split(" | ")[0] for line in told} == {"keepalived_script"}
    about = f"LVS_EVENT=%s %sLVS_STATE=%s LVS_VIRTUAL_ADDRESS={CHOSEN} LVS_VIRTUAL_SERVER=sorry"
    server = "LVS_REAL_ADDRESS=10.0.0.13 LVS_REAL_PORT=7000 LVS_REAL_SERVER=web3 "
    wanted = []
    for state in ("DOWN", "UP"):
        wanted += [f"--team web VIRTUAL_SERVER sorry {state} | {about % ('virtual_server', '', state)}",
                   f"--team web REAL_SERVER sorry/web3 {state} | {about % ('real_server', server, state)}"]
    missing = [line for line in wanted if line not in {line.split(" | ", 1)[1].strip() for line in told}]
    assert missing == [], "\n".join(told)


def test_an_address_that_is_taken_off_an_interface_takes_none_along(active):
    """The kernel's own way is to drop all of a network with the first one."""
    (other,) = set(ROUTERS) - {active}
    first, second = "198.18.7.1/24", "198.18.7.2/24"
    try:
        trial.on(other, f"ip address add {first} dev eth0; ip address add {second} dev eth0; ip address delete {first} dev eth0")
        assert second in trial.on(other, "ip -o address show dev eth0")
    finally:
        trial.on(other, f"ip address delete {first} dev eth0; ip address delete {second} dev eth0; true", check=False)


def test_vips_are_where_they_are_declared_and_answer_there(active):
    """Under a name, on an interface of their own, in a second network of clients; more than keepalived's packets hold."""
    lines = trial.on(active, "ip -o -4 address show")
    places = {words[3].split("/")[0]: (words[1], words[-2] if words[-2] != words[1] else "") for words in map(str.split, lines.splitlines())}
    text = lines.replace("\\", " ")
    assert f"inet {NAMED}/32 scope global eth0:shop" in text
    assert f"inet {CHOSEN}/32 scope global eth0:106" in text
    assert (places[DEVICE][0], places[ELSEWHERE][0]) == ("eth2", "eth2")
    trial.on("client", f"ip route replace {DEVICE}/32 dev eth1 src 203.0.113.10")
    vips = [NAMED, DEVICE, ELSEWHERE, *MANY]
    found = client(f"for vip in {vips}:\n  s = socket.create_connection((vip, 7000), 2); print(*s.recv(99).decode().split()); s.close()")
    assert set(found[0::2]) <= set(SERVERS)
    assert dict(zip(vips, found[1::2], strict=True)) == {vip: "203.0.113.10" if vip in (DEVICE, ELSEWHERE) else "192.0.2.10" for vip in vips}
    standby = next(router for router in ROUTERS if router != active)
    assert not any(f" {vip}/" in trial.on(standby, "ip -o address show") for vip in (*vips, "2001:db8:1::100"))
