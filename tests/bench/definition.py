# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition of 100 virtual servers with 20 real servers each: how long validation, rendering, keepalived's test, its reload and the plays take.

One line a figure: `figure value limit ok|SHORT`; exit status 1 if any is SHORT. The pure parts are timed in this process; the rest
on two routers of a lab. Run it by `make bench-definition`. Limits of seconds have room for a machine half as fast as the
slowest that was measured; those of growth hold anywhere.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ipvs import Figures
from lvslab import trial
from lvslab.playbook import Run, play

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.collect import collect
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve

SERVICES, SERVERS = 100, 20
ROUTERS = ("r1", "r2")
NETWORKS = {"public": {"cidr": "192.0.2.0/24"}, "private": {"cidr": "10.0.0.0/24", "gateway": "10.0.0.254"}}
# Answers on port 80 of all of them, and takes no other part.
ANSWERER = """
for number in $(seq 11 30); do ip address add 10.0.0.$number/32 dev eth0; done
systemd-run -q python3 -c '
import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", 80)); s.listen(4096)
while True: s.accept()[0].close()'
"""
# On a router: how long until the kernel has what the file says, after `kill -HUP`; and until that is so again with the file of before.
RELOADS = """
import os, re, subprocess, time
path, known = '/etc/keepalived/keepalived.conf', '/proc/net/ip_vs'
pid = int(subprocess.check_output(['systemctl', 'show', '-P', 'MainPID', 'keepalived']))
first = open(path).read()
for weight, text in ((77, first.replace('weight 100', 'weight 77')), (100, first)):
    open(path, 'w').write(text)
    start = time.monotonic()
    os.kill(pid, 1)
    while time.monotonic() < start + 60:
        have = re.findall(r'-> .*?(?:Masq) +([0-9]+) ', open(known).read())
        if set(have) == {str(weight)} and len(have) == COUNT: break
        time.sleep(0.02)
    else: raise SystemExit('the kernel has %s' % set(have))
    print(time.monotonic() - start)
"""


def virtual_servers(count: int) -> list[dict[str, Any]]:
    check = {"type": "tcp", "interval": 30}
    return [{"name": f"service{number}", "address": f"192.0.2.{10 + number}", "port": 80, "health_check": check} for number in range(count)]


def managed(services: int, servers: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """(definition, inventory, facts) with all real servers in the inventory."""
    hosts = [f"web{number}" for number in range(servers)]
    definition = {"name": "big", "networks": NETWORKS, "routers": {"group": "lvs_routers"}, "real_servers": {"group": "lvs_real_servers"},
                  "virtual_servers": virtual_servers(services)}
    inventory = {"hosts": [*ROUTERS, *hosts], "groups": {"lvs_routers": list(ROUTERS), "lvs_real_servers": hosts}}

    def on(*addresses: str) -> dict[str, Any]:
        return {"interfaces": {f"eth{number}": {"ipv4": [{"address": address, "prefix": 24}], "active": True} for number, address in enumerate(addresses)}}

    facts = {router: on(f"192.0.2.{number}", f"10.0.0.{number}") for number, router in enumerate(ROUTERS, 2)}
    return definition, inventory, {**facts, **{host: on(f"10.0.0.{11 + number}") for number, host in enumerate(hosts)}}


def unmanaged(services: int, servers: int) -> dict[str, Any]:
    """The same for the lab: the real servers are addresses."""
    listed = [{"name": f"web{number}", "address": f"10.0.0.{11 + number}"} for number in range(servers)]
    return {**managed(services, 0)[0], "real_servers": {"network": "private", "servers": listed}}


def steps(services: int, servers: int) -> dict[str, float]:
    """Seconds of each step, the least of five: whatever else the machine does only adds to it."""
    definition, inventory, facts = managed(services, servers)
    rounds = []
    for _round in range(5):
        times = [time.perf_counter()]
        clusters, problems = collect(dict.fromkeys(inventory["hosts"], definition), inventory)
        times.append(time.perf_counter())
        cluster, more = resolve(clusters["big"], facts)
        times.append(time.perf_counter())
        assert cluster and not problems + more, problems + more
        assert render(cluster, "r1").count("real_server ") == services * servers
        times.append(time.perf_counter())
        rounds.append([after - before for before, after in zip(times, times[1:])])
    return dict(zip(("validate", "resolve", "render"), map(min, zip(*rounds))))


def pure(figures: Figures) -> None:
    large, small = steps(SERVICES, SERVERS), steps(SERVICES // 10, SERVERS)
    for name, limit in (("validate", 1), ("resolve", 0.5), ("render", 1)):
        figures.say(f"{name} {SERVICES} x {SERVERS}", large[name], "s", limit)
    figures.say("all three, times those of a tenth of the services", sum(large.values()) / sum(small.values()), "x", 15)


def deployed(folder: str, services: int, servers: int, playbook: str = "lvs.cluster.deploy") -> Run:
    path = Path(folder) / "cluster.json"
    path.write_text(json.dumps({"all": {"vars": {"lvs_cluster": unmanaged(services, servers)}}}))
    return play(playbook, inventory=str(path))


def plays(figures: Figures) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployed(folder, 1, 1)       # installs
        one = deployed(folder, 1, 1)
        whole = deployed(folder, SERVICES, SERVERS)
        again = deployed(folder, SERVICES, SERVERS)
        asked = deployed(folder, SERVICES, SERVERS, "lvs.cluster.verify")
    assert not any(again.changed.values()), again.changed
    figures.say("deploy of 1 x 1, nothing to change", one.seconds, "s")
    figures.say(f"deploy of {SERVICES} x {SERVERS} over it", whole.seconds, "s", 150)
    figures.say("the same again, nothing to change", again.seconds, "s", 120)
    figures.say(f"verify {SERVICES} x {SERVERS}", asked.seconds, "s", 60)
    counts = [max(len(run.tasks[router]) for router in ROUTERS) for run in (one, again)]
    figures.say("tasks on a router", counts[1], "", 20)
    figures.say("tasks on a router more than for 1 x 1", counts[1] - counts[0], "", 0)


def routers(figures: Figures) -> None:
    program = ("import subprocess, time; start = time.monotonic(); "
               "subprocess.run(['keepalived', '-t', '-f', '/etc/keepalived/keepalived.conf'], check=True); print(time.monotonic() - start)")
    for router in ROUTERS:
        version = trial.on(router, "keepalived --version 2>&1").split()[1].strip("v,")
        tested = min(float(trial.on(router, f'python3 -c "{program}"').split()[-1]) for _round in range(3))
        figures.say(f"keepalived {version} tests the file", tested, "s", 5)
        reloads = trial.on(router, f"python3 - <<'E'\n{RELOADS.replace('COUNT', str(SERVICES * SERVERS))}\nE", seconds=180)
        for name, seconds in zip(("every weight", "every weight back"), map(float, reloads.split())):
            figures.say(f"keepalived {version} reloads, {name}, {SERVICES * SERVERS} checks", seconds, "s", 10)


def main() -> None:
    figures = Figures()
    pure(figures)
    trial.on("servers", ANSWERER)
    plays(figures)
    routers(figures)
    sys.exit(1 if figures.short else 0)


if __name__ == "__main__":
    main()
