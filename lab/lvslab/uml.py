# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the lab's kernel as a User Mode Linux process that can write nowhere but in the hand-back folder."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from lvslab import kernel, paths, world

TAP = "lab0"
UPLINK = "vec0"
MEMORY = "6G"

# A root that is an overlay in memory over the machine's own files
INIT = """#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs -o size=90% tmpfs /mnt
mkdir -p /mnt/upper /mnt/work /mnt/whole /mnt/lab /mnt/m/lib/modules
mount -t proc proc /proc
ln -s {modules} /mnt/m/lib/modules/{release}
modprobe -d /mnt/m overlay
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/whole
mount --bind /mnt/lab /mnt/whole/mnt
cd /mnt/whole
mkdir -p .machine
pivot_root . .machine
"""


def _share(source: Path, where: str, access: str = "ro,") -> str:
    return f"mount -t hostfs -o {access}{shlex.quote(str(source))} none {shlex.quote(where)}"


def write_init(folder: Path, chosen: kernel.Kernel, patience: float) -> Path:
    handback = folder / "handback"
    begin = INIT.format(modules=shlex.quote(str(chosen.modules)), release=shlex.quote(chosen.release))
    shares = world.Shares(images=_share(paths.ROOTS, "/lab/roots"), share=_share, handback=_share(handback, str(handback), ""))
    return world.write(folder, begin + world.script(folder, chosen.modules, UPLINK, patience, shares))


def sandbox(folder: Path, command: list[str]) -> str:
    """A shell text: every mounted file system read-only, memory on a tmpfs of its own, then the command."""
    handback = shlex.quote(str(folder / "handback"))
    return f"""set -e
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount --bind {handback} {handback}
while read -r _ _ _ _ where _; do
  case "$where" in {handback}|/dev|/dev/*|/proc|/proc/*) continue ;; esac
  mount -o remount,bind,ro "$where" 2>/dev/null || :
done < /proc/self/mountinfo
export TMPDIR=/dev/shm
exec {shlex.join(command)}
"""


def start(folder: Path, namespace: str, patience: float = 1.0) -> int:
    """Boot; return the process id whose end is the end of the whole kernel. The tap must be in the namespace already."""
    chosen = kernel.ensure()
    init = write_init(folder, chosen, patience)
    command = [str(chosen.binary), f"mem={MEMORY}", "rootfstype=hostfs", "rootflags=/", "ro", f"init={init}", "con=null", "con0=fd:0,fd:1",
               "ssl=null", "quiet", "panic=-1", "uml_dir=/dev/shm/uml/", *chosen.options, f"{UPLINK}:transport=tap,ifname={TAP},depth=128"]
    return boot(folder, namespace, command)


def boot(folder: Path, namespace: str, command: list[str]) -> int:
    """Run a kernel as a process in the sandbox, its console in the lab's folder; the id of the process that all others die with."""
    with open(folder / "console.log", "wb") as console:
        process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{namespace}", "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
             "--mount-proc", "sh", "-c", sandbox(folder, command)],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True, cwd="/")
    return process.pid
