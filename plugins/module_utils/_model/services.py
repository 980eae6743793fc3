# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual servers, from what the schema read to their complete form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import forwarding, health, scheduling
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import host_address, listed, network_of, within
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import known

DEFAULT_WEIGHT = 100


class Services:
    """Builds the virtual servers of one cluster. Holds what they all refer to."""

    def __init__(self, networks: Mapping[str, Any], pools: Mapping[str, Any], check: Mapping[str, Any] | None, report: Report, derived: dict[str, str]) -> None:
        self.networks = networks
        self.pools = pools
        self.check = check
        self.report = report
        self.derived = derived
        self.names: dict[str, str] = {}
        self.endpoints: dict[tuple[Any, ...], str] = {}

    def build(self, read: Mapping[str, Any], given: Mapping[str, Any], path: str) -> dict[str, Any]:
        """One virtual server; `given` is the mapping as the user wrote it."""
        name = read["name"]
        label = "%s (%s)" % (path, name) if name else path
        if name and name in self.names:
            self.report.add(path + ".name", "%s is the name of %s too" % (name, self.names[name]), "give each virtual server its own name")
        self.names.setdefault(name, path)
        address, port, protocol = read["address"], read["port"], read["protocol"]
        if address and port and protocol:
            key = (address, port, protocol)
            if key in self.endpoints:
                self.report.add(
                    path, "%s:%s %s is the service of %s too" % (address, port, protocol, self.endpoints[key]), "give it another address, port or protocol"
                )
            self.endpoints.setdefault(key, label)
        network = self._network(read, path, name)
        servers = self._servers(read, given, path, network)
        check, why = self._health(read, path)
        if why:
            self.derived["virtual_servers.%s.health_check" % name] = why
        self._quorum(read, servers, path)
        self._sorry_server(read, servers, path)
        scheduling.check(read, path, {protocol} if protocol else set(), self.report)
        return {
            "name": name,
            "address": address,
            "port": port,
            "protocol": protocol,
            "network": network,
            "family": 4,
            "scheduler": read["scheduler"],
            "scheduler_flags": read["scheduler_flags"],
            "one_packet": read["one_packet"],
            "forward": read["forward"],
            "tunnel": forwarding.tunnel(read["forward"], read["tunnel"], None),
            "persistence": scheduling.persistence(read, 4),
            "persistence_engine": read["persistence_engine"],
            "sorry_server": forwarding.sorry_server(read),
            "quorum": read["quorum"],
            "health_check": check,
            "real_servers": servers or [],
        }

    def _network(self, read: Mapping[str, Any], path: str, name: str | None) -> str | None:
        asked, address = read["network"], read["address"]
        if asked is not None and not known(asked, self.networks, path + ".network", "network", self.report):
            return None
        if address is None:
            return asked
        found = network_of(address, self.networks)
        if asked is None:
            if found is None and self.networks and all(network["cidr"] for network in self.networks.values()):
                self.report.add(
                    path + ".address", "%s is in no network of the cluster" % address, "give an address in %s, or add its network" % listed(self.networks)
                )
            self.derived["virtual_servers.%s.network" % name] = "holds %s" % address
        elif self.networks[asked]["cidr"] and not within(address, self.networks[asked]["cidr"]):
            self.report.add(
                path + ".address",
                "%s is outside the network %s (%s)" % (address, asked, self.networks[asked]["cidr"]),
                "give an address inside it, or leave network out",
            )
            return None
        network = asked or found
        if network and self.networks[network]["cidr"]:
            host_address(address, self.networks[network]["cidr"], path + ".address", self.report)
        return network

    def _servers(self, read: Mapping[str, Any], given: Mapping[str, Any], path: str, network: str | None) -> list[dict[str, Any]] | None:
        pool_name = read["pool"]
        if pool_name is None:
            return None
        if pool_name not in self.pools:
            if pool_name == "real_servers":
                self.report.add("real_servers", "is missing, and %s has no other pool" % path, "give the real servers: a mapping with group or servers")
            else:
                known(pool_name, self.pools, path + ".pool", "pool", self.report)
            return None
        pool = self.pools[pool_name]
        if pool is None:
            return None
        chosen = self._chosen(read, given, pool, path)
        port = read["real_server_port"] or read["port"]
        weight = DEFAULT_WEIGHT if read["weight"] is None else read["weight"]
        forwarding.check(read, chosen, path, self.report)
        result, seen = [], set()
        for server, item, where in chosen:
            forward = item.get("forward") or read["forward"]
            entry = {
                "name": server["name"],
                "host": server["host"],
                "address": server["address"],
                "port": item.get("port") or port,
                "weight": next(w for w in (item.get("weight"), server["weight"], weight) if w is not None),
                "forward": forward,
                "tunnel": forwarding.tunnel(forward, item.get("tunnel"), read["tunnel"]),
            }
            if (entry["name"], entry["port"]) in seen:
                self.report.add(where, "%s stands here twice with port %s" % (entry["name"], entry["port"]), "name it once, or give another port")
            seen.add((entry["name"], entry["port"]))
            result.append(entry)
        by_nat = [server for (server, _item, _where), entry in zip(chosen, result) if entry["forward"] == "nat"]
        self._way_back(by_nat, network, path)
        if result and not any(entry["weight"] for entry in result):
            self.report.add(path, "all its real servers have weight 0, so none would get a connection", "give one of them a weight of 1 to 65535")
        return result

    def _chosen(
        self, read: Mapping[str, Any], given: Mapping[str, Any], pool: list[dict[str, Any]], path: str
    ) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
        """Pool servers, each with what the virtual server says about it, and where that stands."""
        if read["real_servers"] is None:
            return [(server, {}, path) for server in pool]
        by_name = {server["name"]: server for server in pool}
        by_host = {server["host"]: server for server in pool if server["host"]}
        result = []
        for position, item in enumerate(read["real_servers"]):
            where = join(path + ".real_servers", position)
            if item is None:
                continue
            if (item["host"] is None) == (item["name"] is None):
                if not any((given["real_servers"][position] or {}).get(key) for key in ("host", "name")) or item["host"]:
                    self.report.add(where, "has %s host %s name" % (("both", "and") if item["host"] else ("neither", "nor")), "give one of them")
                continue
            key = "host" if item["host"] is not None else "name"
            table = by_host if key == "host" else by_name
            if known(item[key], table, join(where, key), "real server in the pool %s named" % read["pool"], self.report):
                result.append((table[item[key]], item, where))
        return result

    def _way_back(self, by_nat: list[dict[str, Any]], network: str | None, path: str) -> None:
        """NAT where the answers provably go past the router: one network for all, and no gateway in it."""
        if network is None or self.networks[network]["gateway"]:
            return
        beside = [server["name"] for server in by_nat if server["network"] == network]
        if beside:
            self.report.add(
                path,
                "with nat, the answers of %s go past the router: they are in the network of the VIP (%s), which has no gateway"
                % (", ".join(beside[:5]) + (", …" if len(beside) > 5 else ""), network),
                "put the real servers into a network of their own with a gateway, or give forward: direct; "
                "or give networks.%s.gateway, if no client is in that network" % network,
            )

    def _health(self, read: Mapping[str, Any], path: str) -> tuple[dict[str, Any] | None, str]:
        if not (read["protocol"] and read["port"]):
            return None, ""
        return health.complete(read["health_check"], self.check, read["protocol"], read["port"], path + ".health_check", self.report)

    def _quorum(self, read: Mapping[str, Any], servers: list[dict[str, Any]] | None, path: str) -> None:
        quorum = read["quorum"] or {}
        needed, hysteresis = quorum.get("servers"), quorum.get("hysteresis")
        if needed and servers is not None and needed > len(servers) > 0:
            self.report.add(
                path + ".quorum.servers", "%d is more than the %d real servers of %s" % (needed, len(servers), read["name"]), "give at most %d" % len(servers)
            )
        if needed and hysteresis and hysteresis >= needed:
            self.report.add(path + ".quorum.hysteresis", "%d is not below the quorum of %d" % (hysteresis, needed), "give at most %d" % (needed - 1))

    def _sorry_server(self, read: Mapping[str, Any], servers: list[dict[str, Any]] | None, path: str) -> None:
        sorry = read["sorry_server"] or {}
        address, port = sorry.get("address"), sorry.get("port")
        if not address:
            return
        forward = sorry.get("forward") or read["forward"]
        if forward in forwarding.SAME_PORT and port and read["port"] and port != read["port"]:
            self.report.add(
                path + ".sorry_server.port", "%s can't reach port %s for port %s" % (forwarding.WORDS[forward], port, read["port"]), forwarding.OTHER_PORT
            )
        if address == read["address"]:
            self.report.add(
                path + ".sorry_server.address", "%s is the VIP itself" % address, "give a machine of its own: the router would send clients in a circle"
            )
        for server in servers or ():
            if (server["address"], server["port"]) == (address, port):
                self.report.add(
                    path + ".sorry_server",
                    "%s:%s is a real server of %s" % (address, port, read["name"]),
                    "give another machine or port: it is asked when the real servers are gone",
                )
