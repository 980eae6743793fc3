# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module client_watch."""
from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.client_watch import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import client


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    asked = dict(module.params)
    if not os.path.isdir(asked["folder"]):
        module.fail_json(msg="folder: %s is no folder: make it first" % asked["folder"])
    if any(character in (asked[key] or "") for key in ("path", "name") for character in "\r\n "):
        module.fail_json(msg="path and name: must not have spaces or line ends")
    if module.check_mode:
        module.exit_json(changed=False, phases={}, connections={"of": 0, "kept": 0, "lost": []}, seconds=0.0)
    asked["name"] = asked["name"] or asked["address"]
    module.exit_json(changed=False, **client.watch(**asked))
