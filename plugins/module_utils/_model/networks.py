# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks and the routers in them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import PRIORITIES
from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import free_number
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import group_hosts, known, one_given


@lru_cache(maxsize=4096)
def parsed(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr)


@lru_cache(maxsize=65536)
def within(address: str, cidr: str) -> bool:
    return ipaddress.IPv4Address(address) in parsed(cidr)


def network_of(address: str, networks: Mapping[str, Any]) -> str | None:
    """The name of the network that holds the address."""
    for name, network in networks.items():
        if network["cidr"] and within(address, network["cidr"]):
            return name
    return None


def listed(networks: Mapping[str, Any]) -> str:
    return one_of("%s (%s)" % (name, network["cidr"]) for name, network in networks.items())


def host_address(address: str, cidr: str, path: str, report: Report) -> None:
    """Report an address of the network that no host can have."""
    network = parsed(cidr)
    if network.prefixlen >= 31:
        return
    for special, what in ((network.network_address, "network"), (network.broadcast_address, "broadcast")):
        if address == str(special):
            usable = "%s to %s" % (network.network_address + 1, network.broadcast_address - 1)
            report.add(path, "%s is the %s address of %s" % (address, what, cidr), "give one of " + usable)


def networks(cluster: str | None, read: Mapping[str, Any] | None, report: Report, derived: dict[str, str], vrrp: bool = True) -> dict[str, Any]:
    """The normalised networks. One that was wrong stands with cidr None, so that its name is known.

    vrrp: whether there is a heartbeat at all; without one they need no virtual router ids.
    """
    result: dict[str, Any] = {}
    taken = {network["virtual_router_id"] for network in (read or {}).values() if network}
    for name, network in (read or {}).items():
        network = network or {}
        cidr, gateway = network.get("cidr"), network.get("gateway")
        path = "networks." + name
        if cidr and gateway:
            if within(gateway, cidr):
                host_address(gateway, cidr, path + ".gateway", report)
            else:
                report.add(path + ".gateway", "%s is outside the network %s" % (gateway, cidr), "give an address of %s that no host has" % cidr)
        for other, before in result.items():
            if cidr and before["cidr"] and parsed(cidr).overlaps(parsed(before["cidr"])):
                report.add(path + ".cidr", "%s overlaps %s of networks.%s" % (cidr, before["cidr"], other), "give networks that share no address")
        number = network.get("virtual_router_id")
        if number is None and vrrp:
            number = free_number({n for n in taken if n}, cluster or "", name)
            taken.add(number)
            derived[path + ".virtual_router_id"] = "from the names %s and %s" % (cluster, name)
        result[name] = {
            "name": name,
            "cidr": cidr,
            "interface": network.get("interface"),
            "gateway": gateway,
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


def routers(
    read: Mapping[str, Any] | None, given: Mapping[str, Any], inventory: Mapping[str, Any], report: Report, alone: bool = False
) -> list[dict[str, Any]]:
    """The two routers, or the only one; `networks` and `sysctls` are filled in by resolve.py."""
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
    (_one if alone else _two)(hosts, named, path, report)
    return [{"host": host, "priority": priority, "networks": None, "modules": [], "sysctls": {}} for host, priority in zip(hosts, PRIORITIES)]


def _one(hosts: list[str], named: int, path: str, report: Report) -> None:
    if named == 0:
        report.add(path, "has no hosts", "put the router in")
    elif named > 1:
        report.add(
            path,
            "has %d routers (%s), but heartbeat is none" % (named, ", ".join(hosts)),
            "name one of them in routers.hosts, or leave heartbeat out: two routers need one",
        )


def _two(hosts: list[str], named: int, path: str, report: Report) -> None:
    if named == 0:
        report.add(path, "has no hosts", "put the two routers in")
    elif named == 1:
        remedy = "name a second one; or give heartbeat: none, for a single router without failover and health checks"
        report.add(path, "has one router%s" % (" (%s)" % hosts[0] if hosts else ""), remedy)
    elif named > len(PRIORITIES):
        report.add(path, "has %d routers (%s)" % (named, ", ".join(hosts)), "name two of them in routers.hosts: more than two is not implemented yet")
