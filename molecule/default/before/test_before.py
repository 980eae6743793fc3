# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On bare hosts, before the deploy: what check mode does, and what a deploy leaves that dies on the way."""

from __future__ import annotations

import json

import pytest
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/default/inventory"
HOSTS = ["a-r1", "a-r2", "a-web2"]      # with a-web2 reached through the route that is replaced
LIMIT = ",".join(HOSTS)
# Each task of the deploy that changes a host, in order, with its how-manieth run: the second router is changed after the first.
CHANGING = [
    ("Kernel modules, sysctls", 1), ("Install the packages", 1), ("The user as whom", 1), ("Have keepalived test", 1),
    ("Answers go back", 1), ("Bring the configuration into force", 1), ("Bring the configuration into force", 2),
]


def test_check_mode_on_bare_hosts_tells_all_and_touches_nothing():
    before = {host: trial.fingerprint(host) for host in HOSTS}
    # What remove.yml has to come back to, at the very end of the scenario
    (trial.folder() / "bare.json").write_text(json.dumps({host: sorted(lines) for host, lines in before.items()}))
    run = play("lvs.cluster.deploy", "--check", "--diff", "--limit", LIMIT, inventory=INVENTORY)
    for host in HOSTS:
        assert trial.fingerprint(host) ^ before[host] == set(), host
        assert run.changed.get(host), f"check mode did not say what would change on {host}"
    for words in ("+virtual_server 192.0.2.100 80 {", "+        192.0.2.100/32 dev eth0 label eth0:100", "keepalived", "+net/ipv4/ip_forward = 1"):
        assert words in run.output, words


@pytest.mark.parametrize(("task", "time"), CHANGING)
def test_deploy_dies_in_the_midst_of(task, time):
    """Killed without a word. The runs after this one, the converge at last, go on from what it left."""
    run = play("lvs.cluster.deploy", "--limit", LIMIT, inventory=INVENTORY, check=False,
               environment={"LVS_DIE_AT": task, "LVS_DIE_TIME": str(time), "LVS_DIE_AFTER": "0.7"})
    assert run.status == -9, f"it was to be killed, but ended with {run.status}:\n{run.output[-3000:]}"
    assert f"[lvs.cluster.lvs_router : {task}" in run.output or f"[lvs.cluster.lvs_real_server : {task}" in run.output
