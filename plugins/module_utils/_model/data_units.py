# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The units of systemd that a host has for its data sets, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.data import STORE

CONFIG = "/etc/lvs-cluster/data-sync"
PROGRAM = "/usr/bin/python3 -ISB /usr/libexec/lvs-cluster/data_sync"
READER = "/usr/bin/python3 -ISB /usr/libexec/lvs-cluster/data_sync/reader.py"
USER = "lvs-sync"
NOTICE = "# Managed by lvs.cluster"
FOLDERS = "lvs-data-sync.service"
DAEMON = "lvs-data-rsyncd.service"
DAEMON_PORT = 873
# What root keeps where files shall belong to somebody else
OWNING = "CAP_CHOWN CAP_FOWNER CAP_FSETID CAP_DAC_OVERRIDE"
CONFINED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectControlGroups=yes",
    "RestrictNamespaces=yes",
    "LockPersonality=yes",
    "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
)


def unit(name: str, kind: str) -> str:
    return "lvs-data-%s-%s" % (kind, name)


def units(one: Mapping[str, Any], host: str) -> dict[str, str]:
    """Name → text of the units of one data set on one host."""
    name = one["name"]
    sync = unit(name, "sync")
    found = {sync + ".service": _sync(one, host)}
    first = one["sources"][0] == host and not one["releases"]
    if one["interval"] or one["on_change"]:
        found[unit(name, "retry") + ".service"] = _retry(name)
    if one["interval"]:
        found[sync + ".timer"] = _timer("Data set %s at an interval (LVS)" % name, one["interval"], one["interval"] / 10)
    if one["on_change"] and host in one["targets"] and not first:
        found[sync + ".path"] = _text(
            {
                "Unit": ["Description=Data set %s when the source asks for it (LVS)" % name],
                # Looked at again when a run has ended: what is asked for meanwhile is not lost
                "Path": ["PathExists=%s/sets/%s/wanted" % (STORE, name), "Unit=%s.service" % sync],
                "Install": ["WantedBy=multi-user.target"],
            }
        )
    if one["on_change"] and host in one["sources"]:
        found[unit(name, "watch") + ".service"] = _watch(one)
    if one["behind"] and host in one["targets"]:
        judge = unit(name, "judge")
        found[judge + ".service"] = _judge(one)
        found[judge + ".timer"] = _timer("Whether data set %s is behind (LVS)" % name, max(1, one["behind"]["limit"] // 4), 0)
    return found


def started(one: Mapping[str, Any], host: str) -> list[str]:
    """Those that are enabled and started."""
    timed = [name for name in units(one, host) if name.endswith((".timer", ".path"))]
    return timed + [name for name in units(one, host) if name == unit(one["name"], "watch") + ".service"]


def folders(sets: list[Mapping[str, Any]], host: str) -> str:
    """For systemd-tmpfiles: what belongs to the unprivileged user, or leads to it. A source's own folder is not touched."""
    lines = [NOTICE, "d %s 0755 root root -" % STORE, "d %s/keys 0700 %s %s -" % (STORE, USER, USER), "d %s/sets 0755 root root -" % STORE]
    for one in sets:
        store = "%s/sets/%s" % (STORE, one["name"])
        lines += ["d %s 0755 %s %s -" % (store, USER, USER), "d %s/releases 0755 %s %s -" % (store, USER, USER)]
        lines.append("d %s/backups 0700 %s %s -" % (store, USER, USER))
        if host not in one["targets"]:
            continue
        if one["releases"]:
            lines.append("L %s - - - - %s/current" % (one["path"], store))
        elif one["sources"][0] != host:
            lines.append("d %s 0755 %s %s -" % (one["path"], one["owner"] or USER, one["group"] or one["owner"] or USER))
        if one["behind"] and not one["behind"]["file"].startswith(one["path"] + "/"):
            lines.append("d %s 0755 - - -" % one["behind"]["file"].rpartition("/")[0])
    return "\n".join(lines) + "\n"


def folders_unit() -> str:
    return _text(
        {
            "Unit": ["Description=Folders of the data sets (LVS)", "DefaultDependencies=no", "After=local-fs.target", "Before=multi-user.target"],
            "Service": [
                "Type=oneshot",
                "RemainAfterExit=yes",
                "ExecStart=/usr/bin/systemd-tmpfiles --create /etc/tmpfiles.d/lvs-data-sync.conf",
            ],
            "Install": ["WantedBy=multi-user.target"],
        }
    )


def daemon_unit() -> str:
    return _text(
        {
            "Unit": ["Description=Data sets from an rsync daemon (LVS)", "Wants=network-online.target", "After=network-online.target", "PartOf=" + FOLDERS],
            "Service": [
                "ExecStart=/usr/bin/rsync --daemon --no-detach --config=%s/rsyncd.conf" % CONFIG,
                "Restart=always",
                "RestartSec=2",
                "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_DAC_READ_SEARCH",
                *CONFINED,
            ],
            "Install": ["WantedBy=multi-user.target"],
        }
    )


def _sync(one: Mapping[str, Any], host: str) -> str:
    name = one["name"]
    owned = one["owner"] or one["group"]
    # Back at once; what fails is noticed by the judge's own timer
    after = ["OnSuccess=%s.service" % unit(name, "judge")] if one["behind"] and host in one["targets"] else []
    # Restart= would keep who started the unit waiting until a run is good
    retried = ["OnFailure=%s.service" % unit(name, "retry")] if one["interval"] or one["on_change"] else []
    # Never two at once: a unit runs once, by whomever it is started
    return _text(
        {
            "Unit": [
                "Description=Data set %s (LVS)" % name,
                "Wants=network-online.target",
                "After=network-online.target",
                "Requires=" + FOLDERS,
                "After=" + FOLDERS,
                *after,
                *retried,
            ],
            "Service": [
                "Type=oneshot",
                "User=%s" % ("root" if owned else USER),
                "CapabilityBoundingSet=%s" % (OWNING if owned else ""),
                "ExecStart=%s pull %s" % (PROGRAM, name),
                "TimeoutStartSec=12h",
                "Nice=5",
                # Read by systemd, as root; in no process list. (LoadCredential= gives an empty folder in some containers.)
                *(["EnvironmentFile=%s/%s.secret" % (CONFIG, name)] if one["transport"] == "daemon" else []),
                *CONFINED,
                "ReadWritePaths=%s/sets/%s" % (STORE, name),
                *([] if one["releases"] else ["ReadWritePaths=-%s" % one["path"]]),
            ],
        }
    )


def _retry(name: str) -> str:
    """Sleeps after a failed run, then has it run again. Stopped, it starts nothing."""
    return _text(
        {
            "Unit": [
                "Description=Data set %s soon again after a failure (LVS)" % name,
                "OnSuccess=%s.service" % unit(name, "sync"),
            ],
            "Service": ["Type=oneshot", "User=" + USER, "CapabilityBoundingSet=", "ExecStart=%s pause %s" % (PROGRAM, name), *CONFINED],
        }
    )


def _watch(one: Mapping[str, Any]) -> str:
    return _text(
        {
            "Unit": [
                "Description=Changes of data set %s are told to its targets (LVS)" % one["name"],
                "Wants=network-online.target",
                "After=network-online.target " + FOLDERS,
                "PartOf=" + FOLDERS,
                "StartLimitIntervalSec=0",
            ],
            "Service": [
                "User=" + USER, "CapabilityBoundingSet=", "ExecStart=%s watch %s" % (PROGRAM, one["name"]),
                "Restart=always", "RestartSec=5", *CONFINED,
            ],
            "Install": ["WantedBy=multi-user.target"],
        }
    )


def _judge(one: Mapping[str, Any]) -> str:
    return _text(
        {
            "Unit": ["Description=Whether data set %s is behind (LVS)" % one["name"], "After=" + FOLDERS],
            "Service": [
                "Type=oneshot",
                "CapabilityBoundingSet=CAP_DAC_OVERRIDE",
                "ExecStart=%s judge %s" % (PROGRAM, one["name"]),
                *CONFINED,
                "ReadWritePaths=-%s" % one["behind"]["file"].rpartition("/")[0],
            ],
        }
    )


def _timer(description: str, seconds: float, jitter: float) -> str:
    """At once when it is enabled, soon after a boot (which catches up), then so long after the end of each run."""
    return _text(
        {
            "Unit": ["Description=" + description],
            "Timer": [
                "OnActiveSec=1s",
                "OnBootSec=5s",
                "OnUnitInactiveSec=%ds" % seconds,
                *(["RandomizedDelaySec=%dms" % (jitter * 1000)] if jitter else []),
                "AccuracySec=100ms",
            ],
            "Install": ["WantedBy=timers.target"],
        }
    )


def _text(sections: Mapping[str, list[str]]) -> str:
    return NOTICE + "\n" + "\n".join("[%s]\n%s\n" % (title, "\n".join(lines)) for title, lines in sections.items())
