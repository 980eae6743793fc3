# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every wrong definition is refused, at the right place, with the right remedy."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise

from .samples import INVENTORY, MINIMAL, changed
from .wrong import WRONG, Wrong
from .wrong_dialogues import WRONG_DIALOGUES
from .wrong_feedback import WRONG_FEEDBACK
from .wrong_vip_check import WRONG_VIP_CHECK

ALL = [*WRONG, *WRONG_DIALOGUES, *WRONG_FEEDBACK, *WRONG_VIP_CHECK]


@pytest.mark.parametrize("case", ALL, ids=[case.what for case in ALL])
def test_wrong_definition(case: Wrong) -> None:
    cluster, problems = normalise(changed(MINIMAL, case.changes), INVENTORY)
    assert cluster is None
    found = [problem for problem in problems if problem.path == case.path and case.message in problem.message]
    assert found, "\n".join(map(str, problems))
    assert any(case.remedy in problem.remedy for problem in found), "\n".join(map(str, found))


@pytest.mark.parametrize("case", ALL, ids=[case.what for case in ALL])
def test_one_mistake_makes_few_problems(case: Wrong) -> None:
    """A mistake must not drown in problems that only follow from it."""
    _cluster, problems = normalise(changed(MINIMAL, case.changes), INVENTORY)
    limit = len(case.changes) + 1
    assert len(problems) <= limit, "\n".join(map(str, problems))


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 40
    assert len({case.what for case in ALL}) == len(ALL)


def test_all_problems_at_once() -> None:
    """Shapes, references and whole-cluster rules in one go, whatever else is wrong."""
    definition = changed(
        MINIMAL,
        {
            "networks.private.gateway": "10.0.1.254",
            "routers.group": "one",
            "heartbeat": {"dead_time": 0.5},
            "virtual_servers[0].port": 70000,
            "virtual_servers[0].schedular": "rr",
            "virtual_servers[1]": {"name": "dns", "address": "198.51.100.1", "port": 53, "protocol": "udp", "quorum": 9},
        },
    )
    _cluster, problems = normalise(definition, INVENTORY)
    assert {problem.path for problem in problems} == {
        "networks.private.gateway",
        "routers.group",
        "heartbeat.dead_time",
        "virtual_servers[0].port",
        "virtual_servers[0].schedular",
        "virtual_servers[1].address",
        "virtual_servers[1].quorum.servers",
    }


@pytest.mark.parametrize("definition", [None, [], "web", 3, True])
def test_no_mapping_at_all(definition: object) -> None:
    cluster, problems = normalise(definition, INVENTORY)
    assert cluster is None
    assert [problem.path for problem in problems] == ["lvs_cluster"]
    assert "give name, networks, routers" in problems[0].remedy


def test_the_form_of_a_problem() -> None:
    _cluster, problems = normalise(changed(MINIMAL, {"virtual_servers[0].port": 70000}), INVENTORY)
    assert str(problems[0]) == "virtual_servers[0].port: 70000 is not a port: give 1 to 65535"
