# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module real_server_vips: what the host lacks, and behind one gate: have its unit put it right."""
from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.real_server_vips import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.lvs.cluster.plugins.module_utils._host import carried, commands


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    run = commands.runner(module)
    parameters = module.params
    try:
        if parameters["state"] == "absent":
            found = ["it has the unit %s" % carried.UNIT] if carried.there(run) else []
            if found and not module.check_mode:
                carried.take_off(run)
        else:
            wanted = (parameters["vips"], parameters["tunnels"], {4: parameters["address"], 6: parameters["address6"]})
            found = carried.problems(run, *wanted)
            if found and not module.check_mode:
                carried.apply(run)
                left = carried.problems(run, *wanted)
                if left:
                    raise OSError("\n".join(["the host is not as it should be after %s ran:" % carried.UNIT, *left]))
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    result = {"changed": bool(found), "problems": found, "msg": "\n".join(found) or "as declared"}
    if found:
        result["diff"] = {"before_header": carried.VIP_DEVICE, "after_header": carried.VIP_DEVICE,
                          "before": "".join("%s\n" % line for line in found), "after": ""}
    module.exit_json(**result)
