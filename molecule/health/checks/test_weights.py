# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights follow what the real servers say of their load, by an agent or a header of their answers, on both routers."""

from __future__ import annotations

import pytest
from actors import KINDS, ROUTERS, address, table, tell
from lvslab import trial

AGENT = (*KINDS["web"], "agent")
HEADER = ("TCP 192.0.2.103:80", 80, "load")


@pytest.mark.parametrize(("service", "port", "who"), [AGENT, HEADER])
def test_the_weight_is_what_the_server_says(service, port, who):
    """Of the declared 100."""
    def weights(server: str) -> list[int | None]:
        return [table(router).get(service, {}).get(f"{address(server)}:{port}") for router in ROUTERS]

    told = {"75%": 75, "150%": 150, "drain": 0, "up": 150, "down": 0, "100%": 100}
    try:
        for line, weight in told.items():
            tell("web1", f"'{line}'", who)
            assert trial.eventually(lambda: weights("web1") == [weight, weight], 30), (line, weights("web1"))  # noqa: B023
            assert weights("web2") == [100, 100]
    finally:
        trial.on("web1", f"rm -f /run/actor/{who}")
