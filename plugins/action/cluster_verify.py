# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cluster_verify: is what was declared what runs? Asks nobody; judges what router_info and others read."""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._model.verify import active_routers, verify, verify_real_servers
from ansible_collections.lvs.cluster.plugins.module_utils._model.verify_report import as_declared, not_as_declared, worst_first

RESULTS = {"type": "dict", "default": {}}  # {host: the result of a task}


class ActionModule(ActionBase):
    """Fails with every problem of the cluster, one a line."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        _unused, arguments = self.validate_argument_spec(
            argument_spec={"cluster": {"type": "dict", "required": True}, "states": RESULTS, "real_servers": RESULTS, "readings": RESULTS})
        cluster, states, servers, readings = (arguments[name] for name in ("cluster", "states", "real_servers", "readings"))
        read = {host: state for host, state in states.items() if state and "instances" in state}
        # Of a host that was not read the first words count: what came after was not asked
        lost = {host: found for results in (servers, states, readings) for host, found in results.items()
                if found and (found.get("unreachable") or found.get("failed"))}
        asked = any(router["host"] in (*states, *readings) for router in cluster["routers"])
        problems = verify(cluster, read, lost) if asked else []
        problems = worst_first(cluster, problems + verify_real_servers(cluster, servers, lost), lost)
        active = active_routers(cluster, read)
        active = active[0] if len(active) == 1 else None
        drained = drain.lines(cluster, read)
        result.update(changed=False, drained=drained, problems=[str(problem) for problem in problems], active=active)
        if problems:
            return {**result, "failed": True, "msg": not_as_declared(cluster, problems, active, lost, drained)}
        result["msg"] = as_declared(cluster, active, drained)
        Display().display(result["msg"])
        return result
