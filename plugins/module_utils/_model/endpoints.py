# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients ask of a virtual server: addresses, protocols and ports; and the firewall mark that makes several of them one service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import free_mark
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import family_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

ALL = (0, 65535)
FTP = 21
FTP_DATA = 20
NAMES = ("port", "ports", "ftp")


class Ports:
    """The ports of one virtual server, from what the schema read.

    ranges: (protocol, first, last); all ports are 0 to 65535.
    kernel_port: the port of the IPVS service: 0 for all, None for one by mark.
    by_mark: whether it is a service by mark.
    helper: whether the kernel's FTP helper follows its connections.
    Where a field was wrong there are no ranges.
    """

    def __init__(self, read: Mapping[str, Any], given: Mapping[str, Any], path: str, report: Report) -> None:
        self.ranges: list[tuple[str, int, int]] = []
        self.helper = False
        self.by_mark = bool(read["firewall_mark"])
        ftp = (read["ftp"] or {}).get("enabled")
        named = [name for name in NAMES if given.get(name) is not None and (name != "ftp" or ftp)]
        if len(named) > 1:
            report.add(path, "has both %s and %s" % (named[0], named[1]), "give one of them")
        elif not named:
            report.add(path + ".port", "is missing", "give the port; or ports, for several or all")
        elif ftp:
            self._ftp(read, path, report)
        elif read["protocol"]:
            self._plain(read, path, report)
        self.kernel_port = None if self.by_mark else self.ranges[0][1] if self.ranges else None

    def _plain(self, read: Mapping[str, Any], path: str, report: Report) -> None:
        protocol = read["protocol"]
        if read["port"]:
            self.ranges = [(protocol, read["port"], read["port"])]
        elif read["ports"] == "all":
            self.ranges = [(protocol, *ALL)]
            if not self.by_mark and not read["persistence"]:
                report.add(path + ".ports", "all ports work only with persistence", "give persistence: seconds")
        elif read["ports"]:
            self.ranges = [(item["protocol"] or protocol, item["first"], item["last"]) for item in read["ports"]]
            self.by_mark = True
            for number, one in enumerate(self.ranges):
                if any(overlap(one, other) for other in self.ranges[:number]):
                    report.add("%s.ports[%d]" % (path, number), "%s stands here twice" % words([one]), "name each port once")

    def _ftp(self, read: Mapping[str, Any], path: str, report: Report) -> None:
        passive = read["ftp"]["passive_ports"]
        others = [item for item in read["real_servers"] or () if item and item["forward"] not in (None, "nat")]
        nat_alone = read["forward"] == "nat" and not others
        if read["protocol"] not in ("tcp", None):
            report.add(path + ".protocol", "FTP is not spoken over " + read["protocol"], "leave it out")
        if not nat_alone and passive is None:
            report.add(
                path + ".ftp.passive_ports",
                "is missing: only with nat the routers see which port a data connection has",
                'give the range that the real servers are set to, such as "40000-40100"',
            )
            return
        self.helper = any(forward == "nat" for forward in [read["forward"], *(item["forward"] for item in read["real_servers"] or () if item)])
        self.ranges = [("tcp", FTP, FTP)]
        if passive is not None:
            # 20: in active mode the real server opens the data connection from there, and the client answers to it.
            self.ranges = [("tcp", FTP_DATA, FTP)] + [("tcp", item["first"], item["last"]) for item in passive]
            self.by_mark = True

    @property
    def protocols(self) -> set[str]:
        return {protocol for protocol, _first, _last in self.ranges}

    @property
    def single(self) -> int | None:
        """The port, where there is one."""
        return self.ranges[0][1] if len(self.ranges) == 1 and self.ranges[0][1] == self.ranges[0][2] else None

    def health_port(self, protocol: str) -> int | None:
        """The port that a check over this protocol asks, where the real servers' own says nothing."""
        if self.helper or (self.ranges and self.ranges[0][1:] == (FTP_DATA, FTP)):
            return FTP
        return next((first for own, first, _last in self.ranges if own == protocol and first), None)


def overlap(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return bool(one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2])


def words(ranges: Sequence[tuple[str, int, int]]) -> str:
    """'80/tcp, 40000-40100/tcp, all/udp'."""
    return ", ".join("%s/%s" % ("all" if (first, last) == ALL else first if first == last else "%d-%d" % (first, last), own) for own, first, last in ranges)


def asked(service: Mapping[str, Any]) -> str:
    """What clients ask of a complete virtual server: '192.0.2.100, port 80, tcp'; '192.0.2.100, ports 80/tcp, 443/tcp'."""
    if service["firewall_mark"] is None and service["port"]:
        return "%s, port %s, %s" % (service["address"], service["port"], service["protocol"])
    ranges = [(row["protocol"], row["first"], row["last"]) for row in service["endpoints"] if row["address"] == service["address"]]
    return "%s, ports %s" % (", ".join(service["addresses"]), words(ranges))


def endpoints(addresses: Sequence[str], ports: Ports) -> list[dict[str, Any]]:
    """``[{"address", "protocol", "first", "last"}]``."""
    return [{"address": address, "protocol": protocol, "first": first, "last": last} for address in addresses for protocol, first, last in ports.ranges]


def mark(read: Mapping[str, Any], ports: Ports, cluster: str, taken: set[int], derived: dict[str, str]) -> int | None:
    """The number of the mark; both families of a virtual server have the same one."""
    if not ports.by_mark:
        return None
    if isinstance(read["firewall_mark"], int):
        return int(read["firewall_mark"])
    number = free_mark(taken, cluster, read["name"] or "")
    taken.add(number)
    derived["virtual_servers.%s.firewall_mark" % read["name"]] = "from the names %s and %s" % (cluster, read["name"])
    return number


def variants(read: Mapping[str, Any], ports: Ports, path: str, report: Report) -> list[tuple[int, list[str]]]:
    """(family, its addresses) of a virtual server: one, or two with a twin."""
    address, twin, more = read["address"], read["address6"], [item for item in read["addresses"] or () if item]
    if address and twin and family_of(address) == 6:
        report.add(path + ".address6", "address is IPv6 already", "give the IPv4 address there, or leave one out")
        twin = None
    main = address or twin
    if not main:
        return []
    found = {family_of(item): [item] for item in (address, twin) if item}
    if more and not ports.by_mark and ports.ranges:
        report.add(path + ".addresses", "several addresses are one service by a firewall mark alone", "give firewall_mark: auto too")
    for number, item in enumerate(more):
        family = family_of(item)
        if family not in found:
            report.add(
                "%s.addresses[%d]" % (path, number),
                "%s is an IPv%d address, and the virtual server has none" % (item, family),
                "give address6 too" if family == 6 else "give an IPv4 address too",
            )
        elif item in found[family]:
            report.add("%s.addresses[%d]" % (path, number), "%s stands here twice" % item, "name it once")
        else:
            found[family].append(item)
    return list(found.items())
