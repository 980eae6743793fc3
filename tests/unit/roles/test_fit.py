# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program fit: whether a router may take the addresses over, by a table as the kernel prints it and the configuration as we write it."""

from __future__ import annotations

import ipaddress
import re
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3] / "roles/lvs_router/files/fit"
GOLDEN = Path(__file__).parents[1] / "keepalived/golden"
WAIT = 20
KNOWN = 6
WEB1, WEB2, WEB3 = (f"-a -t 192.0.2.100:80 -r 10.0.0.1{number}:80 -m -w 100" for number in (1, 2, 3))
WHOLE = ["-A -t 192.0.2.100:80 -s wlc", WEB1, WEB2, WEB3]
HEAD = """IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
"""
DRAINED = WEB3.replace("-w 100", "-w 0")


def in_proc(place: str) -> str:
    """192.0.2.100:80 as /proc/net/ip_vs has it."""
    if ":" not in place:
        return "%08X" % int(place)
    text, port = place.rsplit(":", 1)
    address = ipaddress.ip_address(text.strip("[]"))
    written = f"[{address.exploded}]" if address.version == 6 else address.packed.hex().upper()
    return "%s:%04X" % (written, int(port))


def table_in_proc(lines: list[str]) -> str:
    """What `ipvsadm --save` tells, as /proc/net/ip_vs has it."""
    text, last = HEAD, ""
    for line in lines:
        options = dict(re.findall(r"-([tufrw]) (\S+)", line))
        kind, service = next((word, options[key]) for key, word in (("t", "TCP"), ("u", "UDP"), ("f", "FWM")) if key in options)
        if service != last:
            text += f"{kind}  {in_proc(service)} wlc \n"
            last = service
        if "r" in options:
            text += "  -> %s      %-7s %-6s %-10d %-10d\n" % (in_proc(options["r"]), "Masq", options["w"], 0, 0)
    return text


class Router:
    """A folder with the programs that it asks, the clock and what it keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = PROGRAM.read_text()
        (folder / "keepalived.conf").write_text((GOLDEN / "minimal.conf").read_text())
        for old, new in (("/etc/keepalived/keepalived.conf", "keepalived.conf"), ("/run/lvs-cluster-table-lacks", "lacks"), ("/proc/uptime", "uptime"),
                         ("/run/lvs-cluster-sync-listens", "listens"), ("/sys/class/net", "net"), ("/proc/net/ip_vs", "table")):
            assert old in self.text
            self.text = self.text.replace(old, str(folder / new))

    def program(self, name: str, text: str) -> None:
        (self.folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.folder / name).chmod(0o755)

    def ask(self, *arguments: str) -> bool:
        done = subprocess.run(["sh", "-c", self.text, "fit", *arguments], capture_output=True, text=True, env={"PATH": f"{self.folder}:/usr/bin:/bin"})
        assert (done.stderr, done.returncode in (0, 1)) == ("", True)
        return done.returncode == 0

    def fit(self, table: list[str], active: bool = False, at: float = 100.0, sync: str | None = None, carrier: bool = True) -> bool:
        """sync: the role of the connection sync's daemon, "" when none runs; None where there is to be none."""
        (self.folder / "table").write_text(table_in_proc(table))
        (self.folder / "uptime").write_text(f"{at} 50.00\n")
        (self.folder / "daemons").write_text(f"{sync} sync daemon (mcast=eth1, syncid=78, maxlen=1472)\n" if sync else "")
        self.program("ipvsadm", f"cat {self.folder}/daemons")
        address = "2: eth0    inet 192.0.2.100/32 scope global eth0" if active else ""
        self.program("ip", f"printf '{address}'")
        (self.folder / "net/eth1").mkdir(parents=True, exist_ok=True)
        (self.folder / "net/eth1/carrier").write_text(f"{carrier:d}\n")
        return self.ask("table", "192.0.2.100", str(WAIT), *([] if sync is None else ["eth1", str(KNOWN)]))


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path)


def test_a_router_that_has_all_servers_is_fit(router: Router) -> None:
    assert router.fit(WHOLE)


def test_a_returned_router_waits_for_the_servers_that_it_lacks(router: Router) -> None:
    assert not router.fit([WEB1], at=100)
    assert not router.fit([WEB1, WEB2, DRAINED], at=119.9)
    assert router.fit(WHOLE, at=119.9)


def test_servers_that_stay_away_are_dead(router: Router) -> None:
    assert not router.fit([WEB1, WEB2], at=100)
    assert router.fit([WEB1, WEB2], at=120)


