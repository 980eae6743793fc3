# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flow of every module that changes the IPVS table: read, plan, one gate, execute.

The result is made from what was read and planned, so check mode and a real run return the same.
"""

from __future__ import annotations

import contextlib

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import changes, errors, ipvs, owner
from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_text, plan, table_checks
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access, refusals

ATTEMPTS = 4  # how often a plan is made anew because somebody else changed the table meanwhile


def run(module, make_target, drain=False):
    """make_target(have, report): the complete table wanted, of the complete table that is there."""
    try:
        refusals.refuse_beside_keepalived(module)
        with kernel_access.connect(module) as opened:
            with contextlib.nullcontext() if module.check_mode else owner.lock():
                result = _converge(module, opened, make_target, drain)
    except errors.KernelError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _converge(module, opened, make_target, drain):
    """Plan and execute until the kernel took everything; returns the module's result."""
    first = None
    done = []
    for _attempt in range(ATTEMPTS):
        have = ipvs.read_table(opened)
        first = have if first is None else first
        operations = _plan(module, opened, have, make_target, drain)
        if module.check_mode or not operations:
            return _result(module, first, plan.apply_to(have, operations), done + operations)
        failures = changes.execute(opened, operations)
        failed = {id(failure.operation) for failure in failures}
        done += [operation for operation in operations if id(operation) not in failed]
        if not failures:
            return _result(module, first, plan.apply_to(have, operations), done)
        serious = [failure for failure in changes.roots(failures) if not failure.conflict]
        if serious:
            _give_up(module, serious, done)
    _give_up(module, changes.roots(failures), done)


def _plan(module, opened, have, make_target, drain):
    report = Report()
    want = make_target(have, report)
    if report:
        refusals.fail(module, report)
    operations = plan.difference(have, want, drain)
    coming = [dict(row.service, destinations=[row.destination]) for row in operations if row.destination and row.action != "delete"]
    if table_checks.mixed_destinations(coming) and ipvs.read_daemons(opened):
        table_checks.check_sync(coming, report)
        refusals.fail(module, report)
    return operations


def _give_up(module, failures, done):
    messages = [str(failure) for failure in failures[:20]]
    if len(failures) > 20:
        messages.append("and %d more" % (len(failures) - 20))
    if done:
        messages.append("%d other changes were made before or beside this; running the task again makes the rest" % len(done))
    module.fail_json(
        msg="\n".join(messages), changed=bool(done), commands=[ipvsadm_text.command(operation) for operation in done]
    )


def _result(module, have, final, operations):
    before, after = plan.touched(have, final, operations)
    result = {
        "changed": bool(operations),
        "before": ipvsadm_text.lines(before),
        "after": ipvsadm_text.lines(after),
        "commands": [ipvsadm_text.command(operation) for operation in operations],
    }
    if module._diff:
        result["diff"] = {
            "before_header": "IPVS table",
            "after_header": "IPVS table",
            "before": "".join(line + "\n" for line in result["before"]),
            "after": "".join(line + "\n" for line in result["after"]),
        }
    return result
