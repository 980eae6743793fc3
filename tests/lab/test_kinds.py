# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kernel a lab runs on: by hand, by the topology's need, by what the machine has. Nothing boots here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from program import PROJECT

sys.path.insert(0, str(PROJECT / "lab"))
from lvslab import hostkernel, kinds, kvm

PLAIN = '[networks.public]\ncidr = "192.0.2.0/24"\ngateway = "192.0.2.1"\n[hosts.r1]\nnetworks = {public = "192.0.2.2"}\n'


def kind(topology: Path, asked: str) -> subprocess.CompletedProcess:
    return subprocess.run([str(PROJECT / "lab/lab"), "kind", str(topology)], env={**os.environ, "LAB_KERNEL": asked}, text=True, capture_output=True)


@pytest.fixture
def topology(tmp_path):
    def write(text: str) -> Path:
        (tmp_path / "topology.toml").write_text(text)
        return tmp_path / "topology.toml"
    return write


@pytest.mark.parametrize("asked", ["uml", "vm"])
def test_what_is_asked_for_is_taken(topology, asked):
    assert kind(topology(PLAIN), asked).stdout == f"{asked}\n"


@pytest.mark.parametrize(("text", "asked", "words"), [
    (PLAIN, "xen", "LAB_KERNEL=xen: one of host, uml, vm"),
    ("nftables = true\n" + PLAIN, "uml", "this topology needs nf_tables, of which User Mode Linux has the bridge family alone; LAB_KERNEL=vm serves"),
    ('nftables = "yes"\n' + PLAIN, "vm", "nftables: true or false"),
])
def test_what_cannot_serve_is_refused_in_words(topology, text, asked, words):
    done = kind(topology(text), asked)
    assert (done.returncode, done.stdout, words in done.stderr, "Traceback" in done.stderr) == (2, "", True, False), done.stderr


@pytest.mark.parametrize(("host", "slow", "nftables", "expected"), [
    ("", "", False, "host"), ("", "", True, "host"), ("no IPVS", "", False, "uml"), ("no IPVS", "", True, "vm"),
    ("no IPVS", "no KVM", False, "uml"), ("no IPVS", "no KVM", True, "would be emulated, as no KVM: LAB_KERNEL=vm runs it"),
])
def test_the_virtual_machine_is_chosen_where_it_is_needed_and_fast(monkeypatch, host, slow, nftables, expected):
    monkeypatch.delenv("LAB_KERNEL", raising=False)
    monkeypatch.setattr(hostkernel, "lacks", lambda: host)
    monkeypatch.setattr(kvm, "lacks", lambda: slow)
    try:
        found = kinds.choose(nftables)
    except kinds.LabError as error:
        found = str(error)
    assert expected in found


def test_a_machine_without_modprobe_is_judged_by_what_its_kernel_has(monkeypatch, tmp_path):
    """The first command of a newcomer, on a fresh machine without kmod."""
    monkeypatch.setattr(hostkernel.subprocess, "run", lambda command, **more: pytest.fail(f"{command} is not there"))
    monkeypatch.setattr(hostkernel.shutil, "which", lambda name, **more: None)
    assert hostkernel.has_ipvs() == Path("/proc/net/ip_vs").exists()


@pytest.mark.parametrize(("device", "flags", "carries", "expected"), [
    (False, "fpu vmx", True, "is missing or closed to us"), (True, "fpu hypervisor", True, "has neither vmx nor svm"),
    (True, "fpu vmxfoo", True, "has neither vmx nor svm"), (True, "fpu vmx", False, "does not carry a stock kernel"),
    (True, "fpu vmx", True, ""), (True, "svm fpu", True, ""),
])
def test_kvm_counts_when_a_kernel_lives_on_it(monkeypatch, tmp_path, device, flags, carries, expected):
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    if device:
        (tmp_path / "kvm").touch()
    monkeypatch.setattr(kvm, "DEVICE", tmp_path / "kvm")
    monkeypatch.setattr(kvm, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(kvm, "_carries", lambda: carries)
    assert expected in kvm.lacks() and bool(kvm.lacks()) == bool(expected)
