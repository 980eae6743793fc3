# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cluster_status: the state of a whole cluster from what cluster_state_info read on its routers. Asks nobody."""

from __future__ import annotations

import json
import os
import tempfile

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.lvs.cluster.plugins.module_utils._model import cluster_state, switch_over


class ActionModule(ActionBase):
    """Tells it, writes it where it is asked to, and fails when the cluster is not as it has to be."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        _unused, arguments = self.validate_argument_spec(argument_spec={
            "cluster": {"type": "dict", "required": True}, "states": {"type": "dict", "required": True}, "readings": {"type": "dict", "default": {}},
            "report": {"type": "path"}, "needed": {"choices": ["whole", "nothing"], "default": "whole"}, "to": {"type": "str"},
        })
        cluster = arguments["cluster"]
        states = {host: state for host, state in arguments["states"].items() if state and "heartbeats" in state}
        lost = {host: found for results in (arguments["states"], arguments["readings"]) for host, found in results.items()
                if found and (found.get("unreachable") or found.get("failed"))}
        judged = cluster_state.judge(cluster, states, lost)
        words = cluster_state.text(cluster, states, judged)
        result.update(judged, changed=False, text=words, msg=words)
        if arguments["to"]:
            preferred = {host: state["preferred"] for host, state in states.items()}
            result["switch"] = switch_over.switch(cluster, judged, preferred, arguments["to"])
        if arguments["report"]:
            write(arguments["report"], {**judged, "routers": states})
        if arguments["needed"] == "whole" and not judged["whole"]:
            return {**result, "failed": True}
        if arguments["needed"] == "whole":
            Display().display(words)
        return result


def write(path, content):
    """As JSON, by a rename, so that nobody reads half of it."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".lvs-")
    with os.fdopen(handle, "w") as stream:
        json.dump(content, stream, indent=1, sort_keys=True)
        stream.write("\n")
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
