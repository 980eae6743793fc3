# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this host is behind: then a file is missing that its health check fetches.

A host whose sources don't answer is not behind: they may all be gone, and a cluster with old files is better than none.
"""
from __future__ import annotations

import os
import time

import state
from settings import is_target


def verdict(config, found, now):
    """None, or why the host is behind."""
    limit = config["behind"]["limit"]
    good, last = found.get("last_good"), found.get("last_run")
    if good is None:
        return "no run was good yet"
    if now - good <= limit:
        return None
    if found.get("unreachable") and last and now - last <= limit:
        return None
    return "the last good run was %d s ago, the limit is %d s: %s" % (now - good, limit, found.get("reason") or "no run since")


def judge(config):
    """Put the file there or take it away. Returns why the host is behind, or None."""
    if not config["behind"] or not is_target(config):
        return None
    why = verdict(config, state.read(config), time.time())
    path = config["behind"]["file"]
    there = os.path.exists(path)
    # Written once: it lies in the data set, and whoever watches that would hear of each judgement
    if why is None and not there:
        state.replace(path, "in step\n")
    elif why and there:
        os.unlink(path)
    return why
