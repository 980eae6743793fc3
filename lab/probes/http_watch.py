# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that asks again and again and tells what it lived through. Runs on a host of the lab, standard library only.

    http_watch.py ADDRESS PORT --count 300            so many requests, one after the other
    http_watch.py ADDRESS PORT --seconds 20           for so long, one every --interval seconds; --until FILE: less, when it is there
    http_watch.py ADDRESS PORT --path /slow           another page; one that ends before its Content-Length has failed
    http_watch.py ADDRESS PORT --rate 50              so many requests a second, whatever an answer takes; what is late is made up for
Prints one JSON object: asked, good, failed, seconds, hole_ms (longest time without a good answer, from the start to the end), longest_ms (the slowest answer),
servers (answers by server), sources (client addresses that the servers saw), first_failures (with the time since the start).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import socket
import time
from collections import Counter


def request(address: str, path: str) -> bytes:
    return f"GET {path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode()


def body(data: bytes) -> str:
    """Of a whole answer; ValueError when it is not good."""
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ValueError(head.split(b"\r\n")[0].decode(errors="replace") or "no answer")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if length and len(body) < int(length.group(1)):
        raise ValueError(f"broken off after {len(body)} of {int(length.group(1))} bytes")
    return body.decode()


def ask(address: str, port: int, timeout: float, path: str = "/") -> str:
    """The body of one answer over a new connection; OSError or ValueError when there is none that is good."""
    with socket.create_connection((address, port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(request(address, path))
        data = b""
        while chunk := connection.recv(65536):
            data += chunk
    return body(data)


class Seen:
    """What came of the requests. `options` as `main` reads them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.asked, self.hole, self.longest = 0, 0.0, 0.0
        self.started = self.last_good = time.monotonic()
        self.servers: Counter = Counter()
        self.sources: Counter = Counter()
        self.failures: list = []
        self.order: list = []

    def enough(self) -> bool:
        options = self.options
        if options.count:
            return self.asked >= options.count
        return time.monotonic() - self.started >= options.seconds or os.path.exists(options.until)

    def good(self, text: str, begun: float) -> None:
        server, _, source = text.partition("\n")[0].partition(" ")
        now = time.monotonic()
        self.hole, self.longest = max(self.hole, now - self.last_good), max(self.longest, now - begun)
        self.last_good = now
        self.servers[server] += 1
        self.sources[source] += 1
        if len(self.order) < 50:
            self.order.append(server)

    def bad(self, error: Exception, begun: float) -> None:
        self.failures.append([round(begun - self.started, 3), str(error) or type(error).__name__])

    def report(self) -> dict:
        ended = time.monotonic()
        if self.failures:      # a hole that has not ended yet counts too
            self.hole = max(self.hole, ended - self.last_good)
        return {"asked": self.asked, "good": sum(self.servers.values()), "failed": len(self.failures), "seconds": round(ended - self.started, 3),
                "hole_ms": round(self.hole * 1000), "longest_ms": round(self.longest * 1000), "servers": dict(self.servers), "sources": dict(self.sources),
                "order": self.order, "first_failures": self.failures[:10]}


def one_by_one(seen: Seen) -> None:
    options = seen.options
    while not seen.enough():
        begun = time.monotonic()
        seen.asked += 1
        try:
            seen.good(ask(options.address, options.port, options.timeout, options.path), begun)
        except (OSError, ValueError) as error:
            seen.bad(error, begun)
        time.sleep(max(0.0, options.interval - (time.monotonic() - begun)))


class Connection:
    """One request under way, never waited for: `go_on` when the socket is ready. Few system calls: they are dear in the lab's kernel."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.begun = time.monotonic()
        self.unsent, self.data = request(options.address, options.path), b""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex((options.address, options.port))

    def go_on(self) -> bool:
        """True when the answer is whole. OSError when the connection broke."""
        if self.unsent:
            self.socket.sendall(self.unsent)      # ENOTCONN and the like tell that nobody took the connection
            self.unsent = b""
            return False
        try:
            while chunk := self.socket.recv(65536):
                self.data += chunk
        except BlockingIOError:
            return False
        return True


def at_a_rate(seen: Seen) -> None:
    options, poll, under_way = seen.options, select.poll(), {}
    ending = False
    while not ending or under_way:
        now = time.monotonic()
        while not ending and seen.started + seen.asked / options.rate <= now:
            if seen.enough():
                ending = True
                break
            seen.asked += 1
            made = Connection(options)
            under_way[made.socket.fileno()] = made
            poll.register(made.socket, select.POLLOUT)
        until = now + 0.5 if ending else seen.started + seen.asked / options.rate
        for number, _event in poll.poll(max(1.0, 1000 * (until - time.monotonic()))):
            one = under_way[number]
            try:
                if not one.go_on():
                    poll.modify(number, select.POLLIN)
                    continue
                seen.good(body(one.data), one.begun)
            except (OSError, ValueError) as error:
                seen.bad(error, one.begun)
            finish(poll, under_way, one)
        for one in [one for one in under_way.values() if time.monotonic() - one.begun > options.timeout]:
            seen.bad(TimeoutError("timed out"), one.begun)
            finish(poll, under_way, one)


def finish(poll, under_way: dict[int, Connection], one: Connection) -> None:
    poll.unregister(one.socket)
    del under_way[one.socket.fileno()]
    one.socket.close()


def watch(options: argparse.Namespace) -> dict:
    seen = Seen(options)
    (at_a_rate if options.rate else one_by_one)(seen)
    return seen.report()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--interval", type=float, default=0.02)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--timeout", type=float, default=0.5)
    parser.add_argument("--path", default="/")
    parser.add_argument("--until", default="")
    print(json.dumps(watch(parser.parse_args())))


if __name__ == "__main__":
    main()
