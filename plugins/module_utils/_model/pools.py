# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools of real servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import host_address, listed, network_of, private_network, within
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
        servers = [{"name": host, "host": host, "address": None, "weight": None, "network": fallback} for host in hosts]
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
    host, name, address = item["host"], item["name"], item["address"]
    if host is None and name is None:
        report.add(path, "has neither host nor name", "give the host of the inventory, or a name and an address")
        return None
    if host is not None and not known(host, inventory.get("hosts", ()), path + ".host", "host in the inventory named", report):
        return None
    if host is None and address is None:
        report.add(path + ".address", "is missing", "give the address of %s, or name it by host if the inventory has it" % name)
        return None
    if address:
        home = network_of(address, networks)
        if network and networks[network]["cidr"]:
            fallback = network
            if not within(address, networks[network]["cidr"]):
                report.add(
                    path + ".address", "%s is outside the pool's network %s (%s)" % (address, network, networks[network]["cidr"]), "give an address inside it"
                )
        elif home is None:
            if all(other["cidr"] for other in networks.values()):
                report.add(path + ".address", "%s is in no network of the cluster" % address, "give an address in %s, or add its network" % listed(networks))
        else:
            fallback = home
            host_address(address, networks[home]["cidr"], path + ".address", report)
    return {"name": name or host, "host": host, "address": address, "weight": item["weight"], "network": fallback}


def _twice(servers: list[dict[str, Any]], path: str, report: Report) -> None:
    names: set[str] = set()
    addresses: dict[str, str] = {}
    for server in servers:
        name, address = server["name"], server["address"]
        if name in names:
            report.add(path, "%s stands here twice" % name, "name each real server once, or give the second a name of its own")
        names.add(name)
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
                "network": server["network"],
                "interface": None,
                "gateway": networks[server["network"]]["gateway"] if server["network"] in networks else None,
                "vips": [],
                "tunnels": [],
            }
            before = result.setdefault(name, entry)
            origin.setdefault(name, path)
            for key in ("host", "address", "network"):
                if before[key] != entry[key]:
                    report.add(
                        path,
                        "%s has the %s %s here and %s in %s" % (name, key, entry[key] or "of its facts", before[key] or "of its facts", origin[name]),
                        "say the same in both, or give one of them a name of its own",
                    )
    return list(result.values())
