# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get the User Mode Linux kernel: Debian's package, unpacked into the cache, never installed on the machine.

The newest one (7.2, forky) has seccomp=on, which halves the time of everything, and wants a newer libc than Debian 12 has:
that of trixie is unpacked beside it, and a copy of the kernel is told to use it. Where forky can't be had, the machine's own
release serves.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lvslab import apt, paths
from lvslab.install import run_quietly
from lvslab.say import LabError, say, step

NEWEST, LIBC, FALLBACK = "forky", "trixie", "bookworm"


@dataclass(frozen=True)
class Kernel:
    binary: Path
    modules: Path        # the folder named after the release, with modules.dep
    options: tuple[str, ...]

    @property
    def release(self) -> str:
        return self.modules.name


def ensure() -> Kernel:
    """The kernel, from the cache or fetched."""
    folder = paths.KERNEL
    if not (folder / "linux.uml").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="kernel-") as scratch, step("fetching a kernel with IPVS"):
            try:
                made = _newest(Path(scratch))
            except LabError as error:
                say(f"no kernel of {NEWEST} ({str(error).splitlines()[-1]}): taking that of {FALLBACK}")
                made = _fallback(Path(scratch))
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)
    _point_at_libc(folder)
    modules = next((folder / "modules").iterdir())
    return Kernel(folder / "linux.uml", modules, ("seccomp=on",) if (folder / "seccomp").exists() else ())


def _unpack(suite: str, package: str, scratch: Path, into: Path) -> None:
    apt.update(suite)
    for deb in apt.download(suite, [package], scratch / package):
        run_quietly(["dpkg", "-x", str(deb), str(into)])


def _newest(scratch: Path) -> Path:
    made, unpacked, libc = scratch / "made", scratch / "uml", scratch / "libc"
    made.mkdir()
    _unpack(NEWEST, "user-mode-linux", scratch, unpacked)
    _unpack(LIBC, "libc6", scratch, libc)
    libraries = made / "libc"
    shutil.copytree(libc / "usr/lib/x86_64-linux-gnu", libraries, symlinks=True)
    shutil.copy2(unpacked / "usr/bin/linux.uml", made / "linux.uml")
    (made / "seccomp").touch()
    return _with_modules(unpacked, made)


def _point_at_libc(folder: Path) -> None:
    """The path of its libc stands in the binary: write it anew when the folder has moved."""
    libc, stamp = folder / "libc", folder / "libc-path"
    if not libc.exists() or (stamp.exists() and stamp.read_text() == str(libc)):
        return
    run_quietly(["patchelf", "--set-interpreter", str(libc / "ld-linux-x86-64.so.2"), "--set-rpath", str(libc), str(folder / "linux.uml")])
    stamp.write_text(str(libc))


def _fallback(scratch: Path) -> Path:
    made, unpacked = scratch / "made-fallback", scratch / "uml-fallback"
    made.mkdir()
    _unpack(FALLBACK, "user-mode-linux", scratch / "fallback", unpacked)
    shutil.copy2(unpacked / "usr/bin/linux.uml", made / "linux.uml")
    return _with_modules(unpacked, made)


def _with_modules(unpacked: Path, made: Path) -> Path:
    shutil.copytree(unpacked / "usr/lib/uml/modules", made / "modules", symlinks=True)
    return made
