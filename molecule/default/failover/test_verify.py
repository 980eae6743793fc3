# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator is told when a host is dead: who is active, what is lost, and how the rest is. The clusters are whole again afterwards."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/default/inventory"


@contextmanager
def dead(host: str, seen, whole):
    """The host without power, from the moment that the cluster has `seen` it; afterwards with it, and the cluster `whole`."""
    trial.agent().call("power_off", host=host)
    try:
        assert trial.eventually(seen, 25)
        yield
    finally:
        trial.agent().call("power_on", host=host)
        trial.agent().call("wait_up", hosts=[host])
        assert trial.eventually(whole, 40), "the cluster is not as before"


def report(cluster: str) -> list[str]:
    """The report of a cluster that is not as declared, as it stands on the terminal; nothing is changed."""
    run = play("lvs.cluster.verify", "--limit", f"cluster_{cluster}", inventory=INVENTORY, check=False)
    assert (run.status, run.changed) == (2, {}), run.output
    lines = run.output.splitlines()
    (first,) = [number for number, line in enumerate(lines) if line.endswith(":") and f"the cluster {cluster} does not run as declared" in line]
    length = next(number for number, line in enumerate(lines[first:]) if line.startswith("Origin:"))
    return lines[first : first + length]


@pytest.mark.lane("a")
def test_a_dead_router_is_all_that_is_wrong_and_stops_a_deploy():
    def active():
        return trial.holders("192.0.2.100", ["a-r1", "a-r2"])

    with dead("a-r1", lambda: active() == ["a-r2"], lambda: active() == ["a-r1"]):
        head, lost, rest = report("a")
        deploy = play("lvs.cluster.deploy", "--limit", "cluster_a", inventory=INVENTORY, check=False)
    assert head.endswith("1 problem:")
    assert lost.startswith("a-r1: it is unreachable (") and "ansible a-r1 -m ping" in lost
    assert rest == "all else is as declared: a-r2 is active, with 3 floating addresses and 2 virtual servers"
    last = {names[-1] for host, names in deploy.tasks.items() if host in ("a-r1", "a-r2", "a-web1", "a-web2")}
    assert (bool(deploy.status), deploy.changed) == (True, {})
    assert last <= {"Read the host", "Take the hosts of the clusters"}, "nothing was done on any host after one could not be read"


@pytest.mark.lane("b")
def test_a_dead_real_server_is_named_and_seen_by_its_routers():
    def rows():
        return [trial.on(router, "ipvsadm -Ln | grep -c 10.0.0.21:80 || true").strip() for router in ("b-r1", "b-r2")]

    with dead("b-web1", lambda: rows() == ["0", "0"], lambda: rows() == ["1", "1"]):
        _head, lost, first, second, active = report("b")
    assert lost.startswith("b-web1: it is unreachable (")
    assert first.startswith("b-r1: b-web1 is out of www: its http check fails")
    assert second.startswith("b-r2: b-web1 is out of www: its http check fails")
    assert active == "b-r1 is active"
