# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long downloads, and which of them went on. Runs on a host of the lab, standard library only.

    downloads.py 192.0.2.100,192.0.2.101 --each 3 --seconds 20
Three from each address, of a long file, read bit by bit: a server's own limits of speed go by the clock, which may jump.
Prints one JSON object: connections, kept (those that were never broken and still bring data at the end), kept_of (the same by
address), lost (how each of the others ended), stall_ms (the longest time without data of a kept one).
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import time
from dataclasses import dataclass, field

EVERY, PIECE = 0.05, 2048      # seconds, bytes: 40 kB/s
ALIVE = 4.0      # seconds without data at the end after which a connection counts as lost: TCP asks again after 1.6 s, then 3.2 s


@dataclass
class Download:
    address: str
    path: str
    connection: socket.socket = field(init=False)
    begun: float = field(init=False)
    last: float = field(init=False)
    stall: float = 0.0
    broken: str = ""

    def __post_init__(self) -> None:
        self.connection = socket.socket()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.connection.settimeout(5)
        self.connection.connect((self.address, 80))
        self.connection.sendall(f"GET {self.path} HTTP/1.0\r\nHost: {self.address}\r\n\r\n".encode())
        self.begun = self.last = time.monotonic()

    def read(self) -> None:
        try:
            if not self.connection.recv(PIECE):
                self.broken = "ended by the server"
        except OSError as error:
            self.broken = str(error.strerror or error)
        now = time.monotonic()
        self.stall, self.last = max(self.stall, now - self.last), now

    def end(self) -> str:
        """How one that was lost ended, in words."""
        return f"{self.address}: {self.broken or 'silent'} after {self.last - self.begun:.1f} s"


def watch(options: argparse.Namespace) -> dict:
    found = [Download(address, options.path) for address in options.addresses.split(",") for _ in range(options.each)]
    end = time.monotonic() + options.seconds
    while (now := time.monotonic()) < end and not os.path.exists(options.until):
        alive = {one.connection: one for one in found if not one.broken}
        for ready in select.select(list(alive), [], [], 0)[0]:
            alive[ready].read()
        time.sleep(EVERY)
    kept = [one for one in found if not one.broken and now - one.last < ALIVE]
    by_address = {address: sum(one.address == address for one in kept) for address in options.addresses.split(",")}
    return {"connections": len(found), "kept": len(kept), "kept_of": by_address, "lost": [one.end() for one in found if one not in kept],
            "stall_ms": round(max((one.stall for one in kept), default=0.0) * 1000)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("addresses")
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--path", default="/slow")
    parser.add_argument("--until", default="")
    print(json.dumps(watch(parser.parse_args())))


if __name__ == "__main__":
    main()
