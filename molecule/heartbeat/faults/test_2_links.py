# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A link that is gone for longer than it is forgiven, or shorter; a machine beyond the links that one router does not reach, or none."""

from __future__ import annotations

import time

import pytest
from lvslab import trial
from three import NAT, ROUTERS, active, held_by, watched

PINGED = "192.0.2.1"


@pytest.fixture(autouse=True)
def first_is_active():
    held_by("r1")
    yield
    trial.agent().call("mend", host="r1", network_name="private")
    for router in ROUTERS:
        trial.on(router, f"ip route del blackhole {PINGED}/32 2>/dev/null; true")
    held_by("r1", 90)


def pull(seconds: float) -> None:
    """r1's private cable, at the bridge: so exactly as the lab's kernel can."""
    trial.agent().read(["sh", "-c", f"ip link set v1-1 down; sleep {seconds}; ip link set v1-1 up"])


def test_a_link_that_is_back_within_the_delay_was_never_gone():
    with watched("cable out for 0.3 s, forgiven up to 0.8 s") as seen:
        pull(0.3)
    assert active() == ["r1"]
    journal = trial.on("r1", "journalctl -u keepalived --since -60s -o cat")
    assert "FAULT" not in journal, journal
    assert seen["two_ms"] == 0 and seen["hole_ms"] < 3000, seen


def test_a_link_that_stays_away_moves_everything_and_counts_again_when_it_has_held_for_a_while():
    with watched("cable out") as seen:
        trial.agent().call("cut", host="r1", network_name="private")
        held_by("r2", 20)
    assert seen["two_ms"] == 0 and seen["hole_ms"] < 6000, seen
    trial.agent().call("mend", host="r1", network_name="private")
    time.sleep(1.0)
    trial.agent().call("cut", host="r1", network_name="private")
    time.sleep(2.0)
    assert active() == ["r2"], "a link of one second does not count yet"


def test_a_router_that_does_not_reach_what_it_pings_leaves_it_to_one_that_does():
    with watched("r1 does not reach its ping target") as seen:
        trial.on("r1", f"ip route add blackhole {PINGED}/32")
        held_by("r2", 30)
    assert seen["two_ms"] == 0 and seen["hole_ms"] < 6000, seen


def test_a_ping_target_that_no_router_reaches_moves_nothing():
    with watched("nobody reaches the ping target") as seen:
        for router in reversed(ROUTERS):
            trial.on(router, f"ip route add blackhole {PINGED}/32")
        time.sleep(12)
        assert active() == ["r1"]
    assert active() == ["r1"] == trial.holders(NAT, ROUTERS)
    assert (seen["failed"], seen["kept"], seen["two_ms"]) == (0, 6, 0), seen
