# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of a data set costs, against `rsync -a` by hand: 100,000 small files, and 5 GB in large ones (less where the memory is
short: the figure `sync.large.size` says it).

One line a figure: `figure value limit ok|SHORT`; exit status 1 if any is SHORT. `make bench-sync`; some 5 min, in memory (/dev/shm).

Hosts are folders of this machine, behind a real sshd on loopback with a key that may do one thing: `rrsync -ro` for who copies by hand with
`rsync -a`, the reading key's program for the data set. Both start as the system's Python has them. The data set has an interval: one with
on_change does less, it does not ask whether the source changed meanwhile. They take turns, and the best of three counts. All copy to the
same place, which is emptied just before: memory that has been free for a while may cost a virtual machine more to write than memory that
is freed just now.
For three targets at once each is held to 40 MB/s, so that it is the network that is measured: without that, three copies on two
processors take three times as long whoever makes them.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unit"))

from data_sync.hosts import PROGRAM, Hosts  # noqa: E402
from loopback_sshd import LoopbackSshd  # noqa: E402

SMALL, LARGE = 100_000, 5
SPARE = 3e9        # bytes of memory that stay for others
BEST_OF = 3
PYTHON = "/usr/bin/python3"  # as the units have it
short = False


def say(name: str, value: float, unit: str, most: float | None = None) -> None:
    global short
    well = most is None or value <= most
    short = short or not well
    print("%-58s %10.3f %-8s %9s %s" % (name, value, unit, "-" if most is None else "%.2f" % most, "ok" if well else "SHORT"), flush=True)


def took(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def small_files(folder: Path) -> None:
    for number in range(SMALL):
        if number % 1000 == 0:
            (folder / str(number // 1000)).mkdir()
        (folder / str(number // 1000) / str(number)).write_bytes(b"%d\n" % number * 64)


def large_files(folder: Path) -> None:
    """Source and target have to be in memory at once."""
    with open("/proc/meminfo") as stream:
        available = next(int(line.split()[1]) * 1024 for line in stream if line.startswith("MemAvailable"))
    megabytes = min(1000, int((available - SPARE) / 2 / LARGE / 1e6))
    say("sync.large.size", megabytes * LARGE / 1000, "GB")
    for number in range(LARGE):
        with open(folder / str(number), "wb") as stream:
            for _megabyte in range(megabytes):
                stream.write(os.urandom(1_000_000))


def hosts_behind(sshd: LoopbackSshd, root: Path, names: list[str], **changes: Any) -> Hosts:
    """The first one is the source, which the others reach by SSH."""
    hosts = Hosts(root, names, names[:1], **changes)
    hosts.ssh, hosts.python = sshd.program, PYTHON
    source = f"{root}/{names[0]}/served"
    sshd.allow(by_hands_key(hosts), ["/usr/bin/rrsync", "-ro", source])
    for name in names[1:]:
        sshd.allow(root / name / "keys/www-read", [PYTHON, "-ISB", f"{PROGRAM}/reader.py", source])
    return hosts


def by_hands_key(hosts: Hosts) -> Path:
    return hosts.root / "keys/by-hand"


def by_hand(hosts: Hosts) -> None:
    command = ["rsync", "-a", "--delete", f"--rsh={hosts.ssh} -i {by_hands_key(hosts)}", "web1:./", f"{hosts.root}/web2/served/"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def by_us(hosts: Hosts, host: str = "web2") -> None:
    found = hosts.run(host, "pull")
    assert found["ok"], found


def empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def memory(work: Callable[[], None]) -> float:
    """MB of the largest process that took part, in a process of its own as the kernel never forgets one."""
    child = os.fork()
    if child == 0:
        work()
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000, file=open("/dev/fd/%d" % WRITE, "w"))
        os._exit(0)
    os.waitpid(child, 0)
    return float(os.read(READ, 100))


READ, WRITE = os.pipe()
os.set_inheritable(WRITE, True)


def compare(sshd: LoopbackSshd, root: Path, what: str, fill: Callable[[Path], None]) -> None:
    hosts = hosts_behind(sshd, root, ["web1", "web2"])
    fill(root / "web1/served")
    hand, us = [], []
    for _turn in range(BEST_OF):
        for work, times in ((by_hand, hand), (by_us, us)):
            empty(root / "web2/served")
            times.append(took(lambda work=work: work(hosts)))
    say(f"sync.{what}.by_hand", min(hand), "s")
    say(f"sync.{what}.data_set", min(us), "s")
    say(f"sync.{what}.ratio", min(us) / min(hand), "x", 1.1)
    same = [[took(lambda: by_hand(hosts)), took(lambda: by_us(hosts))] for _turn in range(2 * BEST_OF)]
    hand_again, us_again = (min(times) for times in zip(*same, strict=True))
    say(f"sync.{what}.no_change.by_hand", hand_again, "s")
    say(f"sync.{what}.no_change.data_set", us_again, "s")
    say(f"sync.{what}.no_change.ratio", us_again / hand_again, "x", 1.1)
    say(f"sync.{what}.no_change.memory.by_hand", memory(lambda: by_hand(hosts)), "MB")
    say(f"sync.{what}.no_change.memory.data_set", memory(lambda: by_us(hosts)), "MB")


def three_targets(sshd: LoopbackSshd, root: Path) -> None:
    hosts = hosts_behind(sshd, root, ["web1", "web2", "web3", "web4"], bandwidth=40_000)
    (root / "web1/served/large").write_bytes(os.urandom(300_000_000))
    one = took(lambda: by_us(hosts))
    empty(root / "web2/served")

    def three() -> None:
        for process in [hosts.start(host, "pull") for host in ("web2", "web3", "web4")]:
            process.communicate(timeout=120)
            assert process.returncode == 0

    at_once = took(three)
    say("sync.one_target", one, "s")
    say("sync.three_targets", at_once, "s")
    say("sync.three_targets.ratio", at_once / one, "x", 1.3)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        sshd = LoopbackSshd(Path(scratch) / "sshd")
        try:
            for what, fill in (("small", small_files), ("large", large_files)):
                place = Path(scratch) / what
                place.mkdir()
                compare(sshd, place, what, fill)
                shutil.rmtree(place)
            place = Path(scratch) / "three"
            place.mkdir()
            three_targets(sshd, place)
        finally:
            sshd.stop()
    sys.exit(short)
