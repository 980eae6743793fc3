# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client that tells how long it was without a good answer: real sockets on loopback, no lab."""

from __future__ import annotations

import json
import socket
import socketserver
import subprocess
import sys
import threading
import time

import pytest
from program import PROJECT

WITHIN = (0.4, 5.0)      # s, of a server that is away for 1 s or 2: the client may start late, and a busy machine adds to it


class Server:
    """Answers as a real server of the lab from `begin` to `end`, in seconds from now; away, it refuses connections."""

    def __init__(self, begin: float, end: float) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, args=(begin, time.monotonic() + end))
        self.thread.start()

    def serve(self, begin: float, end: float) -> None:
        time.sleep(begin)
        while time.monotonic() < end:
            with socket.create_server(("127.0.0.1", self.port)) as listener:
                listener.settimeout(0.1)
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nweb1 127.0.0.1\n")


@pytest.mark.parametrize(("begin", "end", "watched"), [(2, 5, 4), (0, 1, 2), (2, 2, 1)], ids=["at the start", "at the end", "all along"])
def test_a_server_that_is_away_is_a_hole(begin, end, watched):
    server = Server(begin, end)
    done = subprocess.run([sys.executable, str(PROJECT / "lab/probes/http_watch.py"), "127.0.0.1", str(server.port), "--seconds", str(watched)],
                          capture_output=True, text=True, check=True)
    server.thread.join()
    seen = json.loads(done.stdout)
    assert seen["failed"] > 0
    assert WITHIN[0] <= seen["hole_ms"] / 1000 <= WITHIN[1], seen


class Slow(socketserver.BaseRequestHandler):
    """An answer takes so long that one after the other would be ten a second."""

    def handle(self):
        self.request.recv(4096)
        time.sleep(0.1)
        self.request.sendall(b"HTTP/1.0 200 OK\r\n\r\nweb1 127.0.0.1\n")


def test_a_rate_is_kept_whatever_an_answer_takes():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run([sys.executable, str(PROJECT / "lab/probes/http_watch.py"), "127.0.0.1", str(server.server_address[1]), "--seconds", "3",
                               "--timeout", "10", "--rate", "50"], capture_output=True, text=True, check=True)
        server.shutdown()
    seen = json.loads(done.stdout)
    assert (seen["failed"], seen["good"]) == (0, seen["asked"])
    assert 140 <= seen["asked"] <= 151, seen
    assert seen["longest_ms"] >= 100


def test_at_a_rate_what_fails_is_told_too():
    """A port that nobody has; a server that breaks off; one that says nothing."""
    class Odd(socketserver.BaseRequestHandler):
        answers = iter([b"HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\nweb1 ", b"HTTP/1.0 503 no\r\n\r\n", None, b"HTTP/1.0 200 OK\r\n\r\nweb1 x\n"])

        def handle(self):
            self.request.recv(4096)
            answer = next(self.answers)
            if answer is None:
                time.sleep(3)
            else:
                self.request.sendall(answer)

    def failures(port: int, count: int) -> dict:
        done = subprocess.run([sys.executable, str(PROJECT / "lab/probes/http_watch.py"), "127.0.0.1", str(port), "--count", str(count), "--rate", "5",
                               "--timeout", "1.5"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = failures(server.server_address[1], 4)
        server.shutdown()
    assert (seen["asked"], seen["good"], seen["failed"]) == (4, 1, 3), seen
    words = sorted(words for _at, words in seen["first_failures"])
    assert words[0].startswith("HTTP/1.0 503") and words[1].startswith("broken off after 5 of 50") and words[2] == "timed out", words
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    seen = failures(port, 2)
    assert (seen["asked"], seen["failed"]) == (2, 2), seen
    assert "refused" in seen["first_failures"][0][1], seen
