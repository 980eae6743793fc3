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
    helper = ["ip_vs_ftp"] if _ftp(cluster) else []
    return ["ip_vs", *sorted({"ip_vs_%s" % service["scheduler"] for service in services}), *sorted("ip_vs_pe_%s" % engine for engine in engines), *helper]


def _ftp(cluster: Mapping[str, Any]) -> bool:
    return any(service["ftp_helper"] for service in cluster["virtual_servers"])


# Seconds after which a connection in use is announced again to the other routers. A packet of the sync has room for about 30 of them.
SYNC_REFRESH = 3
# Seconds of connection sync after which a router knows the connections in use: the kernel collects what it announces for up to 2 s
# (IPVS_SYNC_FLUSH_TIME in ip_vs_sync.c); one to round up.
SYNC_KNOWN_AFTER = SYNC_REFRESH + 2 + 1


def router_sysctls(cluster: Mapping[str, Any], router: Mapping[str, Any], default6: str | None = None) -> dict[str, str]:
    """Of a router whose interfaces are known. default6: the interface of its default route of IPv6."""
    sync = cluster["connection_sync"]["enabled"]
    sloppy = sync or any(service["scheduler"] in HASHING for service in cluster["virtual_servers"])
    settings = {
        "net/ipv4/ip_forward": "1",
        # Removing an interface's primary address must not take the VIPs beside it along.
        "net/ipv4/conf/all/promote_secondaries": "1",
        # A redirect would send the real servers' answers past the router.
        "net/ipv4/conf/all/send_redirects": "0",
        # The FTP helper finds its connections by it; else it costs, and stateful rules would not know what the other router began.
        "net/ipv4/vs/conntrack": "1" if _ftp(cluster) else "0",
        # A drained server loses the clients that persistence would go on sending to it.
        "net/ipv4/vs/expire_quiescent_template": "1",
        # A connection may begin in the middle: the other router had its first packets, or the hash alone decides.
        "net/ipv4/vs/sloppy_tcp": "1" if sloppy else "0",
    }
    if any(service["protocol"] == "sctp" for service in cluster["virtual_servers"]):
        settings["net/ipv4/vs/sloppy_sctp"] = settings["net/ipv4/vs/sloppy_tcp"]
    if sync:
        # Makes connections known to a router that has come back within seconds, slow ones too; the kernel's default never does.
        settings.update({"net/ipv4/vs/sync_threshold": "3 0", "net/ipv4/vs/sync_refresh_period": "%d" % SYNC_REFRESH})
    for name, place in router["networks"].items():
        if cluster["networks"][name]["gateway"]:
            settings["net/ipv4/conf/%s/send_redirects" % place["interface"]] = "0"
    if any(network["cidr6"] for network in cluster["networks"].values()):
        # A host that forwards takes no router advertisements any more, and loses its default route, unless this is 2 before.
        for interface in dict.fromkeys([*(place["interface"] for place in router["networks"].values()), default6]):
            if interface:
                settings["net/ipv6/conf/%s/accept_ra" % interface] = "2"
        settings["net/ipv6/conf/all/forwarding"] = "1"
    return settings


# What each tunnel (type, family outside, family inside) needs on the host where it ends; GUE has IP in IP inside.
TUNNEL_MODULES = {
    ("ipip", 4, 4): ("ipip",),
    ("ipip", 4, 6): ("sit",),
    ("ipip", 6, 4): ("ip6_tunnel",),
    ("ipip", 6, 6): ("ip6_tunnel",),
    ("gue", 4, 4): ("fou", "ipip"),
    ("gue", 4, 6): ("fou", "sit"),
    ("gue", 6, 4): ("fou6", "ip6_tunnel"),
    ("gue", 6, 6): ("fou6", "ip6_tunnel"),
    ("gre", 4, 4): ("ip_gre",),
    ("gre", 4, 6): ("ip_gre",),
    ("gre", 6, 4): ("ip6_gre",),
    ("gre", 6, 6): ("ip6_gre",),
}


def server_modules(server: Mapping[str, Any]) -> list[str]:
    """Of a real server that carries VIPs; [] for one that is reached by NAT alone."""
    if not (server["vips"] or server["vips6"]):
        return []
    ends = [(tunnel["type"], 4, 4) for tunnel in server["tunnels"]] + [(tunnel["type"], tunnel["outer"], tunnel["inner"]) for tunnel in server["tunnels6"]]
    return ["dummy", *sorted({name for end in ends for name in TUNNEL_MODULES[end]})]


def server_sysctls(server: Mapping[str, Any]) -> dict[str, str]:
    """Of a real server whose interface is known. IPv6 needs none: a host answers neighbours only for the interface that was asked."""
    if not (server["vips"] and server["interface"]):
        return {}
    return {
        "net/ipv4/conf/all/arp_ignore": "1",
        "net/ipv4/conf/all/arp_announce": "2",
        "net/ipv4/conf/%s/rp_filter" % server["interface"]: "2",
    }
