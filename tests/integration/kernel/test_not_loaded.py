# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the kernel has IPVS but has not loaded it: who only looks does not load it, who writes does."""

from __future__ import annotations

import os
import pathlib
import subprocess
import time

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import connection, errors

SERVICE = {"address": "192.0.2.1", "port": 80, "destinations": [{"address": "10.0.0.1"}]}
WRITERS = [
    ("ipvs_services", {"services": [SERVICE], "state": "overridden"}),
    ("ipvs_services", {"services": [], "state": "overridden"}),
    ("ipvs_service", {"address": "192.0.2.1", "port": 80, "scheduler": "rr"}),
    ("ipvs_timeouts", {"tcp": 7200}),
    ("ipvs_timeouts", {"tcp": 900, "tcp_fin": 120, "udp": 300}),
    ("ipvs_sync_daemon", {"role": "backup", "interface": "net0"}),
    ("ipvs_sync_daemon", {"role": "backup", "state": "absent"}),
]


def loaded():
    return {line.split()[0] for line in pathlib.Path("/proc/modules").read_text().splitlines() if line.startswith("ip_vs")}


@pytest.fixture
def bare(kernel):
    """A kernel without ip_vs, as after a boot. Only in User Mode Linux: a machine's own table is not ours to drop."""
    if "User Mode Linux" not in pathlib.Path("/proc/cpuinfo").read_text():
        pytest.skip("ip_vs of this machine's own kernel is not unloaded for a test")
    # Tables of namespaces that earlier tests left are freed in the background, and hold the module until then.
    until = time.monotonic() + 60
    while loaded() and time.monotonic() < until:
        for name in sorted(loaded(), key=len, reverse=True):
            subprocess.run(["rmmod", name], capture_output=True, check=False, timeout=60)
        time.sleep(0.1)
    assert not loaded()
    yield kernel
    subprocess.run(["modprobe", "ip_vs"], check=True, timeout=60)


@pytest.mark.parametrize(("name", "arguments"), WRITERS)
def test_check_mode_says_what_a_real_run_does_and_loads_nothing(bare, name, arguments):
    checked = bare.module(name, check=True, **arguments)
    assert not loaded()
    result = bare.module(name, **arguments)
    assert not result.get("failed"), result["msg"]
    assert checked == result
    assert "ip_vs" in loaded(), "it is loaded on request"


def test_reading_finds_an_empty_table_and_loads_nothing(bare):
    for check in (True, False):
        result = bare.module("ipvs_info", check=check)
        assert not loaded()
        assert result["services"] == result["statistics"] == result["sync_daemons"] == []
        assert result["timeouts"] is result["information"] is None
    assert bare.module("ipvs_info", gather=["services"]) == {"changed": False, "services": []}
    with pytest.raises(errors.KernelError) as caught:
        connection.Connection()
    assert caught.value.kind == "no_ipvs"
    assert not loaded()


def test_wrong_arguments_load_nothing(bare):
    result = bare.module("ipvs_services", services=[dict(SERVICE, port=70000)])
    assert result["failed"] and "services[0].port" in result["msg"]
    assert not loaded()


def test_check_mode_too_is_only_for_root(bare, as_nobody):
    assert as_nobody(lambda: "become: true" in bare.module("ipvs_services", check=True, services=[SERVICE])["msg"])
    assert not loaded()


def test_a_kernel_that_has_no_ipvs_is_said(bare, monkeypatch):
    """The module can't be found, neither by modprobe nor by the kernel."""
    subprocess.run(["mount", "-t", "tmpfs", "none", "/lib/modules/" + os.uname().release], check=True, timeout=60)
    try:
        result = bare.module("ipvs_services", services=[SERVICE])
    finally:
        subprocess.run(["umount", "/lib/modules/" + os.uname().release], check=True, timeout=60)
    assert result["failed"]
    assert "ip_vs is not loaded and could not be loaded" in result["msg"] and "modprobe ip_vs" in result["msg"]
