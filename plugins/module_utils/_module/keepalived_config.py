# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module keepalived_config: check a candidate, activate it, or give keepalived back as it was."""
from __future__ import annotations

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.keepalived_config import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.lvs.cluster.plugins.module_utils._host import (
    activation,
    commands,
    drain_files,
    files,
    keepalived,
    memory,
    nftables,
    prober,
    programs,
    systemd,
)

MARKER = "/run/lvs-cluster/keepalived-runs"
# keepalived 2.3 makes this when it starts, and its package does not take it away
MADE_BY_KEEPALIVED = "/etc/iproute2/rt_addrprotos.d/keepalived.conf"
HEADER = "# Every address that may be on this router; what is listed here is removed when keepalived has died.\n"


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    run = commands.runner(module)
    try:
        if module.params["state"] == "absent":
            result = _give_back(module, run)
        elif module.params["phase"] == "revert":
            result = _revert(module, run)
        elif module.params["phase"] == "check":
            result = _check(module, run)
        else:
            result = _activate(module, run)
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _wanted(module):
    """The wanted file states: (configuration, list of addresses)."""
    content = module.params["content"]
    if content is None:
        raise ValueError("content is missing: cluster is turned into it by the action plugin of the same name")
    if not content.strip():
        # `keepalived -t` takes an empty file, and an empty file takes every address off the router
        raise ValueError("content is empty: to take keepalived off this host, use state: absent")
    lines = "".join(f"{address}\n" for address in sorted(module.params["addresses"]))
    return {"content": content, "mode": activation.MODE}, {"content": HEADER + lines, "mode": "0644"}


def _compare(module):
    """(have, want, have_list, want_list, diff)"""
    path, list_path = module.params["path"], module.params["addresses_path"]
    want, want_list = _wanted(module)
    have, have_list = files.read(path), files.read(list_path)
    diff = [files.difference(path, have, want), files.difference(list_path, have_list, want_list)]
    return have, want, have_list, want_list, [entry for entry in diff if entry]


def _drain_files(module):
    """Nothing is known of them where the text was given by hand."""
    wanted = module.params["drain_files"]
    return drain_files.Complete(module.params["drain_folder"], wanted) if wanted is not None else None


def _prober(module, run):
    wanted = module.params["prober"]
    return prober.Prober(run, wanted) if wanted is not None else None


def _check(module, run):
    have, want, _have_list, _want_list, diff = _compare(module)
    asking = _prober(module, run)
    difference = asking and asking.difference()
    diff += [difference] if difference else []
    result = {"changed": bool(diff), "diff": diff, "checked": False}
    lacking = programs.lacking(run, module.params["programs"], module.check_mode)
    if lacking:
        module.fail_json(msg="\n".join(lacking), changed=False)
    _check_nftables(module, run)
    if asking:
        _ask_the_prober(module, asking)
    if have["content"] == want["content"]:
        return result
    if keepalived.version(run) is None:
        if not module.check_mode:
            raise ValueError("keepalived is not installed: the configuration cannot be checked; install the package first")
        module.warn("keepalived is not installed yet, so it could not be asked what it thinks of the configuration")
        return result
    with tempfile.TemporaryDirectory(prefix="lvs-cluster-") as folder:
        candidate = os.path.join(folder, "keepalived.conf")
        # Its drain files may not be there yet, and keepalived refuses it without
        drains = os.path.join(folder, "drain")
        drain_files.make(drains, module.params["drain_files"] or ())
        # Nor its verdicts, before the prober has run
        verdicts = os.path.join(folder, "verdicts")
        os.mkdir(verdicts)
        text = want["content"].replace(module.params["drain_folder"] + "/", drains + "/").replace(prober.VERDICTS + "/", verdicts + "/")
        files.write(candidate, text, activation.MODE)
        complaints = keepalived.test_configuration(run, candidate).replace(drains + "/", module.params["drain_folder"] + "/")
        complaints = complaints.replace(verdicts + "/", prober.VERDICTS + "/")
    if complaints:
        module.fail_json(msg="keepalived refuses the configuration; what runs is untouched\n"
                             + complaints.replace(candidate, module.params["path"]), diff=diff, changed=False)
    result["checked"] = True
    return result


