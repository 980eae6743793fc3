# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module nftables_table: the file as it is, as it shall be, and what the kernel has loaded."""
from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.nftables_table import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, files, nftables


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    run = commands.runner(module)
    try:
        have = files.read(nftables.PATH)
        want = nftables.wanted(module.params["content"] if module.params["state"] == "present" else "")
        changed = have != want or not nftables.in_force(run, have)
        problem = nftables.bring_in(run, have, want) if changed and not module.check_mode else ""
    except OSError as error:
        module.fail_json(msg=str(error))
    if problem:
        module.fail_json(msg="the nftables table did not come into force; all is as before\n" + problem)
    diff = files.difference(nftables.PATH, have, want)
    module.exit_json(changed=changed, path=nftables.PATH, diff=[diff] if diff else [])
