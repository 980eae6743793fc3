# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""router_info: reads on the router; with `cluster`, judges on the controller what it read."""

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.lvs.cluster.plugins.module_utils._model.verify import active_routers, settled, verify_router


class ActionModule(ActionBase):
    """Runs the module of the same name and adds `problems`, `active` and `settled`."""

    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        cluster = arguments.pop("cluster", None)
        host = arguments.pop("router", None) or task_vars["inventory_hostname"]
        result = self._execute_module(module_name="lvs.cluster.router_info", module_args=arguments, task_vars=task_vars)
        if cluster and not result.get("failed"):
            result["problems"] = [str(problem) for problem in verify_router(cluster, host, result)]
            result["active"] = host in active_routers(cluster, {host: result})
            result["settled"] = settled(cluster, result, host)
        return result
