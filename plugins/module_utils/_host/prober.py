# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lvs-prober on a router: its configuration tested, brought into force before keepalived's, put back with it."""
from __future__ import annotations

import os
import re
import shutil

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, systemd

UNIT = "lvs-prober.service"
PATH = "/etc/lvs-cluster/prober.json"
PROGRAM = "/usr/libexec/lvs-cluster/lvs-prober"
GROUP = "lvs-prober"
VERDICTS = "/run/lvs-prober/verdicts"
LAST_GOOD = ".last-good"
MODE = "0640"

PACKETS = '"transport": "path"'  # in its configuration: it needs CAP_NET_RAW
CAP_NET_RAW = 13


def may_send_packets(pid):
    try:
        with open("/proc/%s/status" % pid) as status:
            return bool(int(next(line for line in status if line.startswith("CapEff:")).split()[1], 16) >> CAP_NET_RAW & 1)
    except (OSError, StopIteration):
        return False


class Prober:
    """wanted: the text of its configuration; "" where nothing is asked, then it is stopped and has none."""

    def __init__(self, run, wanted, path=PATH):
        self.run, self.wanted, self.path = run, wanted, path
        self.have = files.read(path)
        self.unit = systemd.show(run, UNIT)

    @property
    def in_force(self):
        if not self.wanted:
            return self.have["content"] is None
        return self.have["content"] == self.wanted and self.unit["ActiveState"] == "active"

    def difference(self):
        """One entry of Ansible's `diff`, or None. What is sent may hold a password: it is not shown."""
        want = {"content": self.wanted, "mode": MODE} if self.wanted else files.ABSENT
        return files.difference(self.path, _veiled(self.have), _veiled(want))

    def test(self, folder):
        """What the prober says against the configuration; "" when nothing, or when it is not installed yet."""
        if not self.wanted or not os.path.exists(PROGRAM):
            return ""
        candidate = os.path.join(folder, "prober.json")
        files.write(candidate, self.wanted, "0600")
        code, out, error = self.run([PROGRAM, "--test", candidate])
        return "" if code == 0 else (error or out).strip()

    def keep(self):
        """What is in force now stays beside it, for `put_back`; an empty file says that there was none."""
        if self.wanted or self.have["content"] is not None:
            files.write(self.path + LAST_GOOD, self.have["content"] or "", "0600")

    def bring_in(self):
        """Before keepalived reads of its files: "" or what went wrong."""
        return self._set({"content": self.wanted or None, "mode": MODE})

    def put_back(self):
        """What was in force when it was last kept."""
        last = files.read(self.path + LAST_GOOD)["content"]
        if last is None or last == (files.read(self.path)["content"] or ""):
            return ""
        return self._set({"content": last or None, "mode": MODE})

    def _set(self, state):
        if state["content"] is None:
            return self.remove()
        files.write(self.path, state["content"], MODE)
        shutil.chown(self.path, group=GROUP)
        if self.unit["UnitFileState"] != "enabled":
            systemd.order(self.run, "enable", UNIT)
        # Rights that the unit gives or takes come into force by a restart alone; it goes on with the verdicts in the files
        needs = PACKETS in state["content"]
        return systemd.order(self.run, "reload-or-restart" if needs == may_send_packets(self.unit["MainPID"]) else "restart", UNIT)

    def remove(self):
        problem = ""
        if self.unit["LoadState"] == "loaded":
            problem = systemd.order(self.run, "disable", "--now", UNIT)
        files.remove(self.path)
        return problem


def forget(run, path=PATH):
    """Nothing of it stays but its program, which the role takes away."""
    found = Prober(run, "", path)
    problem = found.remove() if found.have["content"] is not None else ""
    if files.read(path + LAST_GOOD)["content"] is not None:
        files.remove(path + LAST_GOOD)
        files.remove_empty_folders([os.path.dirname(path)])
    return problem


def _veiled(state):
    if state["content"] is None:
        return state
    return {**state, "content": re.sub(r'("send": )"(?:[^"\\]|\\.)*"', r'\1"(not shown)"', state["content"])}
