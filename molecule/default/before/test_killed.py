# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys on bare hosts that die on the way. The runs after each, the converge at last, go on from what it left."""

from __future__ import annotations

import pytest
from lvslab.playbook import play

INVENTORY = "molecule/default/inventory"
LIMIT = {"a": "a-r1,a-r2,a-web2", "b": "b-r1,b-r2,b-web1"}
# In which cluster, at which task, at the how manieth time that it runs: each cluster in this order, both at the same time
CHANGING = [
    ("a", "Kernel modules, sysctls", 1), ("a", "Install the packages", 1), ("a", "Answers go back", 1), ("a", "Bring the configuration into force", 2),
    ("b", "The users as whom", 1), ("b", "Have keepalived test", 1), ("b", "Bring the configuration into force", 1),
]


@pytest.mark.parametrize(("cluster", "task", "time"), [pytest.param(*case, marks=pytest.mark.lane(case[0])) for case in CHANGING])
def test_deploy_dies_in_the_midst_of(cluster, task, time):
    run = play("lvs.cluster.deploy", "--limit", LIMIT[cluster], inventory=INVENTORY, check=False,
               environment={"LVS_DIE_AT": task, "LVS_DIE_TIME": str(time), "LVS_DIE_AFTER": "0.7"})
    assert run.status == -9, f"it was to be killed, but ended with {run.status}:\n{run.output[-3000:]}"
    assert f"[lvs.cluster.lvs_router : {task}" in run.output or f"[lvs.cluster.lvs_real_server : {task}" in run.output
