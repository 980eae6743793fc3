# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a playbook on the lab's hosts and tell what it did on each: tasks, changes, seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lvslab import paths
from lvslab.say import LabError
from lvslab.trial import folder

CALLBACKS = Path(__file__).parents[1] / "callback"


@dataclass(frozen=True)
class Run:
    status: int
    seconds: float
    tasks: dict[str, list[str]]      # host → names of its tasks, in order
    actions: dict[str, list[str]]    # host → their actions
    changed: dict[str, list[str]]    # host → names of the tasks that changed something
    output: str


def play(playbook: str, *arguments: str, inventory: str | None = None, check: bool = True, show: bool = False,
         environment: dict[str, str] | None = None) -> Run:
    """`playbook` is a path or a name of an installed collection; `inventory` is added to the lab's own.

    With `show` the names of the tasks are printed as they run. With `check` a failed run raises LabError with the end of its output.
    """
    with tempfile.TemporaryDirectory() as scratch:
        counted = Path(scratch) / "count.json"
        command = ["ansible-playbook", playbook, "-i", str(folder() / "inventory.json"), *(["-i", inventory] if inventory else []), *arguments]
        environment = {**os.environ, "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS), "ANSIBLE_CALLBACKS_ENABLED": "task_count,die_at",
                       "LVS_TASK_COUNT": str(counted), "ANSIBLE_FORKS": "10", "ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_NOCOLOR": "1", **(environment or {})}
        process = subprocess.Popen(command, cwd=paths.PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, start_new_session=True)
        lines = []
        for line in process.stdout or []:
            lines.append(line)
            if show and line.startswith(("TASK [", "RUNNING HANDLER [")):
                print(f"      {line.split('[', 1)[1].rsplit(']', 1)[0]}", flush=True)
        status, output = process.wait(), "".join(lines)
        found = json.loads(counted.read_text()) if counted.exists() else {"seconds": 0.0, "tasks": {}, "actions": {}, "changed": {}}
    if check and status:
        print(output, file=sys.stderr)
        raise LabError(f"{playbook} ended with {status}")
    return Run(status, found["seconds"], found["tasks"], found["actions"], found["changed"], output)
