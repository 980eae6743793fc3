# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights follow what an agent on the real servers says of their load, on both routers."""

from __future__ import annotations

from actors import KINDS, ROUTERS, address, table, tell
from lvslab import trial

SERVICE, PORT = KINDS["web"]


def test_the_weight_is_what_the_server_says():
    """Of the declared 100."""
    def weights(server: str) -> list[int | None]:
        return [table(router).get(SERVICE, {}).get(f"{address(server)}:{PORT}") for router in ROUTERS]

    told = {"75%": 75, "150%": 150, "drain": 0, "up": 150, "down": 0, "100%": 100}
    try:
        for line, weight in told.items():
            tell("web1", f"'{line}'", "agent")
            assert trial.eventually(lambda: weights("web1") == [weight, weight], 30), (line, weights("web1"))  # noqa: B023
            assert weights("web2") == [100, 100]
    finally:
        trial.on("web1", "rm -f /run/actor/agent")
