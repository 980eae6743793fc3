# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flow of ipvs_timeouts and ipvs_sync_daemon: read, plan, one gate, execute."""

from __future__ import annotations

import contextlib

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, ipvs, owner, settings
from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvs_settings as model
from ansible_collections.lvs.cluster.plugins.module_utils._model import table_checks
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access, refusals


@contextlib.contextmanager
def _opened(module):
    """A locked connection; errors of the kernel end the module."""
    try:
        refusals.refuse_beside_keepalived(module)
        with kernel_access.connect(module) as opened:
            with contextlib.nullcontext() if module.check_mode else owner.lock():
                yield opened
    except errors.KernelError as error:
        module.fail_json(msg=str(error))


def _exit(module, before, after, commands):
    result = {"changed": before != after, "before": before, "after": after, "commands": commands}
    if module._diff:
        result["diff"] = {"before": before or {}, "after": after or {}}
    module.exit_json(**result)


def run_timeouts(module):
    report = Report()
    given = model.read_timeouts(module.params, report)
    if report:
        refusals.fail(module, report)
    with _opened(module) as opened:
        before = ipvs.read_timeouts(opened)
        after = dict(before, **given)
        if after != before and not module.check_mode:
            settings.set_timeouts(opened, given)
    _exit(module, before, after, [model.timeouts_command(after)] if after != before else [])


def run_sync_daemon(module):
    report = Report()
    present = module.params["state"] == "present"
    given = model.read_daemon(module.params, present, report)
    if report:
        refusals.fail(module, report)
    role = given["state"]
    with _opened(module) as opened:
        running = [daemon for daemon in ipvs.read_daemons(opened) if daemon["state"] == role]
        before = running[0] if running else None
        after = model.complete_daemon(given, before, settings.interface_mtu(given["interface"])) if present else None
        if after is not None and before is None:
            table_checks.check_sync(ipvs.read_table(opened), report)
            if report:
                refusals.fail(module, report)
        # The kernel can't change a running daemon.
        stop = before is not None and after != before
        start = after is not None and after != before
        if stop and not module.check_mode:
            settings.stop_daemon(opened, role)
        if start and not module.check_mode:
            settings.start_daemon(opened, after)
    commands = [model.daemon_stop_command(role)] if stop else []
    commands += [model.daemon_start_command(after)] if start else []
    _exit(module, before, after, commands)