def test_the_time_begins_with_the_first_server(router: Router) -> None:
    """A router that was cut off for long is not fit as soon as it sees one of many."""
    for moment in (100, 200, 300):
        assert not router.fit([], at=moment)
    assert not router.fit([WEB1], at=301)
    assert not router.fit([], at=310)
    assert not router.fit([WEB1], at=325)
    assert router.fit([WEB1], at=345)


def test_the_active_router_is_fit_as_long_as_it_has_any_server(router: Router) -> None:
    assert router.fit([WEB1], active=True)
    assert not router.fit([], active=True)


def test_a_returned_router_waits_until_it_knows_the_connections(router: Router) -> None:
    assert not router.fit(WHOLE, sync="", at=100)
    assert not router.fit(WHOLE, sync="backup", at=110)
    assert not router.fit(WHOLE, sync="backup", at=115.9)
    assert router.fit(WHOLE, sync="backup", at=116)


@pytest.mark.parametrize(("deaf", "noticed"), [({"sync": ""}, 120), ({"sync": "backup", "carrier": False}, 112)])
def test_a_router_that_missed_announcements_waits_again(router: Router, deaf: dict, noticed: int) -> None:
    """A link at once; a sync daemon that somebody stopped within 10 s, as the kernel is not asked each time."""
    router.fit(WHOLE, sync="backup", at=100)
    assert router.fit(WHOLE, sync="backup", at=110)
    assert not router.fit(WHOLE, at=noticed, **deaf)
    assert not router.fit(WHOLE, sync="backup", at=noticed + 2)
    assert router.fit(WHOLE, sync="backup", at=noticed + 8)


def test_a_keepalived_that_was_started_anew_begins_to_wait_again(router: Router) -> None:
    """Its sync daemon was not there meanwhile."""
    router.fit(WHOLE, sync="backup", at=100)
    assert router.fit(WHOLE, sync="backup", at=107)
    listens = (router.folder / "listens").read_text().split()
    (router.folder / "listens").write_text(" ".join([*listens[:2], "1"]))
    assert not router.fit(WHOLE, sync="backup", at=108)
    assert not router.fit(WHOLE, sync="backup", at=113.9)
    assert router.fit(WHOLE, sync="backup", at=114)


def test_a_router_without_ipvs_is_not_fit(router: Router) -> None:
    assert router.fit(WHOLE)
    (router.folder / "table").unlink()
    assert not router.ask("table", "192.0.2.100", str(WAIT))


def test_the_router_that_was_active_knows_the_connections(router: Router) -> None:
    assert router.fit(WHOLE, active=True, sync="", at=100)
    assert router.fit(WHOLE, active=True, sync="master", at=102)
    assert router.fit(WHOLE, sync="backup", at=108)


def test_servers_and_connections_are_waited_for_at_the_same_time(router: Router) -> None:
    assert not router.fit([WEB1], sync="backup", at=100)
    assert not router.fit([WEB1], sync="backup", at=110)
    assert router.fit(WHOLE, sync="backup", at=112)


def test_servers_of_another_service_are_not_those_that_are_declared(router: Router) -> None:
    assert not router.fit([line.replace(":80 -r", ":81 -r") for line in WHOLE])


@pytest.mark.parametrize("name", ["ipv6", "firewall_marks"])
def test_every_kind_of_service_is_found_in_the_table(router: Router, name: str) -> None:
    """As the kernel names them: each that the configuration declares is found under its name there."""
    text = (GOLDEN / f"{name}.conf").read_text()
    (router.folder / "keepalived.conf").write_text(text)
    lines, service = [], ""
    for words in (line.split() for line in text.splitlines()):
        if words[:1] == ["virtual_server"]:
            service = f"-f {words[2]}" if words[1] == "fwmark" else f"-t {place(words[1], words[2])}"
        elif words[:1] == ["real_server"]:
            lines.append(f"-a {service} -r {place(words[1], words[2])} -m -w 100")
    assert lines
    assert router.fit(lines)
    assert not router.fit(lines[1:])


def place(address: str, port: str) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def test_a_router_without_virtual_servers_lacks_none(router: Router) -> None:
    (router.folder / "keepalived.conf").write_text("global_defs {\n}\n")
    assert router.fit([])


def test_one_target_that_answers_is_enough(router: Router) -> None:
    router.program("ping", 'for last in "$@"; do :; done; test "$last" = 192.0.2.1')
    assert router.ask("reach", "192.0.2.250", "192.0.2.1")
    assert not router.ask("reach", "192.0.2.250", "192.0.2.251")
