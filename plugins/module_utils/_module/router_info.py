# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module router_info: read what a router is and has, touch nothing."""
from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.router_info import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import activation, addresses, commands, drain_files, files, keepalived, nftables, systemd
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access

RESTORATION = "lvs-cluster-table.service"  # of the role lvs_router, on a router without keepalived


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    kernel_access.require_pyroute2(module)
    run = commands.runner(module)
    try:
        module.exit_json(changed=False, **gather(run, module.params["path"]))
    except OSError as error:
        module.fail_json(msg=str(error))


def gather(run, path):
    """The state of this router, as RETURN of the module describes it."""
    unit = systemd.show(run, keepalived.UNIT)
    running = unit["ActiveState"] in ("active", "reloading") and unit["MainPID"] > 0
    configuration = files.read(path)["content"]
    restoration = systemd.show(run, RESTORATION)
    drains = drain_files.contents(drain.FOLDER)
    instances = keepalived.vrrp_instances(unit["MainPID"]) if running else {}
    return {
        "keepalived": {
            "running": running,
            "state": unit["ActiveState"] or "not installed",
            "pid": unit["MainPID"] if running else None,
            "started_at": round(keepalived.started_at(unit), 3) if running else None,
            "seconds_since_start": round(keepalived.seconds_since_start(unit), 3) if running else None,
        },
        "instances": instances,
        "addresses": addresses.read_addresses(run),
        "services": _services(),
        "drained": drain_files.notes(drains),
        "damaged_drain_files": sorted(path for path, text in drains.items() if drain.damaged(text)),
        "restoration": restoration["UnitFileState"] or "not installed",
        "nftables": nftables.state(run),
        "configuration_sha256": activation.fingerprint(configuration) if configuration is not None else None,
    }


def _services():
    """The IPVS table; empty where the kernel has no IPVS loaded, which is then also what a client finds."""
    try:
        return ipvs.read_table()
    except errors.KernelError as error:
        if error.kind == "no_ipvs":
            return []
        raise OSError(str(error)) from error
