# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration: a cluster from bare hosts, balancing, failing over, failing back, unchanged by a second run.

Every claim that it prints is looked at on the hosts; exit status 0 only if all of them hold.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field

from lvslab import trial
from lvslab.playbook import Run, play
from lvslab.say import LabError

VIP = "192.0.2.100"
INVENTORY = "inventories/demo"
ROUTERS, REAL_SERVERS = ("r1", "r2"), ("web1", "web2", "web3")
FAILOVER_LIMIT_MS = 6000  # 3.6 s by the protocol; the machine may be slow
RETURNED = "/run/demo-returned"      # a file on the client: what it watched is over


@dataclass
class Story:
    """What is told, and whether it was so."""

    claims: list[tuple[bool, str]] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        print(f"\n── {title}", flush=True)

    def claim(self, held: bool, text: str) -> None:
        self.claims.append((held, text))
        print(f"   {'✓' if held else '✗'} {text}", flush=True)

    def ending(self) -> int:
        good = sum(held for held, _ in self.claims)
        width = max(len(text) for _, text in self.claims) + 4
        print("\n" + "═" * width)
        for held, text in self.claims:
            print(f" {'✓' if held else '✗'} {text}")
        print("═" * width)
        print(f" {good} of {len(self.claims)} as they should be, {time.time() - float(os.environ.get('LVS_DEMO_STARTED', time.time())):.0f} s in all.")
        return 0 if good == len(self.claims) else 1


def becomes_active(router: str, seconds: float) -> bool:
    """Whether this router, and no other, comes to hold the VIP: asked on the hosts themselves."""
    return trial.eventually(lambda: trial.holders(VIP, ROUTERS) == [router], seconds)


def bare(story: Story) -> None:
    story.chapter("Six bare Debian hosts: a client, two routers, three servers to be")
    there = [host for host in ROUTERS + REAL_SERVERS if "ii  keepalived" in trial.on(host, "dpkg -l keepalived 2>/dev/null", check=False)]
    story.claim(not there, "no keepalived anywhere before the deploy (dpkg -l finds nothing)")
    print("   installing web servers that tell their names …", flush=True)
    play("lab/playbooks/web_servers.yml")


def tasks_of(run: Run, hosts: tuple[str, ...]) -> int:
    return max(len(run.tasks.get(host, [])) for host in hosts)


def deploy(story: Story) -> None:
    story.chapter("ansible-playbook lvs.cluster.deploy, from the installed collection")
    run = play("lvs.cluster.deploy", inventory=INVENTORY, show=True)
    story.claim(True, f"deployed in {run.seconds:.0f} s: {tasks_of(run, ROUTERS)} tasks on a router, {tasks_of(run, REAL_SERVERS)} on a real server")
    story.claim(becomes_active("r1", 10), "r1 is the active router, r2 its backup")


def requests(story: Story) -> None:
    story.chapter(f"12 requests to http://{VIP}/")
    seen = trial.watch("client", VIP, count=12)
    print("   " + "  ".join(seen["order"]))
    story.claim(seen["good"] == 12 and set(seen["servers"].values()) == {4}, "12 of 12 answered, by the three servers in turn")
    seen = trial.watch("client", VIP, count=300, interval=0.0)
    shares = ", ".join(f"{server} {count}" for server, count in sorted(seen["servers"].items()))
    story.claim(seen["good"] == 300 and all(abs(count - 100) <= 2 for count in seen["servers"].values()), f"300 more: {seen['failed']} failed, {shares}")


def failover(story: Story) -> None:
    story.chapter("Power cut: r1 goes dark while a client asks 50 times a second")
    client = trial.Watch("client", VIP, seconds=12, timeout=0.15)
    time.sleep(3)
    trial.agent().call("power_off", host="r1")
    held = becomes_active("r2", 8)
    seen = client.result()
    story.claim(held, "r2 has taken the virtual address over")
    story.claim(0 < seen["hole_ms"] <= FAILOVER_LIMIT_MS,
                f"the client saw an outage of {seen['hole_ms']} ms ({seen['failed']} of {seen['asked']} requests failed)")


def fail_back(story: Story) -> None:
    story.chapter("r1 gets its power back")
    trial.agent().call("power_on", host="r1")
    trial.agent().call("wait_up", hosts=["r1"])
    # A connection that begins during the hand-over is answered at its second attempt, which TCP makes after 1 s.
    client = trial.Watch("client", VIP, seconds=150, timeout=8, until=RETURNED)
    held = becomes_active("r1", 40)
    time.sleep(2)
    trial.on("client", f"touch {RETURNED}")
    seen = client.result()
    story.claim(held, "r1 is active again, r2 its backup")
    story.claim(seen["failed"] == 0 and seen["good"] > 0,
                f"fail-back cost {seen['failed']} of {seen['asked']} requests, longest wait {seen['hole_ms']} ms")


def again(story: Story) -> None:
    story.chapter("The same deploy once more")
    run = play("lvs.cluster.deploy", inventory=INVENTORY)
    changes = sum(len(names) for names in run.changed.values())
    story.claim(changes == 0, f"nothing to do: {changes} changes, {run.seconds:.0f} s")


def main() -> int:
    story = Story()
    try:
        for part in (bare, deploy, requests, failover, fail_back, again):
            part(story)
    except LabError as error:
        story.claim(False, f"stopped: {error}")
    return story.ending()


if __name__ == "__main__":
    sys.exit(main())
