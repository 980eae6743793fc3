# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A neighbour that learned a wrong address, or lost the packet of a failover, hears the right one from the active router in time."""

from __future__ import annotations

import pytest
from lvslab import trial

pytestmark = pytest.mark.lane("waits")
ROUTERS, GATEWAY = ["r1", "r2"], "10.0.0.254"
REFRESH = 60  # seconds, garp_master_refresh


def hardware(host: str, interface: str) -> str:
    return trial.on(host, f"cat /sys/class/net/{interface}/address").strip()


def test_a_neighbour_with_a_wrong_address_hears_the_right_one_without_a_failover():
    """The neighbour is the backup: nothing of it goes that way, while the other tests send their packets."""
    (active,) = trial.holders(GATEWAY, ROUTERS)
    (neighbour,) = set(ROUTERS) - {active}
    right, wrong = hardware(active, "eth1"), hardware("web1", "eth0")
    seen: list[str] = []

    def poison() -> None:
        trial.on(neighbour, f"ip neigh replace {GATEWAY} lladdr {wrong} dev eth1 nud stale")

    def hears() -> bool:
        seen.append(trial.on(neighbour, f"ip neigh show {GATEWAY}").strip())
        # The kernel may forget what nobody uses, and nobody who has forgotten is told
        if "lladdr" not in seen[-1]:
            poison()
        return right in seen[-1]

    poison()
    assert trial.eventually(hears, 2 * REFRESH + 5, every=1), seen
