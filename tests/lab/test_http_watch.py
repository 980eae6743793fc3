# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client that tells how long it was without a good answer: real sockets on loopback, no lab."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time

import pytest
from program import PROJECT

WITHIN = (0.8, 5.0)      # s, of a server that is away for 1 s; a busy machine adds to it


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


@pytest.mark.parametrize(("begin", "end", "watched"), [(1, 3, 2), (0, 1, 2), (2, 2, 1)], ids=["at the start", "at the end", "all along"])
def test_a_server_that_is_away_is_a_hole(begin, end, watched):
    server = Server(begin, end)
    done = subprocess.run([sys.executable, str(PROJECT / "lab/probes/http_watch.py"), "127.0.0.1", str(server.port), "--seconds", str(watched)],
                          capture_output=True, text=True, check=True)
    server.thread.join()
    seen = json.loads(done.stdout)
    assert seen["failed"] > 0
    assert WITHIN[0] <= seen["hole_ms"] / 1000 <= WITHIN[1], seen
