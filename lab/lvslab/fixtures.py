# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest plugin of the scenarios: hosts of the lab as testinfra sees them, over one kept SSH connection each (20 ms a command)."""

from __future__ import annotations

import os
import subprocess

import pytest
import testinfra

from lvslab import trial

pytest_plugins = ["lvslab.standstill"]


def pytest_addoption(parser):
    parser.addoption("--lane", help="only the tests of this lane, see lvslab/lanes.py")


def pytest_configure(config):
    config.addinivalue_line("markers", "lane(name): which tests run one after the other, beside those of other lanes")


def pytest_collection_modifyitems(config, items):
    lane = config.getoption("--lane")
    if lane is None:
        return
    lanes = {item: [mark.args[0] for mark in item.iter_markers("lane")] for item in items}
    homeless = [item.nodeid for item, names in lanes.items() if len(names) != 1]
    if homeless:
        raise pytest.UsageError(f"each test needs one lane: {', '.join(homeless)}")
    items[:] = [item for item in items if lanes[item] == [lane]]


@pytest.fixture(scope="session")
def at():
    """`at("r1")` is the testinfra host r1."""
    config = str(trial.folder() / "ssh_config")
    made = {}

    def host(name: str):
        if name not in made:
            extra = f"-o ControlMaster=auto -o ControlPath=/run/lvslab-{os.environ['LVS_LAB']}/t-%n -o ControlPersist=60"
            made[name] = testinfra.get_host(f"ssh://{name}", ssh_config=config, ssh_extra_args=extra)
        return made[name]

    os.makedirs(f"/run/lvslab-{os.environ['LVS_LAB']}", exist_ok=True)
    return host


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails shows what the routers' keepalived said."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        names = [name for name in trial.agent().call("state_of_hosts") if "-r" in name or name.startswith("r")]
        for name in names:
            try:
                words = trial.on(name, "journalctl -q -u keepalived -n 30 -o short-precise --no-pager", check=False, seconds=20)
            except subprocess.TimeoutExpired:  # a lab that is too busy: the failure itself must not be lost
                words = "no answer within 20 s"
            report.sections.append((f"keepalived on {name}", words))
