# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lab keeps things: all of it below `.build/lab` of the project."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("LVS_LAB_CACHE", PROJECT / ".build" / "lab"))
ROOTS = CACHE / "roots"          # one base image (a folder) per suite
PACKAGES = CACHE / "packages"    # one package folder per suite, offered to the hosts
KERNEL = CACHE / "kernel"        # the User Mode Linux kernel, its modules and its libc
VM = CACHE / "vm"                # the stock kernel for the virtual machine, its modules and its initramfs
APT = CACHE / "apt"              # apt's lists and archives, apart from the machine's
RUNS = CACHE / "run"             # one folder per running lab


def run_folder(name: str) -> Path:
    """The folder of the running lab `name`: keys, inventory, logs, hand-back."""
    return RUNS / name
