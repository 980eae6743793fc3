# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that fetches a manifest and files that it names, from one server, and compares their hashes. Standard library only.

    release_watch.py ADDRESS FOLDER --seconds 60 --until FILE     about --rate requests a second
A round is the manifest, some files, the manifest again. Where both manifests are the same, each file has to be as it says. Where the
release was switched in between, each file is of one of the two, and none of the old one comes after one of the new.
Prints one JSON object: asked, errors, mixes (the first of each), switches, rate.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import random
import time

FILES = 8


class Client:
    def __init__(self, address: str, folder: str, rate: float) -> None:
        self.connection = http.client.HTTPConnection(address, 80, timeout=10)
        self.folder, self.pause, self.asked, self.errors = folder, 1 / rate, 0, []

    def get(self, name: str) -> bytes:
        begun = time.monotonic()
        self.asked += 1
        try:
            self.connection.request("GET", f"{self.folder}/{name}")
            answer = self.connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise ValueError(f"{name}: {answer.status}")
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.connection.close()
            self.errors.append(f"{name}: {error}")
            body = b""
        time.sleep(max(0.0, self.pause - (time.monotonic() - begun)))
        return body


def manifest(text: bytes) -> dict[str, str]:
    """name → hash"""
    return {name: digest for digest, _blank, name in (line.partition("  ") for line in text.decode().splitlines())}


def judge(before: dict[str, str], files: list[tuple[str, str]], after: dict[str, str]) -> str | None:
    """What was mixed in a round, or None."""
    if before == after:
        wrong = [name for name, digest in files if before.get(name) != digest]
        return f"{wrong} not of the release that the manifest before and after is of" if wrong else None
    new = False
    for name, digest in files:
        if digest == after.get(name) != before.get(name):
            new = True
        elif digest != before.get(name):
            return f"{name} is of neither release"
        elif new and digest != after.get(name):
            return f"{name} of the old release came after one of the new"
    return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--until", default="")
    parser.add_argument("--rate", type=float, default=50)
    options = parser.parse_args()
    client, mixes, switches = Client(options.address, options.folder, options.rate), [], 0
    began = time.monotonic()
    before = manifest(client.get("manifest"))
    while time.monotonic() - began < options.seconds and not os.path.exists(options.until):
        files = [(name, hashlib.sha256(client.get(name)).hexdigest()) for name in random.sample(sorted(before), min(FILES, len(before)))]
        after = manifest(client.get("manifest"))
        wrong = judge(before, files, after)
        mixes += [wrong] if wrong else []
        switches += before != after
        before = after
    print(json.dumps({"asked": client.asked, "errors": client.errors[:10], "mixes": mixes[:10], "switches": switches,
                      "rate": round(client.asked / (time.monotonic() - began), 1)}))


if __name__ == "__main__":
    main()
