# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether KVM carries a stock kernel on this machine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from lvslab import install, paths, vmkernel
from lvslab.say import step

DEVICE = Path("/dev/kvm")
CPUINFO = Path("/proc/cpuinfo")
PROBE_SECONDS = 15.0


def lacks() -> str:
    """What this machine lacks for it; nothing where it serves.

    That /dev/kvm opens says little: inside some virtual machines it creates machines that hang before their first word. So the
    processor is asked first, then a kernel is started; that is done once for each boot of the machine.
    """
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        return f"{DEVICE} is missing or closed to us"
    if not re.search(r"^flags\s*:.*\b(vmx|svm)\b", CPUINFO.read_text(), re.MULTILINE):
        return f"this machine's processor has neither vmx nor svm, whatever {DEVICE} says"
    return "" if _carries() else f"{DEVICE} does not carry a stock kernel"


def _carries() -> bool:
    boot, known = Path("/proc/sys/kernel/random/boot_id").read_text().strip(), paths.VM / "kvm"
    if known.exists() and known.read_text().startswith(boot):
        return known.read_text().split()[-1] == "yes"
    install.ensure_programs("vm")
    chosen = vmkernel.ensure()
    with step("looking whether KVM carries the kernel"):
        found = _lives(chosen)
    known.write_text(f"{boot} {'yes' if found else 'no'}\n")
    return found


def _lives(chosen: vmkernel.VmKernel) -> bool:
    command = vmkernel.command(chosen, emulated=False, memory="512M")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return vmkernel.ALIVE in done.stdout
