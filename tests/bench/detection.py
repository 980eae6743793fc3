# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a dead real server is still in the table of the active router, and how long one that is well again is not yet.

One line a figure: `figure value limit ok|SHORT`; exit status 1 if any is SHORT. On a lab of the scenario health, with its servers that refuse
when they are told; the table is read every few milliseconds. Run it by `make bench-detection`. The limits are those of the checks' own times
and 0.2 s, for the worst of all tries; a machine that is busy with other things misses them.
"""

from __future__ import annotations

import sys

from actors import ACTORS, KINDS, address, members, table, tell, watched
from ipvs import Figures
from lvslab import trial

ROUNDS = 3
SLACK = 0.2  # seconds
# Kind → (what its server is called in files/actor, seconds until it is out, until it is back, before which it must not be back)
CHECKS = {"redis": ("redis", 2 * 2, 2, 0.0), "secret": ("secret", 2, 2, 0.0), "mail": ("smtp", 2, 2 * 2, 2.0)}


def took(changes: list, kind: str, server: str, since: float, there: bool) -> float:
    """Seconds from then until the server is in the table, or out of it."""
    service, port = KINDS[kind]
    return min((at - since for at, *what, weight in changes
                if what == [service, f"{address(server)}:{port}"] and (weight is not None) == there and at >= since), default=float("inf"))


def main() -> int:
    figures = Figures()
    everybody = set(ACTORS)
    assert trial.eventually(lambda: all(members()[kind] == everybody for kind in CHECKS), 60), table()
    watch = watched("r1")
    told: list[tuple[str, float, float]] = []
    try:
        for _round in range(ROUNDS):
            for server in ACTORS:
                gone = [tell(server, "refused", name) for name, *_times in CHECKS.values()]
                assert trial.eventually(lambda: not any(server in members()[kind] for kind in CHECKS), 60), table()  # noqa: B023
                back = [tell(server, "well", name) for name, *_times in CHECKS.values()]
                assert trial.eventually(lambda: all(members()[kind] == everybody for kind in CHECKS), 60), table()
                told += [(f"{kind} {server}", *when) for kind, *when in zip(CHECKS, gone, back, strict=True)]
    finally:
        for server in ACTORS:
            trial.on(server, "rm -f /run/actor/*")
        trial.on("r1", "touch /run/enough")
    changes = watch.result()
    for kind, (_name, out, into, least) in CHECKS.items():
        mine = [(who.split()[1], gone, back) for who, gone, back in told if who.split()[0] == kind]
        away = [took(changes, kind, server, gone, there=False) for server, gone, _back in mine]
        returned = [took(changes, kind, server, back, there=True) for server, _gone, back in mine]
        figures.say(f"{kind}: a dead server is out, the worst of {len(away)}", max(away), "s", out + SLACK)
        figures.say(f"{kind}: one that is well again is back, the worst", max(returned), "s", into + SLACK)
        if least:
            figures.say(f"{kind}: less than its re-entry delay of {least:g} s, the worst", max(0.0, least - min(returned)), "s", 0.0)
    return 1 if figures.short else 0


if __name__ == "__main__":
    sys.exit(main())
