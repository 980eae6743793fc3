# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who configures an interface, and how to tell it about routes that shall be there after the next boot too.

systemd-networkd: a drop-in of the .network file that it uses for the interface.
ifupdown: a script in /etc/network/if-up.d, which it runs when the interface comes up.
"""
from __future__ import annotations

import glob
import os
import re

from ansible_collections.lvs.cluster.plugins.module_utils._host import gateway, policy

NETWORKD = "systemd-networkd"
IFUPDOWN = "ifupdown"
INTERFACES = ("/etc/network/interfaces", "/etc/network/interfaces.d/*")
HOOK = "/etc/network/if-up.d/lvs-cluster"
DROP_IN = "50-lvs-cluster.conf"
NOTICE = "# Managed by lvs.cluster: the way back of a real server.\n"


def manager_of(interface):
    """(manager, its .network file or None). Raises ValueError when nobody we can talk to configures the interface."""
    unit = _networkd_file(interface)
    if unit:
        return NETWORKD, unit
    for pattern in INTERFACES:
        for path in glob.glob(pattern):
            if _has_stanza(path, interface):
                return IFUPDOWN, None
    raise ValueError(f"neither systemd-networkd nor ifupdown configures {interface}, so its routes would be lost at the next boot: "
                     f"give it a .network file in /etc/systemd/network or an iface stanza in /etc/network/interfaces, "
                     "or set the default route through the gateway there yourself; then nothing is left to do here")


def files_for(routes, managers, rules=(), carrier=None):
    """{path: {"content", "mode"}} for all routes and rules; managers = {interface: (manager, .network file)}.

    The rules come and go with the interface `carrier`.
    """
    found = {}
    hooked = []
    for interface in dict.fromkeys(route["interface"] for route in routes):
        of_interface = [route for route in routes if route["interface"] == interface]
        manager, unit = managers[interface]
        if manager == NETWORKD:
            path = f"/etc/systemd/network/{os.path.basename(unit)}.d/{DROP_IN}"
            sections = [_section(route) for route in of_interface]
            sections += [policy.section(rule) for rule in rules if interface == carrier]
            found[path] = {"content": NOTICE + "".join(sections), "mode": "0644"}
        else:
            hooked.append(_case(interface, of_interface, rules if interface == carrier else ()))
    if hooked:
        found[HOOK] = {"content": "#!/bin/sh\n" + NOTICE + 'case "$IFACE" in\n' + "".join(hooked) + "esac\nexit 0\n", "mode": "0755"}
    return found


def after_change(paths):
    """The command that makes the manager read the changed files, or None."""
    return ["networkctl", "reload"] if any(path.startswith("/etc/systemd/network/") for path in paths) else None


def _section(route):
    lines = ["", "[Route]", f"Destination={route['destination']}"]
    if route["gateway"]:
        lines.append(f"Gateway={route['gateway']}")
    elif gateway.family_of(route["destination"]) == 4:
        lines.append("Scope=link")
    if route["table"] != gateway.MAIN:
        lines.append(f"Table={route['table']}")
    if route["advmss"]:
        lines.append(f"TCPAdvertisedMaximumSegmentSize={route['advmss']}")
    return "\n".join(lines) + "\n"


def _case(interface, routes, rules):
    # ifupdown runs this for each family in turn: before the interface has its IPv6 address, a route of IPv6 is refused
    commands = "".join("        ip %s%s\n" % (" ".join(gateway.command("replace", route)),
                                              " 2>/dev/null" if gateway.family_of(route["destination"]) == 6 else "") for route in routes)
    # A rule that is there is not added again: the kernel says so, and nobody needs to hear it
    commands += "".join("        ip " + " ".join(policy.command("add", rule)) + " 2>/dev/null\n" for rule in rules)
    return f"    {interface})\n{commands}        ;;\n"


def _networkd_file(interface):
    """The .network file that networkd uses for the interface, by its own state file; None when it does not manage it."""
    try:
        with open(f"/sys/class/net/{interface}/ifindex", encoding="ascii") as stream:
            index = stream.read().strip()
        with open(f"/run/systemd/netif/links/{index}", encoding="utf-8") as stream:
            found = dict(line.rstrip("\n").split("=", 1) for line in stream if "=" in line)
    except FileNotFoundError:
        return None
    return found.get("NETWORK_FILE") or None


def _has_stanza(path, interface):
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return any(re.match(rf"\s*iface\s+{re.escape(interface)}\s+inet\s", line) for line in stream)
    except OSError:
        return False
