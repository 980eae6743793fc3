# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module host_settings: read, plan, and behind one gate: remember and execute."""
from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.host_settings import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, memory, nftables_kernel, settings


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    run = commands.runner(module)
    parameters = module.params
    want = settings.NOTHING if parameters["state"] == "absent" else settings.wanted(parameters)
    try:
        remembered = memory.read(parameters["memory"])
        other = settings.other_kind(want, remembered)
        if other:
            raise ValueError(
                f"this host is {other} (so says {parameters['memory']}), and now shall be {want['kind']}: it was not touched. "
                "Take the first off, by the playbook lvs.cluster.remove with the definition that was deployed, then deploy the new one")
        refusal = nftables_kernel.lacking() if "nftables" in parameters["require"] else ""
        if refusal:
            raise ValueError(
                f"the kernel of this host has no nftables of the family inet ({refusal}), which firewall marks and the packet filter of the routers "
                "need: nothing was changed. Take a kernel that has it, as that of the distribution does, or a definition without them: no firewall, "
                "and each port a virtual server of its own")
        have = settings.read(want, remembered, run)
        operations = settings.plan(want, have, remembered)
        missing = settings.missing_packages(want, have)
        # Of a role that stays nobody removes packages: they may be needed again, and `absent` knows them
        unwanted = settings.unwanted_packages(want, have, remembered) if want is settings.NOTHING else []
        users = settings.unwanted_users(want, have, remembered) if want is settings.NOTHING else []
        result = {
            "changed": bool(operations or missing or unwanted or users),
            "diff": settings.difference(operations, have, missing, unwanted),
            "packages_missing": missing,
            "packages_to_remove": settings.packages.to_remove(run, unwanted),
            "users_to_remove": users,
            "contents": {path: settings.files.read(path)["content"] for path in parameters["read"]},
        }
        if not module.check_mode:
            _apply(parameters["memory"], run, want, have, operations, remembered)
            if not want["files"] and not want["packages"]:
                left = {"packages": unwanted, "users": users}
                memory.write(parameters["memory"], left if unwanted or users else {})
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _apply(path, run, want, have, operations, remembered):
    """Remember before changing; once more between modules and sysctls, which only then have a value."""
    kept = settings.remember(want, have, remembered)
    if want is not settings.NOTHING and kept != remembered:
        memory.write(path, _with_unfinished(kept, remembered, want))
    loading = [operation for operation in operations if operation[0] == "load_module"]
    settings.execute(loading, run)
    if loading:
        kept = settings.remember(want, settings.read(want, kept, run), kept)
        memory.write(path, _with_unfinished(kept, remembered, want))
    settings.execute([operation for operation in operations if operation not in loading], run)
    if want is not settings.NOTHING and kept != memory.read(path):
        memory.write(path, kept)


def _with_unfinished(kept, remembered, want):
    """`kept` and all that is still to be put back, so that a run killed half way can go on."""
    merged = dict(kept)
    for kind in ("files", "sysctls"):
        left = {name: value for name, value in remembered.get(kind, {}).items() if name not in want[kind]}
        merged[kind] = {**left, **kept[kind]}
    for kind in ("modules", "units", "packages", "users"):
        merged[kind] = list(dict.fromkeys([*remembered.get(kind, []), *kept[kind]]))
    return merged
