# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real servers of a virtual server: which of the pool, with which port, weight and way, and by which of their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import forwarding
from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import Ports
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import known

DEFAULT_WEIGHT = 100


class Members:
    """Picks them for the virtual servers of one cluster."""

    def __init__(self, networks: Mapping[str, Any], pools: Mapping[str, Any], sync: bool, report: Report) -> None:
        """sync: whether connections are synchronised between the routers."""
        self.networks = networks
        self.pools = pools
        self.sync = sync
        self.report = report

    def of(self, read: Mapping[str, Any], given: Mapping[str, Any], path: str, ports: Ports, family: int, network: str | None) -> list[dict[str, Any]] | None:
        """Those of one family's service; None where it can't be said. The same problem of two families is reported once."""
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
        forwarding.check(read, chosen, ports, path, self.report)
        port = (read["real_server_port"] or ports.kernel_port or 0) if ports.single else 0
        weight = DEFAULT_WEIGHT if read["weight"] is None else read["weight"]
        result, seen = [], set()
        for server, item, where in chosen:
            forward = item.get("forward") or read["forward"]
            entry = {
                "name": server["name"],
                "host": server["host"],
                "address": server["address6" if family == 6 else "address"],
                "family": self._family(server, family),
                "port": item.get("port") or port,
                "weight": next(w for w in (item.get("weight"), server["weight"], weight) if w is not None),
                "forward": forward,
                "tunnel": forwarding.tunnel(forward, item.get("tunnel"), read["tunnel"]),
                **self._thresholds(read, item, where),
            }
            if entry["family"] != family:
                entry["address"] = server["address6" if entry["family"] == 6 else "address"]
            if (entry["name"], entry["port"]) in seen:
                self.report.add(where, "%s stands here twice with port %s" % (entry["name"], entry["port"]), "name it once, or give another port")
            seen.add((entry["name"], entry["port"]))
            result.append(entry)
        mixed = [entry for entry in result if entry["family"] != family]
        self._mixed(mixed, family, next((server["network"] for server in pool if mixed and server["name"] == mixed[0]["name"]), None), path)
        by_nat = [server for (server, _item, _where), entry in zip(chosen, result) if entry["forward"] == "nat"]
        self._way_back(by_nat, network, family, path)
        if result and not any(entry["weight"] for entry in result):
            self.report.add(path, "all its real servers have weight 0, so none would get a connection", "give one of them a weight of 1 or more")
        return result

    def _thresholds(self, read: Mapping[str, Any], item: Mapping[str, Any], path: str) -> dict[str, int]:
        keys = ("upper_threshold", "lower_threshold")
        found = {key: (read[key] if item.get(key) is None else item[key]) or 0 for key in keys}
        upper, lower = (found[key] for key in keys)
        if lower and not upper:
            self.report.add(path + ".lower_threshold", "means nothing without an upper threshold", "give upper_threshold too")
        elif lower > upper:
            self.report.add(path + ".lower_threshold", "%d is above the upper threshold %d" % (lower, upper), "give at most %d" % upper)
        return found

    def _family(self, server: Mapping[str, Any], family: int) -> int:
        """Of the address by which a real server is reached: the virtual server's where it has one."""
        home = self.networks.get(server["network"]) or {}
        has = {
            4: bool(server["address"] or (server["host"] and home.get("cidr"))),
            6: bool(server["address6"] or (server["host"] and home.get("cidr6"))),
        }
        return family if has[family] or not any(has.values()) else 10 - family

    def _mixed(self, servers: list[dict[str, Any]], family: int, home: str | None, path: str) -> None:
        """Only a tunnel carries one family in the other, and only without connection sync."""
        remedy = "give address6 for it, or networks.%s.cidr6" % home if family == 6 else "give address for it"
        for wrong, why, other in (
            (
                [server for server in servers if server["forward"] != "tunnel"],
                "which the virtual server has",
                "forward: tunnel, which carries one in the other",
            ),
            (servers if self.sync else [], "and the kernel refuses to mix families while connections are synchronised", "connection_sync: false"),
        ):
            if wrong:
                names = ", ".join(server["name"] for server in wrong[:5]) + (", …" if len(wrong) > 5 else "")
                self.report.add(path, "no IPv%d address of %s, %s" % (family, names, why), "%s; or %s" % (remedy, other))
                return

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

    def _way_back(self, by_nat: list[dict[str, Any]], network: str | None, family: int, path: str) -> None:
        """NAT where the answers provably go past the router: one network for all, and no gateway in it."""
        key = "gateway6" if family == 6 else "gateway"
        if network is None or self.networks[network][key]:
            return
        beside = [server["name"] for server in by_nat if server["network"] == network]
        if beside:
            self.report.add(
                path,
                "with nat, the answers of %s go past the router: they are in the network of the VIP (%s), which has no gateway"
                % (", ".join(beside[:5]) + (", …" if len(beside) > 5 else ""), network),
                "put the real servers into a network of their own with a gateway, or give forward: direct; "
                "or give networks.%s.%s, if no client is in that network" % (network, key),
            )
