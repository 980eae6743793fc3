# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab on the machine's own kernel, where that has IPVS: the same agent, in namespaces of its own, without User Mode Linux."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from lvslab import paths, uml
from lvslab.say import LabError

UPLINK = "lab1"
KINDS = ("host", "uml")

# The agent's own world: mounts and network apart, everything read-only but its tmpfs, then the agent.
INIT = """set -e
ip link set {uplink} up
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/lab/roots /mnt/lab/packages /mnt/lab/hosts /mnt/lab/bundles /mnt/root /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
for where in /proc /sys /dev; do mount --rbind $where /mnt/root$where; done
mount -t tmpfs tmpfs /mnt/root/run
mount -t tmpfs tmpfs /mnt/root/tmp
mkdir -p /mnt/root/run/netns /mnt/root/lab /mnt/root/.machine
mount --bind /mnt/lab /mnt/root/lab
mount --bind {roots} /mnt/root/lab/roots
mount --bind {packages} /mnt/root/lab/packages
mount --bind {handback} /mnt/root{handback}
cd /mnt/root
pivot_root . .machine
umount -l /.machine
cd {project}
PYTHONPATH=lab PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 -m lvslab.inside.agent {uplink}
"""


def has_ipvs() -> bool:
    """Whether this kernel serves IPVS (its module is loaded where it can be)."""
    if not Path("/proc/net/ip_vs").exists():
        subprocess.run(["modprobe", "-q", "ip_vs"], stderr=subprocess.DEVNULL)
    return Path("/proc/net/ip_vs").exists()


def choose() -> str:
    """host or uml: by LAB_KERNEL, else by what the machine has."""
    asked = os.environ.get("LAB_KERNEL", "")
    if asked and asked not in KINDS:
        raise LabError(f"LAB_KERNEL={asked}: one of {', '.join(KINDS)}")
    if asked == "host" and not has_ipvs():
        raise LabError("LAB_KERNEL=host: this machine's kernel has no IPVS (/proc/net/ip_vs); leave it out, and User Mode Linux serves")
    return asked or ("host" if has_ipvs() else "uml")


def start(folder: Path, namespace: str) -> int:
    """Start the agent in network and mount namespaces of its own; the uplink is a veth pair to the lab's management namespace."""
    text = INIT.format(uplink=UPLINK, roots=shlex.quote(str(paths.ROOTS)), packages=shlex.quote(str(paths.PACKAGES)),
                       handback=shlex.quote(str(folder / "handback")), project=shlex.quote(str(paths.PROJECT)))
    with open(folder / "console.log", "wb") as console:
        process = subprocess.Popen(
            ["unshare", "--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "--cgroup", "sh", "-c",
             f"until ip link show {UPLINK} >/dev/null 2>&1; do sleep 0.05; done\n{text}"],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True, cwd="/")
    child = _child(process.pid)
    subprocess.run(["ip", "-n", namespace, "link", "add", uml.TAP, "type", "veth", "peer", "name", UPLINK, "netns", str(child)], check=True)
    return process.pid


def _child(pid: int) -> int:
    """The process inside the new namespaces (unshare --fork stays outside the pid namespace, in the new network)."""
    return pid
