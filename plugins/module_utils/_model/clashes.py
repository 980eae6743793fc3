# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several clusters of one inventory may not share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report

Cluster = Mapping[str, Any]


def clashes(clusters: Sequence[Cluster]) -> list[Problem]:
    """Everything that two of the normalised clusters can't have both.

    Networks with the same cidr count as one segment: from the definition alone nothing else can be known.
    """
    report = Report()
    _shared(clusters, lambda c: [(c["name"], "name")], report, "the name %s is used by two clusters", "give each cluster a name of its own")
    _shared(
        clusters,
        _router_ids,
        report,
        "the network and virtual router id %s are used by two clusters",
        "give one of them another number, one that no other VRRP on that segment uses",
    )
    _shared(
        clusters,
        lambda c: (
            [((c["networks"][c["connection_sync"]["network"]]["cidr"], c["connection_sync"]["id"]), "connection_sync.id")]
            if c["connection_sync"]["enabled"]
            else []
        ),
        report,
        "the network and sync id %s are used by two clusters",
        "set connection_sync.id in one of them",
    )
    _shared(
        clusters,
        lambda c: [(vip["address"], _said_at(c, vip)) for vip in c["vips"]],
        report,
        "the floating address %s is in two clusters",
        "keep it in one of them",
    )
    _shared(
        clusters, lambda c: [(r["host"], "routers") for r in c["routers"]], report, "the router %s is in two clusters", "give each cluster routers of its own"
    )
    _gateways(clusters, report)
    _routers_as_real_servers(clusters, report)
    return list(report)


def _shared(clusters: Sequence[Cluster], keys: Callable[[Cluster], Iterable[tuple[Any, str]]], report: Report, message: str, remedy: str) -> None:
    owners: dict[Any, tuple[int, str]] = {}
    for position, cluster in enumerate(clusters):
        for key, path in keys(cluster):
            before, before_path = owners.setdefault(key, (position, path))
            if before != position:
                text = "%s, %s" % key if isinstance(key, tuple) else str(key)
                where = "%s: %s and %s: %s" % (clusters[before]["name"], before_path, cluster["name"], path)
                report.add(where, message % text, remedy)


def _router_ids(cluster: Cluster) -> list[tuple[Any, str]]:
    networks, beat = cluster["networks"], cluster["heartbeat"]
    keys = [((networks[name]["cidr"], networks[name]["virtual_router_id"]), "networks.%s.virtual_router_id" % name) for name in beat["networks"]]
    signal = beat["hand_over"]
    if signal:
        keys.append(((networks[signal["network"]]["cidr"], signal["virtual_router_id"]), "heartbeat.hand_over_virtual_router_id"))
    return keys


def _said_at(cluster: Cluster, vip: Mapping[str, Any]) -> str:
    """The field of the definition that a floating address comes from."""
    if vip["kind"] != "service":
        return "networks.%s.gateway%s" % (vip["network"], "6" if vip["family"] == 6 else "")
    names = list(dict.fromkeys(server["service"] for server in cluster["virtual_servers"]))
    owner = next(server for server in cluster["virtual_servers"] if vip["address"] in server["addresses"])
    key = "addresses" if vip["address"] != owner["address"] else "address6" if owner["name"] != owner["service"] else "address"
    return "virtual_servers[%d].%s" % (names.index(owner["service"]), key)


def _gateways(clusters: Sequence[Cluster], report: Report) -> None:
    """A host can be real server in several clusters only with one way back."""
    seen: dict[str, tuple[int, Any]] = {}
    for position, cluster in enumerate(clusters):
        for server in cluster["real_servers"]:
            if server["host"] is None or server["gateway"] is None:
                continue
            before, gateway = seen.setdefault(server["host"], (position, server["gateway"]))
            if before != position:
                report.add(
                    "%s: real_servers and %s: real_servers" % (clusters[before]["name"], cluster["name"]),
                    "%s is a real server of both, with the ways back %s and %s" % (server["host"], gateway, server["gateway"]),
                    "keep it in one of them: a host has one default route",
                )


def _routers_as_real_servers(clusters: Sequence[Cluster], report: Report) -> None:
    homes = {router["host"]: cluster["name"] for cluster in clusters for router in cluster["routers"]}
    for cluster in clusters:
        for server in cluster["real_servers"]:
            home = homes.get(server["host"])
            if home is not None and home != cluster["name"]:
                report.add("%s: real_servers" % cluster["name"], "%s is a router of %s" % (server["host"], home), "take it out")
