# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator does with a running cluster: looks at it, switches over and back, drills."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/failover/inventory"
NAT, ROUTERS = "192.0.2.100", ["r1", "r2"]
LONGEST_PLAY = 240      # seconds that a client watches at most


def state(report) -> tuple[int, dict]:
    """Exit status of `status`, and what it wrote."""
    run = play("lvs.cluster.status", "-e", f"lvs_report={report}", inventory=INVENTORY, check=False)
    return run.status, json.loads(report.read_text())


def test_a_heartbeat_that_is_lost_on_one_path_is_an_alarm_and_keeps_the_backup_from_taking_over(tmp_path):
    """And with it whole again nothing is wrong. A router that is not there is refused too."""
    trial.agent().call("cut", host="r2", network_name="private", carrier=False)
    try:
        with ThreadPoolExecutor() as pool:
            unfit, unknown = (pool.submit(play, "lvs.cluster.failover", *to, inventory=INVENTORY, check=False) for to in ([], ["-e", "lvs_to=r7"]))
            status, found = state(tmp_path / "degraded.json")
            refused, nobody = unfit.result(), unknown.result()
    finally:
        trial.agent().call("mend", host="r2", network_name="private")
    assert nobody.status and nobody.changed == {}
    assert "There is no router r7; there are r1, r2" in nobody.output
    assert status
    assert ("heartbeat_lost", "r2") in {(alarm["alarm"], alarm["where"]) for alarm in found["alarms"]}
    assert found["active"] == "r1" and not found["whole"]
    assert refused.status and "heartbeat_lost" in refused.output and refused.changed == {}
    assert trial.holders(NAT, ROUTERS) == ["r1"]
    # r2's checks failed with its cable: it is whole again when they have put the servers back
    assert trial.eventually(lambda: trial.on("r2", "ipvsadm -Sn").count("\n-a ") == 4, 60, every=1), trial.on("r2", "ipvsadm -Sn")
    for _ in range(3):
        status, found = state(tmp_path / "whole.json")
        if not status:
            break
        time.sleep(5)
    assert (status, found["alarms"], found["whole"]) == (0, [], True)


def test_switch_over_and_back_without_a_lost_request():
    clients = [trial.Watch("client", NAT, seconds=LONGEST_PLAY, timeout=8, interval=0.005, until="/run/lvs-test-end") for _ in range(3)]
    try:
        play("lvs.cluster.failover", "-e", "lvs_to=r2", inventory=INVENTORY)
        assert trial.holders(NAT, ROUTERS) == ["r2"]
        play("lvs.cluster.failback", inventory=INVENTORY)
        assert trial.holders(NAT, ROUTERS) == ["r1"]
    finally:
        trial.on("client", "touch /run/lvs-test-end")
        seen = [client.result() for client in clients]
        trial.on("client", "rm /run/lvs-test-end")
    failed, asked = sum(one["failed"] for one in seen), sum(one["asked"] for one in seen)
    print(f"switch-over and back: {failed} of {asked} requests lost")
    assert failed == 0 and asked >= 1000, seen


def test_drill_that_breaks_off_has_undone_what_it_did_and_tells_of_it(tmp_path):
    """The power can't be switched off; then one of the routers is not well, and it does not begin."""
    report = tmp_path / "drill"
    asked = json.dumps({"lvs_drill": ["power_off", "crash"], "lvs_drill_wait": 0, "lvs_drill_client": "client",
                        "lvs_drill_power_off": "false {host}", "lvs_drill_power_on": "true {host}", "lvs_drill_report": str(report)})
    run = play("lvs.cluster.drill", "-e", asked, inventory=INVENTORY, check=False)
    assert run.status, run.output[-3000:]
    assert json.loads(report.with_suffix(".json").read_text()) == [], run.output[-3000:]
    text = report.with_suffix(".txt").read_text()
    assert "NOT MEASURED: power_off" in text and "NOT MEASURED: crash" in text, text
    assert trial.holders(NAT, ROUTERS) == ["r1"]
    begun = trial.on("r1", "systemctl show -p InvocationID keepalived")
    trial.on("r2", "systemctl stop keepalived")
    try:
        run = play("lvs.cluster.drill", "-e", asked, inventory=INVENTORY, check=False)
    finally:
        trial.on("r2", "systemctl start keepalived")
    assert run.status and "TASK [See that the routers are whole]" in run.output, run.output[-3000:]
    assert "Make the failure" not in run.output and "TASK [Announce it" not in run.output
    assert trial.on("r1", "systemctl show -p InvocationID keepalived") == begun
    assert trial.eventually(lambda: not play("lvs.cluster.status", inventory=INVENTORY, check=False).status, 60, every=2)


def test_drill_tells_what_was_lost_and_leaves_the_cluster_whole(tmp_path):
    report = tmp_path / "drill"
    play("lvs.cluster.drill", "-e", '{"lvs_drill": ["stop"], "lvs_drill_wait": 0, "lvs_drill_client": "client"}', "-e", f"lvs_drill_report={report}",
         inventory=INVENTORY)
    (one,) = json.loads(report.with_suffix(".json").read_text())
    assert (one["fault"], one["before"], one["during"], one["after"]) == ("stop", "r1", ["r2"], ["r1"])
    assert 0 < one["client"]["phases"]["stop"]["outage_ms"] < 8000
    assert one["client"]["connections"]["of"] == 4
    text = report.with_suffix(".txt").read_text()
    assert "stop on r1" in text and "connections kept: 4 of 4" in text, text
    assert trial.holders(NAT, ROUTERS) == ["r1"]
