# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual servers, from what the schema read to their complete form: one for each service of the kernel, so two of one with an IPv6 twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import endpoints, fallback, forwarding, health, scheduling
from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import Ports
from ansible_collections.lvs.cluster.plugins.module_utils._model.members import Members
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import cidr_of, family_of, host_address, listed, network_of, within
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import known
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_services import FTP_PERSISTENCE

TWIN = ".ipv6"


class Services:
    """Builds the virtual servers of one cluster. Holds what they all refer to."""

    def __init__(
        self, cluster: str | None, networks: Mapping[str, Any], members: Members, check: Mapping[str, Any] | None, report: Report, derived: dict[str, str]
    ) -> None:
        """check: the cluster's default health check."""
        self.cluster = cluster or ""
        self.networks = networks
        self.members = members
        self.check = check
        self.report = report
        self.derived = derived
        self.names: dict[str, str] = {}
        self.marks: dict[int, str] = {}
        self.taken: list[tuple[dict[str, Any], str, bool]] = []

    def reserve(self, read: Mapping[str, Any] | None, path: str) -> None:
        """Before any is built: firewall marks that are asked for are nobody else's."""
        number = (read or {}).get("firewall_mark")
        if isinstance(number, int):
            if number in self.marks:
                self.report.add(path + ".firewall_mark", "%d is the mark of %s too" % (number, self.marks[number]), "give each its own, or auto")
            self.marks.setdefault(number, path)

    def build(self, read: Mapping[str, Any], given: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
        """A virtual server; `given` is the mapping as the user wrote it."""
        name = read["name"]
        if name and name in self.names:
            self.report.add(path + ".name", "%s is the name of %s too" % (name, self.names[name]), "give each virtual server its own name")
        self.names.setdefault(name, path)
        ports = Ports(read, given, path, self.report)
        read = self._completed(read, ports)
        taken = set(self.marks)
        mark = endpoints.mark(read, ports, self.cluster, taken, self.derived)
        self.marks.update(dict.fromkeys(taken - set(self.marks), path))
        found = endpoints.variants(read, ports, path, self.report)
        scheduling.check(read, path, ports.protocols, self.report)
        scheduling.check_masks(given, [family for family, _addresses in found], path, self.report)
        return [self._one(read, given, path, ports, mark, family, addresses, twin=number > 0) for number, (family, addresses) in enumerate(found or [(4, [])])]

    def _completed(self, read: Mapping[str, Any], ports: Ports) -> Mapping[str, Any]:
        """With what follows from FTP: data connections go where the first one went."""
        if (read["ftp"] or {}).get("enabled") and ports.by_mark and read["persistence"] is None:
            self.derived["virtual_servers.%s.persistence" % read["name"]] = "the connections of an FTP session belong together"
            return {**read, "persistence": {"timeout": FTP_PERSISTENCE, "netmask": "255.255.255.255", "netmask6": 128}}
        return read

    def _one(
        self,
        read: Mapping[str, Any],
        given: Mapping[str, Any],
        path: str,
        ports: Ports,
        mark: int | None,
        family: int,
        addresses: list[str],
        twin: bool,
    ) -> dict[str, Any]:
        name = (read["name"] + TWIN if twin else read["name"]) if read["name"] else None
        for address in addresses:
            self._claim(address, ports, mark, path, read["name"])
        asked = None if twin and not self._same_network(read, addresses) else read["network"]
        networks = [self._network(address, asked, path, name) for address in addresses]
        servers = self.members.of(read, given, path, ports, family, networks[0] if networks else None)
        check, why = self._health(read, ports, path)
        if why:
            self.derived["virtual_servers.%s.health_check" % name] = why
        fallback.needs_a_check(read, check, path, self.report)
        fallback.quorum(read, servers, path, self.report)
        return {
            "name": name,
            "service": read["name"],
            "address": addresses[0] if addresses else None,
            "addresses": addresses,
            "port": ports.kernel_port,
            "protocol": read["protocol"] if mark is None else None,
            "firewall_mark": mark,
            "endpoints": endpoints.endpoints(addresses, ports),
            "ftp_helper": ports.helper,
            "network": networks[0] if networks else None,
            "family": family,
            "scheduler": read["scheduler"],
            "scheduler_flags": read["scheduler_flags"],
            "one_packet": read["one_packet"],
            "forward": read["forward"],
            "tunnel": forwarding.tunnel(read["forward"], read["tunnel"], None),
            "persistence": scheduling.persistence(read, family),
            "persistence_engine": read["persistence_engine"],
            "sorry_server": fallback.sorry_server(read, servers, ports, family, addresses, path, self.report),
            "quorum": read["quorum"],
            "health_check": check,
            "quiesce": read["quiesce"],
            "alpha": read["alpha"],
            "notify": read["notify"],
            "load_feedback": read["load_feedback"],
            "vip_check": read["vip_check"] if (read["vip_check"] or {}).get("enabled") else None,
            "real_servers": servers or [],
        }

    def _claim(self, address: str, ports: Ports, mark: int | None, path: str, name: str | None) -> None:
        """Report what another virtual server has already; a service of all ports gives way to those with a port, in the kernel too."""
        label = "%s (%s)" % (path, name) if name else path
        for protocol, first, last in ports.ranges:
            own = {"address": address, "protocol": protocol, "first": first, "last": last}
            for other, owner, by_mark in self.taken:
                if other["address"] != address or owner == label:
                    continue
                whole = (first, last) == endpoints.ALL, (other["first"], other["last"]) == endpoints.ALL
                if whole[0] != whole[1] and mark is None and not by_mark:
                    continue
                if endpoints.overlap((protocol, first, last), (other["protocol"], other["first"], other["last"])):
                    what = "%s:%s %s" % (address, "all" if whole[0] else first if first == last else "%d-%d" % (first, last), protocol)
                    self.report.add(path, "%s is the service of %s too" % (what, owner), "give it another address, port or protocol")
                    return
            self.taken.append((own, label, mark is not None))

    def _same_network(self, read: Mapping[str, Any], addresses: list[str]) -> bool:
        """Whether the network that was asked for has the twin's family; if not, it is found by its address."""
        network = self.networks.get(read["network"])
        return bool(network and cidr_of(network, addresses[0]))

    def _network(self, address: str, asked: str | None, path: str, name: str | None) -> str | None:
        if asked is not None and not known(asked, self.networks, path + ".network", "network", self.report):
            return None
        family = family_of(address)
        where = path + (".address6" if family == 6 and name and name.endswith(TWIN) else ".address")
        found = network_of(address, self.networks)
        if asked is None:
            if found is None and self.networks and all(network["cidr"] for network in self.networks.values()):
                there = listed(self.networks, family)
                remedy = "give an address in %s, or add its network" % there if there else "give cidr6 to its network"
                self.report.add(where, "%s is in no network of the cluster" % address, remedy)
            self.derived["virtual_servers.%s.network" % name] = "holds %s" % address
        else:
            cidr = cidr_of(self.networks[asked], address)
            if self.networks[asked]["cidr"] and (cidr is None or not within(address, cidr)):
                have = cidr or "which has no cidr6"
                self.report.add(where, "%s is outside the network %s (%s)" % (address, asked, have), "give an address inside it, or leave network out")
                return None
        network = asked or found
        cidr = cidr_of(self.networks[network], address) if network else None
        if cidr:
            host_address(address, cidr, where, self.report)
        return network

    def _health(self, read: Mapping[str, Any], ports: Ports, path: str) -> tuple[dict[str, Any] | None, str]:
        if not ports.ranges:
            return None, ""
        return health.for_service(read["health_check"], self.check, ports, path + ".health_check", self.report)
