# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of kernel that a lab can run on.

The machine's own where it has IPVS, else User Mode Linux; a stock kernel in a virtual machine by hand, and by itself only where the
topology needs nf_tables and KVM carries it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from lvslab import client, disks, hostkernel, kernel, kvm, uml, vm, vmkernel
from lvslab.say import LabError, say

STARTS = {"host": hostkernel.start, "uml": uml.start, "vm": vm.start}
ASKED = "LAB_KERNEL"


def choose(nftables: bool = False) -> str:
    """host, uml or vm: by LAB_KERNEL, else by what the machine has and the topology needs."""
    asked = os.environ.get(ASKED, "")
    if asked and asked not in STARTS:
        raise LabError(f"{ASKED}={asked}: one of {', '.join(STARTS)}")
    if asked == "uml" and nftables:
        raise LabError(f"{ASKED}=uml: this topology needs nf_tables, of which User Mode Linux has the bridge family alone; {ASKED}=vm serves")
    missing = "" if asked in ("uml", "vm") else hostkernel.lacks()
    if asked == "host" and missing:
        raise LabError(f"{ASKED}=host: {missing}; leave it out, and User Mode Linux serves")
    if asked or not missing:
        return asked or "host"
    if not nftables:
        return "uml"
    slow = kvm.lacks()
    if slow:
        raise LabError(f"this topology needs nf_tables, which neither this machine's kernel nor User Mode Linux offers; a virtual machine would "
                       f"be emulated, as {slow}: {ASKED}=vm runs it, several times slower")
    return "vm"


def fetch(kind: str) -> None:
    """The kernel of this kind, from the cache or fetched now."""
    if kind == "uml":
        kernel.ensure()
    elif kind == "vm":
        vmkernel.ensure()


def fetch_image(kind: str, suite: str) -> None:
    """What this kind makes of a host's image."""
    if kind == "vm":
        disks.ensure(suite)


def has_tap(kind: str) -> bool:
    """Whether the kernel reaches the machine by a tap; the machine's own does by a veth pair."""
    return kind != "host"


def start(kind: str, folder: Path, namespace: str) -> int:
    """Boot; what was chosen is written down in the lab's folder for whoever uses it."""
    slow = kvm.lacks() if kind == "vm" else ""
    if slow:
        say(f"{slow}: the virtual machine is emulated, everything takes several times longer")
    patience = max(vm.EMULATED if slow else 1.0, client.patience())
    found = {"kind": kind, "emulated": bool(slow), "patience": patience}
    (folder / "kernel.json").write_text(json.dumps(found) + "\n")
    return STARTS[kind](folder, namespace, patience)


def facts(folder: Path) -> dict:
    """Of a running lab: kind (host, uml, vm), emulated, patience (factor of all time limits)."""
    try:
        return json.loads((folder / "kernel.json").read_text())
    except FileNotFoundError:      # started by an older lab
        return {"kind": "uml", "emulated": False, "patience": 1.0}
