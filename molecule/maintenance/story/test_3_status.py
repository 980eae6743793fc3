# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A prober that is frozen, and that systemd's watchdog does not kill, is an alarm of the status."""

from __future__ import annotations

import json

from lvslab import trial
from lvslab.playbook import play
from servers import INVENTORY

ROUTER = "r2"
SILENT = "lvs-prober has not said anything for"


def written_at() -> float:
    return json.loads(trial.on(ROUTER, "cat /run/lvs-prober/state.json"))["written_at"]


def told() -> str:
    return " ".join(play("lvs.cluster.status", inventory=INVENTORY, check=False).output.split())


def test_a_frozen_prober_is_an_alarm():
    assert SILENT not in told()
    prober = trial.on(ROUTER, "systemctl show -P MainPID lvs-prober").strip()
    trial.on(ROUTER, f"systemctl service-watchdogs no && kill -STOP {prober}")
    try:
        written = written_at()
        assert trial.eventually(lambda: float(trial.on(ROUTER, "date +%s")) - written > 65, 120, every=2)
        assert trial.on(ROUTER, "systemctl show -P MainPID lvs-prober").strip() == prober
        said = told()
        assert SILENT in said and ROUTER in said, said[-3000:]
    finally:
        trial.on(ROUTER, f"kill -CONT {prober}; systemctl service-watchdogs yes")
    assert trial.eventually(lambda: written_at() > written, 60)
    assert SILENT not in told()
