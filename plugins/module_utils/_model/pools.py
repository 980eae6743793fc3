# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools of real servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import (
    cidr_of,
    family_of,
    host_address,
    listed,
    network_of,
    private_network,
    within,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import group_hosts, known, one_given

Networks = Mapping[str, Any]


def pools(
    definition: Mapping[str, Any], read: Mapping[str, Any], networks: Networks, inventory: Mapping[str, Any], report: Report, derived: dict[str, str]
) -> dict[str, Any]:
    """Pool name → list of ``{name, host, address, weight, network}``; None for a pool that was wrong.

    definition, read: as given, and as the schema read it.
    """
    result: dict[str, Any] = {}
    if read["real_servers"] is not None or definition.get("real_servers") is not None:
        result["real_servers"] = _pool(read["real_servers"], definition["real_servers"], "real_servers", networks, inventory, report, derived)
    for name, pool in (read["pools"] or {}).items():
        path = "pools." + name
        if name == "real_servers":
            report.add(path, "real_servers is the name of the first pool", "give it another name")
        else:
            result[name] = _pool(pool, definition["pools"].get(name), path, networks, inventory, report, derived)
    return result


def _pool(
    read: Any, given: Any, path: str, networks: Networks, inventory: Mapping[str, Any], report: Report, derived: dict[str, str]
) -> list[dict[str, Any]] | None:
    if read is None:
        return None
    network = read["network"]
    if network is not None and not known(network, networks, path + ".network", "network", report):
        network = None
    key = one_given(read, given, ("group", "servers"), path, report)
    if key is None:
        return None
    fallback, why = (network, "") if network else private_network(networks)
    if key == "group":
        hosts = group_hosts(read["group"], inventory, path + ".group", report)
        if hosts is None:
            return None
        servers = [{"name": host, "host": host, "address": None, "address6": None, "weight": None, "network": fallback} for host in hosts]
    else:
        servers = []
        for position, item in enumerate(read["servers"]):
            server = _server(item, join(path + ".servers", position), network, fallback, networks, inventory, report)
            if server:
                servers.append(server)
        _twice(servers, path + ".servers", report)
    if why and any(server["address"] is None for server in servers):
        derived[path + ".network"] = "%s, %s" % (fallback, why)
    if not (servers or read[key] if key == "servers" else servers):
        report.add(path + "." + key, "is an empty pool", "put at least one real server in")
        return None
    return servers


def _server(
    item: Any, path: str, network: str | None, fallback: str | None, networks: Networks, inventory: Mapping[str, Any], report: Report
) -> dict[str, Any] | None:
    if item is None:
        return None
    host, name, address, address6 = item["host"], item["name"], item["address"], item["address6"]
    if host is None and name is None:
        report.add(path, "has neither host nor name", "give the host of the inventory, or a name and an address")
        return None
    if host is not None and not known(host, inventory.get("hosts", ()), path + ".host", "host in the inventory named", report):
        return None
    if host is None and address is None and address6 is None:
        report.add(path + ".address", "is missing", "give the address of %s, or name it by host if the inventory has it" % name)
        return None
    if address:
        fallback = _home(address, path + ".address", network, fallback, networks, report)
    if address6:
        home = _home(address6, path + ".address6", network, fallback, networks, report)
        if address and home != fallback:
            report.add(path + ".address6", "%s and %s are in two networks, %s and %s" % (address, address6, fallback, home), "give both in one network")
        fallback = home
    return {"name": name or host, "host": host, "address": address, "address6": address6, "weight": item["weight"], "network": fallback}


def _home(address: str, path: str, network: str | None, fallback: str | None, networks: Networks, report: Report) -> str | None:
    """The network of an address: the pool's, if it names one."""
    home = network_of(address, networks)
    if network and networks[network]["cidr"]:
        cidr = cidr_of(networks[network], address)
        if cidr is None:
            report.add(path, "the pool's network %s has no IPv6" % network, "give networks.%s.cidr6" % network)
        elif not within(address, cidr):
            report.add(path, "%s is outside the pool's network %s (%s)" % (address, network, cidr), "give an address inside it")
        return network
    if home is None:
        if all(other["cidr"] for other in networks.values()):
            there = listed(networks, family_of(address))
            report.add(
                path,
                "%s is in no network of the cluster" % address,
                "give an address in %s, or add its network" % there if there else "give cidr6 to its network",
            )
        return fallback
    host_address(address, cidr_of(networks[home], address) or "", path, report)
    return home


def _twice(servers: list[dict[str, Any]], path: str, report: Report) -> None:
    names: set[str] = set()
    addresses: dict[str, str] = {}
    for server in servers:
        name = server["name"]
        if name in names:
            report.add(path, "%s stands here twice" % name, "name each real server once, or give the second a name of its own")
        names.add(name)
        for address in (server["address"], server["address6"]):
            if address in addresses and addresses[address] != name:
                report.add(path, "%s and %s have the same address %s" % (addresses[address], name, address), "give each its own")
            if address:
                addresses[address] = name


def union(all_pools: Mapping[str, Any], networks: Networks, routers: list[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
    """The real servers of all pools, each once."""
    result: dict[str, Any] = {}
    origin: dict[str, str] = {}
    router_hosts = {router["host"] for router in routers}
    for pool, servers in all_pools.items():
        path = pool if pool == "real_servers" else "pools." + pool
        for server in servers or ():
            name = server["name"]
            if server["host"] in router_hosts:
                report.add(path, "%s is a router of this cluster" % server["host"], "take it out: a router can't be a real server behind itself")
            entry = {
                "name": name,
                "host": server["host"],
                "address": server["address"],
                "address6": server["address6"],
                "network": server["network"],
                "interface": None,
                "gateway": networks[server["network"]]["gateway"] if server["network"] in networks else None,
                "gateway6": networks[server["network"]]["gateway6"] if server["network"] in networks else None,
                "families": [],
                "vips": [],
                "vips6": [],
                "tunnels": [],
                "tunnels6": [],
                "modules": [],
                "sysctls": {},
            }
            before = result.setdefault(name, entry)
            origin.setdefault(name, path)
            for key in ("host", "address", "address6", "network"):
                if before[key] != entry[key]:
                    report.add(
                        path,
                        "%s has the %s %s here and %s in %s" % (name, key, entry[key] or "of its facts", before[key] or "of its facts", origin[name]),
                        "say the same in both, or give one of them a name of its own",
                    )
    return list(result.values())
