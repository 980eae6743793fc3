# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests are run once more: those that failed while the machine stood still, and no others."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from program import PROJECT

# The first run of each fails; the fixture of the module, once
TESTS = """
import pathlib, pytest

COUNT = pathlib.Path(__file__).with_name("count")

def runs(name):
    with open(f"{COUNT}-{name}", "a") as count:
        count.write("x")
    return len(pathlib.Path(f"{COUNT}-{name}").read_text())

@pytest.fixture(scope="module")
def story():
    assert runs("story") > 1

def test_of_the_story(story):
    pass

def test_second_time():
    assert runs("second") > 1

def test_never():
    assert not runs("never")

def test_well():
    assert runs("well") == 1
"""
CONFTEST = "from lvslab import standstill\nstandstill.of_routers = lambda seconds: %r\n"


@pytest.mark.parametrize(("late", "passed", "runs"), [({"r1": 2.4}, 3, {"story": 2, "second": 2, "never": 3, "well": 1}),
                                                      ({}, 1, {"story": 1, "second": 1, "never": 1, "well": 1})], ids=["standstill", "none"])
def test_a_failed_test_is_run_again_after_a_standstill_only(tmp_path, late, passed, runs):
    (tmp_path / "conftest.py").write_text(CONFTEST % late)
    (tmp_path / "test_some.py").write_text(TESTS)
    done = subprocess.run([sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider", "-p", "lvslab.standstill", "--rootdir", tmp_path,
                           tmp_path], env={**os.environ, "PYTHONPATH": str(PROJECT / "lab")}, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and f"{passed} passed" in done.stdout, done.stdout
    assert {name: len((tmp_path / f"count-{name}").read_text()) for name in runs} == runs, done.stdout
