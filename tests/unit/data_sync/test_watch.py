# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who tells whom of a change: one source, and nobody of what the program itself wrote. A stand-in says what inotifywait would."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from .hosts import Hosts

pytestmark = pytest.mark.skipif(shutil.which("rrsync") is None, reason="rsync is not installed: make checkers")
INOTIFYWAIT = """#!/bin/sh
printf '%s\\n' "$@" >{0}/arguments
touch {0}/began
cat {0}/changes
"""


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    made = Hosts(tmp_path, ["web1", "web2", "web3"], ["web1", "web2"], behind=30)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/inotifywait").write_text(INOTIFYWAIT.format(tmp_path))
    (tmp_path / "bin/inotifywait").chmod(0o755)
    os.mkfifo(tmp_path / "changes")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return made


def told(hosts: Hosts, who: str) -> list[str]:
    """The hosts that are asked to sync by this one, when its watch begins and when a file changes."""
    watch = hosts.start(who, "watch")
    with open(hosts.root / "changes", "w") as changes:
        while not (hosts.root / "arguments").exists():
            time.sleep(0.01)
        changes.write("a/file\n")
    watch.communicate(timeout=30)  # the stand-in ends with its input, and the watch with that
    return sorted(host for host in ("web1", "web2", "web3") if (hosts.root / host / "sets/www/wanted").exists())


def test_the_first_source_tells_all_others(hosts: Hosts) -> None:
    assert told(hosts, "web1") == ["web2", "web3"]


def test_a_later_source_is_silent_while_an_earlier_one_answers(hosts: Hosts) -> None:
    """Else what it copies itself would be told to all, who would sync for nothing, again and again."""
    assert told(hosts, "web2") == []


def test_a_later_source_tells_when_the_earlier_one_is_gone(hosts: Hosts) -> None:
    hosts.down("web1")
    assert told(hosts, "web2") == ["web3"]


def test_what_the_judge_writes_is_no_change(hosts: Hosts) -> None:
    path = hosts.root / "web1/config/www.json"
    config: dict[str, Any] = json.loads(path.read_text())
    file = config["source_path"] + "/in.step+(1)"
    config["behind"]["file"] = file
    path.write_text(json.dumps(config))
    told(hosts, "web1")
    arguments = (hosts.root / "arguments").read_text().splitlines()
    pattern = re.compile(arguments[arguments.index("--exclude") + 1])
    assert pattern.search(file) and pattern.search(file + ".new")
    assert not pattern.search(file + "/other") and not pattern.search(config["source_path"] + "/inXstep+(1)")


def test_the_file_of_who_is_in_step_is_written_once(hosts: Hosts) -> None:
    """It may lie in the data set, which others watch."""
    hosts.run("web3", "pull")
    hosts.run("web3", "judge")
    before = (hosts.root / "web3/in-step").stat()
    hosts.run("web3", "judge")
    after = (hosts.root / "web3/in-step").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
