# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cluster_verify: is what was declared what runs? Asks nobody; judges what router_info read."""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.lvs.cluster.plugins.module_utils._model.verify import active_routers, verify


class ActionModule(ActionBase):
    """Fails with every problem of the cluster, one a line."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        _unused, arguments = self.validate_argument_spec(
            argument_spec={"cluster": {"type": "dict", "required": True}, "states": {"type": "dict", "required": True}})
        cluster, states = arguments["cluster"], arguments["states"]
        read = {host: state for host, state in states.items() if state and "instances" in state}
        problems = [str(problem) for problem in verify(cluster, read)]
        active = active_routers(cluster, read) if len(read) == len(cluster["routers"]) else []
        result.update(changed=False, problems=problems, active=active[0] if len(active) == 1 else None)
        if problems:
            head = f"the cluster {cluster['name']} does not run as declared, {_count(problems, 'problem')}:"
            result.update(failed=True, msg="\n".join([head, *problems]))
        else:
            result["msg"] = (f"the cluster {cluster['name']} runs as declared: {result['active']} is active, "
                             f"with {_count(cluster['vips'], 'floating address', 'es')} and {_count(cluster['virtual_servers'], 'virtual server')}")
            Display().display(result["msg"])
        return result


def _count(things, word, plural="s"):
    return f"{len(things)} {word}{plural if len(things) != 1 else ''}"
