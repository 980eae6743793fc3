# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a host as one set: files, kernel modules, sysctls, and which packages are there.

want and have are of one shape:
    {"files": {path: {"content", "mode"}}, "modules": [name], "sysctls": {name: value},
     "units": [name], "packages": [name], "users": [name]}
What `have` says about a name that is not there is None (files: both None; lists: not in the list).

remembered (see memory.py) is how the host was before the first change:
    {"files": {path: state}, "folders": [path], "modules": [loaded by us], "sysctls": {name: value},
     "units": [not enabled or not running before], "packages": [missing before], "users": [missing before], "kind": what the set makes of the host, in words}
What is remembered and no longer wanted is put back; so `absent` is simply: nothing is wanted.
"""
from __future__ import annotations

import contextlib
import pwd

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, kernel_settings, packages, systemd

NOTHING = {"files": {}, "modules": [], "sysctls": {}, "units": [], "packages": [], "users": []}
UNIT_FOLDER = "/etc/systemd/system/"
MANAGER_FOLDER = "/etc/systemd/system.conf.d/"


def wanted(parameters):
    """The wanted set from the module's parameters."""
    return {
        "files": {entry["path"]: {"content": entry["content"], "mode": entry["mode"]} for entry in parameters["files"]},
        "modules": list(parameters["modules"]),
        "sysctls": {name.replace(".", "/") if "/" not in name else name: kernel_settings.normal(value)
                    for name, value in parameters["sysctls"].items()},
        "units": list(parameters["units"]),
        "packages": list(parameters["packages"]),
        "users": list(parameters["users"]),
        "kind": parameters["kind"],
    }


def read(want, remembered, run):
    """`have` for every name in `want` or `remembered`, and the folders that would have to be made."""
    paths = [*want["files"], *remembered.get("files", {})]
    names = [*want["sysctls"], *remembered.get("sysctls", {})]
    asked = _both(want["packages"], remembered.get("packages", []))
    not_installed = packages.missing(run, asked)
    return {
        "files": {path: files.read(path) for path in paths},
        "folders": [folder for path in want["files"] for folder in files.missing_folders(path)],
        "modules": [name for name in _both(want["modules"], remembered.get("modules", []))
                    if kernel_settings.module_loaded(name)],
        "sysctls": {name: kernel_settings.read_sysctl(name) for name in names},
        "units": [name for name in _both(want["units"], remembered.get("units", [])) if _unit_on(run, name)],
        "packages": [name for name in asked if name not in not_installed],
        "users": [name for name in _both(want["users"], remembered.get("users", [])) if _user_exists(name)],
    }


def remember(want, have, remembered):
    """`remembered` with what is about to be changed for the first time; what it already says stands."""
    kept = {
        "files": {path: have["files"][path] for path in want["files"]},
        "sysctls": {name: have["sysctls"][name] for name in want["sysctls"]},
    }
    for kind, found in kept.items():
        # None: the module was not loaded yet when it was asked, so nothing has been set since either
        found.update({name: value for name, value in remembered.get(kind, {}).items() if name in found and value is not None})
    for kind in ("modules", "units", "packages", "users"):
        missing = [name for name in want[kind] if name not in have[kind]]
        ours = [name for name in remembered.get(kind, []) if name in want[kind] or kind in ("packages", "users")]
        kept[kind] = _both(ours, missing)
    kept["folders"] = _both(remembered.get("folders", []), have["folders"])
    if want.get("kind"):
        kept["kind"] = want["kind"]
    return kept


def other_kind(want, remembered):
    """What the host is by its memory, if it shall become something else now; otherwise None."""
    before = remembered.get("kind")
    return before if want.get("kind") and before not in (None, want["kind"]) else None


