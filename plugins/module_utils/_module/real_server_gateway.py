# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module real_server_gateway: the routes as they are, as they shall be, and the way between."""
from __future__ import annotations

import ipaddress

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.real_server_gateway import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.lvs.cluster.plugins.module_utils._host import addresses, commands, controller, files, gateway, memory, network_managers


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    run = commands.runner(module)
    try:
        remembered = memory.read(module.params["memory"])
        routes = addresses.read_routes(run)
        ours = remembered.get("routes", [])
        want = _wanted(module.params, run, routes, ours)
        want_files = _wanted_files(want)
        have_files = {path: files.read(path) for path in [*want_files, *remembered.get("files", [])]}
        folders = _folders(remembered, want_files)
        live = [gateway.plain(route) for route in routes]
        have = [route for route in live if route in ours or route in want]
        add = [route for route in want if route not in live]
        # one with the same destination is replaced, not dropped
        replaced = {route["destination"] for route in want}
        drop = [route for route in ours if route in live and route["destination"] not in replaced]
        changes = {path: want_files.get(path, files.ABSENT) for path, state in have_files.items()
                   if state != want_files.get(path, files.ABSENT)}
        result = {"changed": bool(add or drop or changes), "routes": want,
                  "diff": _difference(have, want, have_files, changes)}
        if not module.check_mode:
            _apply(module.params["memory"], run, want, add, drop, changes, remembered, want_files, folders)
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _wanted(parameters, run, routes, ours):
    if parameters["state"] == "absent":
        return []
    floating = str(ipaddress.IPv4Address(parameters["gateway"]))
    interface = gateway.interface_towards(floating, addresses.read_addresses(run), parameters["interface"])
    asked = [str(ipaddress.ip_network(target)) for target in parameters["reachable"]]
    manager = controller.controller_address()
    return gateway.wanted_routes(floating, interface, routes, ours, [*asked, *([manager] if manager else [])])


def _wanted_files(want):
    managers = {interface: network_managers.manager_of(interface) for interface in {route["interface"] for route in want}}
    return network_managers.files_for(want, managers)


def _folders(remembered, want_files):
    missing = [folder for path in want_files for folder in files.missing_folders(path)]
    return list(dict.fromkeys([*remembered.get("folders", []), *missing]))


def _difference(have, want, have_files, changes):
    entries = [files.difference(path, have_files[path], state) for path, state in changes.items()]
    if gateway.text(have) != gateway.text(want):
        entries.insert(0, {"before_header": "routes", "after_header": "routes",
                           "before": gateway.text(have), "after": gateway.text(want)})
    return [entry for entry in entries if entry]


def _apply(path, run, want, add, drop, changes, remembered, want_files, folders):
    """Remember, then add (what keeps the controller reachable stands first in `want`), then drop, then the files."""
    ours = remembered.get("routes", [])
    kept = {"routes": want, "files": sorted(want_files), "folders": folders} if want else {}
    unfinished = {"routes": want + [route for route in ours if route not in want],
                  "files": sorted({*want_files, *remembered.get("files", [])}), "folders": folders}
    if unfinished != remembered and (want or ours):
        memory.write(path, unfinished)
    _routes(run, "replace", add)
    # halves first: what kept the controller reachable is the last to go
    _routes(run, "del", sorted(drop, key=lambda route: route["destination"] not in gateway.HALVES))
    for name, state in changes.items():
        files.restore(name, state)
    if not want:
        files.remove_empty_folders(folders)
    reload_command = network_managers.after_change(changes)
    if reload_command:
        run(reload_command)  # else the manager drops our routes when the link comes back
        live = [gateway.plain(route) for route in addresses.read_routes(run)]
        _routes(run, "replace", [route for route in want if route not in live])
    if kept != unfinished or not kept:
        memory.write(path, kept)


def _routes(run, verb, routes):
    for route in routes:
        code, _out, error = run(["ip", *gateway.command(verb, route)])
        if code != 0:
            raise OSError(f"route {route['destination']} via {route['gateway']}: {error.strip() or code}")
