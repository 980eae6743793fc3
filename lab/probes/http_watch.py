# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that asks again and again and tells what it lived through. Runs on a host of the lab, standard library only.

    http_watch.py ADDRESS PORT --count 300            so many requests, one after the other
    http_watch.py ADDRESS PORT --seconds 20           for so long, one every --interval seconds; --until FILE: less, when it is there
    http_watch.py ADDRESS PORT --path /slow           another page; one that ends before its Content-Length has failed
Prints one JSON object: asked, good, failed, hole_ms (longest time without a good answer, from the start to the end), servers (answers by server), sources
(client addresses that the servers saw), first_failures (with the time since the start).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import time
from collections import Counter


def ask(address: str, port: int, timeout: float, path: str = "/") -> str:
    """The body of one answer over a new connection; OSError or ValueError when there is none that is good."""
    with socket.create_connection((address, port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while chunk := connection.recv(65536):
            data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ValueError(head.split(b"\r\n")[0].decode(errors="replace") or "no answer")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if length and len(body) < int(length.group(1)):
        raise ValueError(f"broken off after {len(body)} of {int(length.group(1))} bytes")
    return body.decode()


def watch(options: argparse.Namespace) -> dict:
    started = time.monotonic()
    servers: Counter = Counter()
    sources: Counter = Counter()
    asked, hole, last_good, failures, order = 0, 0.0, started, [], []
    while asked < options.count if options.count else time.monotonic() - started < options.seconds and not os.path.exists(options.until):
        begun = time.monotonic()
        asked += 1
        try:
            server, _, source = ask(options.address, options.port, options.timeout, options.path).partition("\n")[0].partition(" ")
        except (OSError, ValueError) as error:
            failures.append([round(begun - started, 3), str(error) or type(error).__name__])
        else:
            now = time.monotonic()
            hole = max(hole, now - last_good)
            last_good = now
            servers[server] += 1
            sources[source] += 1
            order.append(server)
        time.sleep(max(0.0, options.interval - (time.monotonic() - begun)))
    if failures:      # a hole that has not ended yet counts too
        hole = max(hole, time.monotonic() - last_good)
    return {"asked": asked, "good": sum(servers.values()), "failed": len(failures), "hole_ms": round(hole * 1000),
            "servers": dict(servers), "sources": dict(sources), "order": order[:50], "first_failures": failures[:10]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--interval", type=float, default=0.02)
    parser.add_argument("--timeout", type=float, default=0.5)
    parser.add_argument("--path", default="/")
    parser.add_argument("--until", default="")
    print(json.dumps(watch(parser.parse_args())))


if __name__ == "__main__":
    main()
