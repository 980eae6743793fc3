# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module router_fault."""
from __future__ import annotations

import re

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.router_fault import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, controller, faults

ROUTES = "/run/lvs-drill-routes"


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True,
                           required_if=[("fault", "link_down", ["interface"]), ("fault", "heartbeat", ["interface"])])
    asked, run = module.params, commands.runner(module)
    if asked["interface"] and not re.fullmatch(r"[\w.:-]{1,15}", asked["interface"]):
        module.fail_json(msg="interface: %r is no name of an interface" % asked["interface"])
    do, undo = faults.commands(asked["fault"], asked["interface"], ROUTES)
    if asked["state"] == "present" and asked["fault"] == "link_down":
        _see_that_ansible_stays(module, run)
    if not module.check_mode:
        steps = undo if asked["state"] == "absent" else [faults.timer(undo, asked["seconds"]), *do]
        if asked["state"] == "absent":
            run(faults.timer_off())
        for words in steps:
            code, out, error = run(words)
            if code and asked["state"] == "present":
                module.fail_json(msg="%s: %s" % (" ".join(words), (error or out).strip() or code))
    module.exit_json(changed=True, commands=[" ".join(words) for words in (do if asked["state"] == "present" else undo)])


def _see_that_ansible_stays(module, run):
    """The interface that Ansible comes over is never taken down."""
    comes_from = controller.controller_address()
    code, out, _error = run(["ip", "-oneline", "route", "get", comes_from]) if comes_from else (0, "", "")
    if code == 0 and " dev %s " % module.params["interface"] in out + " ":
        module.fail_json(msg="interface: Ansible comes to this router over %s (from %s): it would lose it" % (module.params["interface"], comes_from))
