# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flow of the module vip: the address as it is, as it shall be, the files for the next boot."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, files, vip_addresses
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors
from ansible_collections.lvs.cluster.plugins.module_utils._model import vip
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_values import Integer
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import refusals


def run_module(module):
    report = Report()
    want = vip.read(module.params, report)
    Integer(0, 100).read(module.params["announcements"], "", "announcements", report)
    if report:
        refusals.fail(module, report)
    present = module.params["state"] == "present"
    try:
        refusals.refuse_beside_keepalived(module, "the addresses of routers")
        result = _converge(module, commands.runner(module), want, present)
    except (errors.KernelError, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _converge(module, run, want, present):
    have, hardware = [], None
    # An interface that is gone has no addresses; its files may still be there.
    if present or vip_addresses.is_there(want["interface"]):
        have, hardware = vip_addresses.read_interface(run, want["interface"])
    operations = vip.plan(have, want, present)
    changed_files = _changed_files(want, present, module.params["persistent"])
    times = module.params["announcements"] if hardware and ("add", want) in operations else 0
    before = [row for row in have if row["address"] == want["address"]]
    after = [row for row in before if ("delete", row) not in operations] + [row for verb, row in operations if verb == "add"]
    if not module.check_mode:
        _apply(run, operations, changed_files)
        if times:
            vip_addresses.announce(want, hardware, times)
    result = {
        "changed": bool(operations or changed_files),
        "commands": ["ip " + " ".join(vip.command(verb, row)) for verb, row in operations],
        "announced": times,
        "files": sorted(changed_files),
    }
    if module._diff:
        header = "addresses of " + want["interface"]
        result["diff"] = [
            {"before_header": header, "after_header": header, "before": vip.describe(before), "after": vip.describe(after)}
        ] + [files.difference(path, old, new) for path, (old, new) in changed_files.items()]
    return result


def _changed_files(want, present, persistent):
    """{path: (state before, state wanted)} of the files that must change. Without `persistent` they are only removed with the address."""
    if present and not persistent:
        return {}
    wanted = vip_addresses.wanted_files(want, present)
    states = {path: (files.read(path), state) for path, state in wanted.items()}
    return {path: (before, after) for path, (before, after) in states.items() if before != after}


def _apply(run, operations, changed_files):
    """Files first: a network manager that reads them meanwhile must not find the address a stranger, or bring it back.

    systemd-networkd is not told to reload: it would take the interface's own addresses away for a moment.
    """
    vip_addresses.write_files({path: after for path, (_before, after) in changed_files.items()})
    for verb, row in operations:
        vip_addresses.apply(run, verb, row)
