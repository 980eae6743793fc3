# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router that hangs is restarted by its machine's watchdog, as declared (`heartbeat.watchdog: 30`).

The lab's kernel is the machine, softdog its watchdog. All hosts share that kernel, so this test is the end of the lab.
"""

from __future__ import annotations

import time

import pytest
from lvslab import trial

ROUTER, DECLARED = "r1", 30


def machine_answers() -> bool:
    return any(trial.agent().answers() or time.sleep(1) for _attempt in range(5))


def test_a_router_that_hangs_is_restarted_and_one_that_does_not_is_not():
    trial.agent().read(["modprobe", "softdog"])
    # User Mode Linux has a watchdog of its own, /dev/watchdog; softdog's is the last
    device = trial.agent().read(["sh", "-c", "stat -c '%Hr %Lr' $(ls /dev/watchdog[0-9]* | tail -n 1)"]).strip()
    assert trial.on(ROUTER, "systemctl show -P RuntimeWatchdogUSec").strip() == f"{DECLARED}s"
    trial.on(ROUTER, f"mknod /dev/watchdog0 c {device} && systemctl daemon-reexec")
    # A file that was closed while ls looked is an error of ls
    assert trial.eventually(lambda: "/dev/watchdog0" in trial.on(ROUTER, "ls -l /proc/1/fd", check=False), 20)
    time.sleep(DECLARED + 15)
    assert machine_answers()
    trial.agent().call("freeze", host=ROUTER)
    hung = time.monotonic()
    while machine_answers():
        if time.monotonic() - hung > 3 * DECLARED:
            pytest.fail("nobody restarted the machine")
        time.sleep(1)
    print(f"watchdog: restarted after {time.monotonic() - hung:.0f} s")
    print((trial.folder() / "console.log").read_text(errors="replace")[-1000:])
