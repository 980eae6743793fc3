# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts that were broken off: what is interrupted cleans up after itself; what was killed is cleaned up by the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from program import BASE, PROJECT, SECONDS, LabUnderTest

SMALL = '[networks.public]\ncidr = "192.0.2.0/24"\ngateway = "192.0.2.1"\n[hosts.r1]\nnetworks = {public = "192.0.2.2"}\n'


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def broken():
    lab = LabUnderTest(f"{BASE}-broken")
    yield lab
    lab.do("down")


def begin(lab: LabUnderTest, topology: Path) -> tuple[subprocess.Popen, list[int]]:
    """A start that has come as far as the kernel's process; and the processes in its namespace."""
    # Under nohup, or in the background of a script, the tests ignore SIGHUP and SIGINT, and what they start would too
    process = subprocess.Popen(["env", "--default-signal=HUP,INT", str(PROJECT / "lab/lab"), "up", str(topology)], env={**os.environ, "LAB": lab.name},
                               stderr=subprocess.PIPE, text=True)
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if (lab.folder / "pid").exists() and len(inside(lab)) > 1:
            return process, inside(lab)
        time.sleep(0.02)
    raise AssertionError(f"it has not begun: {process.communicate()}")


def inside(lab: LabUnderTest) -> list[int]:
    return [int(pid) for pid in subprocess.run(["ip", "netns", "pids", lab.namespace], capture_output=True, text=True).stdout.split()]


def left(lab: LabUnderTest, pids: list[int]) -> list[str]:
    """Whatever of a lab is still there."""
    found = [str(path) for path in (lab.folder, Path("/run/netns", lab.namespace), Path("/run", lab.namespace)) if path.exists()]
    return found + [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_start_leaves_nothing(broken, small, number):
    process, pids = begin(broken, small)
    process.send_signal(number)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130 and words.endswith("lab: interrupted\n") and "Traceback" not in words, words
    assert left(broken, pids) == []


@pytest.mark.parametrize("noted", [True, False])
def test_killed_start_is_cleaned_by_the_next(broken, small, noted):
    """Also when it was killed between starting the kernel and writing down its process."""
    process, pids = begin(broken, small)
    process.kill()
    process.communicate()
    assert left(broken, pids)
    if not noted:
        (broken.folder / "pid").unlink()
    else:
        os.kill(int((broken.folder / "pid").read_text().split()[0]), signal.SIGKILL)
    broken.do("up", str(small))
    assert [pid for pid in pids if pid in inside(broken)] == []
    assert broken.on("r1", "hostname").strip() == "r1"


def test_process_of_somebody_else_is_left_alone(broken, small):
    """Its number was once a lab's: a stale folder after a reboot of the machine."""
    with subprocess.Popen(["sleep", "600"]) as stranger:
        try:
            broken.folder.mkdir(parents=True)
            (broken.folder / "pid").write_text(f"{stranger.pid} 1\n")
            assert broken.name not in broken.do("status").stdout.split()
            broken.do("down")
            assert stranger.poll() is None
        finally:
            stranger.kill()
    assert left(broken, []) == []


@pytest.mark.parametrize("verb", ["up", "down"])
def test_lab_of_the_same_name_of_another_clone_is_left_alone(lab, tmp_path, verb):
    done = subprocess.run([str(PROJECT / "lab/lab"), verb], text=True, capture_output=True, timeout=60,
                          env={**os.environ, "LAB": lab.name, "LVS_LAB_CACHE": str(tmp_path)})
    assert (done.returncode, f"runs already, of another clone, in {lab.folder}" in done.stderr) == (2, True), done.stderr
    assert lab.on("client", "hostname").strip() == "client"


def test_program_that_nohup_starts_stays_deaf_to_the_terminal(lab):
    ignored = "nohup \"$0\" run -- sh -c 'kill -HUP $$; echo still here'"
    done = subprocess.run(["sh", "-c", ignored, str(PROJECT / "lab/lab")], text=True, capture_output=True, timeout=60, env={**os.environ, "LAB": lab.name})
    assert done.stdout == "still here\n", done
