# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module real_server_info: what a router does with real servers, now or once it is as waited for. Changes nothing."""
from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.real_server_drain import INFO
from ansible_collections.lvs.cluster.plugins.module_utils._host import addresses, commands, drain_files
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain, drain_plan, drain_wait
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access

STEP = 0.2  # seconds between two looks


def run_module():
    module = AnsibleModule(argument_spec=INFO, required_one_of=[("cluster", "virtual_servers")], supports_check_mode=True)
    kernel_access.require_pyroute2(module)
    run = commands.runner(module)
    began = time.monotonic()
    good_since = None
    try:
        while True:
            found = _look(module.params, run)
            waiting = drain_wait.waiting_for(module.params["wait_for"], module.params["persistent"], found)
            now = time.monotonic()
            good_since = None if waiting else now if good_since is None else good_since
            steady = good_since is not None and now - good_since >= module.params["steady"]
            if steady or now - began >= module.params["timeout"]:
                module.exit_json(changed=False, reached=steady, waiting_for=waiting, waited=round(now - began, 1),
                                 steady=round(now - good_since, 1) if good_since is not None else 0.0, **found)
            time.sleep(STEP)
    except (OSError, errors.KernelError) as error:
        module.fail_json(msg=str(error))


def _look(parameters, run):
    table, counted = _table_and_counters()
    notes = drain_files.notes(drain_files.contents(parameters["folder"]))
    held = {entry["address"] for entry in addresses.read_addresses(run)}
    rows = []
    for service in parameters["virtual_servers"]:
        have = drain_plan.found_in(table, service)
        connections = drain_plan.found_in(counted, service)
        for server in service["real_servers"]:
            if server["name"] in parameters["servers"]:
                place = server["address"], server["port"]
                row = {"virtual_server": service["name"], "real_server": server["name"], "address": server["address"], "port": server["port"],
                       "weight": have[place]["weight"] if place in have else None, "declared_weight": server["weight"],
                       "drained": drain.of(notes, service["name"], server["name"])}
                counts = connections.get(place, {})
                for kind in drain_wait.KINDS:
                    row[kind] = counts.get(kind, 0)
                rows.append(row)
    return {"active": not parameters["vips"] or bool(held & set(parameters["vips"])), "real_servers": rows}


def _table_and_counters():
    try:
        return ipvs.read_table_and_statistics()
    except errors.KernelError as error:
        if error.kind == "no_ipvs":
            return [], []
        raise
