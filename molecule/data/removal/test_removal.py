# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remove.yml takes data sets off, and leaves what was copied."""

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


def test_hosts_are_as_before_and_copied_files_stay():
    before = json.loads((trial.folder() / "bare.json").read_text())
    run = play("lvs.cluster.remove", inventory="molecule/data/inventory")
    left = {host: sorted(lines(trial.fingerprint(host)) ^ lines(before[host])) for host in before}
    assert left == {host: [] for host in before}, run.output
    told = json.loads((trial.folder() / "removal-checked.json").read_text())
    assert told == run.changed, "check mode told something else"
    gone = "ls -d /var/lib/lvs-data-sync /srv/site /srv/www/in-step 2>&1 | grep -c 'No such'"
    assert trial.on("web3", f"cat /srv/www/deep/er/two.html; {gone}").split() == ["two", "3"]


def test_a_second_removal_changes_nothing():
    run = play("lvs.cluster.remove", "--limit", "lvs_real_servers", inventory="molecule/data/inventory")
    assert run.changed == {}, run.changed
