# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module's documentation run as they stand, and again change nothing."""

from __future__ import annotations

import importlib

import pytest
import yaml

PREFIX = "ansible_collections.lvs.cluster.plugins.modules."
# What must be there before an example makes sense, in ipvsadm's words.
BEFORE = {
    "ipvs_destination": "-A -t 192.0.2.100:80 -s wlc\n-A -f 7 -s wlc\n-a -f 7 -r 10.0.0.12:0 -m\n",
    "ipvs_service": "-A -u [2001:db8::100]:53 -s rr\n",
}
MODULES = ["ipvs_service", "ipvs_destination", "ipvs_services", "ipvs_sync_daemon", "ipvs_timeouts", "ipvs_info", "vip"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(kernel, name):
    for interface in ("eth0", "eth1"):
        kernel.tool("ip", "link", "add", interface, "type", "dummy")
        kernel.tool("ip", "link", "set", interface, "up")
    kernel.tool("ip", "address", "add", "203.0.113.1/24", "dev", "eth1")
    kernel.ipvsadm("-R", text=BEFORE.get(name, ""))
    tasks = [task["lvs.cluster." + name] or {} for task in yaml.safe_load(importlib.import_module(PREFIX + name).EXAMPLES)
             if "lvs.cluster." + name in task]
    assert tasks
    for task in tasks:
        # No network manager runs in this namespace.
        arguments = {key: value for key, value in task.items() if key != "persistent"}
        result = kernel.module(name, **arguments)
        assert not result.get("failed"), (task, result["msg"])
        assert kernel.module(name, **arguments)["changed"] is False
