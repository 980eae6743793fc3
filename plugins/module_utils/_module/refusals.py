# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends a module before it touches anything. Light: vip, which is run once for each address, needs no pyroute2."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, owner


def fail(module, problems):
    """End the module with all problems, one per line."""
    module.fail_json(msg="\n".join(str(problem) for problem in problems), problems=[problem._asdict() for problem in problems])


def refuse_beside_keepalived(module, what="the IPVS table"):
    """Raise KernelError if a keepalived owns `what` here and the task does not insist."""
    if module.params["force"]:
        return
    pid = owner.keepalived_pid()
    if pid is not None:
        raise errors.KernelError(
            "keepalived (process %d) runs here and owns %s: it would undo this change. "
            "Change its configuration, or give force: true" % (pid, what)
        )
