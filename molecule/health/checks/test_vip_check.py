# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real server that is well and lacks the VIP, or the tunnel's end, is found out by both routers: the active one has the VIP itself."""

from __future__ import annotations

import pytest
from actors import ACTORS, ROUTERS, address, seen, table
from lvslab import trial

SICK = "web2"
OTHERS = set(ACTORS) - {SICK}
SPOIL = {
    "direct": ("192.0.2.102", "ip address del 192.0.2.102/32 dev lvs-vips", "ip address add 192.0.2.102/32 dev lvs-vips"),
    "tunnel": ("192.0.2.103", "ip link set lvs-ipip down", "ip link set lvs-ipip up"),
}


def there(vip: str, router: str) -> set[str]:
    found = table(router).get(f"TCP {vip}:80", {})
    return {server for server in ACTORS if f"{address(server)}:80" in found}


@pytest.mark.parametrize("method", SPOIL)
def test_a_server_that_lacks_what_takes_the_packets_is_taken_out_and_comes_back(method):
    vip, spoil, mend = SPOIL[method]

    def why(router: str) -> str:
        asked = seen(method, SICK, router)
        return f"{asked['verdict']}: {asked['reason']}"

    assert trial.eventually(lambda: all(there(vip, router) == set(ACTORS) for router in ROUTERS), 60), [table(router) for router in ROUTERS]
    trial.on(SICK, spoil)
    try:
        assert trial.eventually(lambda: all(there(vip, router) == OTHERS for router in ROUTERS), 60), [there(vip, router) for router in ROUTERS]
        for router in ROUTERS:
            assert trial.eventually(lambda: f"no answer from the VIP {vip} within 1 s" in why(router), 20), why(router)  # noqa: B023
            assert there("192.0.2.100", router) == set(ACTORS), "its own address answers all the time"
    finally:
        trial.on(SICK, mend)
    assert trial.eventually(lambda: all(there(vip, router) == set(ACTORS) for router in ROUTERS), 60), [why(router) for router in ROUTERS]
    print("seen:", method, {router: seen(method, SICK, router)["latency_ms"] for router in ROUTERS}, "ms")
