# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which drain files change, and who must stay. A virtual server is here what `concerned` makes of one; notes and paths as in drain.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, nearest, one_of

Service = Mapping[str, Any]
NAMING = ("name", "protocol", "address", "port", "firewall_mark", "family")
MEMBER = ("name", "address", "port", "weight")


def concerned(cluster: Mapping[str, Any], servers: Sequence[str], services: Sequence[str]) -> list[dict[str, Any]]:
    """The virtual servers (all, or those named) of a cluster that have one of the real servers: what a router has to know of them."""
    return [
        {
            **{key: service[key] for key in NAMING},
            "quorum": service["quorum"]["servers"],
            "real_servers": [{key: server[key] for key in MEMBER} for server in service["real_servers"]],
        }
        for service in cluster["virtual_servers"]
        if (not services or service["name"] in services) and any(server["name"] in servers for server in service["real_servers"])
    ]


def unknown(cluster: Mapping[str, Any], servers: Sequence[str], services: Sequence[str]) -> list[Problem]:
    """The names that the cluster has not, and servers that none of the services has."""
    names = [server["name"] for server in cluster["real_servers"]]
    offers = [service["name"] for service in cluster["virtual_servers"]]
    found = []
    for path, what, given, have in (("servers", "real server", servers, names), ("services", "virtual server", services, offers)):
        for name in given:
            if name not in have:
                found.append(Problem(path, "the cluster %s has no %s %s" % (cluster["name"], what, name), _remedy(name, have)))
    if not found and not concerned(cluster, servers, services):
        where = " or ".join(services) or "any virtual server"
        found.append(Problem("servers", "%s is no real server of %s" % (" or ".join(servers), where), "see the playbook lvs.cluster.show"))
    return found


def take_cluster(arguments: dict[str, Any]) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    """Replaces a module's argument `cluster` by `virtual_servers`: (the cluster that was there, if any; problems, and then nothing is replaced)."""
    cluster = arguments.pop("cluster", None)
    if not cluster:
        return None, []
    who = arguments.get("servers") or [], arguments.get("services") or []
    problems = unknown(cluster, *who)
    if not problems:
        arguments["virtual_servers"] = concerned(cluster, *who)
    return cluster, problems


def _remedy(name: str, names: Sequence[str]) -> str:
    guess = nearest(name, names)
    return "did you mean %s?" % guess if guess else "give " + one_of(names)


def drained(texts: Mapping[str, str], servers: Iterable[str], services: Iterable[str], note: drain.Note) -> dict[str, str]:
    """{path: new text}. What is drained already keeps its note. services: none for all."""
    paths = [drain.service_path(service, server) for server in servers for service in services] or [drain.server_path(server) for server in servers]
    return {path: drain.text(note) for path in paths if drain.read(texts.get(path)) is None}


def undrained(texts: Mapping[str, str], servers: Iterable[str], services: Sequence[str], reason: str) -> dict[str, str]:
    """{path: new text}. With a reason only what was drained for that. services: none for all, then those drained one by one too.

    Raises ValueError where a server is drained as a whole, and a service is named.
    """
    wanted = set(servers)
    changes = {}
    for path, content in sorted(texts.items()):
        note = drain.read(content)
        parts = path.split("/")
        if note is None or parts[-1] not in wanted or (reason and note["reason"] != drain.one_line(reason)):
            continue
        if not services or (parts[0] == "services" and parts[1] in services):
            changes[path] = drain.NOT_DRAINED
        elif parts[0] == "servers":
            raise ValueError("%s is %s for all its virtual servers: undrain it without naming one" % (parts[1], drain.wording(note)))
    return changes


def found_in(table: Iterable[Mapping[str, Any]], service: Service) -> dict[tuple[str, int], Mapping[str, Any]]:
    """{(address, port): destination} of a virtual server in a router's IPVS table; empty where it is not there."""
    for row in table:
        if service["firewall_mark"] is not None:
            same = row["firewall_mark"] == service["firewall_mark"] and row["family"] == "ipv%d" % service["family"]
        else:
            same = all(row[key] == service[key] for key in ("protocol", "address", "port"))
        if same:
            return {(entry["address"], entry["port"]): entry for entry in row["destinations"]}
    return {}


def refusals(services: Iterable[Service], table: Sequence[Mapping[str, Any]], notes: Mapping[str, drain.Note]) -> list[str]:
    """A sentence for each virtual server that `notes`, once they are in force, would leave without the real servers that it needs."""
    result = []
    for service in services:
        rows = found_in(table, service)
        serving = [server["name"] for server in service["real_servers"] if rows.get((server["address"], server["port"]), {"weight": 0})["weight"]]
        left = [name for name in serving if not drain.of(notes, service["name"], name)]
        need = max(1, service["quorum"])
        if len(left) < len(serving) and len(left) < need:
            have = "%s alone" % " and ".join(left) if left else "no real server"
            result.append("%s would be left with %s, and needs %d that %s" % (service["name"], have, need, "serves" if need == 1 else "serve"))
    return result


def reweighted(table: Iterable[Mapping[str, Any]], services: Iterable[Service], notes: Mapping[str, drain.Note], servers: Iterable[str]) -> list[Any]:
    """A table in which these real servers have weight 0 where they are drained and their declared one where not; for one that nobody else keeps."""
    result = [dict(row, destinations=[dict(entry) for entry in row["destinations"]]) for row in table]
    for service in services:
        rows: Mapping[Any, Any] = found_in(result, service)
        for server in service["real_servers"]:
            entry = rows.get((server["address"], server["port"]))
            if entry is not None and server["name"] in servers:
                entry["weight"] = 0 if drain.of(notes, service["name"], server["name"]) else server["weight"]
    return result
