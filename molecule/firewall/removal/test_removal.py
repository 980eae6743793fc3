# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last word: remove.yml leaves each host as it was before the first deploy, and the administrator's rules loaded."""

from __future__ import annotations

import json

from lvslab import trial
from lvslab.playbook import play

# Kept by the tools that change accounts, one generation back.
BACKUPS = ("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-")


def judged(lines: set[str]) -> set[str]:
    """Without what is not a matter of the host: settings of the module, which stays while any host of the one kernel has it."""
    return {line for line in lines if not line.startswith("sysctl net.ipv4.vs.") and not line.endswith(BACKUPS)
            and not any(f"{backup} " in line for backup in BACKUPS)}


def test_hosts_and_rules_are_as_they_were_before_the_first_deploy():
    before = json.loads((trial.folder() / "bare.json").read_text())
    play("lvs.cluster.remove", inventory="molecule/firewall/inventory")
    assert {router: trial.on(router, "nft --stateless list ruleset") for router in before["rules"]} == before["rules"]
    left = {host: sorted(judged(trial.fingerprint(host)) ^ judged(set(lines))) for host, lines in before["hosts"].items()}
    assert left == {host: [] for host in before["hosts"]}
