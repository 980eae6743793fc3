# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that leave without a lost request, under 50 requests a second: booted batch by batch; the update stops at the first that does not return."""

from __future__ import annotations

import json
import os
import re

import pytest
from lvslab import paths, trial
from lvslab.playbook import play
from servers import INVENTORY, SERVERS, answering, load, weigh, weights

# All hosts of the lab have one kernel, so one boot id; logind is masked there.
REBOOT = """- become: true
  ansible.builtin.reboot:
    reboot_command: systemctl start reboot.target --job-mode=replace-irreversibly --no-block
    connect_timeout: 2
    boot_time_command: stat -c %Z /proc/1
"""
BROKEN = "web4"
# As a machine whose power supply fails while it boots
NO_RETURN = f"""- ansible.builtin.command:
    cmd: env LAB={os.environ.get("LVS_LAB", "")} {paths.PROJECT}/lab/lab power_off {BROKEN}
  delegate_to: localhost
  when: inventory_hostname == "{BROKEN}"
- ansible.builtin.wait_for_connection: {{timeout: 15, connect_timeout: 3}}
"""


@pytest.fixture
def update(tmp_path):
    """Runs the playbook with these tasks and options."""
    def run(tasks: str, check: bool = True, **options):
        (tmp_path / "tasks.yml").write_text(tasks)
        given = {"lvs_update_tasks": f"{tmp_path}/tasks.yml", "lvs_deadline": 30, **options}
        return play("lvs.cluster.rolling_update", "-e", json.dumps(given), inventory=INVENTORY, check=check)

    return run


def boots() -> dict[str, str]:
    return {server: trial.on(server, "stat -c %Z /proc/1") for server in SERVERS}


def test_an_update_with_five_boots_loses_no_request_and_breaks_no_download(update):
    """Two at a time."""
    weigh({})
    before = boots()
    with load() as seen:
        run = update(REBOOT, lvs_batch=2, lvs_healthy_within=240)
    seen.lost_nothing(f"update, {len(SERVERS)} boots", run.seconds)
    after = boots()
    assert not [server for server in SERVERS if after[server] == before[server]], (before, after)
    weigh({})


def test_it_stops_at_a_server_that_does_not_return_while_four_serve_and_goes_on_later(update):
    """It stays drained, also when it is there again. Then the play goes on as it has told, and boots the rest."""
    before = boots()
    try:
        with load() as seen:
            run = update(NO_RETURN, check=False, lvs_servers="web4,web5")
            assert run.status, run.output[-6000:]
            assert trial.agent().call("state_of_hosts")[BROKEN] == "off", run.output[-6000:]
            assert answering() == set(SERVERS) - {BROKEN}
        seen.lost_nothing("stop at a server that does not return", run.seconds)
        assert set(seen.requests["servers"]) >= set(SERVERS) - {BROKEN}
    finally:
        if trial.agent().call("state_of_hosts")[BROKEN] == "off":
            trial.agent().call("power_on", host=BROKEN)
        trial.agent().call("wait_up", hosts=[BROKEN])
    told = re.search(r"go on with\s+-e lvs_servers=(\S+?)\"?\s", run.output)
    assert told, run.output[-6000:]
    assert told.group(1) == "web4,web5"
    assert boots()["web5"] == before["web5"], "the play went on"
    assert all(weights(router).get(BROKEN, 0) == 0 for router in ("r1", "r2"))
    weigh({BROKEN: 0})
    assert answering() == set(SERVERS) - {BROKEN}
    with load() as seen:
        run = update(REBOOT, lvs_batch=2, lvs_servers=told.group(1), lvs_healthy_within=240)
    seen.lost_nothing("update that was resumed", run.seconds)
    after = boots()
    assert {server for server in SERVERS if after[server] != before[server]} == {"web4", "web5"}
    weigh({})
    assert answering() == set(SERVERS)
