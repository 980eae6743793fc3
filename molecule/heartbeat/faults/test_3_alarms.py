# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What status says of a cluster that serves, and could not bear the next fault."""

from __future__ import annotations

import json
import time

import pytest
from lvslab import trial
from lvslab.playbook import play
from three import INVENTORY, held_by


def alarms(folder) -> tuple[int, set[tuple[str, str]]]:
    report = folder / "status.json"
    run = play("lvs.cluster.status", "-e", f"lvs_report={report}", inventory=INVENTORY, check=False)
    found = json.loads(report.read_text())
    return run.status, {(alarm["alarm"], alarm["where"]) for alarm in found["alarms"]}


@pytest.fixture
def mended(tmp_path):
    """Does what the alarms say, whatever went wrong; then none is left."""
    yield
    if trial.agent().call("state_of_hosts")["r3"] == "off":
        trial.agent().call("power_on", host="r3")
    trial.agent().call("wait_up", hosts=["r3"])
    trial.on("r2", "systemctl kill -s CONT lvs-prober; systemctl reset-failed keepalived lvs-prober", check=False)
    if "master" not in trial.on("r1", "ipvsadm -L --daemon"):
        trial.on("r1", "systemctl restart keepalived")
    held_by("r1", 90)
    for _ in range(5):
        status, found = alarms(tmp_path)
        if not status:
            break
        time.sleep(5)
    assert (status, found) == (0, set())


def test_a_router_that_is_gone_a_sync_that_does_not_run_and_daemons_that_were_restarted_are_alarms(tmp_path, mended):
    held_by("r1")
    trial.agent().call("power_off", host="r3")
    for daemon in ("keepalived", "lvs-prober"):
        trial.on("r2", f"systemctl kill -s KILL {daemon}")
    trial.on("r1", "ipvsadm --stop-daemon master")
    assert trial.eventually(lambda: trial.on("r2", "systemctl is-active keepalived lvs-prober", check=False).split() == ["active"] * 2, 30)
    # Until keepalived knows its place again
    assert trial.eventually(lambda: "backup sync daemon" in trial.on("r2", "ipvsadm -L --daemon"), 30)
    restarts = trial.on("r2", "systemctl show -P NRestarts keepalived lvs-prober").split()
    assert restarts == ["1", "1"], restarts
    status, found = alarms(tmp_path)
    assert status
    assert {("router_lost", "r3"), ("sync_stopped", "r1"), ("restarted", "r2")} <= found, found
    journal = play("lvs.cluster.status", inventory=INVENTORY, check=False).output
    assert "keepalived was restarted once" in journal and "lvs-prober was restarted once" in journal, journal


def test_a_frozen_prober_is_an_alarm(tmp_path, mended):
    trial.on("r2", "systemctl kill -s STOP lvs-prober")
    # systemd's watchdog kills it first, where it may
    assert trial.eventually(lambda: {("prober_silent", "r2"), ("restarted", "r2")} & alarms(tmp_path)[1], 120, every=5)
