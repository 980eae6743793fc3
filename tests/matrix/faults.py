# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults, by name. Each begins with the cluster whole and r1 active, and ends so."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lvslab import paths, trial
from lvslab.playbook import play
from measure import NAT, ROUTERS, Fault, whole

R1, R2 = ROUTERS
INVENTORY = "molecule/failover/inventory"
INTERVALS = {"1": 3.65, "0.5": 1.85, "0.2": 0.75, "0.1": 0.4}      # seconds between two heartbeats: the longest outage
AFTER = 19.0  # seconds: a download goes on up to twice as late as the service, when TCP tries again
DEAD_TIME = 3.61  # seconds, of the backup, at an interval of 1 s
HOLE = 1.5  # seconds without an answer where none is to be lost: TCP opens once more after 1 s
KILLED_AT = ["Validate and complete the definitions", "Read the host", "Put the routers in order", "Kernel modules, sysctls", "Load what differs",
             "The users as whom", "Have keepalived test", "Answers go back", "Bring the configuration into force", "Read what the routers are"]
# The backup has it in force already, and the active router is at it
KILLED_TWICE = "Bring the configuration into force"
# What a deploy changes: a scheduler; a VIP with its virtual server, on the real servers too, and a check by lvs-prober. The service `nat` stays
CHANGES = [("-e", "scheduler=wlc", "-e", "more=true"), ("-e", "scheduler=rr")]
RUNNING = "sha256sum </etc/keepalived/keepalived.conf; systemctl show -p MainPID --value keepalived; ipvsadm -Sn"


def call(name: str, host: str, **more: object) -> Callable[[], object]:
    return lambda: trial.agent().call(name, host=host, **more)


def on(host: str, command: str) -> Callable[[], object]:
    return lambda: trial.on(host, command)


