# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""health_check: a wrong check is refused with all that is wrong, a server is asked for real, a file is kept and taken away."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.lvs.cluster.plugins.module_utils._module import health_check
from ansible_collections.lvs.cluster.plugins.module_utils._prober import config

REDIS = {"type": "send_expect", "send": "AUTH secret\\r\\nPING\\r\\n", "expect": "+PONG"}
Call = Callable[..., dict[str, Any]]


class Redis(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"+PONG\r\n" if b"PING" in self.rfile.readline() else b"-ERR\r\n")


@pytest.fixture
def port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Redis) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Call:
    def run(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
        given = {"name": "redis", "folder": str(tmp_path / "checks"), "_ansible_check_mode": check_mode, "_ansible_diff": True, **arguments}
        capfd.readouterr()
        with patch_module_args(given), pytest.raises(SystemExit):
            health_check.run_module()
        return json.loads(capfd.readouterr().out)

    return run


def test_a_server_that_is_well_is_told_from_one_that_answers_wrongly(call: Call, port: int) -> None:
    result = call(check=REDIS, address="127.0.0.1", port=port, **{"try": True})
    assert (result["good"], result["reason"], result["changed"]) == (True, "", False)
    assert result["latency_ms"] > 0
    wrong = call(check={**REDIS, "send": "AUTH secret\\r\\nQUIT\\r\\n"}, address="127.0.0.1", port=port, **{"try": True})
    assert (wrong["good"], wrong["reason"]) == (False, 'answered "-ERR\\r\\n", expected "+PONG"')


def test_a_server_that_refuses_is_no_failure_of_the_module(call: Call) -> None:
    result = call(check=REDIS, address="127.0.0.1", port=1, **{"try": True})
    assert "failed" not in result
    assert (result["good"], result["reason"]) == (False, "refused")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ({"type": "send_expect"}, ["check.expect: is missing"]),
        ({"type": "send_expect", "send": "\\q", "expect": "x"}, ["check.send:", "is no escape"]),
        ({"type": "send_expect", "expect": "(", "match": "regex"}, ["check.expect: not a regular expression"]),
        ({"type": "send_expect", "expect": "x", "interval": 0, "rise": "often"}, ["check.interval:", "check.rise:"]),
        ({"expect": "x"}, ["check.type: is missing"]),
        ({"type": "http", "sends": "x"}, ["check.sends"]),
        ({"type": "send_expect", "transport": "tls", "expect": "x", "certificate": "/nowhere.pem"}, ["certificate or key can't be used", "/nowhere.pem"]),
        ({"type": "external", "command": ["/nowhere/program"], "user": "nobody", "group": "nogroup"},
         ["check.command: /nowhere/program is not on this router: put it there"]),
        ({"type": "external", "command": ["/bin/true"], "user": "root"}, ["check.user: root must not"]),
    ],
)
def test_a_wrong_check_is_refused_with_its_path(call: Call, tmp_path: Path, check: dict[str, Any], words: list[str]) -> None:
    result = call(check=check, state="valid")
    assert result["failed"]
    assert [word for word in words if word not in result["msg"]] == [], result["msg"]
    assert not (tmp_path / "checks").exists()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ({"address": "10.0.0.11", "port": 70000}, "port: 70000 is not a port: give 1 to 65535"),
        ({"address": "10.0.0.11", "port": -1}, "port: -1 is not a port: give 1 to 65535"),
        ({"address": "10.0.0.11", "port": 0}, "port: 0 is not a port: give 1 to 65535"),
        ({"address": "web1", "port": 80}, "address: web1 is no IP address: give the server's, such as 10.0.0.11"),
        ({"address": "fe80::1%eth0", "port": 80}, "address: fe80::1%eth0 is no IP address"),
    ],
)
@pytest.mark.parametrize("check", [REDIS, {"type": "http"}])
def test_a_server_that_can_not_be_asked_is_refused_with_its_path(call: Call, check: dict[str, Any], server: dict[str, Any], words: str) -> None:
    result = call(check=check, **server)
    assert result["failed"] and words in result["msg"]


def test_a_check_that_keepalived_makes_alone_can_be_judged_but_not_tried(call: Call) -> None:
    assert call(check={"type": "tcp"}, address="10.0.0.11", port=80)["rendered"].startswith("TCP_CHECK {")
    assert "made by keepalived alone" in call(check={"type": "tcp"}, address="10.0.0.11", port=80, **{"try": True})["msg"]


def test_the_file_is_kept_once_without_the_password_in_the_diff_and_taken_away(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "checks" / "redis.json"
    arguments = {"check": REDIS, "address": "10.0.0.11", "port": 6379}
    foretold = call(check_mode=True, state="present", **arguments)
    assert not path.exists()
    done = call(state="present", **arguments)
    assert foretold == done
    assert done["changed"]
    assert "secret" not in json.dumps({key: value for key, value in done.items() if key != "invocation"})
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert config.parse(path.read_text()).targets[0].port == 6379
    assert call(state="present", **arguments)["changed"] is False
    assert call(state="absent", check_mode=True)["changed"]
    assert path.exists()
    assert call(state="absent")["changed"]
    assert not (tmp_path / "checks").exists()
    assert call(state="absent")["changed"] is False


@pytest.mark.parametrize(
    ("script", "good", "reason", "said"),
    [
        ("id -un", True, "", "nobody"),
        ("exit 3", False, "exit status 3", ""),
        ("sleep 30 & wait", False, "no end within 1 s", ""),
    ],
)
def test_a_program_runs_as_its_user_within_its_time(call: Call, script: str, good: bool, reason: str, said: str) -> None:
    check = {"type": "external", "command": ["/bin/sh", "-c", script, "check"], "user": "nobody", "group": "nogroup", "timeout": 1}
    result = call(check=check, address="10.0.0.11", port=80, **{"try": True})
    assert (result.get("good"), result.get("reason"), result.get("said")) == (good, reason, said), result


@pytest.mark.parametrize(
    ("expected", "good", "reason"),
    [
        ({"expect": "OK"}, True, ""),
        ({"expect": "3 alive"}, False, 'said "OK 3 alive", expected "3 alive"'),
        ({"expect": "3 alive", "match": "contains"}, True, ""),
        ({"expect": "alive\u00e4", "match": "contains"}, False, 'said "OK 3 alive", expected "alive\u00e4"'),
    ],
)
def test_a_program_s_output_counts_where_it_is_expected(call: Call, expected: dict[str, str], good: bool, reason: str) -> None:
    check = {"type": "external", "command": ["/bin/sh", "-c", "echo OK 3 alive", "check"], "user": "nobody", "group": "nogroup", **expected}
    result = call(check=check, address="10.0.0.11", port=80, **{"try": True})
    assert (result.get("good"), result.get("reason")) == (good, reason), result


def test_a_program_gets_the_address_and_port_that_are_asked(call: Call) -> None:
    check = {"type": "external", "command": ["/bin/echo"], "user": "nobody", "group": "nogroup"}
    assert call(check=check, address="10.0.0.11", port=80, **{"try": True})["said"] == "10.0.0.11 80 10.0.0.11 80"


def test_a_program_that_its_user_can_not_run_is_refused(call: Call, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    result = call(check={"type": "external", "command": [str(program)], "user": "nobody", "group": "nogroup"})
    assert "check.command: nobody may not run" in result["msg"]
