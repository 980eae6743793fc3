# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules as Ansible sends them, under an interpreter without pyroute2: they find the one that Debian 12 installs, or say what is missing."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest

from tests.bench.ipvs import program

PROJECT = pathlib.Path(__file__).parents[3]
PACKAGES = pathlib.Path(os.environ.get("LVS_LAB_CACHE", PROJECT / ".build/lab")) / "packages"
DEBIAN = "/usr/lib/python3/dist-packages"  # where its python3-… packages are, for /usr/bin/python3
SERVICE = {
    "address": "192.0.2.1", "port": 80, "scheduler": "mh", "scheduler_flags": ["mh-port"], "persistence_timeout": 60,
    "destinations": [{"address": "10.0.0.1", "weight": 5}, {"address": "fd00::1", "forward": "tunnel", "tunnel_type": "gre"}],
}


class Host:
    """Runs modules where /usr/bin/python3 has just what is in `library`, and Ansible was told of another interpreter."""

    def __init__(self, folder, library):
        self.folder, self.library = folder, library
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", folder / "venv"], check=True)

    def module(self, name, **arguments):
        inside = 'mount --bind "$1" "$2" && exec "$3" "$4"'
        words = ["unshare", "--mount", "sh", "-c", inside, "sh", self.library, DEBIAN, self.folder / "venv/bin/python"]
        done = subprocess.run([*words, program(self.folder, name, **arguments)], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def debian(tmp_path):
    """With pyroute2 0.7.2, the oldest that is supported, from Debian 12's package as the lab has it."""
    (package,) = PACKAGES.glob("bookworm/python3-pyroute2_0.7.2-*.deb")
    subprocess.run(["dpkg-deb", "-x", package, tmp_path / "package"], check=True)
    return Host(tmp_path, tmp_path / "package" / DEBIAN[1:])


def test_the_interpreter_that_has_pyroute2_is_found_and_its_old_version_does_everything(kernel, debian):
    result = debian.module("ipvs_services", services=[SERVICE], state="overridden")
    assert result["changed"], result
    lines = [
        "-A -t 192.0.2.1:80 -s mh -p 60 -b mh-port",
        "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 5",
        "-a -t 192.0.2.1:80 -r [fd00::1]:80 -i -w 1 --tun-type gre --tun-nocsum",
    ]
    assert kernel.saved() == lines
    info = debian.module("ipvs_info")
    assert info["timeouts"] == {"tcp": 900, "tcp_fin": 120, "udp": 300}
    assert info["information"]["version"] == "1.2.1"
    assert [row["statistics"]["connections"] for row in info["statistics"]] == [0]
    kernel.ipvsadm("-C")
    debian.module("ipvs_services", services=info["services"])
    assert kernel.saved() == lines
    assert debian.module("ipvs_services", services=info["services"], state="overridden")["changed"] is False
    kernel.ipvsadm("-C")
    assert debian.module("ipvs_timeouts", udp=5)["after"]["udp"] == 5
    assert debian.module("ipvs_sync_daemon", role="backup", interface="net0", sync_id=9)["changed"]
    assert "syncid=9" in kernel.ipvsadm("-Ln", "--daemon")
    # What the kernel refuses, in one sentence, and no noise of the library's.
    result = debian.module("ipvs_destination", service={"address": "192.0.2.1", "port": 80}, address="10.0.0.1")
    assert "there is no service tcp 192.0.2.1:80" in result["msg"]


def test_without_pyroute2_anywhere_it_is_said_what_to_install(kernel, tmp_path):
    (tmp_path / "empty").mkdir()
    host = Host(tmp_path, tmp_path / "empty")
    for name, arguments in (("ipvs_services", {"services": [SERVICE]}), ("ipvs_info", {}), ("ipvs_timeouts", {"tcp": 5})):
        result = host.module(name, **arguments)
        assert result["failed"]
        assert "pyroute2 is missing: install the package python3-pyroute2" in result["msg"]
        assert str(tmp_path / "venv/bin/python") in result["msg"], "which interpreter was asked"
    assert kernel.saved() == []
