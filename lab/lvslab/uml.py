# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the lab's kernel as a User Mode Linux process that can write nowhere but in the hand-back folder."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from lvslab import kernel, paths

TAP = "lab0"
UPLINK = "vec0"
MEMORY = "6G"

# What runs first inside: a root that is an overlay in memory over the machine's own files, then the agent.
INIT = """#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs -o size=90% tmpfs /mnt
mkdir -p /mnt/upper /mnt/work /mnt/whole /mnt/lab /mnt/m/lib/modules
mount -t proc proc /proc
ln -s @MODULES@ /mnt/m/lib/modules/@RELEASE@
modprobe -d /mnt/m overlay
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/whole
mount --bind /mnt/lab /mnt/whole/mnt
cd /mnt/whole
mkdir -p .machine
pivot_root . .machine
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm /lab/roots /lab/packages /lib/modules/@RELEASE@
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /run/netns /lab/hosts
mount --bind /mnt /lab/hosts
mount -t hostfs -o ro@COMMA@@ROOTS@ none /lab/roots
mount -t hostfs -o ro@COMMA@@PACKAGES@ none /lab/packages
mount -t hostfs -o ro@COMMA@@MODULES@ none /lib/modules/@RELEASE@
# Where the project lies in /tmp or another folder that is new here
[ -e @PROJECT@/lab ] || { mkdir -p @PROJECT@ && mount -t hostfs -o ro@COMMA@@PROJECT@ none @PROJECT@; }
mkdir -p @HANDBACK@
mount -t hostfs -o @HANDBACK@ none @HANDBACK@
umount -l /.machine
# A host starts with the kernel's defaults, not with what is set here (Documentation/admin-guide/sysctl/net.rst)
echo 2 > /proc/sys/net/core/devconf_inherit_init_net
hostname lab
cd @PROJECT@
PYTHONPATH=lab PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m lvslab.inside.agent @UPLINK@ &
wait
sync
echo o > /proc/sysrq-trigger
sleep 3
"""


def write_init(folder: Path, chosen: kernel.Kernel) -> Path:
    text = INIT
    values = {"RELEASE": chosen.release, "ROOTS": paths.ROOTS, "PACKAGES": paths.PACKAGES, "HANDBACK": folder / "handback",
              "MODULES": chosen.modules, "PROJECT": paths.PROJECT, "UPLINK": UPLINK}
    for key, value in values.items():
        text = text.replace(f"@{key}@", shlex.quote(str(value)))
    text = text.replace("@COMMA@", ",")
    init = folder / "init"
    init.write_text(text)
    init.chmod(0o755)
    return init


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


def start(folder: Path, namespace: str) -> int:
    """Boot; return the process id whose end is the end of the whole kernel. The tap must be in the namespace already."""
    chosen = kernel.ensure()
    init = write_init(folder, chosen)
    command = [str(chosen.binary), f"mem={MEMORY}", "rootfstype=hostfs", "rootflags=/", "ro", f"init={init}", "con=null", "con0=fd:0,fd:1",
               "ssl=null", "quiet", "panic=-1", "uml_dir=/dev/shm/uml/", *chosen.options, f"{UPLINK}:transport=tap,ifname={TAP},depth=128"]
    with open(folder / "console.log", "wb") as console:
        process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{namespace}", "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
             "--mount-proc", "sh", "-c", sandbox(folder, command)],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True, cwd="/")
    return process.pid
