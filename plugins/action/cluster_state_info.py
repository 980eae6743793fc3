# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cluster_state_info: reads on the router; with `cluster`, says which paths to look at and judges on the controller what was read."""

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.heartbeat_paths import heartbeat_paths
from ansible_collections.lvs.cluster.plugins.module_utils._model import alarms


class ActionModule(ActionBase):
    """Runs the module of the same name and adds `alarms`."""

    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        cluster = arguments.pop("cluster", None)
        host = task_vars["inventory_hostname"]
        if cluster:
            arguments["paths"] = heartbeat_paths(cluster, host)
            arguments["interval"] = cluster["heartbeat"]["interval"] or 1.0
        result = self._execute_module(module_name="lvs.cluster.cluster_state_info", module_args=arguments, task_vars=task_vars)
        if cluster and not result.get("failed") and not result.get("unreachable"):
            result["alarms"] = [alarm._asdict() for alarm in alarms.of_router(cluster, host, result)]
        return result
