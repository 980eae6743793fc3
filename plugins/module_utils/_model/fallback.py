# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens when real servers are gone: quorum and sorry server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import forwarding
from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import Ports
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import family_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

Servers = Sequence[Mapping[str, Any]]


def needs_a_check(read: Mapping[str, Any], check: Mapping[str, Any] | None, path: str, report: Report) -> None:
    for key in ("quiesce", "alpha"):
        if read[key] and check and check["type"] == "none":
            report.add("%s.%s" % (path, key), "means nothing without a health check", "leave it out, or give a health_check")


def check_notify(notify: Mapping[str, Any] | None, path: str, report: Report) -> None:
    for field in ("user", "group"):
        if notify and notify[field] == "root":
            report.add("%s.%s" % (path, field), "root must not run what is told of changes", "leave it out, or name an unprivileged " + field)


def quorum(read: Mapping[str, Any], servers: Servers | None, path: str, report: Report) -> None:
    asked = read["quorum"] or {}
    needed, hysteresis = asked.get("servers"), asked.get("hysteresis")
    if needed and servers is not None and needed > len(servers) > 0:
        report.add(
            path + ".quorum.servers", "%d is more than the %d real servers of %s" % (needed, len(servers), read["name"]), "give at most %d" % len(servers)
        )
    if needed and hysteresis and hysteresis >= needed:
        report.add(path + ".quorum.hysteresis", "%d is not below the quorum of %d" % (hysteresis, needed), "give at most %d" % (needed - 1))
        return
    counted = sum(1 for server in servers or () if server["weight"])
    if needed and servers and needed <= len(servers) and needed + (hysteresis or 0) > counted:
        message = "needs %d real servers with a weight to be regained, and %s has %d" % (needed + (hysteresis or 0), read["name"], counted)
        report.add(path + ".quorum", message, "ask for fewer, or give more real servers a weight other than 0")


def sorry_server(
    read: Mapping[str, Any], servers: Servers | None, ports: Ports, family: int, addresses: Sequence[str], path: str, report: Report
) -> dict[str, Any] | None:
    """``{"address", "port", "forward"}`` of one family's service, or None; the port is 0 where clients keep theirs."""
    sorry = read["sorry_server"]
    if not sorry:
        return None
    path += ".sorry_server"
    forward = sorry["forward"] or read["forward"]
    address = _address(sorry, forward, family, path, report)
    port = _port(sorry, forward, ports, path, report)
    if address in addresses:
        report.add(path + ".address", "%s is the VIP itself" % address, "give a machine of its own: the router would send clients in a circle")
    for server in servers or ():
        if address and (server["address"], server["port"]) == (address, port):
            message = "%s:%s is a real server of %s" % (address, port, read["name"])
            report.add(path, message, "give another machine or port: it is asked when the real servers are gone")
    return {"address": address, "port": port, "forward": forward}


def _address(sorry: Mapping[str, Any], forward: str | None, family: int, path: str, report: Report) -> str | None:
    both = [item for item in (sorry["address"], sorry["address6"]) if item]
    found = [item for item in both if family_of(item) == family]
    if found or not both:
        return found[0] if found else None
    if forward != "tunnel":
        key = "address6" if family == 6 else "address"
        report.add("%s.%s" % (path, key), "is missing: the virtual server has an IPv%d address" % family, "give the sorry server's IPv%d address" % family)
    return str(both[0])


def _port(sorry: Mapping[str, Any], forward: str | None, ports: Ports, path: str, report: Report) -> int | None:
    port: int | None = sorry["port"]
    if not ports.ranges:
        return port
    if ports.single is None:
        if port is not None and forward in forwarding.SAME_PORT:
            report.add(path + ".port", "%s can't change the port" % forwarding.WORDS[forward], "leave it out: clients keep theirs")
        return port or 0
    if port is None:
        report.add(path + ".port", "is missing", "give 1 to 65535")
    elif forward in forwarding.SAME_PORT and port != ports.single:
        message = "%s can't reach port %s for port %s" % (forwarding.WORDS[forward], port, ports.single)
        report.add(path + ".port", message, forwarding.OTHER_PORT)
    return port
