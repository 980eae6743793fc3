# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring a tested keepalived configuration into force, or put back what was before.

The file is replaced by a rename and keepalived is told to reload, so connections outlive it; only what
keepalived cannot change while it runs takes a restart. The last good file stays beside the new one until
the new one has proved itself.
"""
from __future__ import annotations

import hashlib
import os
import time

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, keepalived, systemd
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import declared

MODE = "0640"
LAST_GOOD = ".last-good"
RELOAD_TIMEOUT = 30.0  # seconds; 10,000 checks take 3.4 s to reload
# What keepalived 2.2.7 answers with "Cannot change ... at a reload - please restart" (core/main.c), by keyword
RESTART_KEYWORDS = ("net_namespace", "net_namespace_ipvs", "instance", "nftables", "nftables_ipvs",
                    "tmp_config_directory", "disable_local_igmp", "use_pid_dir", "vrrp_process_name",
                    "checker_process_name")


def fingerprint(content):
    return hashlib.sha256((content or "").encode("utf-8", "surrogateescape")).hexdigest()


def needs_restart(old, new):
    """Whether the two configuration texts differ in something that a reload cannot change."""
    return _restart_lines(old) != _restart_lines(new)


def _restart_lines(text):
    lines = (line.split() for line in (text or "").splitlines())
    return sorted(words for words in lines if words and words[0] in RESTART_KEYWORDS)


def _synchronises(text):
    return any(line.split()[:1] == ["lvs_sync_daemon"] for line in (text or "").splitlines())


class Activation:
    """One keepalived.conf on one host."""

    def __init__(self, run, path, marker, timeout):
        self.run = run
        self.path = path
        self.marker = marker    # says which content the running process has read; in /run, gone with a reboot
        self.timeout = timeout  # seconds that VRRP may take to know its state, and the kernel to have the virtual servers
        self.cursor = None

    def in_force(self, state, unit):
        """Whether the running process has read exactly this file."""
        if unit["ActiveState"] != "active" or state["content"] is None:
            return False
        if files.read(self.marker)["content"] == self._mark(state["content"], unit):
            return True
        return os.stat(self.path).st_ctime < keepalived.started_at(unit)

    def activate(self, content, previous):
        """Empty text, or why `content` did not come into force (then `previous` is in force again)."""
        self.cursor = systemd.cursor(self.run)
        unit = systemd.show(self.run, keepalived.UNIT)
        previous = self._keep_last_good(previous, unit)
        files.write(self.path, content, MODE)
        if unit["UnitFileState"] == "disabled":
            systemd.order(self.run, "enable", keepalived.UNIT)
        try:
            problem = self._bring_in(previous["content"], content) or self._wait_until_well(content)
            if not problem:
                self._remember_mark(content)
        except OSError as error:
            problem = str(error)
        if problem:
            logged = systemd.journal(self.run, keepalived.UNIT, self.cursor)
            undone = self._roll_back(content, previous)
            return "\n".join([problem, undone, *(f"keepalived: {line}" for line in logged)])
        if _synchronises(previous["content"]) and not _synchronises(content):
            # A reload leaves the kernel's daemons at work
            for role in ("master", "backup"):
                self.run(["ipvsadm", "--stop-daemon", role])
        return ""

    def revert(self):
        """Undo the last activation: empty text, or what went wrong."""
        now = files.read(self.path)
        return self._put_back(now["content"], files.read(self.path + LAST_GOOD))

    def keep(self, state):
        """Keep beside the file what is in force now, for revert()."""
        files.write(self.path + LAST_GOOD, state["content"], MODE)

    def _keep_last_good(self, previous, unit):
        """Keep beside the file what runs now, and return it; absent when nothing does."""
        good = self.path + LAST_GOOD
        if self.in_force(previous, unit):
            self.keep(previous)
            return previous
        if unit["ActiveState"] in ("active", "reloading"):
            # A run was killed between the new file and the reload: what runs is what that run has kept.
            kept = files.read(good)
            return kept if kept["content"] is not None else previous
        files.remove(good)
        return previous

    def _bring_in(self, old, new):
        unit = systemd.show(self.run, keepalived.UNIT)
        if unit["ActiveState"] not in ("active", "reloading"):
            systemd.order(self.run, "reset-failed", keepalived.UNIT)
            return systemd.order(self.run, "restart", keepalived.UNIT)
        if needs_restart(old, new):
            return systemd.order(self.run, "restart", keepalived.UNIT)
        return self._reload(unit)

    def _reload(self, unit):
        """HUP, then wait until keepalived itself has told systemd that it is reloading and ready again."""
        asked = systemd.cursor(self.run)  # what it said of an earlier reload is not about this one
        keepalived.reload(unit["MainPID"])
        if unit["Type"] != "notify":
            time.sleep(2)  # this build of keepalived does not tell: the states that follow must do
            return ""
        end = time.monotonic() + RELOAD_TIMEOUT
        while time.monotonic() < end:
            time.sleep(0.1)
            now = systemd.show(self.run, keepalived.UNIT)
            if now["MainPID"] != unit["MainPID"]:
                return "keepalived ended when it was told to reload"
            if now["ActiveState"] == "active" and \
                    now["StateChangeTimestampMonotonic"] > unit["StateChangeTimestampMonotonic"]:
                return ""
            if any("failed validation" in line for line in systemd.journal(self.run, keepalived.UNIT, asked)):
                return "keepalived refused the new configuration: " + keepalived.test_configuration(self.run, self.path)
        return f"keepalived did not take the new configuration within {RELOAD_TIMEOUT:g} s"

    def _wait_until_well(self, content):
        """Wait until each VRRP instance is master or backup and the kernel has each virtual server, with one and the same process throughout."""
        first = systemd.show(self.run, keepalived.UNIT)["MainPID"]
        end = time.monotonic() + self.timeout
        while True:
            unit = systemd.show(self.run, keepalived.UNIT)
            if unit["ActiveState"] != "active" or unit["MainPID"] != first:
                return "keepalived does not stay up with the new configuration"
            states = {name: found["state"] for name, found in keepalived.vrrp_instances(first).items()}
            settled = states and all(state in keepalived.KNOWN for state in states.values())
            lacking = settled and sorted(declared.virtual_servers(content) - keepalived.virtual_servers())
            if settled and not lacking:
                return ""
            if time.monotonic() > end:
                if lacking:
                    return f"the kernel did not take {', '.join(lacking)} within {self.timeout:g} s"
                listed = ", ".join(f"{name} is {state}" for name, state in sorted(states.items()))
                return f"VRRP is not well after {self.timeout:g} s: {listed or 'keepalived names no instance'}"
            time.sleep(0.2)

    def _roll_back(self, content, previous):
        problem = self._put_back(content, previous)
        if problem:
            return f"The file is as before, but keepalived does not run with it: {problem}"
        if previous["content"] is None:
            return "The file is removed again and keepalived stopped, as before."
        return "The configuration before it is in force again."

    def _put_back(self, content, previous):
        files.restore(self.path, previous)
        if previous["content"] is None:
            return systemd.order(self.run, "stop", keepalived.UNIT)
        problem = self._bring_in(content, previous["content"])
        if problem:
            problem = systemd.order(self.run, "restart", keepalived.UNIT)
        if not problem:
            self._remember_mark(previous["content"])
        return problem

    def _remember_mark(self, content):
        files.write(self.marker, self._mark(content, systemd.show(self.run, keepalived.UNIT)), "0600")

    def _mark(self, content, unit):
        return f"{fingerprint(content)} {unit['InvocationID']}\n"
