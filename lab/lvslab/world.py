# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kernel of the lab's own runs first, as a shell script: the same world in every one of them, then the agent.

When it begins, the root is an overlay in memory over the machine's own files, /mnt is an empty folder in memory, the machine's
files stand at /.machine, and nothing else is mounted. How the machine's folders are mounted differs: `Shares` of each kind.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lvslab import paths

SCRIPT = """mount -t proc proc /proc
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
@SHARES@
# Where the project lies in /tmp or another folder that is new here
[ -e @PROJECT@/lab ] || { mkdir -p @PROJECT@ && @PROJECT_SHARE@; }
mkdir -p @HANDBACK@
@HANDBACK_SHARE@
umount -l /.machine
# A host starts with the kernel's defaults, not with what is set here (Documentation/admin-guide/sysctl/net.rst)
echo 2 > /proc/sys/net/core/devconf_inherit_init_net
hostname lab
cd @PROJECT@
LVS_LAB_PATIENCE=@PATIENCE@ PYTHONPATH=lab PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m lvslab.inside.agent @UPLINK@ &
wait
sync
echo o > /proc/sysrq-trigger
sleep 3
"""


@dataclass(frozen=True)
class Shares:
    """How this kind of kernel sees the machine's folders; each a shell command."""

    images: str                               # mounts the hosts' images below /lab/roots
    share: Callable[[Path, str], str]         # (folder of the machine, where): a read-only mount
    handback: str                             # the only writable one


def script(folder: Path, modules: Path, uplink: str, patience: float, shares: Shares) -> str:
    """The script of a lab in this folder; `modules` is named after the kernel's release."""
    mounts = [shares.images, shares.share(paths.PACKAGES, "/lab/packages"), shares.share(modules, f"/lib/modules/{modules.name}")]
    text = SCRIPT.replace("@SHARES@", "\n".join(mounts))
    text = text.replace("@PROJECT_SHARE@", shares.share(paths.PROJECT, str(paths.PROJECT))).replace("@HANDBACK_SHARE@", shares.handback)
    values = {"RELEASE": modules.name, "HANDBACK": folder / "handback", "PROJECT": paths.PROJECT, "UPLINK": uplink, "PATIENCE": patience}
    for key, value in values.items():
        text = text.replace(f"@{key}@", shlex.quote(str(value)))
    return text


def write(folder: Path, text: str) -> Path:
    """The script as a program in the lab's folder."""
    init = folder / "init"
    init.write_text(text)
    init.chmod(0o755)
    return init
