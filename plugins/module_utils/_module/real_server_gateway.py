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
        routes = {family: addresses.read_routes(run, family=family) for family in _families(module.params, remembered)}
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
        live_rules = _live_rules(run, rules + rules_before)
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
    """What an older version remembered knows one table only, no rules, and those of IPv4 alone."""
    if remembered:
        rules = [{"family": 4, **entry} for entry in remembered.get("rules", [])]
        remembered = {**remembered, "rules": rules, "routes": [gateway.plain(route) for route in remembered.get("routes", [])]}
    return remembered


def _families(parameters, remembered):
    """IPv4, and IPv6 where it is asked for or was: a kernel without it would be asked in vain."""
    named = [parameters["gateway6"] or "", *parameters["vips"], *(route["destination"] for route in remembered.get("routes", []))]
    six = any(gateway.family_of(text) == 6 for text in named) or any(entry["family"] == 6 for entry in remembered.get("rules", []))
    return (4, 6) if six else (4,)


def _live(run, routes, named):
    tables = dict.fromkeys((route["table"], gateway.family_of(route["destination"])) for route in named if route["table"] != gateway.MAIN)
    more = [route for table, family in tables for route in addresses.read_routes(run, table, family)]
    return [gateway.plain(route) for route in [*(route for own in routes.values() for route in own), *more]]


def _live_rules(run, named):
    return [entry for family in sorted({entry["family"] for entry in named}) for entry in addresses.read_rules(run, family)]


def _wanted(parameters, run, routes, ours):
    """(routes, rules, the interface that the rules come and go with)."""
    if parameters["state"] == "absent":
        return [], [], None
    known = addresses.read_addresses(run)
    ways = [_way(parameters, run, family, routes[family], ours, known) for family in routes]
    want, rules = ([entry for way in ways for entry in way[part]] for part in (0, 1))
    return want, rules, next((way[2] for way in ways if way[2]), None)


def _way(parameters, run, family, routes, ours, known):
    """The same for one family."""
    own, floating = (parameters[name + ("6" if family == 6 else "")] for name in ("address", "gateway"))
    floating = str(ipaddress.ip_address(floating)) if floating else None
    if floating and gateway.family_of(floating) != family:
        raise ValueError(f"{floating} is no IPv{family} address")
    vips, networks = ([text for text in parameters[name] if gateway.family_of(text) == family] for name in ("vips", "networks"))
    vips = [str(ipaddress.ip_address(vip)) for vip in vips]
    tunnels = [tunnel for tunnel in parameters["tunnels"] if tunnel["inner"] == family]
    if not floating and not (vips and tunnels):
        return [], [], None  # direct routing alone: the host's own routes are right
    ends = parameters["address6" if tunnels and tunnels[0]["outer"] == 6 else "address"]
    interface = gateway.interface_towards(floating or ends, known, parameters["interface"])
    beside = [network for network in networks if _has_leg(network, known)] if floating else []
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
            want = [gateway.plain({"destination": half, "gateway": floating, "interface": interface, "table": table})
                    for half in gateway.HALVES_OF[family]]
    smaller = _smaller(run, routes, ours, interface, tunnels, family) if vips else []
    return want + smaller, policy.wanted_rules(vips, own, beside, bool(floating), bool(smaller), family), interface


def _has_leg(network, known):
    network = ipaddress.ip_network(network)
    return any(entry["family"] == network.version and entry["prefix"] < gateway.LONGEST[network.version]
               and ipaddress.ip_address(entry["address"]) in network for entry in known)


def _smaller(run, routes, ours, ingress, tunnels, family):
    """Left out: interfaces that nobody configures whom we could tell; their answers go by the main table, with the full size."""
    if not tunnels:
        return []
    own = [route for route in routes if gateway.plain(route) not in ours and _managed(route["interface"])]
    return policy.smaller_routes(own, addresses.read_links(run), ingress, tunnels, family)


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
        families = {gateway.family_of(route["destination"]) for route in want}
        live = _live(run, {family: addresses.read_routes(run, family=family) for family in families}, want)
        _routes(run, "replace", [route for route in want if route not in live])
        live_rules = _live_rules(run, rules)
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
