# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module real_server_gateway: the routes as they are, as they shall be, and the way between."""
from __future__ import annotations

import ipaddress

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.real_server_gateway import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.lvs.cluster.plugins.module_utils._host import addresses, commands, controller, files, gateway, memory, network_managers, policy


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    run = commands.runner(module)
    try:
        remembered = _complete(memory.read(module.params["memory"]))
        routes = addresses.read_routes(run)
        ours = remembered.get("routes", [])
        want, rules, carrier = _wanted(module.params, run, routes, ours)
        want_files = _wanted_files(want, rules, carrier)
        have_files = {path: files.read(path) for path in [*want_files, *remembered.get("files", [])]}
        folders = _folders(remembered, want_files)
        live = _live(run, routes, [*ours, *want])
        have = [route for route in live if route in ours or route in want]
        add = [route for route in want if route not in live]
        # one with the same destination is replaced, not dropped
        replaced = {(route["destination"], route["table"]) for route in want}
        drop = [route for route in ours if route in live and (route["destination"], route["table"]) not in replaced]
        rules_before = remembered.get("rules", [])
        live_rules = addresses.read_rules(run) if rules or rules_before else []
        rule_changes = ([entry for entry in rules if entry not in live_rules],
                        [entry for entry in rules_before if entry in live_rules and entry not in rules])
        changes = {path: want_files.get(path, files.ABSENT) for path, state in have_files.items()
                   if state != want_files.get(path, files.ABSENT)}
        have_rules = [entry for entry in live_rules if entry in rules or entry in rules_before]
        result = {"changed": bool(add or drop or changes or any(rule_changes)), "routes": want, "rules": rules,
                  "diff": _difference(gateway.text(have) + policy.text(have_rules), gateway.text(want) + policy.text(rules), have_files, changes)}
        if not module.check_mode:
            kept = {"routes": want, "rules": rules, "files": sorted(want_files), "folders": folders} if want or rules else {}
            _apply(module.params["memory"], run, kept, (add, drop), rule_changes, changes, remembered)
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


def _complete(remembered):
    """What an older version remembered knows one table only, and no rules."""
    if remembered:
        remembered = {"rules": [], **remembered, "routes": [gateway.plain(route) for route in remembered.get("routes", [])]}
    return remembered


def _live(run, routes, named):
    tables = dict.fromkeys(route["table"] for route in named if route["table"] != gateway.MAIN)
    return [gateway.plain(route) for route in [*routes, *(route for table in tables for route in addresses.read_routes(run, table))]]


def _wanted(parameters, run, routes, ours):
    """(routes, rules, the interface that the rules come and go with)."""
    if parameters["state"] == "absent":
        return [], [], None
    floating = str(ipaddress.IPv4Address(parameters["gateway"])) if parameters["gateway"] else None
    vips = [str(ipaddress.IPv4Address(vip)) for vip in parameters["vips"]]
    known = addresses.read_addresses(run)
    if floating:
        interface = gateway.interface_towards(floating, known, parameters["interface"])
    elif parameters["tunnels"]:
        interface = gateway.interface_towards(parameters["address"], known, parameters["interface"])
    else:
        return [], [], None  # direct routing alone: the host's own routes are right
    beside = [network for network in parameters["networks"] if _has_leg(network, known)] if floating else []
    asked = [str(ipaddress.ip_network(target)) for target in parameters["reachable"]]
    manager = controller.controller_address()
    want = []
    if floating:
        table = policy.GATEWAY_TABLE if vips or beside else gateway.MAIN
        want = gateway.wanted_routes(floating, interface, routes, ours, [*asked, *([manager] if manager else [])], table)
        if vips and not want:
            raise ValueError(f"the host's own default route goes through the routers' gateway {floating}, and they would drop the answers from "
                             f"{', '.join(vips)}: give the host another default route, then deploy again; the NAT answers find their way")
        if beside and not want:
            want = [gateway.plain({"destination": half, "gateway": floating, "interface": interface, "table": table}) for half in gateway.HALVES]
    smaller = _smaller(parameters, run, routes, ours, interface) if vips else []
    own = parameters["address"]
    policied = bool(vips or beside)
    rules = policy.wanted_rules(vips, own, beside, bool(floating), bool(smaller)) if policied else []
    return want + smaller, rules, interface


