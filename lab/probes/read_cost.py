# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs a web server to read its files from different places: requests in turn, over one connection. Standard library only.

    read_cost.py PORT FILES SECONDS PATH… [--host ADDRESS]       below each PATH are files named 0 to FILES - 1, each is asked for once at least
Prints one JSON object: path → {asked, median_ms, slowest_ms (of 100 the second slowest), rate (a second, one after the other), wrong (answers
that are not 200)}.
"""

from __future__ import annotations

import argparse
import http.client
import json
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("files", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()
    took: dict[str, list[float]] = {path: [] for path in options.paths}
    wrong = dict.fromkeys(options.paths, 0)
    connection = http.client.HTTPConnection(options.host, options.port, timeout=60)
    limit, number = time.monotonic() + options.seconds, 0
    while time.monotonic() < limit or number < options.files:
        for path in options.paths:      # in turn, so that what else happens on the machine hits all
            began = time.monotonic()
            connection.request("GET", f"{path}/{number % options.files}")
            answer = connection.getresponse()
            answer.read()
            took[path].append((time.monotonic() - began) * 1000)
            wrong[path] += answer.status != 200
        number += 1
    found = {}
    for path, times in took.items():
        times.sort()
        found[path] = {"asked": len(times), "median_ms": round(times[len(times) // 2], 2), "slowest_ms": round(times[int(len(times) * 0.98)], 2),
                       "rate": round(len(times) / (sum(times) / 1000)), "wrong": wrong[path]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
