# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's program, called as a person calls it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TOPOLOGY = Path(__file__).parent / "topology.toml"
# The names of the labs begin with it: LAB chooses another one, for two clones that test at the same time
BASE = os.environ.get("LAB", "labtest")
# An emulated machine (LAB_KERNEL=vm without KVM) is several times slower
SECONDS = 1800 if os.environ.get("LAB_KERNEL") == "vm" else 300


class LabUnderTest:
    """The lab's program, as a person calls it."""

    def __init__(self, name: str, project: Path = PROJECT) -> None:
        self.name = name
        self.project = project
        self.folder = PROJECT / ".build/lab/run" / name
        self.namespace = f"lvslab-{name}"

    def do(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([str(self.project / "lab/lab"), *arguments], text=True, capture_output=True, timeout=SECONDS,
                              cwd=self.project, env={**os.environ, "LAB": self.name, "LVS_LAB_CACHE": str(PROJECT / ".build/lab")})
        assert not check or done.returncode == 0, f"lab {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def facts(self) -> dict:
        """Which kernel it runs on: kind (host, uml, vm), emulated, patience (factor of all time limits)."""
        return json.loads((self.folder / "kernel.json").read_text())

    def on(self, host: str, command: str, check: bool = True) -> str:
        """Standard output of a shell command on a host."""
        return self.do("ssh", host, command, check=check).stdout

    def kernel(self, command: str, check: bool = True) -> subprocess.CompletedProcess:
        return self.do("kernel", "--", "sh", "-c", command, check=check)
