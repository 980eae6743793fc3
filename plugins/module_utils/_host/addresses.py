# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and routes of the host, from the kernel by way of `ip -json`."""
from __future__ import annotations

import json


def read_addresses(run):
    """[{"address", "prefix", "family": 4|6, "interface", "label"}] for every address of every interface."""
    return [
        {"address": found["local"], "prefix": found["prefixlen"], "family": 6 if found["family"] == "inet6" else 4,
         "interface": link["ifname"], "label": found.get("label", link["ifname"])}
        for link in ask(run, ["address", "show"])
        for found in link.get("addr_info", []) if "local" in found
    ]


def read_links(run):
    """{interface: its MTU in bytes}."""
    return {link["ifname"]: link["mtu"] for link in ask(run, ["link", "show"])}


def read_rules(run, family=4):
    """Policy rules of a family: [{"family", "priority", "from", "to", "table", "suppress"}], None where a rule says nothing."""
    found = []
    for rule in ask(run, ["-%d" % family, "rule", "show"]):
        source, target = ((rule[key] + ("/%s" % rule[key + "len"] if key + "len" in rule else "")) if rule.get(key, "all") != "all" else None
                          for key in ("src", "dst"))
        found.append({"family": family, "priority": rule["priority"], "from": source, "to": target, "table": str(rule.get("table")),
                      "suppress": rule.get("suppress_prefixlen")})
    return found


def read_routes(run, table="main", family=4):
    """Routes of a table and a family: [{"destination", "gateway", "interface", "metric", "protocol", "table", "advmss"}].

    destination as a network ("0.0.0.0/0" for the default, "10.0.0.5/32" for a host). What is not a plain
    unicast route through one gateway or interface (blackhole, several next hops) is left out.
    """
    found = []
    default, host = ("::/0", "/128") if family == 6 else ("0.0.0.0/0", "/32")
    try:
        listed = ask(run, ["-%d" % family, "route", "show", "table", str(table)])
    except OSError:
        if table == "main":
            raise
        return []  # a table without any route does not exist
    for route in listed:
        if route.get("type", "unicast") != "unicast" or "dev" not in route:
            continue
        destination = default if route["dst"] == "default" else route["dst"]
        found.append({"destination": destination if "/" in destination else destination + host,
                      "gateway": route.get("gateway"), "interface": route["dev"],
                      "metric": route.get("metric", 0), "protocol": route.get("protocol"), "table": table,
                      "advmss": next((entry["advmss"] for entry in route.get("metrics", ()) if "advmss" in entry), None)})
    return found


def ask(run, words):
    """What `ip -json WORDS` answers. Raises OSError with its complaint."""
    code, out, error = run(["ip", "-json", *words])
    if code != 0:
        raise OSError(f"ip {' '.join(words)}: {error.strip() or code}; the package iproute2 is needed")
    return [entry for entry in json.loads(out or "[]") if entry]
