# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host as a container with systemd: its OCI bundle, run by crun."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from lvslab.inside import disk
from lvslab.inside.commands import run
from lvslab.topology import Host

BUNDLES = Path("/lab/bundles")
CRUN = ("crun", "--root", "/run/lab-crun", "--cgroup-manager=cgroupfs")
PACKAGES = Path("/lab/packages")


def _all_capabilities() -> list[str]:
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    names = (
        "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST "
        "NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE "
        "SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM "
        "BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
    ).split()
    return [f"CAP_{name}" for name in names[: last + 1]]


def _bundle(host: Host) -> dict:
    """The OCI runtime configuration: everything a machine has, in namespaces of its own, the network from outside."""
    capabilities = _all_capabilities()

    def tmpfs(where: str, *more: str) -> dict:
        return {"destination": where, "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", *more]}

    def bind(source: Path, where: str) -> dict:
        return {"destination": where, "type": "bind", "source": str(source), "options": ["rbind", "ro"]}

    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/sbin/init"], "cwd": "/",
            "env": ["container=oci", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "capabilities": dict.fromkeys(("bounding", "effective", "permitted", "inheritable"), capabilities),
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 65536, "soft": 1024}],
            "noNewPrivileges": False,
        },
        "root": {"path": str(disk.root(host)), "readonly": False},
        "hostname": host.name,
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777"]},
            # Read-only: systemd takes it as the sign of a container without udev (systemd.io/CONTAINER_INTERFACE)
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
            {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "rw"]},
            tmpfs("/run", "mode=755"), tmpfs("/run/lock", "mode=1777"), tmpfs("/tmp", "mode=1777"),
            bind(Path("/lib/modules", os.uname().release), f"/lib/modules/{os.uname().release}"),
            bind(PACKAGES / host.image, "/srv/packages"),
        ],
        "linux": {
            "cgroupsPath": f"/lab-{host.name}",
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount", "cgroup")]
            + [{"type": "network", "path": f"/run/netns/{host.name}"}],
            # What systemd's automount units work with
            "devices": [{"path": "/dev/autofs", "type": "c", "major": 10, "minor": 235, "fileMode": 0o600, "uid": 0, "gid": 0}],
            "maskedPaths": [], "readonlyPaths": [],
            "resources": {"devices": [{"allow": True, "access": "rwm"}]},
        },
    }


def start(host: Host) -> int:
    """Start init in fresh namespaces; return its process id."""
    bundle = BUNDLES / host.name
    bundle.mkdir(parents=True, exist_ok=True)
    (bundle / "config.json").write_text(json.dumps(_bundle(host)))
    with open(bundle / "console.log", "ab") as console:
        _run_detached((*CRUN, "run", "--detach", "--bundle", str(bundle), "--pid-file", str(bundle / "pid"), host.name), console)
    return int((bundle / "pid").read_text())


def _run_detached(command: tuple[str, ...], console) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {Path(console.name).read_text()[-500:]}")


def kill(host: Host, pid: int) -> None:
    """Every process of the host dies at once, as without power."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    wait_gone(pid)
    run(*CRUN, "delete", "--force", host.name, check=False)


def wait_gone(pid: int, seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def freeze(host: Host) -> None:
    run(*CRUN, "pause", host.name)


def thaw(host: Host) -> None:
    run(*CRUN, "resume", host.name)
