# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules and sysctls of the running kernel.

Names of sysctls are written as systemd-sysctl takes them: with slashes (net/ipv4/ip_forward),
so that an interface named eth0.10 needs no escaping.
"""
from __future__ import annotations

import os

PROC_SYS = "/proc/sys"


def read_sysctl(name):
    """The value with single blanks, or None where this kernel has no such setting (yet)."""
    try:
        with open(os.path.join(PROC_SYS, name), encoding="ascii") as stream:
            return normal(stream.read())
    except FileNotFoundError:
        return None


def write_sysctl(name, value):
    handle = os.open(os.path.join(PROC_SYS, name), os.O_WRONLY | os.O_TRUNC)  # open() would try to make what is not there
    try:
        os.write(handle, value.encode("ascii"))
    finally:
        os.close(handle)


def normal(value):
    return " ".join(str(value).split())


def fulfils(name, have, want):
    """Whether a setting is as good as wanted. 0 is what systemd-networkd sets who takes router advertisements itself, or none."""
    return have == want or (name.endswith("/accept_ra") and (have, want) == ("0", "2"))


def module_loaded(name):
    """Whether the running kernel has the module, loaded or built in."""
    if os.path.isdir(os.path.join("/sys/module", name.replace("-", "_"))):
        return True
    try:
        with open(f"/lib/modules/{os.uname().release}/modules.builtin", encoding="ascii") as stream:
            return any(line.strip().endswith(f"/{name}.ko") for line in stream)
    except FileNotFoundError:
        return False


def load_module(run, name):
    code, _out, error = run(["modprobe", "--", name])
    if code != 0:
        raise OSError(f"kernel module {name} cannot be loaded: {error.strip() or code}; "
                      "install the kernel's module package, or a kernel with IPVS")


def unload_module(run, name):
    """True when it went. A module in use by someone else stays, which is right."""
    return run(["modprobe", "--remove", "--", name])[0] == 0
