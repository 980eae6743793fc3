# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: which routes make a floating gateway the way back, without cutting off who manages the host.

Two routes to the halves of the Internet are more specific than the host's own default route. So that one stays
as it is, whoever set it (static, DHCP), and taking the two away is exactly the undo.
A route: {"destination": "0.0.0.0/1", "gateway": "10.0.0.254" or None, "interface": "eth0", "table": "main", "advmss": None}.

A real server that also carries VIPs, or has a leg in the clients' network, needs more than the main table: see policy.py.
"""
from __future__ import annotations

import ipaddress

FAMILIES = (4, 6)
HALVES_OF = {4: ("0.0.0.0/1", "128.0.0.0/1"), 6: ("::/1", "8000::/1")}
HALVES = HALVES_OF[4] + HALVES_OF[6]
DEFAULT = {4: "0.0.0.0/0", 6: "::/0"}
LONGEST = {4: 32, 6: 128}
MAIN = "main"
KEYS = {"destination": None, "gateway": None, "interface": None, "table": MAIN, "advmss": None}


def plain(route):
    return {key: route.get(key, default) for key, default in KEYS.items()}


def family_of(address):
    """4 or 6, of an address or a network."""
    return 6 if ":" in address else 4


def interface_towards(gateway, addresses, asked=None):
    """The interface in whose network `gateway` is. Raises ValueError when there is none."""
    address = ipaddress.ip_address(gateway)
    found = [entry["interface"] for entry in addresses if entry["family"] == address.version
             and address in ipaddress.ip_interface(f"{entry['address']}/{entry['prefix']}").network
             and entry["prefix"] < LONGEST[address.version]]
    if asked and asked in found:
        return asked
    if asked:
        raise ValueError(f"interface {asked} has no address in the network of the gateway {gateway}: "
                         "give the interface that has one, or set its address first")
    if not found:
        raise ValueError(f"no interface has an address in the network of the gateway {gateway}: set the host's address first")
    return found[0]


def best_route(address, routes):
    """The route that the kernel takes to `address`: longest prefix, then lowest metric. None when there is none."""
    wanted = ipaddress.ip_address(address)
    fitting = [route for route in routes if wanted in ipaddress.ip_network(route["destination"])]
    return max(fitting, key=lambda route: (ipaddress.ip_network(route["destination"]).prefixlen, -route["metric"]), default=None)


def wanted_routes(gateway, interface, routes, ours, reachable, table=MAIN):
    """All routes of the gateway's family that we want on this host: what keeps `reachable` reachable, then the halves.

    routes: all of the host in that family (with "metric"), of which `ours` are those that we added before.
    reachable: addresses or networks (the controller's, the administrator's) that must stay reachable as before.
    What we kept reachable before stays so: another controller may depend on it.
    """
    own = [route for route in routes if plain(route) not in ours]
    family = family_of(gateway)
    default = min((route for route in own if route["destination"] == DEFAULT[family]), key=lambda route: route["metric"], default=None)
    if default is not None and default["gateway"] == gateway:
        return []  # the administrator has made the gateway the default route already
    kept = [route for route in ours if route["destination"] not in HALVES and route["table"] == MAIN and family_of(route["destination"]) == family]
    for target in reachable:
        network = ipaddress.ip_network(target)
        route = best_route(network.network_address, own)
        if network.version != family or route is None or ipaddress.ip_network(route["destination"]).prefixlen > 0:
            continue  # unreachable as it is, or by a route that is more specific than the halves
        entry = plain({"destination": str(network), "gateway": route["gateway"], "interface": route["interface"]})
        if entry not in kept:
            kept = [other for other in kept if other["destination"] != entry["destination"]] + [entry]
    return kept + [plain({"destination": half, "gateway": gateway, "interface": interface, "table": table}) for half in HALVES_OF[family]]


def command(verb, route):
    """Words for `ip`: verb is replace or del. `proto static`, as networkd sets it, so that both mean the same route."""
    via = ["via", route["gateway"]] if route["gateway"] else []
    family = family_of(route["destination"])
    words = ["-%d" % family, "route", verb, route["destination"], *via, "dev", route["interface"], "proto", "static"]
    if route["table"] != MAIN:
        words += ["table", str(route["table"])]
    if not route["gateway"] and family == 4:  # IPv6 has no such scopes
        words += ["scope", "link"]
    return words + (["advmss", str(route["advmss"])] if route["advmss"] and verb != "del" else [])


def text(routes):
    """One line a route, for a diff."""
    return "".join(" ".join(command("replace", route)[3:]).replace(" proto static", "") + "\n" for route in routes)
