# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What shared storage puts on a host: exports on a storage host; mounts, made at the first access, on a real server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

NOTICE = "# Managed by lvs.cluster\n"
UNIT_FOLDER = "/etc/systemd/system/"
EXPORTS = "lvs-shared-exports.service"
RELEASE = "lvs-shared-mounts.service"
PACKAGES = {
    "nfs": "nfs-common", "nfs4": "nfs-common", "cifs": "cifs-utils", "ceph": "ceph-common",
    "glusterfs": "glusterfs-client", "fuse.glusterfs": "glusterfs-client",
}
# A new file is seen at once: what is not there is asked for each time. One attempt to mount, the next access makes another.
NFS = "vers=4.2,proto=tcp,lookupcache=positive,retry=0,nosuid,nodev"
# nfs(5): timeo in tenths of a second, and once more. Measured: a call fails after 6 s, opening a file after 6 to 18 s
HANGS = {"fail": "softerr,timeo=30,retrans=1", "wait": "hard"}
CHECK_SECONDS = 30


def storage_files(cluster: Mapping[str, Any], host: str) -> dict[str, Any]:
    """``{"files": [{path, content, mode}], "units": [name], "packages": [name]}`` of one host, by its part in it."""
    storage = cluster["shared_storage"]
    places = {entry["host"]: entry["address"] for entry in storage["hosts"]}
    exported = [one for one in storage["shares"] if one["export"] and one["export"]["host"] == host]
    mounted = [one for one in storage["shares"] if host in one["targets"]]
    files: dict[str, str] = {}
    units: list[str] = []
    packages: list[str] = []
    if exported:
        files.update(_exports(cluster["name"], storage["domain"], exported, host, places))
        units += [EXPORTS, "nfs-server.service"]
        packages.append("nfs-kernel-server")
    if mounted:
        files.update(_mounts(mounted, storage["domain"], places))
        # First the one that unmounts when it is stopped
        units += [RELEASE, *(escaped(one["path"]) + ".automount" for one in mounted)]
        packages += sorted({PACKAGES[kind] for kind in (_kind(one) for one in mounted) if kind in PACKAGES})
    return {"files": [{"path": path, "content": NOTICE + text, "mode": "0644"} for path, text in files.items()], "units": units, "packages": packages}


def _kind(one: Mapping[str, Any]) -> str:
    return "nfs4" if one["export"] else str(one["fstype"])


def escaped(path: str) -> str:
    """A path as systemd names its units (systemd.unit(5), string escaping)."""
    return re.sub(r"[^A-Za-z0-9:_./]", lambda found: "\\x%02x" % ord(found.group()), path.strip("/")).replace("/", "-")


def _exports(cluster: str, domain: str, shares: list[Mapping[str, Any]], host: str, places: Mapping[str, str]) -> dict[str, str]:
    lines, folders = [], []
    for one in shares:
        export = one["export"]
        # A handle that a client holds stays good over a reboot, whatever the device is called then
        number = hashlib.sha256(("%s/%s" % (cluster, one["name"])).encode()).hexdigest()[:32]
        options = ["ro" if one["read_only"] else "rw", "sync", "no_subtree_check", "root_squash", "sec=sys", "fsid=" + number]
        options += ["mountpoint=" + export["disk"]] if export["disk"] else []
        lines.append("%s %s" % (export["path"], " ".join("%s(%s)" % (places[target], ",".join(options)) for target in one["targets"])))
        folders.append("d %s 0755 %s %s -" % (export["path"], export["owner"], export["group"]))
    service = {
        "Unit": ["Description=Folders that are exported (LVS)", "After=local-fs.target remote-fs.target", "Before=nfs-server.service"],
        "Service": ["Type=oneshot", "RemainAfterExit=yes", "ExecStart=/usr/bin/systemd-tmpfiles --create /etc/tmpfiles.d/lvs-shared-storage.conf"],
        "Install": ["WantedBy=nfs-server.service"],
    }
    return {
        "/etc/exports.d/lvs-cluster.exports": "\n".join(lines) + "\n",
        # By its own address alone. What a client held open can be claimed for so long after a boot; new opens wait as long.
        "/etc/nfs.conf.d/lvs-cluster.conf": "[nfsd]\nhost=%s\nvers3=n\nvers4.0=n\nvers4.2=y\ngrace-time=15\nlease-time=15\n" % places[host],
        "/etc/idmapd.conf.d/lvs-cluster.conf": "[General]\nDomain=%s\n" % domain,
        "/etc/tmpfiles.d/lvs-shared-storage.conf": "\n".join(folders) + "\n",
        UNIT_FOLDER + EXPORTS: _text(service),
    }


