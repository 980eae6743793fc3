# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share: orders for the servers (files/actor), the table, the prober's state."""

from __future__ import annotations

import json

from lvslab import trial

ROUTERS, VIP = ["r1", "r2"], "192.0.2.100"
ACTORS = ["web1", "web2", "web3", "web4"]
ALL = set(ACTORS)
SITE = [*ACTORS, "web5"]  # those of www, which the drains and updates are of
# Kind of server → (its virtual server, the port of its real servers)
NATIVE = {"web": ("TCP 192.0.2.101:8080", 8080), "https": ("TCP 192.0.2.101:443", 443), "smtp": ("TCP 192.0.2.101:25", 25),
          "dns": ("UDP 192.0.2.101:53", 53), "datagrams": ("UDP 192.0.2.101:7007", 7007), "program": ("TCP 192.0.2.101:6380", 6379)}
DIALOGUES = {"redis": ("TCP 192.0.2.101:6379", 6379), "secret": ("TCP 192.0.2.101:6443", 6443), "mail": ("TCP 192.0.2.101:587", 25),
             "echo": ("UDP 192.0.2.101:7008", 7007)}
KINDS = {**NATIVE, **DIALOGUES}
INVENTORY = "molecule/health/inventory"


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
    watch = trial.Probe("table_watch.py", router, seconds=300, until="/run/enough", began="/run/watched")
    assert trial.eventually(lambda: trial.on(router, "ls /run/watched", check=False), 30), "the watch did not begin"
    return watch


def www(router: str) -> dict[str, int]:
    """Server → its weight in the site of the drains, whatever port; without those that are not in the table."""
    there = table(router).get(f"TCP {VIP}:80", {})
    return {server: there[f"{address(server)}:80"] for server in SITE if f"{address(server)}:80" in there}


def weighs(weights: dict[str, int], seconds: float = 60) -> None:
    """Wait until the site's servers have these weights on both routers, and the others 100."""
    wanted = {**dict.fromkeys(SITE, 100), **weights}
    assert trial.eventually(lambda: all(www(router) == wanted for router in ROUTERS), seconds), [www(router) for router in ROUTERS]


def answering() -> set[str]:
    """Who answers the client; nobody may fail."""
    found = trial.watch("client", VIP, count=20, interval=0.0, timeout=8)
    assert found["failed"] == 0, found
    return set(found["servers"])