def _check_nftables(module, run):
    if systemd.show(run, "firewalld.service")["ActiveState"] == "active":
        module.warn("firewalld runs on this router and is left alone: what it drops stays dropped. See that it lets in VRRP (IP protocol 112) and "
                    "UDP port 8848 from the other router, and the virtual servers' ports")
    text = module.params["nftables"]
    if not text or files.read(nftables.PATH)["content"] == text:
        return
    try:
        complaints = nftables.complaints(run, text)
    except OSError as error:
        if not module.check_mode:
            raise
        module.warn(str(error))
        return
    if complaints:
        module.fail_json(msg="nft refuses the table; what is loaded is untouched\n" + complaints, changed=False)


def _ask_the_prober(module, asking):
    with tempfile.TemporaryDirectory(prefix="lvs-cluster-") as folder:
        complaint = asking.test(folder)
    if complaint:
        module.fail_json(msg=f"lvs-prober refuses its configuration; what runs is untouched\n{complaint}", changed=False)


def _activate(module, run):
    parameters = module.params
    have, want, have_list, want_list, diff = _compare(module)
    work = activation.Activation(run, parameters["path"], MARKER, parameters["timeout"])
    unit = systemd.show(run, keepalived.UNIT)
    drains = _drain_files(module)
    in_force = work.in_force(have, unit) and not (drains and drains.unfollowed)
    files_diff = drains and drains.difference()
    asking = _prober(module, run)
    asks_anew = bool(asking) and not asking.in_force
    diff += [found for found in (files_diff, asking and asking.difference()) if found]
    table, want_table = files.read(nftables.PATH), nftables.wanted(parameters["nftables"])
    other_table = table != want_table or not nftables.in_force(run, table)
    changed = bool(diff) or not in_force or other_table or asks_anew
    result = {"changed": changed, "diff": diff + _table_diff(table, want_table),
              "reloaded": changed and (have != want or not in_force or other_table)}
    if module.check_mode or not changed:
        return result
    _remember(parameters["memory"], have, unit)
    _keep_table(table, other_table)
    if other_table:
        if in_force:
            work.keep(have)
        # Before keepalived has services that want the marks
        problem = nftables.bring_in(run, table, want_table)
        if problem:
            module.fail_json(msg="the nftables table did not come into force; all is as before\n" + problem, diff=diff, changed=False)
    asked = False
    try:
        if have_list != want_list:
            files.restore(parameters["addresses_path"] + activation.LAST_GOOD, have_list)
        _write_addresses(parameters["addresses_path"], have_list, want_list, both=True)
        if drains:
            drains.make()
        if asking:
            asking.keep()
        asked = asks_anew
        refused = asking.bring_in() if asks_anew else ""
        problem = ""
        if refused:
            problem = f"lvs-prober does not run with its new configuration, that before is back: {refused}"
        elif have["content"] != want["content"] or not in_force:
            problem = work.activate(want["content"], have)
        else:
            files.write(parameters["path"], want["content"], want["mode"])
    except OSError as error:
        # For want of room, say: keepalived goes on with what it has read, and so must the rest
        problem = f"{error}; keepalived's configuration is as before"
    if problem:
        undone = [_undo(lambda: nftables.bring_in(run, want_table, table)) if other_table else "", _undo(asking.put_back) if asked else ""]
        module.fail_json(msg="\n".join(filter(None, [problem, *undone])), diff=diff, changed=False)
    _write_addresses(parameters["addresses_path"], have_list, want_list, both=False)
    if drains:
        drains.clear()
    return result


def _undo(step):
    """Empty text, or why it could not be undone: the next step is tried all the same."""
    try:
        return step()
    except OSError as error:
        return str(error)


