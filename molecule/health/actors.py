# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share: orders for the servers (files/actor), the table, the prober's state."""

from __future__ import annotations

import json

from lvslab import trial

ROUTERS = ["r1", "r2"]
ACTORS = ["web1", "web2", "web3", "web4"]
ALL = set(ACTORS)
# Kind of server → (its virtual server, the port of its real servers)
NATIVE = {"web": ("TCP 192.0.2.101:8080", 8080), "https": ("TCP 192.0.2.101:443", 443), "smtp": ("TCP 192.0.2.101:25", 25),
          "dns": ("UDP 192.0.2.101:53", 53), "datagrams": ("UDP 192.0.2.101:7007", 7007), "program": ("TCP 192.0.2.101:6380", 6379)}
DIALOGUES = {"redis": ("TCP 192.0.2.101:6379", 6379), "secret": ("TCP 192.0.2.101:6443", 6443), "mail": ("TCP 192.0.2.101:587", 25),
             "echo": ("UDP 192.0.2.101:7008", 7007)}
KINDS = {**NATIVE, **DIALOGUES}


def tell(server: str, order: str, kind: str = "all") -> float:
    """When it was told, by the clock that all hosts have."""
    return float(trial.on(server, f"cd /run/actor && date +%s.%N && echo {order} >.new && mv .new {kind}"))


def address(server: str) -> str:
    return f"10.0.0.1{server[-1]}"


def table(router: str = "r1") -> dict[str, dict[str, int]]:
    """Virtual server → real server's address and port → weight."""
    found: dict[str, dict[str, int]] = {}
    there: dict[str, int] = {}
    for line in trial.on(router, "ipvsadm -Ln").splitlines()[3:]:
        words = line.split()
        if words[0] == "->":
            there[words[1]] = int(words[3])
        else:
            there = found.setdefault(f"{words[0]} {words[1]}", {})
    return found


def members(router: str = "r1") -> dict[str, set[str]]:
    """Kind → the servers that are in its virtual server."""
    there = table(router)
    return {kind: {server for server in ALL for real in there.get(service, {}) if real == f"{address(server)}:{port}"}
            for kind, (service, port) in KINDS.items()}


def state(router: str = "r1") -> dict:
    return json.loads(trial.on(router, "cat /run/lvs-prober/state.json"))


def seen(kind: str, server: str, router: str = "r1") -> dict:
    """What the prober thinks of a server, with the name of its file."""
    return next({**probe, "id": name} for name, probe in state(router)["probes"].items() if probe["server"] == server and kind in probe["services"])


def watched(router: str) -> trial.Probe:
    """What becomes of the table from here on; until /run/enough is there on the router."""
    trial.on(router, "rm -f /run/enough /run/watched")
    watch = trial.Probe("table_watch.py", router, seconds=900, until="/run/enough", began="/run/watched")
    assert trial.eventually(lambda: trial.on(router, "ls /run/watched", check=False), 30), "the watch did not begin"
    return watch


def absent(router: str = "r1") -> list[tuple[str, str]]:
    """(kind, server) of those that are not in the table."""
    return [(kind, server) for kind, there in members(router).items() for server in sorted(ALL - there)]


def everybody_is_in(router: str = "r1", seconds: float = 120) -> None:
    """Wait for it; AssertionError with who is missing, and what the prober and keepalived say of each."""
    if trial.eventually(lambda: not absent(router), seconds):
        return
    missing = absent(router)
    lines = [f"not in the table of {router} within {seconds:g} s, load {trial.on(router, 'cut -c -14 /proc/loadavg').strip()}:"]
    journal = trial.on(router, "journalctl -q -u keepalived -u lvs-guard -o short-precise --no-pager -n 2000").splitlines()
    lines += [line for line in journal if "killed, so that" in line or "thread timer expired" in line][-5:]  # a router that does not get its turn
    for kind, server in missing:
        real = f"[{address(server)}]:{'udp' if KINDS[kind][0].startswith('UDP') else 'tcp'}:{KINDS[kind][1]}"
        said = [line for line in journal if real in line or f"{address(server)} " in line][-3:]
        if kind in DIALOGUES:
            said.insert(0, "the prober: {verdict}, {reason!r}".format(**seen(kind, server, router)))
        lines.append(f"{kind} {server}: " + " | ".join(said))
    raise AssertionError("\n".join(lines))