def _mounts(shares: list[Mapping[str, Any]], domain: str, places: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting: dict[str, list[str]] = {}
    for one in shares:
        name = escaped(one["path"])
        mount = {
            "Unit": [
                "Description=Share %s (LVS)" % one["name"], "Wants=network-online.target", "After=network-online.target",
                # Each access to a server that is away is an attempt: systemd would give up after five, for good
                "StartLimitIntervalSec=0",
            ],
            "Mount": ["What=" + _source(one, places), "Where=" + one["path"], "Type=" + _kind(one), "Options=" + _options(one), "TimeoutSec=20"],
        }
        auto = {
            "Unit": ["Description=Share %s at its first access (LVS)" % one["name"], "StartLimitIntervalSec=0"],
            "Automount": ["Where=" + one["path"]],
            "Install": ["WantedBy=multi-user.target"],
        }
        found[UNIT_FOLDER + name + ".mount"] = _text(mount)
        found[UNIT_FOLDER + name + ".automount"] = _text(auto)
        for service in one["services"]:
            waiting.setdefault(service, []).append(one["path"])
    for service, paths in waiting.items():
        found["%s%s.d/lvs-shared-storage.conf" % (UNIT_FOLDER, service)] = _drop_in(paths)
    stops = ["ExecStop=-/usr/bin/systemctl --no-block stop %s.mount" % escaped(one["path"]).replace("\\", "\\\\") for one in shares]
    found[UNIT_FOLDER + RELEASE] = _text(
        {
            "Unit": ["Description=Shares are unmounted when they are taken off (LVS)"],
            "Service": ["Type=oneshot", "RemainAfterExit=yes", "ExecStart=/usr/bin/true", *stops],
            "Install": ["WantedBy=multi-user.target"],
        }
    )
    if any(one["export"] for one in shares):
        found["/etc/idmapd.conf.d/lvs-cluster.conf"] = "[General]\nDomain=%s\n" % domain
    return found


def _source(one: Mapping[str, Any], places: Mapping[str, str]) -> str:
    return "%s:%s" % (places[one["export"]["host"]], one["export"]["path"]) if one["export"] else str(one["source"])


def _options(one: Mapping[str, Any]) -> str:
    mode = "ro" if one["read_only"] else "rw"
    if one["export"]:
        return ",".join([mode, NFS, HANGS[one["when_it_hangs"]]])
    # _netdev: what systemd can't know of a type that it has never heard of
    return ",".join([mode, "_netdev", *([one["options"]] if one["options"] else [])])


def _drop_in(paths: list[str]) -> str:
    # The dot leads into the share, which is what mounts it; a look at the folder itself would not. After: stopped before it is unmounted
    checks = ["ExecStartPre=+/usr/bin/timeout --signal=KILL %d /usr/bin/stat --terse %s/." % (CHECK_SECONDS, path) for path in paths]
    unit = ["StartLimitIntervalSec=0", *("After=%s.mount" % escaped(path) for path in paths)]
    return _text({"Unit": unit, "Service": [*checks, "Restart=on-failure", "RestartSec=5"]})


def _text(sections: Mapping[str, list[str]]) -> str:
    return "\n".join("[%s]\n%s\n" % (title, "\n".join(lines)) for title, lines in sections.items())
