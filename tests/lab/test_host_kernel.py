# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab on a machine's own kernel: the machine is a running lab's kernel, which has IPVS on any machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from program import PROJECT, LabUnderTest

TOPOLOGY = '[networks.public]\ncidr = "192.0.2.0/24"\ngateway = "192.0.2.1"\n[hosts.r1]\nnetworks = {public = "192.0.2.2"}\n'
INSIDE = """
mkdir -p /tmp/cache && ln -sfn /lab/roots /lab/packages /tmp/cache/
cat >/tmp/small.toml
export LAB=nested LAB_KERNEL=host LVS_LAB_CACHE=/tmp/cache
seen() { ip -o link | cut -d: -f2 | cut -d@ -f1; ip netns; ls /run /sys/fs/cgroup /tmp/cache/run; }
mkdir -p /tmp/cache/run; seen >/tmp/before
lab/lab up /tmp/small.toml || exit 1
lab/lab ssh r1 'modprobe ip_vs && head -1 /proc/net/ip_vs; systemctl is-system-running; touch /run/stray /etc/kept'
lab/lab kernel -- sh -c 'touch /etc/planted; touch /lab/roots/planted; echo back >$LVS_LAB_HANDBACK/x' 2>/dev/null
cat /tmp/cache/run/nested/handback/x; ls /etc/planted /lab/roots/planted 2>&1
lab/lab reboot r1 && lab/lab wait_up && lab/lab ssh r1 'ls /run/stray /etc/kept 2>/dev/null'
lab/lab down && seen >/tmp/after && diff /tmp/before /tmp/after && echo nothing is left
"""


def test_host_kind(lab: LabUnderTest) -> None:
    script = f"cat <<'TOML' | (\n{TOPOLOGY}TOML\n{INSIDE})"
    done = lab.kernel(f"cd {PROJECT}\n{script}", check=False)
    lines = done.stdout.splitlines()
    assert "lab: kernel: host" in lines, done.stdout + done.stderr
    assert any(line.startswith("IP Virtual Server version") for line in lines), done.stdout
    for expected in ("running", "back", "ls: cannot access '/etc/planted': No such file or directory", "/etc/kept", "nothing is left"):
        assert expected in lines, done.stdout
    assert "/run/stray" not in lines


@pytest.mark.skipif(Path("/proc/net/ip_vs").exists(), reason="this machine's kernel has IPVS")
def test_host_kind_is_refused_without_ipvs() -> None:
    done = subprocess.run([str(PROJECT / "lab/lab"), "up"], env={**os.environ, "LAB": "never", "LAB_KERNEL": "host"}, text=True, capture_output=True)
    assert done.returncode == 2
    assert "no IPVS (/proc/net/ip_vs)" in done.stderr and "leave it out" in done.stderr
