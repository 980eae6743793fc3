# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to the agent: from the machine, inside the lab's management namespace."""

from __future__ import annotations

import base64
import ctypes
import json
import os
import socket
import sys
from pathlib import Path

from lvslab.say import LabError
from lvslab.topology import KERNEL_ADDRESS

PORT = 7000
PATIENCE = "LVS_LAB_PATIENCE"
CLONE_NEWNET = 0x40000000


def enter(namespace: str) -> None:
    """Move this process into a network namespace (os.setns is in Python 3.12 and later only)."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET):
            raise LabError(f"cannot enter the lab's network {namespace}: {os.strerror(ctypes.get_errno())}")


def patience() -> float:
    """How much longer than usual the lab may take for anything: set for all that runs in an emulated one."""
    return float(os.environ.get(PATIENCE, "1"))


class Agent:
    """The agent of one lab. The process must be in its namespace."""

    def call(self, call: str, seconds: float = 180.0, **arguments) -> dict:
        """One call; LabError with the agent's words when it fails."""
        for line in self._ask({"call": call, "arguments": arguments}, seconds * patience()):
            if "error" in line:
                raise LabError(f"{call}: {line['error']}")
            return line["result"]
        raise LabError(f"{call}: the lab's kernel has ended (its console is in the lab's folder)")

    def run(self, command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None) -> int:
        """Run a command inside the lab's kernel, its output here as it comes; its exit status."""
        for line in self._ask({"run": command, "env": environment or {}, "cwd": str(cwd or Path.cwd())}, None):
            if "exit" in line:
                return line["exit"]
            sys.stdout.buffer.write(base64.b64decode(line["output"]))
            sys.stdout.buffer.flush()
        raise LabError("the lab's kernel ended while the command ran")

    def read(self, command: list[str]) -> str:
        """What a command prints inside the lab's kernel; LabError with it when the command fails."""
        output = b""
        for line in self._ask({"run": command}, None):
            if "exit" in line:
                if line["exit"]:
                    raise LabError(f"{' '.join(command)} ended with {line['exit']}: {output.decode(errors='replace')[-2000:]}")
                return output.decode()
            output += base64.b64decode(line["output"])
        raise LabError("the lab's kernel ended while the command ran")

    def answers(self) -> bool:
        try:
            socket.create_connection((KERNEL_ADDRESS, PORT), timeout=0.5).close()
        except OSError:
            return False
        return True

    def _ask(self, request: dict, seconds: float | None):
        try:
            with socket.create_connection((KERNEL_ADDRESS, PORT), timeout=10) as connection:
                connection.settimeout(seconds)
                connection.sendall(json.dumps(request).encode() + b"\n")
                for line in connection.makefile("rb"):
                    yield json.loads(line)
        except OSError as error:
            raise LabError(f"the lab does not answer ({error}); `lab up` starts it") from None
