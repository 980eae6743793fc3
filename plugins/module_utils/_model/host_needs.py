# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel modules and sysctls that follow from a cluster, for each of its hosts; the roles bring them in force, now and at every boot.

Names of sysctls have / between their parts (interfaces' names may have dots), and stand in the order in which they must be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The hash alone finds the real server of a connection that the other router opened.
HASHING = ("sh", "mh")


def router_modules(cluster: Mapping[str, Any]) -> list[str]:
    """All that IPVS may ask for: keepalived runs without the right to load modules, and net.ipv4.vs.* must be there at boot."""
    services = cluster["virtual_servers"]
    engines = {service["persistence_engine"] for service in services} - {None}
    return ["ip_vs", *sorted({"ip_vs_%s" % service["scheduler"] for service in services}), *sorted("ip_vs_pe_%s" % engine for engine in engines)]


def router_sysctls(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> dict[str, str]:
    """Of a router whose interfaces are known."""
    sync = cluster["connection_sync"]["enabled"]
    sloppy = sync or any(service["scheduler"] in HASHING for service in cluster["virtual_servers"])
    settings = {
        "net/ipv4/ip_forward": "1",
        # Removing an interface's primary address must not take the VIPs beside it along.
        "net/ipv4/conf/all/promote_secondaries": "1",
        # A redirect would send the real servers' answers past the router.
        "net/ipv4/conf/all/send_redirects": "0",
        "net/ipv4/vs/conntrack": "0",
        # A drained server loses the clients that persistence would go on sending to it.
        "net/ipv4/vs/expire_quiescent_template": "1",
        # A connection may begin in the middle: the other router had its first packets, or the hash alone decides.
        "net/ipv4/vs/sloppy_tcp": "1" if sloppy else "0",
    }
    if sync:
        # Resynchronises slow connections to a router that has come back within seconds; the kernel's default never does.
        settings.update({"net/ipv4/vs/sync_threshold": "3 0", "net/ipv4/vs/sync_refresh_period": "10"})
    for name, place in router["networks"].items():
        if cluster["networks"][name]["gateway"]:
            settings["net/ipv4/conf/%s/send_redirects" % place["interface"]] = "0"
    return settings