def _revert(module, run):
    """Undo the last activation; used when the other router could not be changed."""
    path, list_path = module.params["path"], module.params["addresses_path"]
    diff = files.difference(path, files.read(path), files.read(path + activation.LAST_GOOD))
    if diff and not module.check_mode:
        files.restore(list_path, files.read(list_path + activation.LAST_GOOD))
        prober.Prober(run, "").put_back()
        problem = activation.Activation(run, path, MARKER, module.params["timeout"]).revert()
        if problem:
            module.fail_json(msg=f"the configuration before the last one is back in {path}, but keepalived does not run with it: {problem}")
    table, last = files.read(nftables.PATH), files.read(nftables.PATH + nftables.LAST_GOOD)["content"]
    before = nftables.wanted(last)
    diffs = ([diff] if diff else []) + (_table_diff(table, before) if last is not None else [])
    if last is not None and table != before and not module.check_mode:
        problem = nftables.bring_in(run, table, before)
        if problem:
            module.fail_json(msg=f"the nftables table before the last one did not come into force: {problem}")
    return {"changed": bool(diffs), "diff": diffs}


def _keep_table(table, changes):
    """For revert(): the file before this activation, empty where there was none."""
    good = nftables.PATH + nftables.LAST_GOOD
    if changes or table["content"] is not None or files.read(good)["content"] is not None:
        files.write(good, table["content"] or "", nftables.MODE)


def _table_diff(have, want):
    return [entry for entry in [files.difference(nftables.PATH, have, want)] if entry]


def _write_addresses(path, have, want, both):
    """While keepalived changes over, the addresses of both configurations may be on the router."""
    content = want["content"]
    if both and have["content"]:
        known = content.splitlines()
        content += "".join(f"{line}\n" for line in have["content"].splitlines() if line not in known)
    files.write(path, content, want["mode"])


def _remember(path, have, unit):
    remembered = memory.read(path)
    if not remembered:
        made = {"file": files.read(MADE_BY_KEEPALIVED), "folders": files.missing_folders(MADE_BY_KEEPALIVED)}
        memory.write(path, {"configuration": have, "enabled": unit["UnitFileState"],
                            "active": unit["ActiveState"] == "active", "made": made})


def _give_back(module, run):
    """Stop keepalived (which takes the addresses off), put back what it was before the first activation."""
    parameters = module.params
    remembered = memory.read(parameters["memory"])
    path = parameters["path"]
    table = files.read(nftables.PATH)
    good = nftables.PATH + nftables.LAST_GOOD
    filtered = not nftables.in_force(run, files.ABSENT) or table["content"] is not None or files.read(good)["content"] is not None
    if not remembered and not filtered:
        return {"changed": False, "diff": []}
    before = remembered["configuration"] if remembered else files.read(path)
    have = files.read(path)
    diff = [entry for entry in [files.difference(path, have, before)] if entry] + _table_diff(table, files.ABSENT)
    if module.check_mode:
        return {"changed": True, "diff": diff}
    if remembered:
        _stop(parameters, run, remembered, before)
    # Last: until then the marks belong to services that are there
    if filtered:
        files.remove(good)
        problem = nftables.take_off(run, table)
        if problem:
            raise OSError(problem)
    return {"changed": True, "diff": diff}


def _stop(parameters, run, remembered, before):
    path = parameters["path"]
    if systemd.show(run, keepalived.UNIT)["LoadState"] == "loaded":
        problem = systemd.order(run, "stop", keepalived.UNIT)
        if problem:
            raise OSError(problem)
    problem = prober.forget(run)
    if problem:
        raise OSError(problem)
    files.restore(path, before)
    list_path = parameters["addresses_path"]
    for leftover in (path + activation.LAST_GOOD, list_path, list_path + activation.LAST_GOOD, MARKER):
        files.remove(leftover)
    files.remove_empty_folders([os.path.dirname(MARKER)])
    files.restore(MADE_BY_KEEPALIVED, remembered["made"]["file"])
    files.remove_empty_folders(remembered["made"]["folders"])
    if remembered["enabled"] == "disabled":
        systemd.order(run, "disable", keepalived.UNIT)
    if remembered["active"] and before["content"] is not None:
        systemd.order(run, "start", keepalived.UNIT)
    memory.write(parameters["memory"], {})
