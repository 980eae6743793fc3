# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the whole run, without a word to anybody, shortly after a task has begun: what a lost terminal or a dead laptop does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: die_at
type: aggregate
short_description: Kill the run in the midst of a task
description: >-
  Sends SIGKILL to the process group E(LVS_DIE_AFTER) seconds after a task has begun whose name contains E(LVS_DIE_AT), at its
  E(LVS_DIE_TIME)th time.
requirements: [enable in configuration]
"""


def die() -> None:
    """The workers first: each has a process group of its own, and would wait for its end for ever."""
    for worker in multiprocessing.active_children():
        if worker.pid:
            os.kill(worker.pid, signal.SIGKILL)
    os.killpg(os.getpgrp(), signal.SIGKILL)


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "die_at"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self.left = int(os.environ.get("LVS_DIE_TIME", "1"))

    def v2_playbook_on_task_start(self, task, is_conditional):
        name = os.environ.get("LVS_DIE_AT")
        if not name or name not in task.get_name():
            return
        self.left -= 1
        if self.left == 0:
            timer = threading.Timer(float(os.environ.get("LVS_DIE_AFTER", "0.5")), die)
            timer.daemon = True
            timer.start()
