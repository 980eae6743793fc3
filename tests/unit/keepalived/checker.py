# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the real keepalived of a Debian what it thinks of configurations.

It runs chrooted into a root file system that has keepalived (tools/keepalived_roots makes them, any other will do), in
namespaces of its own: the interfaces eth0, eth1 and dummy0 are made there (of veth: not every kernel has dummy), the
script user too. The root lies below an overlay on tmpfs, so nothing in it is changed and several can run at once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[3]
SUITES = {"bookworm": "2.2.7", "trixie": "2.3.3"}
INTERFACES = ("eth0", "eth1", "dummy0")
# keepalived -t: 0 well, 5 errors, 6 a missing include or a script without script security; above 128 it died of a signal.
ACCEPTED = 0

SCRIPT = r"""
set -eu
work=$1 root=$2; shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$work/layers"
mkdir "$work/layers/upper" "$work/layers/work" "$work/layers/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/layers/upper,workdir=$work/layers/work" "$work/layers/root"
root=$work/layers/root
mkdir -p "$root/proc" "$root/files"
mount -t proc proc "$root/proc"
mount --bind "$work/files" "$root/files"
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
for name in "$@"; do
    ip link add "$name" type veth peer name "p_$name"
    ip link set "$name" up
    ip link set "p_$name" up
done
ip link set lo up
ip address add 192.0.2.2/24 dev eth0
ip address add 10.0.0.2/24 dev eth1
grep -q '^keepalived_script:' "$root/etc/passwd" || echo 'keepalived_script:x:990:990::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"
grep -q '^keepalived_script:' "$root/etc/group" || echo 'keepalived_script:x:990:' >>"$root/etc/group"
mkdir -p "$root/usr/libexec/lvs-cluster" "$root/run/lvs-prober/verdicts"
for program in hand-over fit; do printf '#!/bin/sh\n' >"$root/usr/libexec/lvs-cluster/$program"; done
cp "$work/check-program" "$root/usr/libexec/lvs-cluster/"
chmod 755 "$root"/usr/libexec/lvs-cluster/*
grep -hos '/var/lib/lvs-cluster/drain/[^"]*' "$root"/files/*.conf | sort -u | while read -r file; do
    mkdir -p "$root${file%/*}"
    echo 0 >"$root$file"
done
exec chroot "$root" sh /files/run
"""

CHECK_ALL = r"""
cd /files
for file in *.conf; do
    status=0
    keepalived --config-test --use-file "/files/$file" >"$file.out" 2>&1 || status=$?
    echo $status >"$file.status"
done
"""


class Answer(NamedTuple):
    """What keepalived said of one file: its exit status and its messages."""

    status: int
    output: str


def missing(root: Path) -> str:
    """Why this machine can't ask; '' when it can."""
    if os.geteuid() != 0:
        return "needs root, for namespaces and chroot"
    for program in ("unshare", "ip", "chroot"):
        if not shutil.which(program):
            return "needs the program " + program
    if not (root / "usr/sbin/keepalived").exists():
        return f"no keepalived in {root}: run tools/keepalived_roots"
    return ""


def run(root: Path, files: Mapping[str, str], script: str, timeout: float = 120) -> dict[str, str]:
    """Put the files into /files of the chroot, run the shell script there, and return what then is in /files."""
    with tempfile.TemporaryDirectory(prefix="keepalived-") as name:
        work = Path(name)
        (work / "layers").mkdir()
        (work / "files").mkdir()
        shutil.copy(REPOSITORY / "roles/lvs_router/files/check-program", work)
        work.chmod(0o755)
        for file, text in {**files, "run": script}.items():
            (work / "files" / file).write_text(text, encoding="utf-8")
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", SCRIPT, "sh", str(work), str(root), *INTERFACES]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode:
            raise RuntimeError(f"the namespace for keepalived could not be made (exit status {done.returncode}):\n{done.stdout}{done.stderr}")
        return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in (work / "files").iterdir() if path.is_file()}


def ask(root: Path, files: Mapping[str, str]) -> dict[str, Answer]:
    """keepalived's answer to each configuration: {name: text} -> {name: Answer}, all in one namespace."""
    named = {f"{number:04}.conf": name for number, name in enumerate(files)}
    found = run(root, {file: files[name] for file, name in named.items()}, CHECK_ALL)
    return {name: Answer(int(found[file + ".status"]), found[file + ".out"]) for file, name in named.items()}
