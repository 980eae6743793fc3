# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault, measured: a client that asks 50 times a second, six long downloads, and who holds the addresses every 10 ms."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from lvslab import trial

ROUTERS = ["r1", "r2"]
NAT, DIRECT, GATEWAY = "192.0.2.100", "192.0.2.101", "10.0.0.254"
CHANGING = "192.0.2.102"      # comes and goes with deploys
BEFORE = 6.0      # seconds that the clients are at work before the fault: the kernel collects what it tells the other router for up to 3 s
END = "/run/lvs-matrix-end"      # a file, on the client and in the lab's kernel
RATE = 50.0       # requests a second, each for itself: one that waits keeps no other
PATIENT = 8.0     # seconds that a request may take where none is to fail: TCP opens again after 1 s
HASTY = 0.9       # where the service is away for a while: less than that, so what finds no service has failed
LONGEST_GAP = 500      # ms between two looks at the addresses, 10 ms where the machine has the time


@dataclass
class Fault:
    """What is done to a whole cluster, for how long it is watched, and what may come of it. A limit of None is not judged."""

    what: str
    do: Callable[[], object]
    undo: Callable[[], object] = lambda: None
    before: Callable[[], object] = lambda: None      # before anybody watches
    seconds: float = 10.0            # for which it is watched, at the longest
    runs: int = 1
    outage: float | None = None      # seconds
    two: float | None = 0.0          # seconds in which two routers held an address
    failed: int | None = None        # requests
    kept: int | None = None          # of 6 downloads, at least
    stays: bool = False              # the active router stays the one that it was
    play: bool = False               # it takes as long as a play takes: watched until it has ended
    interval: str = "1"              # of the heartbeat, in seconds


@dataclass
class Seen:
    """What came of it; of several runs the median of the outage, and the worst of the rest."""

    outage: float
    two: float
    failed: int
    asked: int
    kept: int
    moved: bool
    whole: bool
    gap: int          # ms between two looks at the addresses, at worst
    note: str = ""


def stop(now: bool) -> None:
    """Have all that watch end now, or let the next ones begin."""
    words = ["touch", END] if now else ["rm", "-f", END]
    trial.on("client", " ".join(words))
    trial.agent().read(words)


def run_once(fault: Fault) -> Seen:
    patient = fault.failed == 0
    stop(False)
    try:
        fault.before()
        holders = trial.HoldersWatch(ROUTERS, [NAT, DIRECT, GATEWAY, CHANGING], fault.seconds + 1, until=END)
        client = trial.Watch("client", NAT, seconds=fault.seconds, rate=RATE, timeout=PATIENT if patient else HASTY, until=END)
        downloads = trial.Probe("downloads.py", "client", f"{NAT},{DIRECT}", seconds=fault.seconds, until=END)
        time.sleep(BEFORE)
        begun = time.monotonic()
        fault.do()
        if time.monotonic() - begun > fault.seconds - BEFORE:
            raise AssertionError(f"it took longer than the {fault.seconds:.0f} s for which it is watched")
        if fault.play:
            time.sleep(2)
            stop(True)
        seen, kept, held = (one.result(fault.seconds + 60) for one in (client, downloads, holders))
    finally:
        stop(True)
        fault.undo()
    note = []
    if patient and seen["failed"]:
        note.append(f"failed: {seen['first_failures']}")
    if kept["lost"]:
        note.append(f"lost: {kept['lost']}")
    return Seen(outage=seen["hole_ms"] / 1000, two=max(held["two_ms"].values()) / 1000, failed=seen["failed"], asked=seen["asked"], kept=kept["kept"],
                moved=any(hosts and hosts != [ROUTERS[0]] for _at, address, hosts in held["changes"] if address == NAT), whole=whole(),
                gap=held["longest_gap_ms"], note="; ".join(note))


def run(fault: Fault) -> Seen:
    found = [run_once(fault) for _ in range(fault.runs)]
    return Seen(outage=statistics.median(one.outage for one in found), two=max(one.two for one in found), failed=max(one.failed for one in found),
                asked=min(one.asked for one in found), kept=min(one.kept for one in found), moved=any(one.moved for one in found),
                whole=all(one.whole for one in found), gap=max(one.gap for one in found), note="; ".join(filter(None, (one.note for one in found))))


def verdicts(fault: Fault, seen: Seen, slack: float = 0.0) -> list[tuple[str, str, str, bool]]:
    """(figure, value, limit, whether it is good enough). slack: seconds beyond the limit of the outage."""
    longest = None if fault.outage is None else fault.outage + slack
    rows = [("outage", f"{seen.outage:.2f} s", "-" if longest is None else f"{longest:g} s", longest is None or seen.outage <= longest),
            ("two-holders", f"{seen.two:.2f} s", "-" if fault.two is None else f"{fault.two:g} s", fault.two is None or seen.two <= fault.two),
            ("requests-failed", f"{seen.failed}/{seen.asked}", "-" if fault.failed is None else str(fault.failed),
             fault.failed is None or seen.failed <= fault.failed),
            ("downloads-kept", f"{seen.kept}/6", "-" if fault.kept is None else str(fault.kept), fault.kept is None or seen.kept >= fault.kept)]
    if fault.two is not None:
        rows.append(("longest-gap", f"{seen.gap} ms", f"{LONGEST_GAP} ms", seen.gap <= LONGEST_GAP))
    if fault.stays:
        rows.append(("moved", "yes" if seen.moved else "no", "no", not seen.moved))
    return [*rows, ("afterwards", "whole" if seen.whole else "NOT-whole", "whole", seen.whole)]


def as_before() -> bool:
    """The first router has all addresses, both have the whole table, and the sync daemons run in their roles."""
    if any(trial.holders(address, ROUTERS) != ROUTERS[:1] for address in (NAT, DIRECT, GATEWAY)):
        return False
    tables = [trial.on(router, "ipvsadm -Sn; ipvsadm -L --daemon", check=False) for router in ROUTERS]
    return all(table.count("\n-a ") == 4 and f"{role} sync daemon" in table for table, role in zip(tables, ("master", "backup"), strict=True))


def whole(seconds: float = 45.0) -> bool:
    return trial.eventually(as_before, seconds, every=1)
