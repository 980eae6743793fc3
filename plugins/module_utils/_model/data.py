# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data sets: from what the schema read to the complete form, and their hosts' addresses from the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import carrying_network
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import distinct, known

STORE = "/var/lib/lvs-data-sync"


def data_sync(
    read: Mapping[str, Any] | None,
    nets: Mapping[str, Any],
    real_servers: list[dict[str, Any]],
    inventory: Mapping[str, Any],
    report: Report,
    derived: dict[str, str],
) -> dict[str, Any]:
    """``{"network", "sets": [...], "hosts": [{"host", "address", "part": "data"}]}``; no sets where none are declared."""
    if not read:
        return {"network": None, "sets": [], "hosts": []}
    network = carrying_network(read["network"], nets, "data_sync.network", report, derived)
    servers = [server["host"] for server in real_servers if server["host"]]
    sets: list[dict[str, Any]] = []
    for position, item in enumerate(read["sets"] or ()):
        path = join("data_sync.sets", position)
        if item is not None and item["source"] is not None:
            sets.append(_set(item, servers, inventory, path, report))
    distinct(sets, ("name", "path"), "data_sync.sets", "data set", report)
    hosts = list(dict.fromkeys(host for one in sets for host in one["participants"]))
    return {"network": network, "sets": sets, "hosts": [{"host": host, "address": None, "part": "data"} for host in hosts]}


def _set(item: Mapping[str, Any], servers: list[str], inventory: Mapping[str, Any], path: str, report: Report) -> dict[str, Any]:
    sources = _hosts(item["source"]["hosts"], inventory, path + ".source.hosts", report)
    targets = _hosts(item["targets"], inventory, path + ".targets", report) if item["targets"] is not None else servers
    if not targets:
        report.add(path + ".targets", "is missing, and no real server is in the inventory", "give the hosts that get the data")
    source_path = item["source"]["path"] or item["path"]
    releases, behind = item["releases"], item["behind"]
    if releases:
        if source_path == item["path"]:
            report.add(path + ".source.path", "is that of `path`, which releases make a link", "give the folder that you work in, another one")
        for key in ("owner", "group"):
            if item[key]:
                report.add(path + "." + key, "does not go with releases", "leave it out: a release belongs to lvs-sync, and only that user can change it")
        if item["on_change"]:
            report.add(path + ".on_change", "does not go with releases", "leave it out: a release is made at the interval, or by playbooks/sync.yml")
        if item["conflicts"] == "keep":
            report.add(path + ".conflicts", "keep does not go with releases", "leave it out: nobody can change a release on a target")
    elif item["source"]["hosts"] and targets and set(targets) == set(sources) == {sources[0]}:
        report.add(path + ".targets", "has no host but the source", "name the hosts that get the data")
    if item["conflicts"] == "keep" and item["delete"]:
        report.add(path + ".conflicts", "keep does not go with delete", "give delete: false: a file made on a target is like one deleted at the source")
    if item["transport"] == "daemon" and (releases or item["on_change"]):
        report.add(path + ".transport", "daemon has no way for releases and on_change", "leave it out")
    if behind and behind["file"]:
        if releases and behind["file"].startswith(item["path"] + "/"):
            report.add(path + ".behind.file", "is inside the release, which nobody changes", "give one beside it, which the web server serves too")
        if item["interval"] == 0:
            report.add(path + ".behind", "without an interval each target would soon be behind", "give an interval, well below the limit")
        elif behind["limit"] and item["interval"] and behind["limit"] <= item["interval"] * 1.1:
            least = item["interval"] * 1.1
            report.add(path + ".behind.limit", "%d s is not above the interval and its jitter" % behind["limit"], "give more than %d" % least)
    exclude = list(item["exclude"] or [])
    if behind and behind["file"] and behind["file"].startswith(item["path"] + "/"):
        exclude.append(behind["file"][len(item["path"]) :])
    return {
        **{key: item[key] for key in ("name", "path", "owner", "group", "modes", "delete", "delete_limit", "conflicts", "backup_limit", "bandwidth")},
        **{key: item[key] for key in ("interval", "on_change", "transport", "releases", "behind")},
        "exclude": exclude,
        "source_path": source_path,
        "sources": sources,
        "targets": targets,
        "participants": list(dict.fromkeys([*sources, *targets])),
    }


def _hosts(names: list[Any] | None, inventory: Mapping[str, Any], path: str, report: Report) -> list[str]:
    found: list[str] = []
    for position, name in enumerate(names or ()):
        where = join(path, position)
        if name is None or not known(name, inventory.get("hosts", ()), where, "host in the inventory named", report):
            continue
        if name in found:
            report.add(where, "%s stands here twice" % name, "name it once")
        else:
            found.append(name)
    return found


def host_set(cluster: Mapping[str, Any], one: Mapping[str, Any], host: str) -> dict[str, Any]:
    """What a host is told of a data set (its file NAME.json), addresses included."""
    places = {entry["host"]: entry["address"] for entry in cluster["data_sync"]["hosts"]}
    told = {key: value for key, value in one.items() if key != "on_change"}
    for key in ("sources", "targets", "participants"):
        told[key] = [{"host": name, "address": places[name]} for name in one[key]]
    # One that runs when it is asked alone is not run again by itself
    # The source tells of a change that comes while it is copied
    told["watched"] = one["on_change"]
    told["retries"] = bool(one["interval"] or one["on_change"])
    return {**told, "me": host, "store": "%s/sets/%s" % (STORE, one["name"])}
