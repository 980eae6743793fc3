# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab on the machine's own kernel, where that has IPVS: the same agent, in namespaces of its own, without User Mode Linux."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from lvslab import paths, uml
from lvslab.say import LabError

UPLINK = "lab1"
CGROUPS = Path("/sys/fs/cgroup")

# The agent's own world: a root that is an overlay in memory over the machine's, the machine's other file systems below it
# read-only, a cgroup of the lab's own, then the agent as a child of this shell, which reaps what the hosts leave.
INIT = """set -e
echo $$ > {cgroup}/cgroup.procs
exec unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc --cgroup sh -c {inside}
"""
INSIDE = """set -e
until ip link show {uplink} >/dev/null 2>&1; do sleep 0.05; done
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/lab/roots /mnt/lab/packages /mnt/lab/hosts /mnt/lab/bundles /mnt/whole /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/whole
while read -r _ _ _ _ where _; do
  case "$where" in /|/proc|/proc/*|/sys|/sys/*|/dev|/dev/*|/run|/run/*|/tmp|/mnt|/mnt/*|{handback}) continue ;; esac
  [ -d "$where" ] || continue
  mkdir -p "/mnt/whole$where"
  mount --bind "$where" "/mnt/whole$where"
  mount -o remount,bind,ro "/mnt/whole$where"
done < /proc/self/mountinfo
mount -t tmpfs tmpfs /mnt/whole/run
mount -t tmpfs tmpfs /mnt/whole/tmp
mkdir -p /mnt/whole/run/netns /mnt/whole/lab /mnt/whole/.machine
mount --bind /mnt/lab /mnt/whole/lab
mount --bind {roots} /mnt/whole/lab/roots
mount --bind {packages} /mnt/whole/lab/packages
mount -o remount,bind,ro /mnt/whole/lab/roots
mount -o remount,bind,ro /mnt/whole/lab/packages
[ -e /mnt/whole{project}/lab ] || {{ mkdir -p /mnt/whole{project}; mount --bind {project} /mnt/whole{project}; mount -o remount,bind,ro /mnt/whole{project}; }}
mkdir -p /mnt/whole{handback}
mount --bind {handback} /mnt/whole{handback}
mount --rbind /proc /mnt/whole/proc
mount --rbind /dev /mnt/whole/dev
mount -t sysfs sysfs /mnt/whole/sys
mount -t cgroup2 cgroup2 /mnt/whole/sys/fs/cgroup
cd /mnt/whole
pivot_root . .machine
umount -l /.machine
# The root of a tree that hands controllers down may hold no process itself
mkdir /sys/fs/cgroup/agent
echo 1 > /sys/fs/cgroup/agent/cgroup.procs
cd {project}
LVS_LAB_PATIENCE={patience} PYTHONPATH=lab PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m lvslab.inside.agent {uplink} &
wait
"""


def has_ipvs() -> bool:
    """Whether this kernel serves IPVS (its module is loaded where it can be; a machine without modprobe loads none)."""
    if not Path("/proc/net/ip_vs").exists() and shutil.which("modprobe", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        subprocess.run(["modprobe", "-q", "ip_vs"], stderr=subprocess.DEVNULL)
    return Path("/proc/net/ip_vs").exists()


def lacks() -> str:
    """What this machine lacks for the lab on its own kernel; nothing where it can serve."""
    if not has_ipvs():
        return "this machine's kernel has no IPVS (/proc/net/ip_vs)"
    if not (CGROUPS / "cgroup.controllers").exists():
        return f"this machine has no unified control groups ({CGROUPS} is not cgroup2)"
    return ""


def cgroup(name: str) -> Path:
    """The control group of all that a lab runs."""
    return CGROUPS / f"lvslab-{name}"


def start(folder: Path, namespace: str, patience: float = 1.0) -> int:
    """Start the agent in namespaces of its own; the uplink is a veth pair to the lab's management namespace."""
    inside = INSIDE.format(uplink=UPLINK, patience=patience, roots=shlex.quote(str(paths.ROOTS)), packages=shlex.quote(str(paths.PACKAGES)),
                           handback=shlex.quote(str(folder / "handback")), project=shlex.quote(str(paths.PROJECT)))
    group = cgroup(folder.name)
    group.mkdir(exist_ok=True)
    with open(folder / "console.log", "wb") as console:
        process = subprocess.Popen(["sh", "-c", INIT.format(cgroup=group, inside=shlex.quote(inside))],
                                   stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True, cwd="/")
    _wait_for_namespace(process)
    subprocess.run(["ip", "-n", namespace, "link", "add", uml.TAP, "type", "veth", "peer", "name", UPLINK, "netns", str(process.pid)], check=True)
    return process.pid


def _wait_for_namespace(process: subprocess.Popen, seconds: float = 10.0) -> None:
    """Until it has left the machine's network: an interface that is given to it earlier lands in the machine's own."""
    limit = time.monotonic() + seconds
    while os.readlink("/proc/self/ns/net") == os.readlink(f"/proc/{process.pid}/ns/net"):
        if process.poll() is not None or time.monotonic() > limit:
            raise LabError("the lab's namespaces could not be made: needs root and unshare of util-linux 2.38 or newer")
        time.sleep(0.01)


def stop(name: str) -> None:
    """Every process that is left in the lab's control groups, and the groups, innermost first."""
    group = cgroup(name)
    if group.exists():
        if (group / "cgroup.kill").exists():      # whoever started it was killed before it could note the process
            (group / "cgroup.kill").write_text("1")
        for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
            _remove(folder)
        _remove(group)


def _remove(group: Path, seconds: float = 5.0) -> None:
    """The kernel keeps a group busy until the last of its dead processes is buried."""
    limit = time.monotonic() + seconds
    while True:
        try:
            group.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() > limit:
                raise LabError(f"{group} is busy: a process of the lab lives on") from None
            time.sleep(0.05)
