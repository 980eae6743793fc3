# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts' images as disks of the virtual machine: file by file over 9p they are several times slower."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from lvslab import paths
from lvslab.install import run_quietly
from lvslab.say import step

ROOM = 1.3      # of what the files take: inodes and tables of the file system


def path(suite: str) -> Path:
    return paths.VM / "disks" / f"{suite}.ext4"


def ensure(suite: str) -> Path:
    """The disk with the image of this suite, made anew when the image was."""
    disk, stamp = path(suite), path(suite).with_suffix(".made-of")
    made_of = str((paths.ROOTS / suite / "etc/lvs-lab-recipe").stat().st_mtime_ns)
    if disk.exists() and stamp.exists() and stamp.read_text() == made_of:
        return disk
    disk.parent.mkdir(parents=True, exist_ok=True)
    with step(f"making a disk of the image of Debian {suite}"), tempfile.TemporaryDirectory(dir=disk.parent) as scratch:
        root = paths.ROOTS / suite
        used = int(subprocess.run(["du", "-s", "--block-size=1M", str(root)], check=True, capture_output=True, text=True).stdout.split()[0])
        made = Path(scratch) / disk.name
        run_quietly(["mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-N", "60000", "-d", str(root), str(made), f"{int(used * ROOM) + 64}M"])
        stamp.unlink(missing_ok=True)
        shutil.move(made, disk)
        stamp.write_text(made_of)
    return disk
