# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A planned switch-over: to whom, whether it may be, and what each router is told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.switch_over import switch

PLACES = {"public": {"interface": "eth0"}, "private": {"interface": "eth1"}}
THREE: dict[str, Any] = {"name": "web", "heartbeat": {"mode": "unicast"},
                         "routers": [{"host": f"r{number}", "priority": 160 - 10 * number, "networks": PLACES} for number in (1, 2, 3)]}
GIVE = ["give", "eth0", "eth1"]
NOBODY = {"r1": False, "r2": False, "r3": False}


def judged(active: str | None, **unfit: list[str]) -> dict[str, Any]:
    return {"active": active, "fit": {**{f"r{number}": [] for number in (1, 2, 3)}, **unfit}}


@pytest.mark.parametrize(
    ("active", "preferred", "to", "target", "orders"),
    [
        ("r1", None, "other", "r2", {"r1": GIVE, "r2": ["prefer"]}),
        ("r1", None, "r3", "r3", {"r1": GIVE, "r3": ["prefer"]}),
        ("r2", "r2", "r3", "r3", {"r2": GIVE, "r3": ["prefer"]}),
        ("r2", "r2", "r1", "r1", {"r2": GIVE}),
        ("r2", "r2", "first", "r1", {"r2": GIVE}),
        ("r2", None, "r2", "r2", {"r2": ["prefer"]}),
        ("r2", "r2", "r2", "r2", {}),
        ("r1", None, "first", "r1", {}),
        ("r1", "r3", "first", "r1", {"r3": ["ordinary"]}),
        ("r1", None, "of-another-cluster", None, {}),
    ],
)
def test_who_does_what(active: str, preferred: str | None, to: str, target: str | None, orders: dict[str, list[str]]) -> None:
    now = {host: host == preferred for host in NOBODY}
    assert switch(THREE, judged(active), now, to) == {"target": target, "refused": [], "orders": orders}


def test_the_other_one_is_the_next_that_is_fit() -> None:
    assert switch(THREE, judged("r1", r2=["deaf"]), NOBODY, "other")["target"] == "r3"


def test_a_router_that_is_not_fit_is_refused_with_the_reason() -> None:
    found = switch(THREE, judged("r1", r2=["its link is down"]), NOBODY, "r2")
    assert found == {"target": "r2", "refused": ["its link is down"], "orders": {}}


def test_without_an_active_router_nothing_is_switched() -> None:
    found = switch(THREE, judged(None), NOBODY, "r2")
    assert found["refused"] and not found["orders"]


def test_a_single_router_has_nobody_to_switch_to() -> None:
    alone = {**THREE, "heartbeat": {"mode": "none"}, "routers": THREE["routers"][:1]}
    assert switch(alone, judged("r1"), {"r1": False}, "other")["refused"]
    assert not switch(alone, judged("r1"), {"r1": False}, "first")["refused"]
