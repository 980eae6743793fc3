# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every failure that a drill can make, with three routers."""

from __future__ import annotations

import json
import os

from lvslab import paths
from lvslab.playbook import play
from three import INVENTORY, held_by

FAULTS = ["stop", "crash", "freeze", "heartbeat", "link_down", "power_off"]


def test_drill_makes_every_failure_and_leaves_the_cluster_whole(tmp_path):
    held_by("r1")
    report = tmp_path / "drill"
    lab = f"env LAB={os.environ['LVS_LAB']} {paths.PROJECT}/lab/lab"
    chosen = {"lvs_drill": FAULTS, "lvs_drill_wait": 0, "lvs_drill_client": "client", "lvs_drill_report": str(report),
              "lvs_drill_power_off": f"{lab} power_off {{host}}", "lvs_drill_power_on": f"{lab} power_on {{host}}"}
    run = play("lvs.cluster.drill", "-e", json.dumps(chosen), inventory=INVENTORY, check=False)
    text = report.with_suffix(".txt").read_text() if report.with_suffix(".txt").exists() else ""
    print(f"{text}\noutage: the whole drill took {run.seconds:.0f} s")
    assert not run.status, run.output[-4000:]
    found = json.loads(report.with_suffix(".json").read_text())
    assert [one["fault"] for one in found] == ["stop", "crash", "freeze", "heartbeat", "heartbeat", "link_down", "power_off"]
    for one in found:
        assert one["after"] == ["r1"] == [one["before"]], one
        phase = one["client"]["phases"][one["fault"]]
        if one["fault"] == "heartbeat":
            assert one["during"] == ["r1"] and phase["failed"] == 0, one
        else:
            assert phase["outage_ms"] < 8000, one
    assert [one["during"] for one in found if one["fault"] in ("stop", "link_down", "power_off")] == [["r2"]] * 3, found
    held_by("r1")
