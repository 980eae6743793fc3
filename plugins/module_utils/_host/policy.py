# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: which answers of a real server take which way, where the destination alone can't tell.

- An answer to a connection that came by NAT has the real server's own address as its source and must pass the active
  router, also when the client is in a network that the real server has a leg in.
- An answer that came directly or by a tunnel has the VIP as its source and must not pass the router, which has the VIP
  itself and would drop the packet as a forgery. It takes the host's own routes.
- Through a tunnel comes less than through the wire, so answers from a VIP tell the client a smaller segment size.

So the routes through the routers' gateway move from the main table into one of their own, and rules say who looks where:

    5005  from VIP       lookup 5030, but its default       networks beside the host, smaller segments   (tunnels only)
    5006  from VIP       lookup main, but defaults          whatever else is more specific               (tunnels only)
    5007  from VIP       lookup 5030                        the host's own default, smaller segments     (tunnels only)
    5010  from VIP       lookup main
    5011  from the host's own address to a network beside  lookup 5020
    5020  from all       lookup main, but its default
    5021  from all       lookup 5020                        the routers' gateway

The same for each family, with numbers and tables of its own by the same names.

A rule: {"family": 4 or 6, "priority", "from": network or None, "to", "table": "main" or a number as text, "suppress": prefix length or None}.
"""
from __future__ import annotations

import ipaddress

GATEWAY_TABLE, SMALLER_TABLE = "5020", "5030"
# Bytes that a tunnel puts before each packet, behind the outer IP header: GUE has UDP (8) and its own header (4)
TUNNEL_HEADERS = {"ipip": 0, "gre": 4, "gue": 12}
IP_HEADER = {4: 20, 6: 40}
TCP_HEADER = 20
PRIORITIES = range(5005, 5022)


def rule(family, priority, table, source=None, target=None, suppress=None):
    return {"family": family, "priority": priority, "from": source, "to": target, "table": table, "suppress": suppress}


def wanted_rules(vips, own, beside, gateway, smaller, family=4):
    """All rules of a family. vips: addresses; own: the host's address that NAT reaches; beside: other networks that the host is in.

    gateway: whether the routers' gateway is the way back for NAT; smaller: whether there are tunnels.
    """
    if not (vips or beside):
        return []
    rules = []
    for vip in collapsed(vips):
        if smaller:
            rules += [rule(family, 5005, SMALLER_TABLE, vip, suppress=0), rule(family, 5006, "main", vip, suppress=0),
                      rule(family, 5007, SMALLER_TABLE, vip)]
        if gateway:
            rules.append(rule(family, 5010, "main", vip))
    if gateway:
        rules += [rule(family, 5011, GATEWAY_TABLE, own, network) for network in beside]
        rules += [rule(family, 5020, "main", suppress=0), rule(family, 5021, GATEWAY_TABLE)]
    return sorted(rules, key=lambda entry: entry["priority"])


def collapsed(addresses):
    """The fewest networks that hold these addresses and no other: rules are read one by one for each packet."""
    networks = ipaddress.collapse_addresses(ipaddress.ip_network(address) for address in addresses)
    return [short(str(network)) for network in networks]


def short(network):
    return network.rpartition("/")[0] if network.endswith("/128" if ":" in network else "/32") else network


def smaller_routes(routes, mtus, ingress, tunnels, family=4):
    """The host's own routes once more, for table 5030, with a segment size that fits through the tunnels.

    routes: of the main table and the family, ours left out; mtus: {interface: bytes}; ingress: where the tunnels arrive;
    tunnels: [{"type", "outer": family of the packets outside}] that carry this family.
    """
    if not tunnels:
        return []
    room = mtus[ingress] - max(IP_HEADER[tunnel["outer"]] + TUNNEL_HEADERS[tunnel["type"]] for tunnel in tunnels)
    headers = IP_HEADER[family] + TCP_HEADER
    best = {}
    for route in sorted((route for route in routes if not route["destination"].startswith("fe80:")), key=lambda entry: entry["metric"], reverse=True):
        best[route["destination"]] = route
    return [{"destination": route["destination"], "gateway": route["gateway"], "interface": route["interface"], "table": SMALLER_TABLE,
             "advmss": min(room, mtus[route["interface"]]) - headers} for route in best.values()]


def command(verb, entry):
    """Words for `ip`: verb is add or del."""
    words = ["-%d" % entry["family"], "rule", verb, "priority", str(entry["priority"])]
    for key in ("from", "to"):
        words += [key, entry[key]] if entry[key] else []
    words += ["lookup", entry["table"]]
    # protocol static, as networkd sets it: one rule, whoever sets it
    return words + (["suppress_prefixlength", str(entry["suppress"])] if entry["suppress"] is not None else []) + ["protocol", "static"]


def section(entry):
    """The rule for systemd-networkd."""
    lines = ["", "[RoutingPolicyRule]", f"Priority={entry['priority']}", f"Table={entry['table']}"]
    lines += [f"{key.capitalize()}={entry[key]}" for key in ("from", "to") if entry[key]]
    if entry["suppress"] is not None:
        lines.append(f"SuppressPrefixLength={entry['suppress']}")
    if not entry["from"] and not entry["to"]:
        lines.append(f"Family=ipv{entry['family']}")
    return "\n".join(lines) + "\n"


def text(rules):
    """One line a rule, for a diff."""
    return "".join(("rule -6 " if entry["family"] == 6 else "rule ") + " ".join(command("add", entry)[3:-2]) + "\n" for entry in rules)
