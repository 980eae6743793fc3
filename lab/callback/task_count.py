# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what a run did on each host, every task of it: facts, handlers and skipped ones too. Writes JSON to $LVS_TASK_COUNT.

A folder there gets a file for each playbook, named after it: molecule runs several.
"""

from __future__ import annotations

import json
import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: task_count
type: aggregate
short_description: Tasks and changes per host, as JSON
description: Counts every result of a task once per host, whatever its outcome. Set E(LVS_TASK_COUNT) to the file to write.
requirements: [enable in configuration]
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_count"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self.playbook = ""
        self.started = time.monotonic()
        self.tasks: dict[str, list[str]] = {}
        self.actions: dict[str, list[str]] = {}
        self.changed: dict[str, list[str]] = {}

    def _count(self, result, changed=False):
        host = result._host.get_name()
        self.tasks.setdefault(host, []).append(result._task.get_name())
        self.actions.setdefault(host, []).append(result._task.action)
        if changed:
            self.changed.setdefault(host, []).append(result._task.get_name())

    def v2_playbook_on_start(self, playbook):
        self.playbook = os.path.splitext(os.path.basename(playbook._file_name))[0]

    def v2_runner_on_ok(self, result):
        self._count(result, result._result.get("changed", False))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._count(result, result._result.get("changed", False))

    def v2_runner_on_skipped(self, result):
        self._count(result)

    def v2_runner_on_unreachable(self, result):
        self._count(result)

    def v2_playbook_on_stats(self, stats):
        path = os.environ.get("LVS_TASK_COUNT")
        if not path:
            return
        if os.path.isdir(path):
            path = os.path.join(path, self.playbook + ".json")
        summary = {"seconds": round(time.monotonic() - self.started, 1), "tasks": self.tasks, "actions": self.actions, "changed": self.changed,
                   "failed": {host: stats.summarize(host) for host in stats.processed
                              if stats.summarize(host)["failures"] or stats.summarize(host)["unreachable"]}}
        with open(path, "w") as handle:
            json.dump(summary, handle, indent=1)
