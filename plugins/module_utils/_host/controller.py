# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the connection comes from that manages this host."""
from __future__ import annotations

import os

LONGEST_ANCESTRY = 50


def controller_address():
    """The address that the current SSH connection comes from, or None.

    sudo and its like clear the environment, so the ancestors' environments are read too.
    """
    value = os.environ.get("SSH_CONNECTION")
    pid = os.getppid()
    for _step in range(LONGEST_ANCESTRY):
        if value or pid <= 1:
            break
        value = _environment(pid).get("SSH_CONNECTION")
        pid = _parent(pid)
    return value.split()[0].split("%")[0] if value else None


def _environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:
            items = stream.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return {}
    return dict(item.split("=", 1) for item in items if "=" in item)


def _parent(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            return int(stream.read().rpartition(")")[2].split()[1])  # the name in brackets may hold anything
    except (OSError, ValueError, IndexError):
        return 0
