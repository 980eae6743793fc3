# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared storage: from what the schema read to the complete form. Addresses come from the facts (resolve.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import carrying_network
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import distinct, known


def shared_storage(
    read: Mapping[str, Any] | None,
    nets: Mapping[str, Any],
    real_servers: list[dict[str, Any]],
    inventory: Mapping[str, Any],
    report: Report,
    derived: dict[str, str],
) -> dict[str, Any]:
    """``{"network", "domain", "shares": [...], "hosts": [{"host", "address", "part": "storage" or "mounts"}]}``; no shares where none are declared."""
    if not read:
        return {"network": None, "domain": None, "shares": [], "hosts": []}
    network = carrying_network(read["network"], nets, "shared_storage.network", report, derived)
    servers = [server["host"] for server in real_servers if server["host"]]
    shares: list[dict[str, Any]] = []
    for position, item in enumerate(read["shares"] or ()):
        if item is not None:
            shares.append(_share(item, servers, inventory, join("shared_storage.shares", position), report))
    distinct(shares, ("name", "path"), "shared_storage.shares", "share", report)
    _apart(shares, report)
    exporting = list(dict.fromkeys(one["export"]["host"] for one in shares if one["export"] and one["export"]["host"]))
    mounting = list(dict.fromkeys(host for one in shares for host in one["targets"]))
    hosts = [{"host": host, "address": None, "part": "storage"} for host in exporting]
    hosts += [{"host": host, "address": None, "part": "mounts"} for host in mounting]
    return {"network": network, "domain": read["domain"], "shares": shares, "hosts": hosts}


def _share(item: Mapping[str, Any], servers: list[str], inventory: Mapping[str, Any], path: str, report: Report) -> dict[str, Any]:
    export = item["export"]
    if export and (item["fstype"] or item["source"] or item["options"]):
        report.add(path, "has export beside fstype, source or options", "give export for NFS from your storage host, or fstype and source for what is there")
    elif not export and not (item["fstype"] and item["source"]):
        report.add(path, "has neither export nor both fstype and source", "give export: {host: …}, or fstype and source")
    targets: list[str] = []
    for position, name in enumerate(servers if item["targets"] is None else item["targets"]):
        where = join(path + ".targets", position)
        if name is None:
            continue
        if name not in servers:
            report.add(where, "%s is no real server" % name, "name real servers of the cluster; there are " + one_of(servers))
        elif name in targets:
            report.add(where, "%s stands here twice" % name, "name it once")
        else:
            targets.append(name)
    if not targets:
        report.add(path + ".targets", "is missing, and no real server is in the inventory", "name the real servers that mount it")
    if export:
        if export["host"] is not None:
            known(export["host"], inventory.get("hosts", ()), path + ".export.host", "host in the inventory named", report)
        if export["host"] in targets:
            message = "%s exports the share and mounts it" % export["host"]
            report.add(path + ".export.host", message, "give another host: a server that waits for itself hangs at the worst moment")
        folder = export["path"] or item["path"]
        if export["disk"] and folder is not None and not (folder + "/").startswith(export["disk"] + "/"):
            report.add(path + ".export.disk", "%s is not above %s" % (export["disk"], folder), "give the mount point that the folder lies on")
        export = {**export, "path": folder, "group": export["group"] or export["owner"]}
    return {
        **{key: item[key] for key in ("name", "path", "fstype", "source", "options", "read_only", "when_it_hangs")},
        "services": [name for name in item["services"] or () if name],
        "export": export,
        "targets": targets,
    }


def _apart(shares: list[dict[str, Any]], report: Report) -> None:
    """One mount point inside another would wait for it."""
    for position, one in enumerate(shares):
        for other in shares:
            if one["path"] and other["path"] and one["path"].startswith(other["path"] + "/"):
                path = "shared_storage.shares[%d].path" % position
                report.add(path, "%s is inside %s of the share %s" % (one["path"], other["path"], other["name"]), "give each share a place of its own")
