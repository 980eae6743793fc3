# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster's own table beside those of others, with the real nft in a network of its own; systemd is played by a few lines."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import files, nftables, nftables_kernel

CHECKERS = Path(__file__).resolve().parents[3] / ".build/checkers/bookworm"
TABLES = {path.name: path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "model/golden_nftables").glob("*.nft")}
MARKS, FILTER, OTHER = TABLES["marks.nft"], TABLES["firewall.nft"], TABLES["firewall_and_marks.nft"]
BROKEN = MARKS.replace("dport 80 ", "dport 80000 ")
CLONE_NEWNET = 0x40000000


class Host:
    """nft runs; systemctl does with the file what the unit says."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "nftables.conf")
        self.unit = Path(nftables.UNIT_PATH)
        self.enabled = self.active = self.stuck = False
        self.boots: list[str] = []

    def nft(self, *words: str) -> subprocess.CompletedProcess[str]:
        library = CHECKERS / "usr/lib/x86_64-linux-gnu"
        return subprocess.run([str(library / "ld-linux-x86-64.so.2"), "--library-path", str(library), str(CHECKERS / "usr/sbin/nft"), *words],
                              text=True, capture_output=True, check=False)

    def run(self, argv: list[str]) -> tuple[int, str, str]:
        if argv[0] == "nft":
            done = self.nft(*argv[1:])
            return done.returncode, done.stdout, done.stderr
        if argv[0] == "unshare":
            return self.elsewhere(*argv[-2:])
        if argv[:2] == ["systemctl", "show"]:
            state = ("loaded" if self.unit.exists() else "not-found", "enabled" if self.enabled else "disabled", "active" if self.active else "inactive")
            return 0, "LoadState=%s\nUnitFileState=%s\nActiveState=%s\n" % state, ""
        if argv[0] == "systemctl":
            return self.order(argv[1])
        return 0, "", ""

    def order(self, word: str) -> tuple[int, str, str]:
        if word == "enable":
            self.enabled = True
        if word == "reload-or-restart":
            if self.stuck:
                return 1, "", "Job failed"
            self.active = self.nft("--file", self.path).returncode == 0
        if word == "disable":
            self.enabled = self.active = False
            self.nft("delete", "table", "inet", self.unit.read_text().split("delete table inet ")[1].split()[0])
        return 0, "", ""

    def elsewhere(self, path: str, name: str) -> tuple[int, str, str]:
        child = os.fork()
        if child == 0:  # a fork of its own: a network can't be left
            ctypes.CDLL(None).unshare(CLONE_NEWNET)
            code = self.nft("--file", path).returncode
            Path(path + ".listed").write_text(self.nft("--stateless", "list", "table", "inet", name).stdout)
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        listed = Path(path + ".listed")
        text = listed.read_text()
        listed.unlink()
        return code, text, "" if code == 0 else "nft complains"

    def tables(self) -> list[str]:
        return self.nft("list", "tables").stdout.split("\n")[:-1]

    def bring_in(self, text: str) -> str:
        return nftables.bring_in(self.run, files.read(self.path), nftables.wanted(text), self.path)

    def in_force(self) -> bool:
        return nftables.in_force(self.run, files.read(self.path), self.path)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """In a network of its own, with a table of somebody else's."""
    if not (CHECKERS / "usr/sbin/nft").exists():
        pytest.skip("no nft: run tools/keepalived_roots")
    library = ctypes.CDLL(None, use_errno=True)
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    if library.unshare(CLONE_NEWNET):
        pytest.skip("networks of one's own need root")
    try:
        if nftables_kernel.lacking():
            pytest.skip("the kernel has no nftables: " + nftables_kernel.lacking())
        monkeypatch.setattr(nftables, "UNIT_PATH", str(tmp_path / "unit"))
        made = Host(tmp_path)
        made.nft("add", "table", "inet", "other")
        yield made
    finally:
        library.setns(own, 0)
        os.close(own)


def test_in_force_twice_changed_and_gone_beside_the_table_of_others(host: Host) -> None:
    assert host.bring_in(MARKS) == ""
    assert (host.tables(), host.in_force()) == (["table inet other", "table inet lvs_web"], True)
    assert files.read(host.path)["mode"] == "0640"
    assert host.bring_in(FILTER) == ""
    assert "chain input" in (nftables.loaded(host.run, "lvs_web") or "") and host.in_force()
    assert host.bring_in("") == ""
    assert (host.tables(), host.in_force(), os.listdir(os.path.dirname(host.path)) if os.path.exists(os.path.dirname(host.path)) else []) == (
        ["table inet other"], True, [])


def test_another_name_takes_the_table_of_the_first_along(host: Host) -> None:
    host.bring_in(MARKS)
    assert host.bring_in(OTHER) == ""
    assert host.tables() == ["table inet other", "table inet lvs_web_shop"]
    assert host.in_force()


@pytest.mark.parametrize("change", ["flush ruleset", "flush chain inet lvs_web marks", "add rule inet lvs_web marks accept"])
def test_what_something_else_changed_is_not_in_force_and_comes_back(host: Host, change: str) -> None:
    host.bring_in(MARKS)
    assert host.nft(*change.split()).returncode == 0
    assert not host.in_force()
    assert host.bring_in(MARKS) == ""
    assert host.in_force()


def test_what_nft_refuses_changes_nothing(host: Host) -> None:
    host.bring_in(MARKS)
    words = host.bring_in(BROKEN)
    assert "80000" in words or "range" in words
    assert (files.read(host.path)["content"], host.in_force()) == (MARKS, True)


@pytest.mark.parametrize("before", ["", MARKS])
def test_what_systemd_does_not_load_leaves_all_as_before(host: Host, before: str) -> None:
    if before:
        host.bring_in(before)
    host.stuck = True
    assert "Job failed" in host.bring_in(FILTER)
    host.stuck = False
    assert files.read(host.path)["content"] == (before or None)
    assert host.tables() == ["table inet other", *(["table inet lvs_web"] if before else [])]
    assert host.in_force()


def test_a_table_that_would_be_gone_after_a_boot_is_not_in_force(host: Host) -> None:
    host.bring_in(MARKS)
    host.enabled = False
    assert not host.in_force()


def test_asking_the_kernel_leaves_nothing_behind(host: Host) -> None:
    before = host.tables()
    assert nftables_kernel.lacking() == ""
    assert host.tables() == before


def test_without_nft_it_is_said(tmp_path: Path) -> None:
    def none(_argv: list[str]) -> tuple[int, str, str]:
        return 127, "", "nft: No such file or directory"

    with pytest.raises(OSError, match="install the package nftables"):
        nftables.bring_in(none, files.ABSENT, nftables.wanted(MARKS), str(tmp_path / "x"))


class Deaf:
    """A netlink socket whose kernel answers with an error number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, *_arguments: Any) -> Any:
        return self

    __enter__ = __call__

    def __exit__(self, *_arguments: Any) -> None:
        pass

    settimeout = send = __call__

    def recv(self, _size: int) -> bytes:
        return nftables_kernel._message(nftables_kernel.ERROR, 0, 0, 0)[:16] + (-self.number).to_bytes(4, "little", signed=True)


@pytest.mark.parametrize(("number", "words"), [(0, ""), (95, "Operation not supported"), (97, "Address family not supported by protocol")])
def test_the_kernels_answer_is_told(monkeypatch: pytest.MonkeyPatch, number: int, words: str) -> None:
    monkeypatch.setattr(nftables_kernel.socket, "socket", Deaf(number))
    assert nftables_kernel.lacking() == words