def _has_leg(network, known):
    return any(entry["family"] == 4 and entry["prefix"] < 32
               and ipaddress.ip_address(entry["address"]) in ipaddress.ip_network(network) for entry in known)


def _smaller(parameters, run, routes, ours, ingress):
    """Left out: interfaces that nobody configures whom we could tell; their answers go by the main table, with the full size."""
    if not parameters["tunnels"]:
        return []
    own = [route for route in routes if gateway.plain(route) not in ours and _managed(route["interface"])]
    return policy.smaller_routes(own, addresses.read_links(run), ingress, parameters["tunnels"])


def _managed(interface):
    try:
        network_managers.manager_of(interface)
    except ValueError:
        return False
    return True


def _wanted_files(want, rules, carrier):
    managers = {interface: network_managers.manager_of(interface) for interface in {route["interface"] for route in want}}
    return network_managers.files_for(want, managers, rules, carrier) if rules else network_managers.files_for(want, managers)


def _folders(remembered, want_files):
    missing = [folder for path in want_files for folder in files.missing_folders(path)]
    return list(dict.fromkeys([*remembered.get("folders", []), *missing]))


def _difference(have, want, have_files, changes):
    entries = [files.difference(path, have_files[path], state) for path, state in changes.items()]
    if have != want:
        entries.insert(0, {"before_header": "routes", "after_header": "routes", "before": have, "after": want})
    return [entry for entry in entries if entry]


def _apply(path, run, kept, route_changes, rule_changes, changes, remembered):
    """Remember, then add (what keeps the controller reachable stands first), then drop, then the files.

    Routes before the rules that lead to them, and rules away before their routes.
    """
    (add, drop), (add_rules, drop_rules) = route_changes, rule_changes
    want, rules, ours = kept.get("routes", []), kept.get("rules", []), remembered.get("routes", [])
    folders = kept.get("folders", remembered.get("folders", []))
    unfinished = {"routes": want + [route for route in ours if route not in want],
                  "rules": rules + [entry for entry in remembered.get("rules", []) if entry not in rules],
                  "files": sorted({*kept.get("files", []), *remembered.get("files", [])}), "folders": folders}
    if unfinished != remembered and (want or ours or rules):
        memory.write(path, unfinished)
    _routes(run, "replace", add)
    _rules(run, "add", add_rules)
    _rules(run, "del", drop_rules)
    # halves first: what kept the controller reachable is the last to go
    _routes(run, "del", sorted(drop, key=lambda route: route["destination"] not in gateway.HALVES))
    for name, state in changes.items():
        files.restore(name, state)
    if not want:
        files.remove_empty_folders(folders)
    reload_command = network_managers.after_change(changes)
    if reload_command:
        run(reload_command)  # else the manager drops our routes when the link comes back
        live = _live(run, addresses.read_routes(run), want)
        _routes(run, "replace", [route for route in want if route not in live])
        if rules:
            live_rules = addresses.read_rules(run)
            _rules(run, "add", [entry for entry in rules if entry not in live_rules])
    if kept != unfinished or not kept:
        memory.write(path, kept)


def _routes(run, verb, routes):
    for route in routes:
        code, _out, error = run(["ip", *gateway.command(verb, route)])
        if code != 0:
            raise OSError(f"route {route['destination']} via {route['gateway']}: {error.strip() or code}")


def _rules(run, verb, rules):
    for entry in rules:
        code, _out, error = run(["ip", *policy.command(verb, entry)])
        if code != 0 and "File exists" not in error:  # the manager was faster
            raise OSError(f"{policy.text([entry]).strip()}: {error.strip() or code}")
