# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share: the servers' weights on the routers, who answers, clients that go on asking."""

from __future__ import annotations

from contextlib import contextmanager

from lvslab import trial

INVENTORY = "molecule/maintenance/inventory"
ROUTERS, VIP = ["r1", "r2"], "192.0.2.100"
SERVERS = [f"web{number}" for number in range(1, 6)]
RATE = 55  # requests a second that the client makes; at least 50 are wanted
LEAST_RATE = 50


def weights(router: str) -> dict[str, int]:
    """Server → its weight; without those that are not in the table."""
    found = {}
    for line in trial.on(router, "ipvsadm -Ln").splitlines():
        words = line.split()
        if words[0] == "->" and words[1].endswith(":80"):
            found["web" + words[1].removesuffix(":80")[-1]] = int(words[3])
    return found


def weigh(wanted: dict[str, int], seconds: float = 120) -> None:
    """Wait until the servers have these weights on both routers, and the others 100."""
    everybody = {**dict.fromkeys(SERVERS, 100), **wanted}
    assert trial.eventually(lambda: all(weights(router) == everybody for router in ROUTERS), seconds), {router: weights(router) for router in ROUTERS}


def answering() -> set[str]:
    """Who answers the client; nobody may fail."""
    found = trial.watch("client", VIP, count=20, interval=0.0, timeout=8)
    assert found["failed"] == 0, found
    return set(found["servers"])


def downloads() -> trial.Watch:
    """One after the other, 3 s each, so that whoever drains a server has to wait; until /run/enough is there."""
    trial.on("client", "rm -f /run/enough")
    return trial.Watch("client", VIP, seconds=1500, interval=0.05, timeout=20, path="/slow", until="/run/enough")


class Load:
    """Clients at work, and after the block what they saw: `requests`, `files`, each as http_watch tells it."""

    requests: dict
    files: dict

    def lost_nothing(self, what: str, seconds: float) -> None:
        """Tells it, and sees that there was load enough."""
        asked, files = self.requests, self.files
        rate = asked["asked"] / asked["seconds"]
        print(f"{what} in {seconds:.0f} s: lost {asked['failed']} of {asked['asked']} requests ({rate:.1f} a second, the longest took"
              f" {asked['longest_ms']} ms), {files['failed']} of {files['asked']} downloads")
        assert (asked["first_failures"], files["first_failures"]) == ([], [])
        assert files["asked"] >= 10, files
        assert rate >= LEAST_RATE and asked["seconds"] >= seconds, asked


@contextmanager
def load():
    """Requests all the time, and a download after the other by two clients."""
    seen = Load()
    files = downloads()
    requests = trial.Watch("client", VIP, seconds=1500, rate=RATE, timeout=8, until="/run/enough")
    try:
        yield seen
    finally:
        trial.on("client", "touch /run/enough")
        seen.requests, seen.files = requests.result(), files.result()
