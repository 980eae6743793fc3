# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last word: remove.yml leaves each host as it was before the first deploy."""

from __future__ import annotations

import json

from lvslab import trial
from lvslab.playbook import play

# Kept by the tools that change accounts, one generation back.
BACKUPS = ("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-")


def lines(fingerprint) -> set[str]:
    """Without what is not a matter of the host: settings of the module, which stays while any host of the one kernel has it."""
    judged = [line for line in fingerprint if not line.startswith("sysctl net.ipv4.vs.")]
    return {line for line in judged if not line.endswith(BACKUPS) and not any(f"{backup} " in line for backup in BACKUPS)}


def test_hosts_are_as_they_were_before_the_first_deploy():
    before = json.loads((trial.folder() / "bare.json").read_text())
    play("lvs.cluster.remove", "--limit", ",".join(before), inventory="molecule/default/inventory")
    left = {host: sorted(lines(trial.fingerprint(host)) ^ lines(before[host])) for host in before}
    assert left == {host: [] for host in before}


def test_second_removal_changes_nothing():
    before = json.loads((trial.folder() / "bare.json").read_text())
    run = play("lvs.cluster.remove", "--limit", ",".join(before), inventory="molecule/default/inventory")
    assert run.changed == {}


def test_the_other_cluster_is_served_as_before():
    assert trial.watch("client", "192.0.2.200", count=30, interval=0.0)["failed"] == 0
