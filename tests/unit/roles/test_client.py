# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of a drill against a real server on this machine: what it counts, what it keeps, how it is steered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import client, faults


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = 500 if self.path == "/broken" else 200
        self.send_response(status)
        self.send_header("Content-Length", "5")
        if self.path == "/once":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"well\n")

    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def watch(folder: Path, port: int, path: str | None, **more: Any) -> dict[str, Any]:
    arguments = {"interval": 0.02, "timeout": 1.0, "connections": 2, "seconds": 1.2, **more}
    return client.watch(str(folder), "127.0.0.1", port, path, "www", **arguments)


def test_good_answers_and_connections_that_are_kept(tmp_path: Path, port: int) -> None:
    (tmp_path / "phase").write_text("calm")
    seen = watch(tmp_path, port, "/")
    assert set(seen["phases"]) == {"calm"}
    assert seen["phases"]["calm"]["failed"] == 0 < seen["phases"]["calm"]["asked"]
    assert seen["connections"] == {"of": 2, "kept": 2, "lost": []}
    assert (tmp_path / "started").exists()


def test_what_is_no_good_answer_is_a_failure_with_its_reason(tmp_path: Path, port: int) -> None:
    seen = watch(tmp_path, port, "/broken", seconds=0.1)["phases"]["before"]
    assert seen["failed"] == seen["asked"] > 0
    assert "500" in seen["failures"][0]
    assert seen["outage_ms"] > 0


def test_nobody_there(tmp_path: Path, port: int) -> None:
    assert watch(tmp_path, 1, None, seconds=0.1)["phases"]["before"]["failed"] > 0


def test_a_connection_alone_is_enough_without_a_path(tmp_path: Path, port: int) -> None:
    seen = watch(tmp_path, port, None, seconds=0.1)
    assert seen["phases"]["before"]["failed"] == 0
    assert seen["connections"]["of"] == 0


def test_a_server_that_keeps_no_connections_is_not_counted(tmp_path: Path, port: int) -> None:
    assert watch(tmp_path, port, "/once")["connections"] == {"of": 0, "kept": 0, "lost": []}


def test_it_ends_when_it_is_told_to(tmp_path: Path, port: int) -> None:
    (tmp_path / "stop").touch()
    assert watch(tmp_path, port, "/", connections=0, seconds=60)["phases"] == {}


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_each_fault_is_undone_by_a_timer_too(fault: str) -> None:
    do, undo = faults.commands(fault, "eth0", "/run/routes")
    assert do and undo
    timer = faults.timer(undo, 90)
    assert timer[0] == "systemd-run" and "90s" in timer
    for words in undo:
        assert words[-1].split(" <")[0] in timer[-1]