def plan(want, have, remembered):
    """The operations from `have` to `want`, in the order in which they are safe: [(verb, argument, ...)]."""
    operations = [("stop_unit", name) for name in remembered.get("units", []) if name not in want["units"]]
    operations += [("write_file", path, state) for path, state in want["files"].items() if have["files"][path] != state]
    operations += [("restore_file", path, state) for path, state in remembered.get("files", {}).items()
                   if path not in want["files"] and have["files"][path] != state]
    operations += [("load_module", name) for name in want["modules"] if name not in have["modules"]]
    # after the modules: net.ipv4.vs.* does not exist before ip_vs is loaded
    operations += [("set_sysctl", name, value) for name, value in want["sysctls"].items()
                   if not kernel_settings.fulfils(name, have["sysctls"][name], value)]
    operations += [("restore_sysctl", name, value) for name, value in remembered.get("sysctls", {}).items()
                   if name not in want["sysctls"] and value is not None and have["sysctls"][name] not in (None, value)]
    operations += [("unload_module", name) for name in reversed(remembered.get("modules", []))
                   if name not in want["modules"] and name in have["modules"]]
    if remembered.get("folders") and not want["files"]:
        operations.append(("remove_empty_folders", remembered["folders"]))
    if any(verb in ("write_file", "restore_file") and rest[0].startswith(UNIT_FOLDER) for verb, *rest in operations):
        operations.append(("reload_units",))
    if any(verb in ("write_file", "restore_file") and rest[0].startswith(MANAGER_FOLDER) for verb, *rest in operations):
        operations.append(("restart_manager",))
    return operations + [("start_unit", name) for name in want["units"] if name not in have["units"]]


def missing_packages(want, have):
    return [name for name in want["packages"] if name not in have["packages"]]


def unwanted_packages(want, have, remembered):
    """Packages that this role brought and that are no longer wanted."""
    return [name for name in remembered.get("packages", []) if name not in want["packages"] and name in have["packages"]]


def unwanted_users(want, have, remembered):
    return [name for name in remembered.get("users", []) if name not in want["users"] and name in have["users"]]


def difference(operations, have, missing, unwanted):
    """Ansible's `diff`: a file each, and one listing of the running kernel and the packages."""
    entries = []
    before, after = [], []
    for verb, *rest in operations:
        if verb in ("write_file", "restore_file"):
            entries.append(files.difference(rest[0], have["files"][rest[0]], rest[1]))
        elif verb in ("set_sysctl", "restore_sysctl"):
            old = have["sysctls"][rest[0]]
            before.append(f"sysctl {rest[0]} = {old if old is not None else '(module not loaded)'}")
            after.append(f"sysctl {rest[0]} = {rest[1]}")
        elif verb in ("load_module", "unload_module"):
            (after if verb == "load_module" else before).append(f"module {rest[0]}")
        elif verb in ("start_unit", "stop_unit"):
            (after if verb == "start_unit" else before).append(f"unit {rest[0]} enabled and running")
    after += [f"package {name}" for name in missing]
    before += [f"package {name}" for name in unwanted]
    if before or after:
        entries.append({"before_header": "running system", "after_header": "running system",
                        "before": "".join(f"{line}\n" for line in before),
                        "after": "".join(f"{line}\n" for line in after)})
    return [entry for entry in entries if entry]


def execute(operations, run):
    """Carry out the operations. Raises OSError with a sentence for a person."""
    for verb, *rest in operations:
        if verb == "write_file":
            files.write(rest[0], rest[1]["content"], rest[1]["mode"])
        elif verb == "restore_file":
            files.restore(rest[0], rest[1])
        elif verb == "load_module":
            kernel_settings.load_module(run, rest[0])
        elif verb == "unload_module":
            kernel_settings.unload_module(run, rest[0])
        elif verb == "set_sysctl":
            _set_sysctl(rest[0], rest[1])
        elif verb == "restore_sysctl":
            with contextlib.suppress(FileNotFoundError):  # its module may go meanwhile, and the setting with it
                kernel_settings.write_sysctl(rest[0], rest[1])
        elif verb == "remove_empty_folders":
            files.remove_empty_folders(rest[0])
        elif verb == "reload_units":
            run(["systemctl", "daemon-reload"])
        elif verb == "restart_manager":
            # systemd reads its own configuration at no other time; what runs goes on
            run(["systemctl", "daemon-reexec"])
        elif verb == "start_unit":
            _order(run, "enable", rest[0])
        elif verb == "stop_unit" and systemd.show(run, rest[0])["LoadState"] != "not-found":
            _order(run, "disable", rest[0])


def _set_sysctl(name, value):
    try:
        kernel_settings.write_sysctl(name, value)
    except FileNotFoundError as error:
        raise OSError(f"sysctl {name} does not exist in this kernel: is the module that brings it in `modules`?") from error
    except OSError as error:
        raise OSError(f"sysctl {name} does not take the value {value!r}: {error.strerror}") from error


def _unit_on(run, name):
    unit = systemd.show(run, name)
    return unit["UnitFileState"] == "enabled" and unit["ActiveState"] == "active"


def _order(run, word, name):
    problem = systemd.order(run, word, "--now", name)
    if problem:
        raise OSError(problem)


def _both(first, second):
    return list(dict.fromkeys([*first, *second]))


def _user_exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
