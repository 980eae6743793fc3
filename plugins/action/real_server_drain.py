# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""real_server_drain: what the router has to know is taken from the cluster here."""

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain_plan


class ActionModule(ActionBase):
    """Replaces `cluster` by `virtual_servers`, and runs the module of the same name."""

    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        _cluster, problems = drain_plan.take_cluster(arguments)
        if problems:
            return {**result, "failed": True, "msg": "\n".join(str(problem) for problem in problems)}
        return self._execute_module(module_name="lvs.cluster.real_server_drain", module_args=arguments, task_vars=task_vars)
