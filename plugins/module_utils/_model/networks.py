# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks and the routers in them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import MOST_ROUTERS, priorities
from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import free_number
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import group_hosts, known, one_given


@lru_cache(maxsize=4096)
def parsed(cidr: str) -> Any:
    """An IPv4Network or IPv6Network."""
    return ipaddress.ip_network(cidr)


def family_of(address: str) -> int:
    return 6 if ":" in address else 4


def cidr_of(network: Mapping[str, Any], address: str) -> str | None:
    """The network's cidr of the address's family; None where it has none, or where that was wrong."""
    found: str | None = network["cidr6" if ":" in address else "cidr"]
    return found


@lru_cache(maxsize=65536)
def within(address: str, cidr: str) -> bool:
    return (":" in address) == (":" in cidr) and ipaddress.ip_address(address) in parsed(cidr)


def network_of(address: str, networks: Mapping[str, Any]) -> str | None:
    """The name of the network that holds the address."""
    for name, network in networks.items():
        cidr = cidr_of(network, address)
        if cidr and within(address, cidr):
            return name
    return None


def listed(networks: Mapping[str, Any], family: int = 4) -> str:
    key = "cidr6" if family == 6 else "cidr"
    return one_of("%s (%s)" % (name, network[key]) for name, network in networks.items() if network[key])


def host_address(address: str, cidr: str, path: str, report: Report) -> None:
    """Report an address of the network that no host can have."""
    network = parsed(cidr)
    if network.prefixlen >= network.max_prefixlen - 1:
        return
    if network.version == 6:
        if address == str(network.network_address):
            report.add(path, "%s is the address of all routers of %s" % (address, cidr), "give another one of the network")
        return
    for special, what in ((network.network_address, "network"), (network.broadcast_address, "broadcast")):
        if address == str(special):
            usable = "%s to %s" % (network.network_address + 1, network.broadcast_address - 1)
            report.add(path, "%s is the %s address of %s" % (address, what, cidr), "give one of " + usable)


def _said(given: Mapping[str, Any], name: str, key: str) -> bool:
    item = given.get(name)
    return isinstance(item, Mapping) and item.get(key) is not None


def _gateway(gateway: str | None, cidr: str | None, path: str, report: Report) -> None:
    if not (gateway and cidr):
        return
    if within(gateway, cidr):
        host_address(gateway, cidr, path, report)
    else:
        report.add(path, "%s is outside the network %s" % (gateway, cidr), "give an address of %s that no host has" % cidr)


def networks(cluster: str | None, read: Mapping[str, Any] | None, given: Any, report: Report, derived: dict[str, str], vrrp: bool = True) -> dict[str, Any]:
    """The normalised networks. One that was wrong stands with cidr None, so that its name is known.

    read, given: as the schema read it, and as it was given.
    vrrp: whether there is a heartbeat at all; without one they need no virtual router ids.
    """
    result: dict[str, Any] = {}
    given = given if isinstance(given, Mapping) else {}
    taken = {network["virtual_router_id"] for network in (read or {}).values() if network}
    for name, network in (read or {}).items():
        network = network or {}
        cidr, gateway = network.get("cidr"), network.get("gateway")
        path = "networks." + name
        cidr6, gateway6 = network.get("cidr6"), network.get("gateway6")
        _gateway(gateway, cidr, path + ".gateway", report)
        if gateway6 and network.get("cidr6") is None and not _said(given, name, "cidr6"):
            report.add(path + ".gateway6", "the network has no IPv6", "give %s.cidr6 too" % path)
        _gateway(gateway6, cidr6, path + ".gateway6", report)
        for other, before in result.items():
            for key, own in (("cidr", cidr), ("cidr6", cidr6)):
                if own and before[key] and parsed(own).overlaps(parsed(before[key])):
                    report.add("%s.%s" % (path, key), "%s overlaps %s of networks.%s" % (own, before[key], other), "give networks that share no address")
        number = network.get("virtual_router_id")
        if number is None and vrrp:
            number = free_number({n for n in taken if n}, cluster or "", name)
            taken.add(number)
            derived[path + ".virtual_router_id"] = "from the names %s and %s" % (cluster, name)
        result[name] = {
            "name": name,
            "cidr": cidr,
            "cidr6": cidr6,
            "interface": network.get("interface"),
            "gateway": gateway,
            "gateway6": gateway6,
            "heartbeat": network.get("heartbeat") if vrrp else False,
            "virtual_router_id": number,
        }
    return result


def private_network(names: Mapping[str, Any]) -> tuple[str | None, str]:
    """The network of the real servers where none is named, and why it is that one."""
    for name, network in names.items():
        if network["gateway"]:
            return name, "the first network with a gateway"
    return (list(names)[-1], "the last network; none has a gateway") if names else (None, "")


def carrying_network(asked: str | None, nets: Mapping[str, Any], path: str, report: Report, derived: dict[str, str]) -> str | None:
    """The network that was asked for at `path`, else the private one; a wrong name is reported."""
    if asked is not None:
        known(asked, nets, path, "network", report)
        return asked
    network, derived[path] = private_network(nets)
    return network


def routers(
    read: Mapping[str, Any] | None, given: Mapping[str, Any], inventory: Mapping[str, Any], report: Report, alone: bool = False
) -> list[dict[str, Any]]:
    """The routers, or the only one; `networks` and `sysctls` are filled in by resolve.py."""
    if read is None:
        return []
    key = one_given(read, given, ("group", "hosts"), "routers", report)
    if key is None:
        return []
    path = "routers." + key
    if key == "group":
        hosts = group_hosts(read["group"], inventory, path, report)
        if hosts is None:
            return []
    else:
        hosts = []
        for position, host in enumerate(read["hosts"]):
            if host is None or not known(host, inventory.get("hosts", ()), join(path, position), "host in the inventory named", report):
                continue
            if host in hosts:
                report.add(join(path, position), "%s stands here twice" % host, "name each router once")
            else:
                hosts.append(host)
    named = len(read["hosts"]) if key == "hosts" else len(hosts)
    (_one if alone else _several)(hosts, named, path, report)
    return [{"host": host, "priority": priority, "networks": None, "modules": [], "sysctls": {}} for host, priority in zip(hosts, priorities(len(hosts)))]


def _one(hosts: list[str], named: int, path: str, report: Report) -> None:
    if named == 0:
        report.add(path, "has no hosts", "put the router in")
    elif named > 1:
        report.add(
            path,
            "has %d routers (%s), but heartbeat is none" % (named, ", ".join(hosts)),
            "name one of them in routers.hosts, or leave heartbeat out: two routers need one",
        )


def _several(hosts: list[str], named: int, path: str, report: Report) -> None:
    if named == 0:
        report.add(path, "has no hosts", "put the routers in")
    elif named == 1:
        remedy = "name a second one; or give heartbeat: none, for a single router without failover and health checks"
        report.add(path, "has one router%s" % (" (%s)" % hosts[0] if hosts else ""), remedy)
    elif named > MOST_ROUTERS:
        report.add(path, "has %d routers (%s)" % (named, ", ".join(hosts)), "name at most %d of them in routers.hosts" % MOST_ROUTERS)
