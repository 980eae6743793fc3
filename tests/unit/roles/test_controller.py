# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose connection this is, also when sudo has cleared the environment on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).parents[3] / ".build/tree"
CODE = "from ansible_collections.lvs.cluster.plugins.module_utils._host.controller import controller_address; print(controller_address())"


def ask(before: list[str], connection: str | None) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "SSH_CONNECTION"}
    if connection:
        environment["SSH_CONNECTION"] = connection
    # `; true` keeps the shell from replacing itself: the module's parent is then one that still knows
    command = " ".join([*before, sys.executable, "-c", f"'{CODE}'"]) + "; true"
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env=environment).stdout.strip()


@pytest.mark.parametrize("before", [[], ["env", "-i", f"PYTHONPATH={TREE}"]])
def test_the_address_is_found_directly_and_through_a_cleared_environment(before: list[str]) -> None:
    assert ask(before, "198.51.100.7 51000 10.0.0.11 22") == "198.51.100.7"


def test_a_zone_is_no_part_of_the_address() -> None:
    assert ask([], "fe80::1%eth0 51000 fe80::2%eth0 22") == "fe80::1"


def test_without_ssh_there_is_none() -> None:
    if any(b"SSH_CONNECTION=" in path.read_bytes() for path in _ancestors()):
        pytest.skip("this session itself came by SSH")
    assert ask([], None) == "None"


def _ancestors() -> list[Path]:
    found, pid = [], os.getpid()
    while pid > 1:
        found.append(Path(f"/proc/{pid}/environ"))
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return [path for path in found if os.access(path, os.R_OK)]
