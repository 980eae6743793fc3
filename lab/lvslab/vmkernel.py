# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get a stock Debian kernel for the virtual machine: the distribution's package, unpacked into the cache, never installed.

Beside it lies an initramfs of our own: a static busybox, the modules that the first mount needs, and `init` below. Without
LVSLAB_INIT on the kernel's command line that init only says that it lives, which is what kvm.py asks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lvslab import apt, paths
from lvslab.install import run_quietly
from lvslab.say import step

SUITE = "bookworm"
PACKAGE = "linux-image-amd64"
# bump when the recipe below changes: the folder is then made anew
RECIPE = "2"
FIRST_MODULES = ("virtio_pci", "virtio_net", "9p", "9pnet_virtio", "virtio_blk", "ext4", "overlay")
# Drivers of things that no virtual machine has: 300 of 400 MB
DROPPED = ("sound", "drivers/gpu", "drivers/media", "drivers/net/ethernet", "drivers/net/wireless", "drivers/scsi", "drivers/infiniband",
           "drivers/iio", "drivers/staging", "drivers/usb", "drivers/hwmon", "drivers/input", "drivers/isdn", "drivers/video")
VIRTUALISATION = ["-accel", "kvm", "-cpu", "host"]
# Threads side by side, and room for the translated code, which the default flushes often. A plain processor: what newer ones have costs an
# emulator more than it saves (five levels of page tables, repeated string instructions); and reading its time costs a tenth of the timer's.
EMULATION = ["-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "qemu64,-svm"]
EMULATED = "clearcpuid=rep_good tsc=reliable clocksource=tsc"
ALIVE = "lvslab: this kernel lives"

# A root that is an overlay in memory over the machine's own files (9p, read-only), then the lab's own script in it.
INIT = f"""#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done < /order
if [ -z "$LVSLAB_INIT" ]; then
  echo "{ALIVE}"
  poweroff -f
fi
mkdir -p /machine /memory /new
mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose machine /machine
mount -t tmpfs -o size=90% tmpfs /memory
mkdir -p /memory/upper /memory/work /memory/lab
mount -t overlay overlay -o lowerdir=/machine,upperdir=/memory/upper,workdir=/memory/work /new
mkdir -p /new/.machine
mount --bind /machine /new/.machine
mount --bind /memory/lab /new/mnt
umount /dev
exec switch_root /new /bin/sh "/.machine$LVSLAB_INIT"
"""


@dataclass(frozen=True)
class VmKernel:
    image: Path
    initrd: Path
    modules: Path        # the folder named after the release, with modules.dep

    @property
    def release(self) -> str:
        return self.modules.name


def command(chosen: VmKernel, emulated: bool, memory: str, append: str = "") -> list[str]:
    """QEMU with a console on its standard output and nothing that a lab has no use for."""
    return ["qemu-system-x86_64", *(EMULATION if emulated else VIRTUALISATION), "-smp", str(os.cpu_count() or 1), "-m", memory, "-nodefaults",
            "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", str(chosen.image), "-initrd", str(chosen.initrd),
            "-append", f"console=ttyS0 quiet panic=-1 mitigations=off {EMULATED if emulated else ''} {append}"]


def ensure() -> VmKernel:
    """The kernel, from the cache or fetched."""
    folder = paths.VM / "kernel"
    stamp = folder / "recipe"
    if not stamp.exists() or stamp.read_text() != RECIPE + INIT:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="vm-") as scratch, step(f"fetching the stock kernel of Debian {SUITE}"):
            made = _make(Path(scratch))
            (made / "recipe").write_text(RECIPE + INIT)
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)
    return VmKernel(folder / "vmlinuz", folder / "initrd", next((folder / "lib/modules").iterdir()))


def _make(scratch: Path) -> Path:
    made, unpacked = scratch / "made", scratch / "unpacked"
    apt.update(SUITE)
    depends = run_quietly(["apt-cache", *apt.options(SUITE), "depends", "--important", PACKAGE])
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != PACKAGE)
    for deb in apt.download(SUITE, [image, "busybox-static"], scratch / "debs"):
        run_quietly(["dpkg", "-x", str(deb), str(unpacked)])
    (made / "lib").mkdir(parents=True)
    shutil.move(next((unpacked / "boot").glob("vmlinuz-*")), made / "vmlinuz")
    shutil.move(unpacked / "lib/modules", made / "lib/modules")
    release = next((made / "lib/modules").iterdir())
    for dropped in DROPPED:
        shutil.rmtree(release / "kernel" / dropped, ignore_errors=True)
    run_quietly(["depmod", "--basedir", str(made), release.name])
    _initrd(scratch / "initrd", unpacked / "bin/busybox", made)
    return made


def _initrd(root: Path, busybox: Path, made: Path) -> None:
    for name in ("bin", "dev", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy2(busybox, root / "bin/busybox")
    release = next((made / "lib/modules").iterdir()).name
    order: list[str] = []
    for module in FIRST_MODULES:
        for line in run_quietly(["modprobe", "--dirname", str(made), "--set-version", release, "--show-depends", module]).splitlines():
            path = Path(line.split()[1])
            if line.startswith("insmod ") and path.name not in order:
                order.append(path.name)
                shutil.copy2(path, root / "modules")
    (root / "order").write_text("\n".join(order) + "\n")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    with open(made / "initrd", "wb") as archive:
        subprocess.run("find . | bin/busybox cpio -o -H newc 2>/dev/null", shell=True, cwd=root, stdout=archive, check=True)
