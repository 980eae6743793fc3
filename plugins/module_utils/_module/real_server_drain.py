# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module real_server_drain: read, plan, refuse; behind one gate: write the files, and see that they take effect."""
from __future__ import annotations

import os
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.real_server_drain import DRAIN
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, drain_files, files, keepalived, systemd
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import changes, connection, errors, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain, drain_plan, ipvsadm_parse, ipvsadm_text, plan
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access


def run_module():
    module = AnsibleModule(argument_spec=DRAIN, required_one_of=[("cluster", "virtual_servers")], supports_check_mode=True)
    kernel_access.require_pyroute2(module)
    run = commands.runner(module)
    try:
        module.exit_json(**_drain(module, run))
    except (OSError, ValueError, errors.KernelError) as error:
        module.fail_json(msg=str(error))


def _drain(module, run):
    parameters = module.params
    folder, services = parameters["folder"], parameters["virtual_servers"]
    texts = drain_files.contents(folder)
    if parameters["state"] == "drained":
        note = {"since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "reason": parameters["reason"]}
        wanted = drain_plan.drained(texts, parameters["servers"], parameters["services"], note)
    else:
        wanted = drain_plan.undrained(texts, parameters["servers"], parameters["services"], parameters["reason"])
    notes = drain_files.notes({**texts, **wanted})
    table = read_table()
    if parameters["state"] == "drained" and not parameters["force"]:
        refused = drain_plan.refusals(services, table, notes)
        if refused and wanted:
            module.fail_json(msg="\n".join([*refused, "nothing was changed; force (lvs_force=true) does it all the same"]), refused=refused)
    saved = _saved_table(parameters, run)
    operations, text = _plan_without_keepalived(parameters, table, saved, notes) if saved is not None else ([], None)
    result = {
        "changed": bool(wanted or operations or text != saved),
        "drained": notes,
        "diff": [files.difference(os.path.join(folder, path), _state(texts.get(path)), _state(content)) for path, content in wanted.items()],
        "commands": [ipvsadm_text.command(operation) for operation in operations],
    }
    if module.check_mode or not result["changed"]:
        return result
    for path, content in wanted.items():
        files.write(os.path.join(folder, path), content)
    if saved is None:
        _see_effect(run, services, notes, parameters)
    else:
        # The file first: a power cut in between brings back what was asked for.
        files.write(parameters["saved_table"], text, files.read(parameters["saved_table"])["mode"])
        _execute(operations)
    return result


def read_table():
    """The IPVS table; empty where the kernel has no IPVS loaded."""
    try:
        return ipvs.read_table()
    except errors.KernelError as error:
        if error.kind == "no_ipvs":
            return []
        raise


def _state(content):
    return {"content": content, "mode": None}


def _saved_table(parameters, run):
    """What a router without keepalived brings back at boot; None on one of a pair."""
    if systemd.show(run, keepalived.UNIT)["ActiveState"] in ("active", "reloading"):
        return None
    return files.read(parameters["saved_table"])["content"]


def _plan_without_keepalived(parameters, table, saved, notes):
    """(operations on the kernel's table, new text of the saved one)"""
    services, servers = parameters["virtual_servers"], parameters["servers"]
    operations = plan.difference(table, drain_plan.reweighted(table, services, notes, servers))
    kept, problems = ipvsadm_parse.parse(saved)
    if problems:
        raise ValueError("%s is damaged (%s): deploy again" % (parameters["saved_table"], problems[0]))
    text, _problems = ipvsadm_parse.render(drain_plan.reweighted(kept, services, notes, servers))
    return operations, text


def _execute(operations):
    with connection.Connection() as opened:
        failures = changes.execute(opened, operations) if operations else []
    if failures:
        raise ValueError("\n".join(str(failure) for failure in failures))


def _see_effect(run, services, notes, parameters):
    """keepalived has taken the weights off within milliseconds, or it does not follow the files. One that does not run reads them at its start."""
    end = time.monotonic() + parameters["timeout"]
    while systemd.show(run, keepalived.UNIT)["ActiveState"] in ("active", "reloading"):
        table = read_table()
        late = [
            "%s in %s" % (server["name"], service["name"])
            for service in services
            for server in service["real_servers"]
            if server["name"] in parameters["servers"] and drain.of(notes, service["name"], server["name"])
            and drain_plan.found_in(table, service).get((server["address"], server["port"]), {"weight": 0})["weight"]
        ]
        if not late:
            return
        if time.monotonic() > end:
            raise ValueError("%s did not get weight 0 within %g s: keepalived does not follow the drain files in %s; deploy, and try again"
                             % (", ".join(late), parameters["timeout"], parameters["folder"]))
        time.sleep(0.05)
