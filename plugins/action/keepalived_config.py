# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""keepalived_config: renders on the controller, so that a router gets a finished text and keeps no template of ours."""

from __future__ import annotations

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import prober
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import layout_of
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.programs import programs
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import RenderError
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.vrrp import addresses
from ansible_collections.lvs.cluster.plugins.module_utils._model import nftables
from ansible_collections.lvs.cluster.plugins.module_utils._model.drain import paths


class ActionModule(ActionBase):
    """Replaces `cluster` and `layout` by `content`, `addresses`, `nftables` and `programs`, and runs the module of the same name."""

    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        cluster = arguments.pop("cluster", None)
        layout = arguments.pop("layout", None)
        if cluster:
            host = task_vars["inventory_hostname"]
            try:
                arguments["content"] = render(cluster, host, layout)
                arguments["nftables"] = nftables.table(cluster, host)
                arguments["programs"] = programs(cluster, layout)
                router = next(router for router in cluster["routers"] if router["host"] == host)
                arguments["prober"] = prober.configuration(cluster, host)
                arguments["drain_files"] = paths(cluster)
                arguments["drain_folder"] = layout_of(layout).drain
                arguments["addresses"] = [f"{vip.address}/{vip.prefix}" for vip in addresses(cluster, router)]
            except RenderError as error:
                return {**result, "failed": True, "msg": str(error)}
        try:
            return self._execute_module(module_name="lvs.cluster.keepalived_config", module_args=arguments, task_vars=task_vars)
        except AnsibleConnectionFailure as error:
            if arguments.get("phase") != "activate":
                raise
            # An unreachable host would not be rescued: its partner would keep the new configuration.
            words = f"{task_vars['inventory_hostname']} did not answer when its configuration was to come into force: {error.message}"
            return {**result, "failed": True, "msg": f"{words}\nsee its power and its network, and deploy again"}
