# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab needs on the machine itself: installed by apt when missing, and said."""

from __future__ import annotations

import os
import shutil
import subprocess

from lvslab.say import LabError, say, step

# program -> Debian package that has it
NEEDED = {
    "crun": "crun",
    "mmdebstrap": "mmdebstrap",
    "patchelf": "patchelf",
    "modprobe": "kmod",
    "ip": "iproute2",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "nsenter": "util-linux",
    "dpkg-scanpackages": "dpkg-dev",
    "/usr/bin/python3": "python3",
}


# the same, for one kind of kernel alone
NEEDED_BY = {
    "vm": {"qemu-system-x86_64": "qemu-system-x86", "depmod": "kmod", "mke2fs": "e2fsprogs"},
}


def ensure_programs(kind: str) -> None:
    """Install the packages of the programs that are missing. Needs root and apt."""
    if os.geteuid() != 0:
        raise LabError("the lab needs root: it makes network namespaces and a tap device")
    missing = sorted({package for program, package in {**NEEDED, **NEEDED_BY.get(kind, {})}.items() if not shutil.which(program)})
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise LabError(f"install these first: {' '.join(missing)}")
    say(f"installing on this machine: {' '.join(missing)}")
    with step("apt-get install"):
        run_quietly(["apt-get", "update", "-qq"])
        run_quietly(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing])


def run_quietly(command: list[str], **options) -> str:
    """Run it, keep its words, and show them only when it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, **options)
    if done.returncode:
        raise LabError(f"{' '.join(command[:6])} … ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout
