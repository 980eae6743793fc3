# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three routers: the next one takes over, and each returns to its place."""

from __future__ import annotations

from lvslab import trial
from three import held_by, watched


def test_the_next_router_takes_over_from_each_and_all_return_to_their_places():
    held_by("r1")
    with watched("r1 without power") as first:
        trial.agent().call("power_off", host="r1")
        held_by("r2", 15)
    told = trial.on("r2", "tail -n 40 /var/tmp/told")
    assert "keepalived_script | --team web GROUP web MASTER 0 | LVS_CLUSTER=web LVS_EVENT=router LVS_ROUTER=r2" in told, told
    with watched("r2 without power too") as second:
        trial.agent().call("power_off", host="r2")
        held_by("r3", 15)
    with watched("r2 returns") as third:
        trial.agent().call("power_on", host="r2")
        held_by("r2", 90)
    with watched("r1 returns") as fourth:
        trial.agent().call("power_on", host="r1")
        held_by("r1", 90)
    every = [first, second, third, fourth]
    assert [one["kept"] for one in every] == [6] * 4, every
    assert all(one["hole_ms"] < 6000 for one in every), every
    assert [one["two_ms"] for one in every] == [0] * 4, every
