# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is right in a definition, and surprises whoever does not know it: sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import family_of

Cluster = Mapping[str, Any]
Service = Mapping[str, Any]
MOST = 5  # names in a sentence


def notes(cluster: Cluster) -> list[str]:
    """In the order of how often they puzzle somebody."""
    return [*_clients_beside(cluster), *_own_clients(cluster), *_meeting(cluster), *_services(cluster), *_routers(cluster)]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST]) + (" and %d more" % (len(names) - MOST) if len(names) > MOST else "")


def _clients_beside(cluster: Cluster) -> Iterator[str]:
    """Answers of NAT to a client in the real server's own network go past the router, which alone knows the client's connection."""
    homes = {server["name"]: server["network"] for server in cluster["real_servers"]}
    found: dict[str, list[str]] = {}
    for service in cluster["virtual_servers"]:
        for network in {homes.get(server["name"]) for server in service["real_servers"] if server["forward"] == "nat"} - {None}:
            found.setdefault(str(network), []).append(service["name"])
    for network, names in found.items():
        yield "clients in the network %s, the real servers among them, are not served by %s: with nat the answer goes past the router" % (network, _some(names))


def _own_clients(cluster: Cluster) -> Iterator[str]:
    names = [service["name"] for service in cluster["virtual_servers"] if any(server["forward"] in ("direct", "tunnel") for server in service["real_servers"])]
    if names:
        yield "a real server that is a client of %s asks itself: it has the VIP" % _some(names)


def _meeting(cluster: Cluster) -> Iterator[str]:
    """By nat a connection is known by the client's address and port and the real server's: two VIPs are one and the same there.

    Linux chooses source ports for each address that it asks, so that it does use one for two VIPs; and IPVS remembers a TCP
    connection for two minutes after its end (the timeout tcpfin).
    """
    places: dict[tuple[Any, ...], list[tuple[int, int, str]]] = {}
    for service in cluster["virtual_servers"]:
        for server in service["real_servers"]:
            if server["forward"] != "nat":
                continue
            for row in service["endpoints"]:
                if family_of(row["address"]) == server["family"]:
                    one = row["first"] == row["last"] and server["port"]
                    first, last = (server["port"], server["port"]) if one else (row["first"], row["last"])
                    places.setdefault((server["name"], server["family"], row["protocol"]), []).append((first, last, service["name"]))
    names: dict[str, None] = {}
    servers: dict[str, None] = {}
    for (server_name, _family, _protocol), rows in places.items():
        rows.sort(key=lambda row: row[:2])
        last, before = -1, ""
        for row in rows:
            if row[0] <= last:
                names.update(dict.fromkeys((before, row[2])))
                servers[server_name] = None
            if row[1] > last:
                last, before = row[1:]
    if names:
        yield (
            "connections to %s meet at one port of %s by nat: of two from the same port of a client the later gets no answer; "
            "a real_server_port for each keeps them apart" % (_some(list(names)), _some(list(servers)))
        )


def _services(cluster: Cluster) -> Iterator[str]:
    for service in cluster["virtual_servers"]:
        nat = any(server["forward"] == "nat" for server in service["real_servers"])
        if service["one_packet"] and nat:
            yield "%s gets answers with the real servers' own addresses: one_packet keeps no connection by which nat could put the VIP there" % service["name"]
        several = len(service["endpoints"]) > len(service["addresses"]) or any(row["first"] != row["last"] for row in service["endpoints"])
        if service["firewall_mark"] and several and not service["persistence"] and service["scheduler"] not in ("sh", "mh", "dh"):
            yield "a client of %s may get another real server for each of its ports: it has no persistence" % service["name"]
        if service["ftp_helper"] and cluster["firewall"]["enabled"]:
            yield "the firewall lets TCP in to %s on port 20 and from 1024 on: where data connections go, the FTP helper alone knows" % service["address"]


def _routers(cluster: Cluster) -> Iterator[str]:
    hosts = " and ".join(router["host"] for router in cluster["routers"])
    yield "%s can't be clients of the cluster's own VIPs: test them from elsewhere" % hosts if len(cluster["routers"]) > 1 else (
        "%s can't be a client of the cluster's own VIPs: test them from elsewhere" % hosts
    )
