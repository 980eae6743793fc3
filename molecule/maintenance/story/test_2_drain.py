# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drained server stays drained whatever happens to the routers: a failover before, within and after the drain, a reload, a boot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from lvslab import trial
from lvslab.playbook import play
from servers import INVENTORY, ROUTERS, SERVERS, VIP, answering, downloads, weigh, weights

DRAINED = "web1"
OTHERS = set(SERVERS) - {DRAINED}
WAITS = "Wait until their connections have ended"


def drain(*more: str, check: bool = True):
    return play("lvs.cluster.drain", "-e", f"lvs_servers={DRAINED}", "-e", "lvs_deadline=30", *more, inventory=INVENTORY, check=check)


def undrain() -> None:
    play("lvs.cluster.undrain", "-e", f"lvs_servers={DRAINED}", inventory=INVENTORY)


def holder(router: str) -> None:
    assert trial.eventually(lambda: trial.holders(VIP, ROUTERS) == [router], 90, every=0.5), trial.holders(VIP, ROUTERS)


def stays_drained() -> None:
    """On both routers, and for a client."""
    weigh({DRAINED: 0})
    assert answering() == OTHERS


@pytest.fixture(autouse=True)
def served_again():
    weigh({})
    holder("r1")
    yield
    trial.on("client", "touch /run/enough")
    for router in ROUTERS:
        if trial.agent().call("state_of_hosts")[router] != "on":
            trial.agent().call("power_on", host=router)
    trial.agent().call("wait_up", hosts=ROUTERS)
    trial.on("r1", "systemctl start keepalived")
    holder("r1")
    if any(weights(router).get(DRAINED) == 0 for router in ROUTERS):
        undrain()
    weigh({})
    assert answering() == set(SERVERS)


def test_power_cut_of_the_active_router_while_a_drain_waits_then_its_boot_and_reloads():
    """Both routers were told before the play waited. A server that is drained stays so on the router that boots, and over a reload on each."""
    under_way = downloads()
    with ThreadPoolExecutor() as pool:
        play_of_it = pool.submit(drain, check=False)
        assert trial.eventually(lambda: all(weights(router).get(DRAINED) == 0 for router in ROUTERS), 120), [weights(router) for router in ROUTERS]
        trial.agent().call("power_off", host="r1")
        holder("r2")
        assert weights("r2")[DRAINED] == 0, weights("r2")
        assert answering() == OTHERS
        output = play_of_it.result().output
    trial.on("client", "touch /run/enough")
    under_way.result()
    assert WAITS in output, output[-3000:]
    trial.agent().call("power_on", host="r1")
    trial.agent().call("wait_up", hosts=["r1"])
    holder("r1")
    stays_drained()
    for router in ROUTERS:
        trial.on(router, "systemctl reload keepalived")
        assert trial.eventually(lambda: trial.on(router, "systemctl is-active keepalived", check=False).strip() == "active", 30)  # noqa: B023
        stays_drained()


def test_drain_in_the_middle_of_a_failover():
    """keepalived ends on the active router while the drain writes its files: neither the old nor the new active router misses it."""
    with ThreadPoolExecutor() as pool:
        play_of_it = pool.submit(drain)
        files = "grep -l 65534 /var/lib/lvs-cluster/drain/servers/" + DRAINED
        # Whichever router is told first: the other is told while the addresses move
        assert trial.eventually(lambda: any(trial.on(router, files, check=False) for router in ROUTERS), 120, every=0.02)
        trial.on("r1", "systemctl stop keepalived")
        holder("r2")
        assert play_of_it.result().status == 0
    assert weights("r2")[DRAINED] == 0, weights("r2")
    assert answering() == OTHERS
    trial.on("r1", "systemctl start keepalived")
    holder("r1")
    stays_drained()


def test_reloads_while_a_drain_waits_and_then_a_slow_start():
    """Again and again on both routers, from before the drain until it is over. Undrained its weight grows."""
    under_way = downloads()
    with ThreadPoolExecutor() as pool:
        play_of_it = pool.submit(drain)
        reloads = 0
        while not play_of_it.done():
            for router in ROUTERS:
                trial.on(router, "systemctl reload keepalived")
            reloads += 1
            trial.eventually(play_of_it.done, 2)
        output = play_of_it.result().output
    trial.on("client", "touch /run/enough")
    seen = under_way.result()
    print(f"drain: {reloads} reloads of both routers meanwhile, {seen['failed']} of {seen['asked']} downloads lost")
    assert WAITS in output and seen["failed"] == 0, (seen, output[-3000:])
    stays_drained()
    trial.on("r1", "rm -f /run/enough /run/watched")
    watch = trial.Probe("table_watch.py", "r1", seconds=600, until="/run/enough", began="/run/watched")
    assert trial.eventually(lambda: trial.on("r1", "ls /run/watched", check=False), 60)
    undrain()
    weigh({})
    trial.on("r1", "touch /run/enough")
    grew = [weight for _at, _service, real, weight in watch.result() if real == f"10.0.0.1{DRAINED[-1]}:80"]
    print(f"drain: undrained, the weight was {grew}")
    assert (grew[:2], grew[-1]) == ([0, 10], 100) and grew == sorted(grew) and len(grew) > 3, grew
