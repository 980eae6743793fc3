# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""real_server_info: asks the router again and again where something is waited for, and tells a person what is left."""

from __future__ import annotations

import time

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain_plan

ROUND = 5.0  # seconds that the router is asked to wait: after each there is a line for a person


class ActionModule(ActionBase):
    """Replaces `cluster` by `virtual_servers` and `vips`, and runs the module of the same name until it is so or time is up."""

    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        cluster, problems = drain_plan.take_cluster(arguments)
        if problems:
            return {**result, "failed": True, "msg": "\n".join(str(problem) for problem in problems)}
        if cluster:
            arguments["vips"] = [vip["address"] for vip in cluster["vips"]]
        wanted, steady = float(arguments.get("timeout") or 0), float(arguments.get("steady") or 0)
        began = time.monotonic()
        while True:
            left = max(0.0, wanted - (time.monotonic() - began))
            # It counts the time that it has been so from its first look on: a round must not be shorter
            arguments["timeout"] = min(max(ROUND, steady + 1), left)
            found = self._execute_module(module_name="lvs.cluster.real_server_info", module_args=arguments, task_vars=task_vars)
            waited = time.monotonic() - began
            if found.get("failed") or found.get("reached") or waited >= wanted:
                return {**found, "waited": round(waited, 1)} if "waited" in found else found
            for sentence in found["waiting_for"]:
                Display().display("%s; %d s of %d s" % (sentence, waited, wanted))
