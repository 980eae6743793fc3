# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real server that lost its VIP, services that are not the declared ones; then one deploy that puts them right and changes the set of VIPs."""

from __future__ import annotations

import copy
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from lvslab import trial
from lvslab.playbook import play

pytestmark = pytest.mark.lane("plays")
INVENTORY = "molecule/forwarding/inventory"
ROUTERS = ["r1", "r2"]
NAT, DIRECT, CHOSEN, ELSEWHERE, LEAVING, ALPHA, PLAIN = (f"192.0.2.{number}" for number in (100, 101, 106, 110, 112, 113, 114))
JOINING = ["192.0.2.64", "192.0.2.65"]
GATEWAY = "10.0.0.254"


def served(vip: str) -> bool:
    return trial.watch("client", vip, count=4, interval=0.0, timeout=1)["failed"] == 0


def test_verify_notices_what_is_missing():
    """A real server without its VIP; services whose flags, packets and persistence are not the declared ones."""
    trial.on("web2", f"ip address delete {DIRECT}/32 dev lvs-vips")
    assert not served(DIRECT), "its health check goes to its own address, so the routers go on sending to it"
    trial.on("r1", f"ipvsadm -E -t {CHOSEN}:7012 -s sh; ipvsadm -E -u {CHOSEN}:7000 -s rr; ipvsadm -E -u {CHOSEN}:7015 -s rr -p 9 -M 255.255.255.240")
    run = play("lvs.cluster.verify", inventory=INVENTORY, check=False)
    assert run.status
    for words in (f"it lacks the VIP {DIRECT}", "sh-port has the scheduler flags none", "packets has one-packet scheduling off",
                  "kept has the persistence 9 s"):
        assert words in run.output
    trial.on("r1", f"ipvsadm -E -t {CHOSEN}:7012 -s sh -b sh-port; ipvsadm -E -u {CHOSEN}:7000 -s rr -o; "
                   f"ipvsadm -E -u {CHOSEN}:7015 -s rr -p 4 -M 255.255.255.240")


class Again:
    """Does something again and again in the background; `results` are what it gave."""

    def __init__(self, act) -> None:
        self.act, self.results, self.over = act, [], threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.over.is_set():
            self.results.append(self.act())

    def end(self) -> list[dict]:
        self.over.set()
        self.thread.join(30)
        return self.results


def client(vip: str) -> Again:
    return Again(lambda: trial.watch("client", vip, seconds=2, interval=0.1, timeout=8))


def from_web3(client: Again) -> int:
    return sum(found["servers"].get("web3", 0) for found in client.results)


def changed_definition() -> str:
    """Two VIPs more and one less; a real server more for two services. The argument that gives it to a play."""
    (path,) = Path(__file__).parents[1].glob("inventory/cluster.yml")
    cluster = copy.deepcopy(yaml.safe_load(path.read_text())["all"]["vars"]["lvs_cluster"])
    services = {service["name"]: service for service in cluster["virtual_servers"]}
    del services["leaving"]
    for number, address in enumerate(JOINING, 15):
        services[f"many-{number}"] = {**services["many-1"], "name": f"many-{number}", "address": address}
    for name in ("alpha", "plain"):
        services[name] = {**services[name], "real_servers": [{"host": f"web{number}"} for number in (1, 2, 3)]}
    cluster["virtual_servers"] = list(services.values())
    written = trial.folder() / "changed.json"
    written.write_text(json.dumps({"lvs_cluster": cluster}))
    return f"@{written}"


def test_vips_come_and_go_without_two_masters_or_a_lost_request_on_others():
    """And a real server that joins unwell gets clients at once, but with alpha none."""
    active = ROUTERS[0]
    # A machine that stood still may have moved the VIPs; then the first router is about to take them back
    assert trial.eventually(lambda: trial.holders(NAT, ROUTERS) == [active], 60)
    trial.on("web3", "touch /run/sick/joins")
    clients = {vip: client(vip) for vip in (NAT, ALPHA, PLAIN)}
    moved = [NAT, GATEWAY, ELSEWHERE, ALPHA]
    holders = Again(lambda: trial.HoldersWatch(ROUTERS, moved, 2).result())
    try:
        with ThreadPoolExecutor() as pool:
            deploy = pool.submit(play, "lvs.cluster.deploy", "-e", changed_definition(), inventory=INVENTORY)
            assert trial.eventually(lambda: JOINING[0] in trial.on(active, "ipvsadm -Ln") or deploy.done(), 400)
            # Its check needs 40 s to find out
            assert trial.eventually(lambda: from_web3(clients[PLAIN]) or deploy.done(), 60)
            unwell = {name: from_web3(clients[vip]) for name, vip in (("alpha", ALPHA), ("plain", PLAIN))}
            trial.on("web3", "rm /run/sick/joins")
            run = deploy.result()
    finally:
        trial.on("web3", "rm -f /run/sick/joins")
        seen = {vip: one.end() for vip, one in clients.items()}
        held = holders.end()
    print(f"answers of the real server that was not well yet: {unwell['alpha']} with alpha, {unwell['plain']} without")
    assert unwell["alpha"] == 0 < unwell["plain"]
    lost = {vip: [found["first_failures"] for found in results if found["failed"]] for vip, results in seen.items()}
    assert lost == dict.fromkeys(clients, [])
    assert len(held) > 5
    assert [found["two_ms"] for found in held if any(found["two_ms"].values())] == []
    assert {tuple(found["last"][vip]) for found in held for vip in moved} == {(active,)}
    # The routers took the change; what was damaged is put right; nothing else was touched anywhere
    assert {host: [name.split(" : ")[-1] for name in names] for host, names in run.changed.items()} == {
        "r1": ["Bring the configuration into force"], "r2": ["Bring the configuration into force"],
        "web2": ["VIPs that the host is silent about, and tunnels"]}
    assert served(DIRECT)
    assert trial.holders(LEAVING, ROUTERS) == []
    assert {vip: trial.holders(vip, ROUTERS) for vip in JOINING} == dict.fromkeys(JOINING, [active])
    assert trial.watch("client", ALPHA, count=9, interval=0.0, timeout=1)["servers"] == {f"web{number}": 3 for number in (1, 2, 3)}
