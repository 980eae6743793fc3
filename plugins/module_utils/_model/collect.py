# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definitions of a whole inventory: which hosts carry which, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.clashes import clashes
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report, join, shown


def collect(definitions: Mapping[str, Any], inventory: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """All clusters of an inventory in their complete form, and everything that is wrong with any of them.

    definitions: host → its `lvs_cluster`, for the hosts that have one. Equal ones are one cluster.
    Paths of problems begin with the cluster's name.
    """
    report = Report()
    distinct: list[tuple[Any, list[str]]] = []
    for host, definition in definitions.items():
        for known, hosts in distinct:
            if known == definition:
                hosts.append(host)
                break
        else:
            distinct.append((definition, [host]))
    firsts: dict[str, tuple[Any, list[str]]] = {}
    clusters: dict[str, Any] = {}
    for definition, hosts in distinct:
        name = definition.get("name") if isinstance(definition, Mapping) else None
        title = str(name) if isinstance(name, str) else "lvs_cluster of %s" % _some(hosts)
        if title in firsts:
            other, others = firsts[title]
            report.add(
                "%s: %s" % (title, difference(other, definition)),
                "is not the same on all hosts: %s has one value, %s another" % (_some(others), _some(hosts)),
                "say it once, in group_vars of a group with all hosts of the cluster; or name the second cluster differently",
            )
            continue
        firsts[title] = (definition, hosts)
        cluster, problems = normalise(definition, inventory)
        report.extend(Problem("%s: %s" % (title, problem.path), problem.message + whose(problem, definition), problem.remedy) for problem in problems)
        if cluster:
            clusters[cluster["name"]] = cluster
    report.extend(clashes(list(clusters.values())))
    return clusters, list(report)


def _some(hosts: list[str]) -> str:
    return ", ".join(hosts[:3]) + (" and %d more" % (len(hosts) - 3) if len(hosts) > 3 else "")


def whose(problem: Problem, definition: Any) -> str:
    """The name of the virtual server that a path means by its number, so that nobody has to count."""
    match = re.match(r"virtual_servers\[(\d+)\]", problem.path)
    try:
        name = definition["virtual_servers"][int(match.group(1))]["name"] if match else None
    except (KeyError, TypeError):
        return ""
    return " (in %s)" % shown(name) if isinstance(name, str) and name not in problem.message else ""


def difference(one: Any, other: Any, path: str = "") -> str:
    """The path of the first thing in which two definitions differ.

    >>> difference({"a": {"b": 1}}, {"a": {"b": 2}})
    'a.b'
    """
    pairs: Iterable[Any] = ()
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        pairs = ((key, one.get(key), other.get(key)) for key in [*one, *(key for key in other if key not in one)])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = ((number, one[number], other[number]) for number in range(len(one)))
    for key, left, right in pairs:
        if left != right:
            return difference(left, right, join(path, key if isinstance(key, int) else shown(key)))
    return path


def place(clusters: Iterable[Mapping[str, Any]], host: str) -> tuple[dict[str, Any] | None, str | None]:
    """The cluster that a host belongs to and its part in it, "router" or "real_server"."""
    clusters = list(clusters)
    for cluster in clusters:
        if any(router["host"] == host for router in cluster["routers"]):
            return dict(cluster), "router"
    for cluster in clusters:
        if any(server["host"] == host for server in cluster["real_servers"]):
            return dict(cluster), "real_server"
    return None, None
