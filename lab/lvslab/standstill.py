# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest plugin: a test that failed while the machine stood still is run once more, and says so.

All hosts of the lab share one processor of a machine that may have other things to do. Where it gives them nothing for longer than a
heartbeat, routers lose each other, and the test that finds a request lost says nothing of the product. Their keepalived notices by itself.
"""

from __future__ import annotations

import re
import subprocess
import time

import pytest
from _pytest.runner import runtestprotocol

from lvslab import trial
from lvslab.say import LabError

ATTEMPTS = 3
LATE = re.compile(r"A thread timer expired ([0-9.]+) seconds ago")
LONG = 1.0  # seconds that keepalived was not run when it wanted to: one interval of the heartbeat


def of_routers(seconds: float) -> dict[str, float]:
    """Router → the longest standstill that its keepalived noticed in the last so many seconds; those above LONG."""
    found = {}
    for host in trial.agent().call("state_of_hosts"):
        if "-r" in host or host.startswith("r"):
            words = trial.on(host, f"journalctl -q -u keepalived --since -{int(seconds) + 2}s -o cat -g 'thread timer expired'", check=False)
            found[host] = max(map(float, LATE.findall(words)), default=0.0)
    return {host: late for host, late in found.items() if late > LONG}


def seen(seconds: float) -> dict[str, float]:
    try:
        return of_routers(seconds)
    except (LabError, OSError, subprocess.TimeoutExpired):
        return {}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    for attempt in range(1, ATTEMPTS + 1):
        begun = time.monotonic()
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        late = seen(time.monotonic() - begun) if attempt < ATTEMPTS and any(report.failed for report in reports) else {}
        if not late:
            break
        why = next(report for report in reports if report.failed)
        print(f"\nAGAIN {item.nodeid}: keepalived was not run for {late} seconds while it failed with: {str(why.longrepr)[-500:]}", flush=True)
        # Fixtures of the module that failed too
        item.session._setupstate.teardown_exact(None)
        item._initrequest()
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
