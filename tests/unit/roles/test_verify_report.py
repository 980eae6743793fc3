# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a verify: every problem, the worst first, and who is active."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem
from ansible_collections.lvs.cluster.plugins.module_utils._model.verify_report import as_declared, not_as_declared, worst_first

CLUSTER = {"name": "web", "vips": [{}, {}], "virtual_servers": [{}]}
NONE_ACTIVE = Problem("web", "no router is active", "")
LOST = Problem("r1", "it is unreachable", "see its power")
OUT = Problem("r2", "web1 is out of www", "see it")


def test_the_cluster_then_lost_hosts_then_the_rest() -> None:
    assert worst_first(CLUSTER, [OUT, LOST, NONE_ACTIVE], {"r1"}) == [NONE_ACTIVE, LOST, OUT]


@pytest.mark.parametrize(
    ("problems", "active", "last"),
    [
        ([LOST], "r2", "all else is as declared: r2 is active, with 2 floating addresses and 1 virtual server"),
        ([LOST, OUT], "r2", "r2 is active"),
        ([LOST], None, "r1: it is unreachable: see its power"),
    ],
)
def test_who_is_active_stands_at_the_end(problems: list[Problem], active: str, last: str) -> None:
    lines = not_as_declared(CLUSTER, problems, active, {"r1"}).splitlines()
    assert lines[0] == "the cluster web does not run as declared, %d problem%s:" % (len(problems), "s" * (len(problems) > 1))
    assert lines[-1] == last
    assert {str(problem) for problem in problems} <= set(lines)


def test_all_is_well() -> None:
    assert as_declared(CLUSTER, "r1") == "the cluster web runs as declared: r1 is active, with 2 floating addresses and 1 virtual server"
    assert "its routers were not asked" in as_declared(CLUSTER, None)
