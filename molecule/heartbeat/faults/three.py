# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three routers under the eyes of a client, of downloads, and of who holds the addresses every 10 ms."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from lvslab import trial

ROUTERS = ["r1", "r2", "r3"]
NAT, DIRECT, GATEWAY = "192.0.2.100", "192.0.2.101", "10.0.0.254"
INVENTORY = "molecule/heartbeat/inventory"
BEFORE = 6.0  # seconds: the kernel collects what it tells of connections for up to 3 s, and the machine may be slow
AFTER = 8.0  # seconds: a download goes on up to twice as late as the service
END = "/run/lvs-test-end"


def active() -> list[str]:
    return trial.holders(NAT, ROUTERS)


def held_by(router: str, seconds: float = 60.0) -> None:
    """Waits until this router holds all, and has the whole table."""

    def question() -> bool:
        return all(trial.holders(address, ROUTERS) == [router] for address in (NAT, DIRECT, GATEWAY)) and \
            trial.on(router, "ipvsadm -Sn", check=False).count("\n-a ") == 4

    assert trial.eventually(question, seconds, every=0.5), f"{router} is to hold the addresses, and {active()} does"


def tell(end: bool) -> None:
    words = ["touch", END] if end else ["rm", "-f", END]
    trial.on("client", " ".join(words))
    trial.agent().read(words)


@contextlib.contextmanager
def watched(what: str, seconds: float = 120.0) -> Iterator[dict[str, Any]]:
    """Gives a mapping that is filled at the end: hole_ms, failed, asked, kept (of 6), two_ms (the worst)."""
    found: dict[str, Any] = {}
    tell(False)
    holders = trial.HoldersWatch(ROUTERS, [NAT, DIRECT, GATEWAY], seconds, until=END)
    client = trial.Watch("client", NAT, seconds=seconds, timeout=0.3, until=END)
    downloads = trial.Probe("downloads.py", "client", f"{NAT},{DIRECT}", seconds=seconds, until=END)
    time.sleep(BEFORE)
    try:
        yield found
        time.sleep(AFTER)
    finally:
        tell(True)
        seen, kept, held = (one.result(seconds + 60) for one in (client, downloads, holders))
        found.update(hole_ms=seen["hole_ms"], failed=seen["failed"], asked=seen["asked"], kept=kept["kept"], two_ms=max(held["two_ms"].values()))
        print(f"{what}: outage {found['hole_ms']} ms, {found['failed']} of {found['asked']} requests failed, {found['kept']} of 6 downloads kept, "
              f"{found['two_ms']} ms on two routers")
