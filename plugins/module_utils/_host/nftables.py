# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster's own nftables table on a router: a file, the unit that loads it at boot, and what the kernel has loaded.

The file replaces its table as a whole, in one transaction (see _model/nftables.py). No other table is touched.
"""
from __future__ import annotations

import os
import re
import tempfile

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, systemd

PATH = "/etc/lvs-cluster/nftables.conf"
UNIT = "lvs-cluster-nftables.service"
UNIT_PATH = "/etc/systemd/system/" + UNIT
LAST_GOOD = ".last-good"
MODE = "0640"
UNIT_TEXT = """# Managed by lvs.cluster
[Unit]
Description=nftables table of an LVS cluster: firewall marks, and its packet filter
# Before the first packet, and before keepalived has services that want the marks.
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target keepalived.service lvs-cluster-table.service shutdown.target
Conflicts=shutdown.target
# The administrator's own file may begin with `flush ruleset`, which takes ours too: so ours comes after it, each time.
After=nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
StandardInput=null
ProtectSystem=full
ProtectHome=true
ExecStart=/usr/sbin/nft --file {path}
ExecReload=/usr/sbin/nft --file {path}
ExecStop=-/usr/sbin/nft delete table inet {name}

[Install]
WantedBy=multi-user.target nftables.service
"""
# Loaded into an empty network of its own, the file says how nft lists it.
IN_A_NETWORK_OF_ITS_OWN = 'nft --file "$1" && exec nft --stateless list table inet "$2"'


def wanted(text):
    """The state of the file; ABSENT where no table is wanted."""
    return {"content": text, "mode": MODE} if text else dict(files.ABSENT)


def table_of(state):
    """The table's name in the file, or None."""
    found = re.search(r"^delete table inet (\S+)$", state["content"] or "", re.MULTILINE)
    return found.group(1) if found else None


def complaints(run, text, path=PATH):
    """Empty text, or what nft and the kernel say against the file. Raises OSError where there is no nft."""
    with tempfile.TemporaryDirectory(prefix="lvs-cluster-") as folder:
        candidate = os.path.join(folder, "nftables.conf")
        files.write(candidate, text, MODE)
        code, out, error = run(["nft", "--check", "--file", candidate])
    if code == 127:
        raise OSError("nft is not installed: the nftables table cannot be tested; install the package nftables first")
    return "" if code == 0 else ((error or out).replace(candidate, path).strip() or "nft: exit status %d" % code)


def in_force(run, state, path=PATH):
    """Whether the kernel has exactly what the file says, and will after a boot; of no file: whether the unit is gone."""
    if state["content"] is None:
        return files.read(UNIT_PATH)["content"] is None
    name = table_of(state)
    unit = systemd.show(run, UNIT)
    if (unit["UnitFileState"], unit["ActiveState"]) != ("enabled", "active") or files.read(UNIT_PATH)["content"] != unit_text(name, path):
        return False
    return loaded(run, name) == listed(run, path, name)


def unit_text(name, path=PATH):
    return UNIT_TEXT.format(path=path, name=name)


def loaded(run, name):
    """What the kernel has, as nft lists it; None where the table is not there."""
    code, out, _error = run(["nft", "--stateless", "list", "table", "inet", name])
    return out if code == 0 else None


def listed(run, path, name):
    """What the kernel would have from the file."""
    code, out, error = run(["unshare", "--net", "sh", "-c", IN_A_NETWORK_OF_ITS_OWN, "sh", path, name])
    if code != 0:
        raise OSError("%s cannot be read by nft: %s" % (path, error.strip() or code))
    return out


def bring_in(run, have, want, path=PATH):
    """Replace the file `have` by `want` and load it; empty text, or why not: then all is as before."""
    if want["content"] is None:
        return take_off(run, have, path)
    problem = complaints(run, want["content"], path)
    if problem:
        return problem
    name, before = table_of(want), table_of(have)
    files.write(path, want["content"], MODE)
    files.restore(UNIT_PATH, {"content": unit_text(name, path), "mode": "0644"})
    problem = systemd.order(run, "daemon-reload") or systemd.order(run, "enable", UNIT) or systemd.order(run, "reload-or-restart", UNIT)
    if problem:
        logged = systemd.journal(run, UNIT, lines=5)
        if have["content"] is None:
            take_off(run, want, path)
        else:
            files.restore(path, have)
            systemd.order(run, "reload-or-restart", UNIT)
        return "\n".join([problem, *logged])
    if before not in (None, name):
        run(["nft", "delete", "table", "inet", before])
    return ""


def take_off(run, have, path=PATH):
    """The unit, the table and the files. Empty text, or what went wrong."""
    problem = ""
    if systemd.show(run, UNIT)["LoadState"] != "not-found":
        problem = systemd.order(run, "disable", "--now", UNIT)
    name = table_of(have)
    if name and loaded(run, name) is not None:
        code, _out, error = run(["nft", "delete", "table", "inet", name])
        problem = problem or (error.strip() if code else "")
    files.remove(UNIT_PATH)
    files.remove(path)
    files.remove_empty_folders([os.path.dirname(path)])
    systemd.order(run, "daemon-reload")
    return problem


def state(run, path=PATH):
    """For a look: {"content": of the file or None, "in_force": bool}."""
    found = files.read(path)
    try:
        return {"content": found["content"], "in_force": in_force(run, found, path)}
    except OSError:
        return {"content": found["content"], "in_force": False}
