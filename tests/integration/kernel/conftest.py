# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh network namespace of the real kernel for every test, judged by ipvsadm.

Needs root, a kernel with ip_vs, ipvsadm, iproute2 and pyroute2; without them the tests fail, not skip:
a run that tests nothing must not look like one that passed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import json
import os
import subprocess

import pytest
from ansible.module_utils import basic
from ansible.plugins.loader import init_plugin_loader

# Before anything of the collection is imported, or Ansible does not find it when it packs a module to be sent.
init_plugin_loader([])

CLONE_NEWNET = 0x40000000
PREFIX = "ansible_collections.lvs.cluster.plugins.modules."
# 10.0.0.0/8 and fd00::/64 are reachable, 192.0.2.1 and 2001:db8::1 are this machine's own.
SETUP = """
link set lo up
link add net0 type dummy
addr add 10.255.255.1/8 dev net0
addr add 192.0.2.1/24 dev net0
addr add fd00::ffff/64 dev net0 nodad
addr add 2001:db8::1/64 dev net0 nodad
link set net0 up
"""


class Kernel:
    """The modules under test, and the tools that judge them, in the namespace of the process."""

    def module(self, name, check=False, **arguments):
        """Run a module in this process as Ansible would; returns its result, `failed` in it if it failed."""
        given = dict(arguments, _ansible_check_mode=check, _ansible_diff=True, _ansible_module_name=name)
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
        basic._ANSIBLE_PROFILE = "legacy"
        output = io.StringIO()
        with contextlib.redirect_stdout(output), pytest.raises(SystemExit):
            importlib.import_module(PREFIX + name).main()
        result = json.loads(output.getvalue())
        result.pop("invocation", None)
        return result

    def changes(self, name, **arguments):
        """Run in check mode, then really, then again: the first two must say the same, the third nothing to do."""
        before = self.saved()
        checked = self.module(name, check=True, **arguments)
        assert self.saved() == before, "check mode touched the table"
        result = self.module(name, **arguments)
        assert not result.get("failed"), result["msg"]
        assert checked == result
        again = self.module(name, **arguments)
        assert (again["changed"], again["commands"]) == (False, [])
        return result

    def fails(self, name, **arguments):
        """Run a module that must fail and change nothing; returns its message."""
        before = self.saved()
        result = self.module(name, **arguments)
        assert result.get("failed"), result
        assert self.saved() == before
        return result["msg"]

    def tool(self, *words, text=None):
        """The output of a command that must succeed."""
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def ipvsadm(self, *words, text=None):
        return self.tool("ipvsadm", *words, text=text)

    def saved(self):
        """The sorted lines of ipvsadm -Sn."""
        return sorted(self.ipvsadm("-Sn").splitlines())

    def thresholds(self):
        """{address:port of a destination: (upper, lower)} by ipvsadm."""
        rows = [line.split() for line in self.ipvsadm("-Ln", "--thresholds").splitlines()]
        return {row[1]: (int(row[2]), int(row[3])) for row in rows if row[:1] == ["->"] and row[1] != "RemoteAddress:Port"}


@pytest.fixture(scope="session", autouse=True)
def _module_of_the_kernel():
    if not os.path.exists("/proc/net/ip_vs"):
        subprocess.run(["modprobe", "ip_vs"], check=True, timeout=60)


@pytest.fixture
def kernel():
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
    subprocess.run(["ip", "-batch", "-"], input=SETUP, text=True, check=True, timeout=60)
    yield Kernel()
    # A namespace that ends with sync daemons in it has once kept the kernel from starting another one.
    for role in ("master", "backup"):
        subprocess.run(["ipvsadm", "--stop-daemon", role], capture_output=True, check=False, timeout=60)


@pytest.fixture
def as_nobody():
    """as_nobody(question): whether it is true for a process without rights."""

    def ask(question):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.setuid(65534)
                status = 0 if question() else 2
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    return ask
