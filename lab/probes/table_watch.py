# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each change of a router's IPVS table, with its time. Runs on a router of the lab, standard library only.

    table_watch.py --seconds 20 --until /run/enough --began /run/watched
Looks every 10 ms; the file of --began is there as soon as it has looked once. Prints a JSON list of [time of the clock,
"TCP 192.0.2.100:80", "10.0.0.11:80", weight]; the weight is null when the real server is out. The table at the start stands there as
the first changes.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import time

EVERY = 0.01


def endpoint(word: str) -> str:
    """C0000264:0050: an IPv4 address and a port."""
    address, port = word.split(":")
    return f"{socket.inet_ntoa(struct.pack('>I', int(address, 16)))}:{int(port, 16)}"


def read() -> dict[tuple[str, str], int]:
    found, service = {}, ""
    with open("/proc/net/ip_vs") as table:
        for line in table:
            words = line.split()
            if words[0] in ("TCP", "UDP") and ":" in words[1]:
                service = f"{words[0]} {endpoint(words[1])}"
            elif words[0] == "->" and ":" in words[1] and words[1] != "RemoteAddress:Port":
                found[service, endpoint(words[1])] = int(words[3])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--until", default="")
    parser.add_argument("--began", default="")
    options = parser.parse_args()
    before: dict[tuple[str, str], int] = {}
    changes = []
    end = time.monotonic() + options.seconds
    while time.monotonic() < end and not os.path.exists(options.until):
        table, now = read(), round(time.time(), 3)
        changes += [[now, *key, weight] for key, weight in table.items() if before.get(key) != weight]
        changes += [[now, *key, None] for key in before if key not in table]
        before = table
        if options.began:
            open(options.began, "w").close()
            options.began = ""
        time.sleep(EVERY)
    print(json.dumps(changes))


if __name__ == "__main__":
    main()