def both(*steps: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        for step in steps:
            step()

    return run


def power_on(*hosts: str) -> Callable[[], object]:
    def run() -> None:
        for host in hosts:
            if trial.agent().call("state_of_hosts")[host] == "off":
                trial.agent().call("power_on", host=host)
        trial.agent().call("wait_up", hosts=list(hosts))

    return run


def deaf(*interfaces: str) -> Callable[[], object]:
    """The backup hears no VRRP there; all else passes."""
    return on(R2, "; ".join(f"tc qdisc add dev {name} clsact; tc filter add dev {name} ingress pref 1 protocol ip flower ip_proto 0x70 action drop"
                            for name in interfaces))


def hearing() -> object:
    return trial.on(R2, "for name in eth0 eth1; do tc qdisc del dev $name clsact; done 2>/dev/null; true")


def lossy(percent: float) -> Callable[[], object]:
    return both(*(call("lossy", R2, network_name=network, percent=percent) for network in ("public", "private")))


def jitter() -> None:
    """What comes to the backup waits 0 to 200 ms: at the bridges' ends of its cables."""
    for cable in ("v2-0", "v2-1"):
        trial.agent().read(["tc", "qdisc", "replace", "dev", cable, "root", "netem", "delay", "100ms", "100ms"])


def mended() -> None:
    for network in ("public", "private"):
        for router in ROUTERS:
            trial.agent().call("mend", host=router, network_name=network)


def restarted() -> object:
    """Takes note of the restart, as an administrator does."""
    return trial.on(R1, "systemctl reset-failed keepalived; systemctl start keepalived")


def clock(words: str) -> Callable[[], object]:
    return lambda: trial.agent().read(["date", "--set", words])


def deploy(*arguments: str, check: bool = True, **environment: str):
    return play("lvs.cluster.deploy", *arguments, inventory=INVENTORY, check=check, environment=environment)


def running() -> list[str]:
    """On each router: configuration, process, table."""
    return [trial.on(router, RUNNING) for router in ROUTERS]


def sees_it_refused() -> None:
    """By the definition's own rules, and by keepalived, whose words and the line are told."""
    before = running()
    run = deploy("-e", "scheduler=best", check=False)
    if not run.status or "scheduler" not in run.output or running() != before:
        raise AssertionError(f"a wrong definition was not refused, or something was changed: {run.output[-1000:]}")
    wrong = ["ansible", R1, "-i", str(trial.folder() / "inventory.json"), "-m", "lvs.cluster.keepalived_config",
             "-a", r'phase=activate content="global_defs {\n}\nthis is no configuration\n"']
    refused = subprocess.run(wrong, cwd=paths.PROJECT, capture_output=True, text=True)
    if not refused.returncode or "(Line 3)" not in refused.stdout or running() != before:
        raise AssertionError(f"garbage was not refused with its line, or something was changed: {refused.stdout[-1000:]}")


def out_of_memory() -> None:
    """No memory is left to its control group for a moment: the kernel's out-of-memory killer takes what is in there."""
    trial.on(R1, "cd /sys/fs/cgroup/system.slice/keepalived.service && echo 0 >memory.max; echo max >memory.max")
    words = "journalctl -q -u keepalived --since -10s | grep -c 'killed by the OOM killer'"
    if not trial.eventually(lambda: int(trial.on(R1, words, check=False)), 3):
        raise AssertionError("the kernel killed nothing")


def disk_full() -> None:
    """A file system of its own for keepalived's folder, without a byte left."""
    trial.on(R1, "cp -a /etc/keepalived /run/keepalived.kept && mount -t tmpfs -o size=64k,mode=755 tmpfs /etc/keepalived"
                 " && cp -a /run/keepalived.kept/. /etc/keepalived/ && (cat /dev/zero > /etc/keepalived/filler; true) 2>/dev/null")
    before = running()
    run = deploy("-e", "scheduler=wlc", check=False)
    if not run.status:
        raise AssertionError("the deploy did not fail")
    if running() != before:
        raise AssertionError("not both routers are as they were before the deploy")


def disk_free() -> None:
    trial.on(R1, "umount /etc/keepalived && rm -rf /run/keepalived.kept")
    deploy()


def killed_deploys() -> None:
    """Each is run again, and then has done what it was to do."""
    for number, (task, times) in enumerate([*((task, 1) for task in KILLED_AT), (KILLED_TWICE, 2)]):
        change = CHANGES[number % 2]
        run = deploy(*change, check=False, LVS_DIE_AT=task, LVS_DIE_TIME=str(times), LVS_DIE_AFTER="0.7")
        if run.status != -9:
            raise AssertionError(f"the deploy was to be killed at {task!r}, and ended with {run.status}")
        deploy(*change)
    deploy()


def many_deploys(times: int = 20) -> Callable[[], None]:
    def run() -> None:
        for number in range(times):
            deploy(*CHANGES[number % 2])
        deploy()

    return run


def switch_over() -> None:
    play("lvs.cluster.failover", inventory=INVENTORY)
    time.sleep(2)
    if trial.holders(NAT, ROUTERS) != [R2]:
        raise AssertionError("r2 is not active")
    play("lvs.cluster.failback", inventory=INVENTORY)


def at_interval(interval: str) -> None:
    deploy("-e", f"interval={interval}")
    if not whole():
        raise AssertionError("the cluster is not whole after the deploy")


def lost() -> None:
    trial.agent().call("power_off", host=R1)
    if not trial.eventually(lambda: trial.holders(NAT, ROUTERS) == [R2], 10):
        raise AssertionError("r2 did not take over")


def returned() -> None:
    """Until r1 is active again, and for as long as a download takes to notice."""
    power_on(R1)()
    if not trial.eventually(lambda: trial.holders(NAT, ROUTERS) == [R1], 60):
        raise AssertionError("r1 did not take over again")
    time.sleep(6)


def tells_of_it(router: str) -> None:
    """`status` has the alarm of a heartbeat that is lost."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "status.json"
        play("lvs.cluster.status", "-e", f"lvs_report={report}", inventory=INVENTORY, check=False)
        alarms = json.loads(report.read_text())["alarms"]
    if ("heartbeat_lost", router) not in {(alarm["alarm"], alarm["where"]) for alarm in alarms}:
        raise AssertionError(f"no alarm of a lost heartbeat of {router}: {alarms}")


def deaf_and_told(interface: str) -> Callable[[], None]:
    """For longer than the dead time, and until `status` has told of it."""
    return both(deaf(interface), lambda: time.sleep(DEAD_TIME + 2), lambda: tells_of_it(R2))


def restarted_at_once() -> None:
    """Until the first of them is active again, and for as long as a client takes to notice."""
    both(call("reboot", R1), call("reboot", R2), power_on(R1, R2))()
    if not trial.eventually(lambda: trial.holders(NAT, ROUTERS) == [R1], 60):
        raise AssertionError("r1 did not become active")
    time.sleep(8)


def backup_restarted() -> None:
    both(call("reboot", R2), power_on(R2))()
    if not whole():
        raise AssertionError("the backup did not come back")
    time.sleep(4)


def child(signal: str) -> Callable[[], object]:
    """To keepalived's VRRP process alone, whose addresses they are; its parent and the one with the checks go on."""
    return on(R1, f"kill -{signal} $(cat /run/vrrp.pid)")


def power_off(outage: float, interval: str = "1") -> Fault:
    what = f"the active router loses its power (heartbeat every {interval} s)"
    return Fault(what, call("power_off", R1), power_on(R1), outage=outage, interval=interval, seconds=AFTER, runs=3, kept=6)


def faults() -> dict[str, Fault]:
    cut = {network: (call("cut", R1, network_name=network), mended) for network in ("public", "private")}
    same: dict[str, Any] = {"outage": HOLE, "failed": 0, "kept": 6, "stays": True}
    found = {
        "stopped": Fault("keepalived is stopped on the active router", on(R1, "systemctl stop keepalived"), restarted,
                         seconds=AFTER, runs=3, outage=2.5, failed=0, kept=6),
        # Its children end each for itself: whether the table goes before the addresses is a matter of milliseconds, and resets what comes then
        "parent-killed": Fault("its parent process is killed", on(R1, "kill -KILL $(systemctl show -p MainPID --value keepalived)"), restarted,
                               seconds=AFTER, runs=3, outage=4, two=3),
        "vrrp-killed": Fault("its process of the addresses is killed", child("KILL"), restarted, seconds=AFTER, runs=3, outage=4, two=3, kept=6),
        "vrrp-frozen": Fault("that process is stopped (SIGSTOP)", child("STOP"), restarted, seconds=AFTER, runs=3, outage=6, two=2, kept=6),
        "all-killed": Fault("all its processes are killed", on(R1, "pkill -KILL -x keepalived"), restarted, seconds=AFTER, runs=3, outage=4, two=3, kept=6),
        "frozen": Fault("all its processes are stopped (SIGSTOP)", on(R1, "pkill -STOP -x keepalived"),
                        both(on(R1, "pkill -CONT -x keepalived; true"), restarted), seconds=AFTER, runs=3, outage=6, two=2, kept=6),
        "hung": Fault("none of them answers (frozen control group)", on(R1, "systemctl freeze keepalived"),
                      both(on(R1, "systemctl thaw keepalived; true"), restarted), seconds=AFTER, runs=3, outage=6, two=DEAD_TIME + 2, kept=6),
        "out-of-memory": Fault("the kernel kills it for want of memory", out_of_memory, restarted, seconds=AFTER, runs=3, outage=4, two=3, kept=6),
        "power-off": power_off(INTERVALS["1"]),
        "public-down": Fault("the public cable of the active router is pulled", *cut["public"], seconds=AFTER, runs=3, outage=4, kept=6),
        "private-down": Fault("its private cable is pulled", *cut["private"], seconds=AFTER, runs=3, outage=4, kept=6),
        "vrrp-cut-public": Fault("the backup hears no heartbeat on the public network", deaf_and_told("eth0"), hearing, play=True, seconds=120, **same),
        "vrrp-cut-private": Fault("it hears none on the private network", deaf_and_told("eth1"), hearing, play=True, seconds=120, **same),
        "vrrp-cut-both": Fault("it hears none at all for 6 s, then all", both(deaf("eth0", "eth1"), lambda: time.sleep(6), hearing), hearing,
                               seconds=18, two=8.5),
        "loss-5": Fault("5 % of the packets are lost for 60 s", lossy(5), mended, seconds=68, two=0, stays=True),
        "loss-20": Fault("20 % are lost for 60 s", lossy(20), mended, seconds=68, two=0, stays=True),
        "jitter-100": Fault("packets wait 0 to 200 ms for 60 s", jitter, mended, seconds=68, two=0, stays=True),
        "both-restarted": Fault("both routers are restarted at once", restarted_at_once, power_on(R1, R2), play=True, seconds=150, runs=3, outage=20, two=3),
        "backup-restarted": Fault("the backup is restarted", backup_restarted, power_on(R2), play=True, seconds=120, **same),
        "clock-forward": Fault("all clocks jump an hour forwards, and back after 6 s", both(clock("+1 hour"), lambda: time.sleep(6), clock("-1 hour")),
                               seconds=20, **same),
        "clock-back": Fault("all clocks jump an hour back, and forwards after 6 s", both(clock("-1 hour"), lambda: time.sleep(6), clock("+1 hour")),
                            seconds=20, **same),
        "switch-over": Fault("planned switch-over, and back (playbooks)", switch_over, seconds=300, play=True, runs=3, failed=0, kept=6, outage=2.5),
        "fail-back": Fault("the first router returns", returned, power_on(R1), before=lost, play=True, runs=3, seconds=90, failed=0, kept=6, outage=2.5),
        "bad-definition": Fault("a wrong definition is deployed, and garbage for keepalived", sees_it_refused, play=True, seconds=120, **same),
        "disk-full": Fault("the active router's disk is full in a deploy", disk_full, disk_free, play=True, seconds=400, **same),
        "deploy-killed": Fault("deploys are killed at 11 points, and run again", killed_deploys, play=True, seconds=2400, **same),
        "deploys-20": Fault("20 deploys with changing definitions", many_deploys(), play=True, seconds=2400, **same),
    }
    for interval, limit in list(INTERVALS.items())[1:]:
        found[f"power-off-{interval}"] = power_off(limit, interval=interval)
    return found
