# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify() of a router without keepalived: whatever is not as declared is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import plan, verify
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import held_addresses, kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import read_services

from ..model.test_single import SINGLE, resolved

CLUSTER = resolved(SINGLE)
STRANGER = {"protocol": "tcp", "address": "198.51.100.1", "port": 80, "destinations": [{"address": "10.0.0.11"}]}


def complete(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    report = Report()
    made = plan.target([], read_services(services, "services", report), "overridden", report)
    assert not report
    return made


def state() -> dict[str, Any]:
    held = [{"address": row["address"].split("/")[0], "interface": row["interface"]} for row in held_addresses(CLUSTER, "r1")]
    return {
        "keepalived": {"running": False, "state": "not installed", "seconds_since_start": None},
        "instances": {},
        "addresses": [{"address": "192.0.2.2", "interface": "eth0"}, *held],
        "services": complete(kernel_services(CLUSTER)),
        "restoration": "enabled",
    }


def test_as_declared() -> None:
    assert verify.verify(CLUSTER, {"r1": state()}) == []
    assert verify.settled(CLUSTER, state())
    assert verify.active_routers(CLUSTER, {"r1": state()}) == ["r1"]


def first(found: dict[str, Any]) -> dict[str, Any]:
    return found["services"][0]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda found: found["keepalived"].update(running=True), "r1: keepalived runs, and would take"),
        (lambda found: found["addresses"].pop(1), "r1: it is active without the VIP 192.0.2.100: something took it off: deploy again"),
        (lambda found: found["addresses"].pop(2), "r1: it is active without the gateway 10.0.0.254"),
        (lambda found: found["addresses"][1].update(interface="lo"), "r1: the VIP 192.0.2.100 is on lo: it belongs on eth0"),
        (lambda found: found["services"].pop(0), "r1: the virtual server www (tcp 192.0.2.100:80) is not in the IPVS table: something took it off"),
        (lambda found: first(found)["destinations"].pop(0), "r1: web1 (10.0.0.11:80) is out of www: it has no health check"),
        (lambda found: first(found)["destinations"][1].update(weight=7), "r1: web2 (10.0.0.12:80) has weight 7 in www: declared is 100"),
        (lambda found: first(found)["destinations"][1].update(upper_threshold=9), "r1: web2 (10.0.0.12:80) has the thresholds 9 and 0 in www: declared"),
        (lambda found: first(found).update(scheduler="rr"), "r1: www has the scheduler rr"),
        (lambda found: found["services"].extend(complete([STRANGER])), "r1: the IPVS table is not as declared: deploy again, which does: ipvsadm -D -t 198"),
        (lambda found: found.update(restoration="disabled"), "r1: the IPVS table will not be there after the next boot (its unit is disabled)"),
    ],
)
def test_each_difference_is_named(change: Callable[[dict[str, Any]], Any], text: str) -> None:
    found = state()
    change(found)
    problems = [str(problem) for problem in verify.verify(CLUSTER, {"r1": found})]
    assert len(problems) == 1, problems
    assert problems[0].startswith(text)


def test_a_router_that_does_not_answer() -> None:
    assert [str(problem) for problem in verify.verify(CLUSTER, {})] == ["r1: its state could not be read: see whether the host answers"]
    assert verify.active_routers(CLUSTER, {}) == []
