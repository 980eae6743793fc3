# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules and sysctls that the roles wrote for boot, in a kernel that has just booted: in this lab a host boots without its kernel."""

from __future__ import annotations

import os
import subprocess

import pytest
from lvslab import paths, trial

pytestmark = pytest.mark.lane("kernel")
FILES = {"modules": "/etc/modules-load.d/lvs-cluster.conf", "sysctls": "/etc/sysctl.d/90-lvs-cluster.conf"}
TOPOLOGY = "tests/integration/topology.toml"


@pytest.fixture
def kernel():
    """Runs a shell command in a kernel of its own, booted for this test; gives its output."""
    environment = {**os.environ, "LAB": f"{os.environ['LVS_LAB'][:8]}-new", "LVS_LAB_KERNEL": "uml"}

    def lab(*words: str, check: bool = True) -> str:
        done = subprocess.run([str(paths.PROJECT / "lab/lab"), *words], cwd=paths.PROJECT, env=environment, capture_output=True, text=True, timeout=200)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    lab("up", TOPOLOGY)
    yield lambda command: lab("kernel", "--", "sh", "-c", command)
    lab("down", check=False)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("host", ["r1", "web1"])
def test_everything_is_in_force_after_a_boot_of_the_kernel(kernel, host):
    """By systemd's own programs in the order of their units: modules first, or the sysctls of IPVS are not there to be set."""
    written = {kind: trial.on(host, f"cat {path}") for kind, path in FILES.items()}
    modules = lines(written["modules"])
    loaded = kernel("lsmod").replace("\n", " ").split()
    assert not set(modules) & set(loaded), "not a fresh kernel"
    put = "".join(f"cat >/tmp/{kind} <<'E'\n{text}\nE\n" for kind, text in written.items())
    assert "systemd-modules-load.service" in trial.on(host, "systemctl show -P After systemd-sysctl")
    # The interfaces of the host, for their own settings
    made = "for n in 0 1 2; do ip link add eth$n type dummy 2>/dev/null; done\n"
    early = kernel(put + made + "/usr/lib/systemd/systemd-sysctl /tmp/sysctls 2>&1; ls /proc/sys/net/ipv4/vs 2>&1; true")
    if host == "r1":
        assert "No such file" in early, "without the module there is nothing to set: the order matters"
    kernel("/usr/lib/systemd/systemd-modules-load /tmp/modules && /usr/lib/systemd/systemd-sysctl /tmp/sysctls")
    loaded = kernel("lsmod").split()
    assert set(modules) <= set(loaded)
    wanted = dict(line.split(" = ") for line in lines(written["sysctls"]))
    found = {name: " ".join(kernel(f"cat /proc/sys/{name}").split()) for name in wanted}
    assert found == wanted
    assert len(modules) >= 3
