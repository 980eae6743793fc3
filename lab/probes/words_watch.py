# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a word stands in the arguments of any process of this host, looked at again and again. Standard library only.

    words_watch.py DROW SECONDS --during "COMMAND"       DROW: the word from its end, so that this program is not the one that is found
Prints one JSON object: looks, processes (how many different command lines were seen), found (those with the word).
"""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("drow")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--during", required=True)
    options = parser.parse_args()
    word, seen, looks = options.drow[::-1].encode(), set(), 0
    process = subprocess.Popen(["sh", "-c", options.during], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + options.seconds
    while process.poll() is None and time.monotonic() < limit:
        looks += 1
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(path.read_bytes())
            except OSError:
                continue
        time.sleep(0.02)
    process.kill()
    print(json.dumps({"looks": looks, "processes": len(seen), "found": [line.decode(errors="replace") for line in seen if word in line]}))


if __name__ == "__main__":
    main()
