# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the modules data_sync, data_sync_info and data_sync_keys."""
from __future__ import annotations

import os
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.data_sync import INFO_SPEC, KEYS_SPEC, RUN_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, data_sync

SUMMARY = ("ok", "reason", "source", "files", "bytes", "seconds", "conflicts", "conflict_count", "notes", "release", "releases", "last_good", "last_run",
           "failures", "next_try")


def run_sync():
    """A run now, or a rollback."""
    module = AnsibleModule(argument_spec=RUN_SPEC, supports_check_mode=True)
    run, name = commands.runner(module), module.params["name"]
    try:
        known = data_sync.config(name)
        if module.params["action"] == "rollback" and not known["releases"]:
            raise ValueError("data set %s has no releases" % name)
        before = data_sync.state(name)
        if module.check_mode:
            module.exit_json(changed=module.params["action"] == "rollback", **_summary(before))
        if module.params["action"] == "rollback":
            found = data_sync.rollback(run, name, module.params["release"])
        else:
            found = data_sync.sync(run, name)
        changed = bool(found.get("files")) or found.get("release") != before.get("release")
        if not found.get("ok"):
            module.fail_json(msg="data set %s: %s" % (name, found.get("reason")), **_summary(found))
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=changed, **_summary(found))


def run_info():
    """What is known of the data sets of this host."""
    module = AnsibleModule(argument_spec=INFO_SPEC, supports_check_mode=True)
    run = commands.runner(module)
    try:
        asked = data_sync.names() if module.params["names"] is None else module.params["names"]
        found = {}
        for name in asked:
            known, last = data_sync.config(name), data_sync.state(name)
            age = None if last.get("last_good") is None else round(time.time() - last["last_good"], 1)
            found[name] = {**_summary(last), "path": known["path"], "age": age, "running": bool(last.get("running_since")),
                           "in_step": os.path.exists(known["behind"]["file"]) if known["behind"] else None}
            if module.params["files_behind"]:
                asked_source = data_sync.files_behind(run, name)
                found[name].update(files_behind=asked_source["behind"], first_files_behind=asked_source["files"])
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, data_sets=found)


def run_keys():
    """Keys: made where missing, removed where no longer named. Returns the public halves, and the host's own public keys."""
    module = AnsibleModule(argument_spec=KEYS_SPEC, supports_check_mode=True)
    run = commands.runner(module)
    absent = module.params["state"] == "absent"
    wanted = [] if absent else module.params["names"]
    have = data_sync.key_names()
    missing, unwanted = [name for name in wanted if name not in have], [name for name in have if name not in wanted]
    left = absent and os.path.isdir(data_sync.STORE)
    try:
        if not module.check_mode:
            for name in missing:
                data_sync.make_key(run, name)
            for name in unwanted:
                data_sync.remove_key(name)
            if left:
                data_sync.remove_store(run)
        public = {name: key for name, key in ((name, data_sync.public_key(name)) for name in wanted) if key}
        found = {kind: {name[: -len(kind) - 1]: key for name, key in public.items() if name.endswith("-" + kind)} for kind in ("read", "control")}
        diff = {"before": "".join("key %s\n" % name for name in have), "after": "".join("key %s\n" % name for name in sorted(wanted))}
        module.exit_json(changed=bool(missing or unwanted or left), diff=diff, host_keys=data_sync.host_keys(), **found)
    except (KeyError, OSError, ValueError) as error:
        module.fail_json(msg="no keys: %s" % error)


def _summary(found):
    return {key: found.get(key) for key in SUMMARY}
