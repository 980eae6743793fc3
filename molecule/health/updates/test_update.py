# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that leave without a lost request: booted one batch after the other; the update stops at the first that does not return."""

from __future__ import annotations

import json

from actors import INVENTORY, SITE, VIP, answering, weighs
from lvslab import trial
from lvslab.playbook import play

# All hosts of the lab have one kernel, so one boot id; logind is masked there.
REBOOT = """- become: true
  ansible.builtin.reboot:
    reboot_command: systemctl start reboot.target --job-mode=replace-irreversibly --no-block
    connect_timeout: 2
    boot_time_command: stat -c %Z /proc/1
"""
STOP = "- become: true\n  ansible.builtin.systemd_service: {name: actor, state: stopped}\n"


def lost(seen: list[dict]) -> str:
    return f"{sum(one['failed'] for one in seen)} of {sum(one['asked'] for one in seen)}"


def test_rolling_update_with_reboots_loses_no_request_and_breaks_no_download(tmp_path):
    """Some 50 requests a second by three clients, and downloads of 3 s one after the other; two servers at a time."""
    weighs({})
    (tmp_path / "reboot.yml").write_text(REBOOT)
    booted = {server: trial.on(server, "stat -c %Z /proc/1") for server in SITE}
    trial.on("client", "rm -f /run/enough")
    clients = [trial.Watch("client", VIP, seconds=1500, interval=0.05, timeout=8, until="/run/enough") for _ in range(3)]
    downloads = [trial.Watch("client", VIP, seconds=1500, interval=0.1, timeout=8, path="/slow", until="/run/enough") for _ in range(3)]
    try:
        options = {"lvs_update_tasks": f"{tmp_path}/reboot.yml", "lvs_batch": 2, "lvs_deadline": 30}
        run = play("lvs.cluster.rolling_update", "-e", json.dumps(options), inventory=INVENTORY)
    finally:
        trial.on("client", "touch /run/enough")
        seen, files = [one.result() for one in clients], [one.result() for one in downloads]
    rate = sum(one["asked"] for one in seen) / run.seconds
    print(f"rolling update, {len(SITE)} boots in {run.seconds:.0f} s: lost {lost(seen)} requests ({rate:.0f} a second), {lost(files)} downloads")
    assert all(trial.on(server, "stat -c %Z /proc/1") != before for server, before in booted.items())
    assert [one["first_failures"] for one in [*seen, *files] if one["failed"]] == []
    weighs({})


def test_it_stops_at_the_first_server_that_does_not_come_back(tmp_path):
    """Which stays drained, also when it is well again; the rest serve."""
    (tmp_path / "stop.yml").write_text(STOP)
    options = {"lvs_update_tasks": f"{tmp_path}/stop.yml", "lvs_healthy_within": 5, "lvs_deadline": 5, "lvs_servers": "web1,web2,web3"}
    run = play("lvs.cluster.rolling_update", "-e", json.dumps(options), inventory=INVENTORY, check=False)
    try:
        assert run.status
        said = " ".join(run.output.split())
        assert "should it stop here, go on with -e lvs_servers=web1,web2,web3" in said, run.output[-12000:]
        assert answering() == set(SITE) - {"web1"}
        assert trial.on("web2", "systemctl is-active actor").strip() == "active"
    finally:
        trial.on("web1", "systemctl start actor")
    weighs({"web1": 0})
    play("lvs.cluster.undrain", "-e", "lvs_servers=web1", inventory=INVENTORY)
    weighs({})
