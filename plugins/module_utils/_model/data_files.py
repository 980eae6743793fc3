# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a host of data sets gets: files, and units to start. Public keys come from the hosts themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import data_units
from ansible_collections.lvs.cluster.plugins.module_utils._model.data import STORE, host_set
from ansible_collections.lvs.cluster.plugins.module_utils._model.data_units import CONFIG, NOTICE, PROGRAM, READER, USER

UNIT_FOLDER = "/etc/systemd/system/"


def data_files(cluster: Mapping[str, Any], host: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """``{"files": [{path, content, mode}], "units": [name], "packages": [name]}`` of one host.

    keys: host → ``{"host_keys": [text of a public key], "read": {data set: public key}, "control": {…}}``. A host that is not in it
    (left out, or not there yet in check mode) is trusted by nobody.
    """
    sets = [one for one in cluster["data_sync"]["sets"] if host in one["participants"]]
    places = {entry["host"]: entry["address"] for entry in cluster["data_sync"]["hosts"]}
    if not sets:
        return {"files": [], "units": [], "packages": []}
    files = {
        CONFIG + "/ssh_config": _ssh_config(places[host]),
        CONFIG + "/known_hosts": _known_hosts(places, keys),
        STORE + "/.ssh/authorized_keys": _authorized_keys(sets, host, places, keys),
        "/etc/tmpfiles.d/lvs-data-sync.conf": data_units.folders(sets, host),
        UNIT_FOLDER + data_units.FOLDERS: data_units.folders_unit(),
    }
    started = [data_units.FOLDERS]
    for one in sets:
        files[CONFIG + "/%s.json" % one["name"]] = json.dumps(host_set(cluster, one, host), indent=1, sort_keys=True) + "\n"
        files.update({UNIT_FOLDER + name: text for name, text in data_units.units(one, host).items()})
        started += data_units.started(one, host)
    served = [one for one in sets if one["transport"] == "daemon" and host in one["sources"]]
    if served:
        files[CONFIG + "/rsyncd.conf"] = _rsyncd(served, host, places)
        files[UNIT_FOLDER + data_units.DAEMON] = data_units.daemon_unit()
        started.append(data_units.DAEMON)
    watching = any(one["on_change"] and host in one["sources"] for one in sets)
    return {
        "files": [{"path": path, "content": text, "mode": "0644"} for path, text in files.items()],
        "units": started,
        "packages": ["rsync", "openssh-client", *(["inotify-tools"] if watching else [])],
    }


def wanted_keys(cluster: Mapping[str, Any], host: str) -> list[str]:
    """The keys that a host needs, "NAME-read" or "NAME-control": one for each thing that it may do elsewhere."""
    found = []
    for one in cluster["data_sync"]["sets"]:
        if host in one["participants"] and one["transport"] == "ssh" and one["participants"] != [host]:
            found.append(one["name"] + "-read")
        if host in one["sources"] and (one["on_change"] or one["releases"]):
            found.append(one["name"] + "-control")
    return found


def secrets(cluster: Mapping[str, Any], host: str, given: Mapping[str, str]) -> list[dict[str, str]]:
    """Files with the secrets of the data sets that come from an rsync daemon."""
    found = []
    for one in cluster["data_sync"]["sets"]:
        if one["transport"] != "daemon" or host not in one["participants"]:
            continue
        # It stands in a file of variables of systemd's: nothing in it may mean anything there
        if not re.match(r"[A-Za-z0-9_.+/=-]{16,200}\Z", given.get(one["name"], "")):
            message = "is missing or no secret: give 16 to 200 letters, digits and _ . + / = - for the daemon, from a vault"
            raise ValueError("lvs_data_sync_secrets.%s: %s" % (one["name"], message))
        found.append({"path": CONFIG + "/%s.secret" % one["name"], "content": "RSYNC_PASSWORD=%s\n" % given[one["name"]], "mode": "0600"})
        if host in one["sources"]:
            found.append({"path": CONFIG + "/%s.secrets" % one["name"], "content": "%s:%s\n" % (USER, given[one["name"]]), "mode": "0600"})
    return found


def _ssh_config(address: str) -> str:
    lines = [
        "User " + USER,
        "BindAddress " + address,
        "UserKnownHostsFile %s/known_hosts" % CONFIG,
        "GlobalKnownHostsFile /dev/null",
        "StrictHostKeyChecking yes",
        "UpdateHostKeys no",
        "IdentitiesOnly yes",
        "PasswordAuthentication no",
        "BatchMode yes",
        "ClearAllForwardings yes",
        "ConnectTimeout 5",
        # A partner that is cut off is noticed within 15 s
        "ServerAliveInterval 5",
        "ServerAliveCountMax 3",
    ]
    return "%s\nHost *\n%s\n" % (NOTICE, "\n".join("    " + line for line in lines))


def _known_hosts(places: Mapping[str, str], keys: Mapping[str, Any]) -> str:
    lines = ["%s %s" % (places[host], " ".join(key.split()[:2])) for host in places for key in keys.get(host, {}).get("host_keys", [])]
    return "\n".join([NOTICE, *lines]) + "\n"


def _authorized_keys(sets: list[Mapping[str, Any]], host: str, places: Mapping[str, str], keys: Mapping[str, Any]) -> str:
    """A key reads one folder, or says a few words about one data set; from its host's address alone, without terminal or forwarding."""
    lines = [NOTICE]
    for one in sets:
        folder = "%s/sets/%s/releases" % (STORE, one["name"]) if one["releases"] else one["source_path"]
        for other in one["participants"]:
            mine = keys.get(other, {})
            if host in one["sources"] and other != host and one["name"] in mine.get("read", {}):
                lines.append(_line(places[other], "%s %s" % (READER, folder), mine["read"][one["name"]]))
            if other in one["sources"] and other != host and one["name"] in mine.get("control", {}):
                lines.append(_line(places[other], "%s session %s" % (PROGRAM, one["name"]), mine["control"][one["name"]]))
    return "\n".join(lines) + "\n"


def _line(address: str, command: str, key: str) -> str:
    return 'restrict,from="%s",command="%s" %s' % (address, command, " ".join(key.split()[:2]))


def _rsyncd(sets: list[Mapping[str, Any]], host: str, places: Mapping[str, str]) -> str:
    lines = [NOTICE, "address = " + places[host], "port = %d" % data_units.DAEMON_PORT, "use chroot = yes", "uid = " + USER, "gid = " + USER]
    lines += ["read only = yes", "list = no", "max connections = 50", "strict modes = yes"]
    for one in sets:
        allowed = " ".join(places[other] for other in one["participants"] if other != host)
        lines += ["[%s]" % one["name"], "    path = " + one["source_path"], "    auth users = " + USER]
        lines += ["    secrets file = %s/%s.secrets" % (CONFIG, one["name"]), "    hosts allow = " + allowed, "    hosts deny = *"]
    return "\n".join(lines) + "\n"
