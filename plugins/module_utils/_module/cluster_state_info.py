# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module cluster_state_info: what router_info reads, and what tells whether the pair is whole. Touches nothing."""
from __future__ import annotations

import json
import os
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.cluster_state_info import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, files, heartbeats, keepalived, systemd
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access, router_info

UNITS = ("keepalived", "lvs-prober", "lvs-guard")
PROBER_STATE = "/run/lvs-prober/state.json"
PREFERRED = "/run/lvs-cluster-preferred"


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    kernel_access.require_pyroute2(module)
    try:
        module.exit_json(changed=False, **gather(commands.runner(module), module.params))
    except OSError as error:
        module.fail_json(msg=str(error))


def gather(run, asked):
    """The state of this router, as RETURN of the module describes it."""
    # Before the rest, which is to be as fresh as possible: it takes up to some intervals
    unit = systemd.show(run, keepalived.UNIT)
    heard = heartbeats.read(unit["MainPID"] or None, asked["paths"], asked["interval"])
    return {
        **router_info.gather(run, asked["path"]),
        "heartbeats": heard,
        "sync_daemons": _daemons(),
        "units": {name: _unit(run, name) for name in UNITS if name == "keepalived" or _there(run, name)},
        "preferred": (files.read(PREFERRED)["content"] or "0").strip() not in ("", "0"),
        "prober": _prober(),
        "read_at": round(time.time(), 3),
    }


def _there(run, name):
    return systemd.show(run, name + ".service")["LoadState"] == "loaded"


def _unit(run, name):
    found = systemd.show(run, name + ".service")
    running = found["ActiveState"] in ("active", "reloading")
    return {"state": found["ActiveState"] or "not installed", "restarts": found["NRestarts"],
            "seconds_since_start": round(keepalived.seconds_since_start(found), 1) if running else None}


def _daemons():
    try:
        return ipvs.read_daemons()
    except errors.KernelError as error:
        if error.kind == "no_ipvs":
            return []
        raise OSError(str(error)) from error


def _prober():
    """What the prober says of itself, {"age": seconds since it wrote, "state": its JSON or None}; None where there is none."""
    try:
        age = time.time() - os.stat(PROBER_STATE).st_mtime
        content = files.read(PROBER_STATE)["content"]
    except OSError:
        return None
    try:
        state = json.loads(content or "")
    except ValueError:
        state = None
    return {"age": round(age, 1), "state": state}
