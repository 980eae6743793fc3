# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a stock Debian kernel in a virtual machine, for what User Mode Linux lacks (nf_tables): by KVM, else by emulation.

The machine's files are seen over 9p, exported read-only; the hand-back folder is a second, writable export; the hosts' images are
disks. QEMU itself runs in the same sandbox as User Mode Linux: whatever it did, it could write nowhere else.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from lvslab import disks, kvm, topology, uml, vmkernel, world

UPLINK = "eth0"
MEMORY = "6G"
EMULATED = 6.0      # the factor of time limits
P9 = "trans=virtio,version=9p2000.L,msize=262144"


def _share(source: Path, where: str) -> str:
    return f"mount --bind {shlex.quote(f'/.machine{source}')} {shlex.quote(where)}"


def _export(tag: str, path: str, options: str) -> list[str]:
    return ["-fsdev", f"local,id={tag},path={path.replace(',', ',,')},security_model=none,{options}", "-device",
            f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]


def start(folder: Path, namespace: str, patience: float = 1.0) -> int:
    """Boot; return the process id whose end is the end of the whole machine. The tap must be in the namespace already."""
    chosen, handback = vmkernel.ensure(), folder / "handback"
    suites = [suite for suite in topology.IMAGES if disks.path(suite).exists()]
    images = [f"mkdir -p /lab/roots/{suite} && mount -t ext4 -o ro /dev/vd{letter} /lab/roots/{suite}" for letter, suite in zip("abc", suites)]
    shares = world.Shares("\n".join(images), _share, f"mount -t 9p -o {P9} handback {shlex.quote(str(handback))}")
    begin = "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
    init = world.write(folder, begin + world.script(folder, chosen.modules, UPLINK, patience, shares))
    devices = ["-netdev", f"tap,id=uplink,ifname={uml.TAP},script=no,downscript=no", "-device", "virtio-net-pci,netdev=uplink,romfile="]
    for suite in suites:
        devices += ["-drive", f"if=virtio,format=raw,readonly=on,file={str(disks.path(suite)).replace(',', ',,')}"]
    devices += _export("machine", "/", "readonly=on,multidevs=remap") + _export("handback", str(handback), "multidevs=remap")
    command = vmkernel.command(chosen, emulated=bool(kvm.lacks()), memory=MEMORY, append=f"LVSLAB_INIT={init}")
    return uml.boot(folder, namespace, [*command, *devices])
