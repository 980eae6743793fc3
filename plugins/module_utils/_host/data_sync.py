# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data sets as they are on this host: their state, their keys, and a run of one. The program that runs is the role's."""
from __future__ import annotations

import json
import os
import pwd
import re
import shutil

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, systemd

CONFIG = "/etc/lvs-cluster/data-sync"
STORE = "/var/lib/lvs-data-sync"
KEYS = STORE + "/keys"
USER = "lvs-sync"
PROGRAM = ["/usr/bin/python3", "-IB", "/usr/libexec/lvs-cluster/data_sync"]
HOST_KEYS = ("/etc/ssh/ssh_host_ed25519_key.pub", "/etc/ssh/ssh_host_ecdsa_key.pub", "/etc/ssh/ssh_host_rsa_key.pub")


def names():
    """All data sets of this host."""
    if not os.path.isdir(CONFIG):
        return []
    return sorted(entry[:-5] for entry in os.listdir(CONFIG) if entry.endswith(".json"))


def config(name):
    content = files.read("%s/%s.json" % (CONFIG, name))["content"]
    if content is None:
        raise ValueError("this host has no data set %s; it has %s" % (name, ", ".join(names()) or "none"))
    return json.loads(content)


def state(name):
    """What the program wrote about its last run; empty before the first."""
    content = files.read("%s/sets/%s/state.json" % (STORE, name))["content"]
    return json.loads(content) if content else {}


def files_behind(run, name):
    """{behind, files} by comparing checksums with the source, as the unprivileged user."""
    code, out, error = run(["runuser", "-u", USER, "--", *PROGRAM, "behind", name])
    if code != 0:
        raise ValueError("data set %s can't be compared with its source: %s" % (name, error.strip() or code))
    return json.loads(out)


def sync(run, name):
    """One run now, or the end of the one that is under way. The unit's own failure is told by the state."""
    before = state(name).get("last_run")
    code, _out, error = run(["systemctl", "start", "lvs-data-sync-%s.service" % name])
    found = state(name)
    if found.get("last_run") == before:
        raise ValueError("data set %s did not run (%s); see journalctl -u lvs-data-sync-%s" % (name, error.strip() or code, name))
    return found


def rollback(run, name, release):
    code, _out, error = run(["runuser", "-u", USER, "--", *PROGRAM, "rollback", name, release])
    found = state(name)
    if code != 0:
        raise ValueError(found.get("reason") or error.strip() or "exit status %d" % code)
    return found


def host_keys():
    """The public keys by which sshd of this host is known."""
    found = [files.read(path)["content"] for path in HOST_KEYS]
    return [" ".join(text.split()[:2]) for text in found if text]


def key_names():
    return sorted(entry for entry in (os.listdir(KEYS) if os.path.isdir(KEYS) else []) if re.match(r"[a-z0-9_-]+-(read|control)\Z", entry))


def public_key(name):
    text = files.read("%s/%s.pub" % (KEYS, name))["content"]
    return " ".join(text.split()[:2]) if text else None


def make_key(run, name):
    """A key pair of the unprivileged user. The private half never leaves the host."""
    owner = pwd.getpwnam(USER)
    for folder, mode in ((STORE, 0o755), (KEYS, 0o700)):
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, mode)
    os.chown(KEYS, owner.pw_uid, owner.pw_gid)
    path = "%s/%s" % (KEYS, name)
    code, _out, error = run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lvs-data-sync", "-f", path])
    if code != 0:
        raise ValueError("no key can be made: %s" % (error.strip() or code))
    for half in (path, path + ".pub"):
        os.chown(half, owner.pw_uid, owner.pw_gid)


def remove_key(name):
    for half in (name, name + ".pub"):
        files.remove("%s/%s" % (KEYS, half))


def remove_store(run):
    """All that the data sets left, releases and backups too, and the links that led there. First what would make it anew is stopped."""
    # Twice: a run that is stopped in the middle has failed, and a failed run is tried again
    for _time in range(2):
        problem = systemd.order(run, "stop", "lvs-data-*")
        if problem:
            raise ValueError("the units lvs-data-* could not be stopped: %s" % problem)
    for name in names():
        known = config(name)
        if os.path.islink(known["path"]) and os.readlink(known["path"]).startswith(STORE):
            os.unlink(known["path"])
        if known["behind"]:
            files.remove(known["behind"]["file"])
    shutil.rmtree(STORE, ignore_errors=True)
