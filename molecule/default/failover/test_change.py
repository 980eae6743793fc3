# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes on the running cluster: tried, refused, and without harm to what runs."""

from __future__ import annotations

import subprocess

import pytest
from lvslab import paths, trial
from lvslab.playbook import play

pytestmark = pytest.mark.lane("a")
INVENTORY = "molecule/default/inventory"
HOSTS = ["a-r1", "a-r2", "a-web1", "a-web2"]
# Cluster a with another scheduler and one more virtual server
CHANGED = "@molecule/default/definitions/changed.json"
RUNNING = "sha256sum < /etc/keepalived/keepalived.conf; systemctl show -p MainPID --value keepalived"

REFUSED = {
    "garbage": "this is not a configuration {\n",
    "empty": "",
    "an interface that is not there": "vrrp_instance x {\n interface eth7\n virtual_router_id 9\n priority 1\n virtual_ipaddress {\n 192.0.2.9\n }\n}\n",
}


def test_check_mode_of_a_changed_definition_tells_it_and_touches_nothing():
    before = {host: trial.fingerprint(host) for host in HOSTS}
    run = play("lvs.cluster.deploy", "--check", "--diff", "--limit", "cluster_a", "-e", CHANGED, inventory=INVENTORY)
    for host in HOSTS:
        assert trial.fingerprint(host) ^ before[host] == set(), host
    for words in ("-    lb_algo wrr", "+    lb_algo wlc", "+virtual_server 192.0.2.102 8080 {"):
        assert words in run.output, words
    assert run.output.count("+virtual_server 192.0.2.102 8080 {") == 2, "once for each router"
    assert set(run.changed) == {"a-r1", "a-r2"}


@pytest.mark.parametrize("what", REFUSED)
def test_configuration_that_keepalived_refuses_never_becomes_the_running_one(what):
    before = trial.on("a-r2", RUNNING)
    content = REFUSED[what].replace("\n", "\\n")
    done = subprocess.run(["ansible", "a-r2", "-i", str(trial.folder() / "inventory.json"), "-m", "lvs.cluster.keepalived_config",
                           "-a", f'phase=activate content="{content}"'], cwd=paths.PROJECT, capture_output=True, text=True)
    assert done.returncode, done.stdout
    assert "FAILED" in done.stdout
    assert trial.on("a-r2", RUNNING) == before
