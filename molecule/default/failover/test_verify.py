# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator is told when a host is dead: who is active, what is lost, and how the rest is. The clusters are whole again afterwards."""

from __future__ import annotations

import pytest
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/default/inventory"
ROUTER, SERVER = "a-r1", "b-web1"  # of one cluster each, so that one power cut shows both
B_TABLE = "ipvsadm -Ln | grep -c 10.0.0.21:80 || true"


def out_of_the_table() -> bool:
    return all(trial.on(router, B_TABLE).strip() == "0" for router in ("b-r1", "b-r2"))


def whole() -> bool:
    return trial.holders("192.0.2.100", ["a-r1", "a-r2"]) == ["a-r1"] and all(trial.on(router, B_TABLE).strip() == "1" for router in ("b-r1", "b-r2"))


@pytest.fixture(scope="module")
def report():
    """What verify and a deploy say with two hosts dead: (verify's Run, deploy's Run)."""
    try:
        for host in (ROUTER, SERVER):
            trial.agent().call("power_off", host=host)
        deploy = play("lvs.cluster.deploy", inventory=INVENTORY, check=False)
        assert trial.eventually(lambda: trial.holders("192.0.2.100", ["a-r1", "a-r2"]) == ["a-r2"] and out_of_the_table(), 25)
        yield play("lvs.cluster.verify", inventory=INVENTORY, check=False), deploy
    finally:
        states = trial.agent().call("state_of_hosts")
        for host in (ROUTER, SERVER):
            if states[host] == "off":
                trial.agent().call("power_on", host=host)
        trial.agent().call("wait_up", hosts=[ROUTER, SERVER])
        assert trial.eventually(whole, 40), "the clusters are not as before"


def lines(run, cluster: str) -> list[str]:
    """The report of one cluster, as it stands on the terminal."""
    found = run.output.splitlines()
    (first,) = [number for number, line in enumerate(found) if line.endswith(":") and f"the cluster {cluster} does not run as declared" in line]
    length = next(number for number, line in enumerate(found[first:]) if line.startswith("Origin:"))
    return found[first : first + length]


def test_a_dead_router_is_all_that_is_wrong(report):
    head, lost, rest = lines(report[0], "a")
    assert head.endswith("1 problem:")
    assert lost.startswith("a-r1: it is unreachable (") and "ansible a-r1 -m ping" in lost
    assert rest == "all else is as declared: a-r2 is active, with 3 floating addresses and 2 virtual servers"


def test_a_dead_real_server_is_named_and_seen_by_its_routers(report):
    _head, lost, first, second, active = lines(report[0], "b")
    assert lost.startswith("b-web1: it is unreachable (")
    assert first.startswith("b-r1: b-web1 is out of www: its http check fails")
    assert second.startswith("b-r2: b-web1 is out of www: its http check fails")
    assert active == "b-r1 is active"


def test_verify_fails_and_deploy_does_not_begin(report):
    verify, deploy = report
    assert (verify.status, verify.changed) == (2, {})
    assert deploy.status
    last = {names[-1] for host, names in deploy.tasks.items() if host != "client"}
    assert (last, deploy.changed) == ({"Read the host"}, {}), "after what was read nothing was done"
