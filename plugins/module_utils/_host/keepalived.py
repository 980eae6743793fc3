# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running keepalived: its processes, its VRRP states, and the test of a configuration.

States come from the live process (signal JSON), never from a note that someone wrote at the last transition.
"""
from __future__ import annotations

import json
import os
import signal
import time

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import declared

UNIT = "keepalived.service"
TABLE = "/proc/net/ip_vs"
STATES = {0: "init", 1: "backup", 2: "master", 3: "fault", 97: "deleted", 98: "stop"}  # vrrp.h of keepalived 2.2.7
KNOWN = ("backup", "master")
JSON_SIGNAL = 36  # SIGRTMIN + 2 with glibc; `keepalived --signum=JSON` says the same in 2.2.7 and 2.3.3


def test_configuration(run, path):
    """What `keepalived -t` says against the file; empty when it takes it."""
    code, out, error = run(["keepalived", "--config-test", "--use-file", path])
    if code == 0:
        return ""
    return (error + out).strip() or f"keepalived --config-test: exit status {code}"


def version(run):
    """For instance "2.2.7", or None where keepalived is not installed."""
    code, out, error = run(["keepalived", "--version"])
    words = (out + error).split()
    return words[1].lstrip("v").rstrip(",") if code == 0 and len(words) > 1 else None


def seconds_since_start(unit):
    """How long ago the unit's main process started; `unit` from systemd.show()."""
    return time.clock_gettime(time.CLOCK_MONOTONIC) - unit["ExecMainStartTimestampMonotonic"] / 1e6


def started_at(unit):
    """The wall-clock time of that start."""
    return time.time() - seconds_since_start(unit)


def vrrp_instances(pid, deadline=2.0):
    """{name: instance} as the process `pid` sees it now; {} when it has none or does not answer within `deadline` s.

    instance: {"state", "interface", "virtual_router_id", "priority", "seconds_in_state", "addresses": [address],
               "adverts_received", "adverts_sent" (numbers since the start)}
    """
    if not pid:
        return {}
    path = _json_file(pid)
    end = time.monotonic() + deadline
    try:
        try:
            os.unlink(path)  # a stale answer, perhaps of a process long gone
        except FileNotFoundError:
            pass
        os.kill(pid, JSON_SIGNAL)
    except (ProcessLookupError, PermissionError):
        return {}
    while time.monotonic() < end:
        answer = _complete_json(path)
        if answer is not None:
            return instances_of(answer, time.time())
        time.sleep(0.01)
    return {}


def instances_of(answer, now):
    """The JSON of keepalived in our words. 2.2.7 gives a list, 2.3.3 the same list as {"vrrp": list}."""
    entries = answer.get("vrrp", []) if isinstance(answer, dict) else answer
    found = {}
    for entry in entries:
        data = entry["data"]
        changed = data.get("last_transition", 0.0)
        counted = entry.get("stats", {})
        found[data["iname"]] = {
            "state": STATES.get(data["state"], "unknown"),
            "interface": data.get("ifp_ifname"),
            "virtual_router_id": data["vrid"],
            "priority": data["effective_priority"],
            "seconds_in_state": round(now - changed, 3) if changed else None,  # None: as since the start
            "addresses": [text.split("/")[0].split()[0] for text in [*data.get("vips", []), *data.get("evips", [])]],
            "adverts_received": counted.get("advert_rcvd", 0),
            "adverts_sent": counted.get("advert_sent", 0),
        }
    return found


def virtual_servers():
    """Those that the kernel has, as declared.of_kernel() names them; none where it has no IPVS."""
    try:
        with open(TABLE, encoding="ascii") as stream:
            return declared.of_kernel(stream.read())
    except FileNotFoundError:
        return set()


def reload(pid):
    """Ask the main process to read its file again; nobody waits here."""
    os.kill(pid, signal.SIGHUP)


def _json_file(pid):
    """Where `pid` writes its answer, in its own mount namespace (the unit may have a private /tmp)."""
    folder = "/tmp"
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:
            for item in stream.read().split(b"\0"):
                if item.startswith(b"TMPDIR="):
                    folder = item[len(b"TMPDIR="):].decode()
    except OSError:
        pass
    return f"/proc/{pid}/root{folder}/keepalived.json"


def _complete_json(path):
    """The file's value, or None while it is not there or only half written."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (FileNotFoundError, ValueError):
        return None
