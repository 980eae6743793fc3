# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of real servers that fail or have enough, and who is told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import problems_of

from .samples import FACTS, INVENTORY, MINIMAL, changed

VS = "virtual_servers[0]"
TELL = {"command": ["/usr/local/bin/tell"]}
SINGLE = changed(MINIMAL, {"routers.group": "one", "heartbeat": "none"})


def right(changes: dict[str, Any], definition: dict[str, Any] = MINIMAL) -> dict[str, Any]:
    cluster, problems = normalise(changed(definition, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    done, problems = resolve(cluster, FACTS)
    assert done, "\n".join(map(str, problems))
    return done


def test_thresholds_of_a_real_server_go_before_those_of_its_virtual_server() -> None:
    own = [{"host": "web1", "upper_threshold": 50}, {"host": "web2", "upper_threshold": 0, "lower_threshold": 0}, {"host": "web3"}]
    changes = {f"{VS}.upper_threshold": 100, f"{VS}.lower_threshold": 40, f"{VS}.real_servers": own}
    servers = right(changes)["virtual_servers"][0]["real_servers"]
    assert [(server["upper_threshold"], server["lower_threshold"]) for server in servers] == [(50, 40), (0, 0), (100, 40)]
    rows = kernel_services(right(changes, SINGLE))
    assert [row.get("upper_threshold") for row in rows[0]["destinations"]] == [50, None, 100]
    assert not problems_of(rows)


def test_the_clusters_program_is_told_of_everything_unless_a_virtual_server_has_its_own() -> None:
    second = {"name": "second", "address": "192.0.2.101", "port": 80, "notify": {"command": ["/bin/page"], "user": "nobody"}}
    cluster = right({"notify": TELL, "virtual_servers[1]": second})
    assert [service["notify"]["command"] for service in cluster["virtual_servers"]] == [["/usr/local/bin/tell"], ["/bin/page"]]
    text = render(cluster, "r2")
    assert "LVS_EVENT=router LVS_CLUSTER=web LVS_ROUTER=r2 /usr/local/bin/tell" in text
    assert "/usr/local/bin/tell REAL_SERVER www/web1 DOWN" in text
    assert "/bin/page VIRTUAL_SERVER second UP" in text
    assert text.count("--reuid=nobody") == 2 + 3 * 2


@pytest.mark.parametrize("given", [{f"{VS}.quiesce": True}, {f"{VS}.alpha": True}, {f"{VS}.notify": TELL}, {"notify": TELL},
                                   {f"{VS}.load_feedback": 9999}, {"load_feedback": 9999}])
def test_a_single_router_notices_nothing(given: dict[str, Any]) -> None:
    _cluster, problems = normalise(changed(SINGLE, given), INVENTORY)
    assert [problem.path for problem in problems] == list(given)
    assert "use two routers" in problems[0].remedy


def test_a_single_router_may_say_so() -> None:
    assert right({f"{VS}.quiesce": False, f"{VS}.alpha": False}, SINGLE)["virtual_servers"][0]["quiesce"] is False


def test_show_says_it() -> None:
    text = describe(
        right({f"{VS}.quiesce": True, f"{VS}.upper_threshold": 9, f"{VS}.lower_threshold": 5, f"{VS}.scheduler": "sh", f"{VS}.scheduler_flags": "sh-port"})
    )
    for words in ("sh (sh-port), nat", "stay with weight 0 when they fail", "weight 100, at most 9 connections, again below 5"):
        assert words in text
