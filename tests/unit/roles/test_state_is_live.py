# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a router is what its living process says now."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host.keepalived import JSON_SIGNAL, vrrp_instances

MASTER = {"vrrp": [{"data": {"iname": "web_public", "state": 2, "vrid": 7, "effective_priority": 100}}]}
PROCESS = """
import json, os, signal, sys, time
def answer(*_):
    with open(os.environ["TMPDIR"] + "/keepalived.json", "w") as stream: json.dump(json.loads(sys.argv[1]), stream)
signal.signal(%d, answer if len(sys.argv) > 1 else signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def instances(folder: Path, *answers: str) -> dict[str, dict[str, object]]:
    command = [sys.executable, "-c", PROCESS % JSON_SIGNAL, *answers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"TMPDIR": str(folder)}) as process:
        try:
            assert process.stdout and process.stdout.readline() == b"ready\n"
            return vrrp_instances(process.pid, deadline=10.0 if answers else 0.5)
        finally:
            process.kill()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """What a keepalived of before has left: it was the active one."""
    (tmp_path / "keepalived.json").write_text(json.dumps(MASTER))
    return tmp_path


def test_what_an_earlier_process_has_left_is_no_answer(note: Path) -> None:
    assert instances(note) == {}


def test_the_living_process_is_believed(note: Path) -> None:
    backup = json.loads(json.dumps(MASTER))
    backup["vrrp"][0]["data"]["state"] = 1
    assert instances(note, json.dumps(backup))["web_public"]["state"] == "backup"
