# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base images: bare Debian root file systems with what any server has (systemd, ssh, python3) and nothing that the roles install."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from lvslab import apt, paths
from lvslab.install import run_quietly
from lvslab.say import step

# bump when the recipe below changes: old images are then made anew
RECIPE = "6"
INCLUDE = (
    "systemd systemd-sysv dbus python3 python3-apt iproute2 iputils-ping openssh-server kmod procps "
    "ifupdown netbase ca-certificates"
).split()
# Units that a container has no use for and that cost seconds of the one processor at every boot.
MASKED = (
    "systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket systemd-udevd-control.socket "
    "systemd-logind.service dbus-org.freedesktop.login1.service systemd-journal-flush.service systemd-update-utmp.service systemd-update-utmp-runlevel.service "
    "systemd-tmpfiles-setup-dev.service systemd-tmpfiles-setup-dev-early.service systemd-tmpfiles-clean.timer "
    "systemd-remount-fs.service systemd-timesyncd.service systemd-machine-id-commit.service systemd-random-seed.service "
    "systemd-pstore.service getty.target getty-static.service console-getty.service apt-daily.timer apt-daily-upgrade.timer "
    "dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer motd-news.timer "
    "sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount dev-hugepages.mount dev-mqueue.mount "
    "modprobe@.service ssh.socket networking.service systemd-networkd.service systemd-networkd.socket"
).split()


def ensure(suite: str) -> Path:
    """The image of the suite, from the cache or made (about half a minute)."""
    folder = paths.ROOTS / suite
    stamp = folder / "etc" / "lvs-lab-recipe"
    if stamp.exists() and stamp.read_text().strip() == RECIPE:
        return folder
    paths.ROOTS.mkdir(parents=True, exist_ok=True)
    with step(f"making the base image of Debian {suite}"), tempfile.TemporaryDirectory(dir=paths.ROOTS, prefix=f".{suite}-") as scratch:
        made = Path(scratch) / "root"
        sources = Path(scratch) / "sources.list"
        sources.write_text(apt.source_lines(suite))
        run_quietly([
            "mmdebstrap", "--variant=minbase", "--mode=root", f"--include={','.join(INCLUDE)}",
            "--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
            "--dpkgopt=path-exclude=/usr/share/man/*", "--aptopt=APT::Install-Recommends \"false\"",
            "--aptopt=Acquire::Check-Valid-Until \"false\"",
            suite, str(made), str(sources),
        ])
        _finish(made)
        (made / "etc" / "lvs-lab-recipe").write_text(RECIPE + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return folder


def _finish(root: Path) -> None:
    """What turns a minimal Debian into a host of the lab."""
    run_quietly(["chroot", str(root), "/usr/bin/systemctl", "enable", "systemd-networkd.service", "networking.service", "ssh.service"])
    for unit in MASKED:
        link = root / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    (root / "etc/systemd/journald.conf.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/systemd/journald.conf.d/lab.conf").write_text("[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n")
    (root / "etc/apt/sources.list").write_text("deb [trusted=yes] file:/srv/packages ./\n")
    for extra in (root / "etc/apt/sources.list.d").glob("*"):
        extra.unlink()
    (root / "etc/ssh/sshd_config.d/lab.conf").write_text("UseDNS no\nUsePAM no\nMaxStartups 100\nMaxSessions 100\n")
    # apt and dpkg sync each file by default: nothing here outlives a power cut of the machine anyway
    (root / "etc/dpkg/dpkg.cfg.d/lab").write_text("force-unsafe-io\n")
    (root / "srv/packages").mkdir(parents=True, exist_ok=True)
    for key in (root / "etc/ssh").glob("ssh_host_*"):
        key.unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(root / "etc/ssh/ssh_host_ed25519_key")], check=True)
    # python byte code now, or every first start of it in the lab pays
    run_quietly(["chroot", str(root), "/usr/bin/python3", "-m", "compileall", "-q", "/usr/lib/python3"])
    run_quietly(["chroot", str(root), "/usr/bin/apt-get", "clean"])
