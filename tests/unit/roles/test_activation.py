# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Activation of a configuration, against a host whose systemd and keepalived are played by a few lines."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.lvs.cluster.plugins.module_utils._host import activation, files, keepalived
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import declared
from ansible_collections.lvs.cluster.plugins.module_utils._module import keepalived_config

OLD, NEW = "old\n", "new\n"


class Host:
    """Runs what it read last. `refuses`: texts that a reload does not take; `faulty`: texts with which VRRP is in fault."""

    def __init__(self, path: Path, running: str | None) -> None:
        self.path = path
        self.running = running
        self.pid = 100 if running is not None else 0
        self.state_changes = 1
        self.started = time.clock_gettime(time.CLOCK_MONOTONIC) + 0.5 if running is not None else 0.0
        self.installed = True
        self.firewalld = False
        self.refuses: set[str] = set()
        self.faulty: set[str] = set()
        self.unknown: set[str] = set()      # virtual servers that the kernel refuses
        self.done: list[str] = []
        self.logged: list[str] = []
        self.slow = 0       # how often systemd is asked until it knows of a reload
        self.waits = 0

    def run(self, argv: list[str]) -> tuple[int, str, str]:
        if argv[:2] == ["systemctl", "show"] and "firewalld.service" in argv:
            return 0, f"LoadState=loaded\nActiveState={'active' if self.firewalld else 'inactive'}", ""
        if argv[:2] == ["systemctl", "show"]:
            self.waits = max(0, self.waits - 1)
            return 0, "\n".join([
                "LoadState=loaded", f"ActiveState={'active' if self.pid else 'inactive'}", f"MainPID={self.pid}", "UnitFileState=enabled",
                f"InvocationID=run{self.pid}", "Type=notify", f"StateChangeTimestampMonotonic={self.state_changes - bool(self.waits)}",
                f"ExecMainStartTimestampMonotonic={int(self.started * 1e6)}"]), ""
        if argv[0] == "ipvsadm":
            self.done.append(" ".join(argv))
        if argv[0] == "systemctl":
            self.done.append(argv[1])
            if argv[1] == "restart":
                self.pid, self.running = self.pid + 1, self.path.read_text()
                self.started = time.clock_gettime(time.CLOCK_MONOTONIC)
            if argv[1] == "stop":
                self.pid, self.running = 0, None
        if argv[0] == "keepalived":
            if argv[1] == "--version":
                return (0, "", "Keepalived v2.2.7 (01/16,2022)\n") if self.installed else (127, "", "keepalived: No such file or directory")
            return (5, "", f"{argv[-1]}: Line 1: no good") if Path(argv[-1]).read_text() in self.refuses else (0, "", "")
        if argv[0] == "journalctl":
            after = int(argv[argv.index("--after-cursor") + 1].removeprefix("s=")) if "--after-cursor" in argv else 0
            return 0, f"-- cursor: s={len(self.logged)}\n" if "--show-cursor" in argv else "\n".join(self.logged[after:]), ""
        return 0, "", ""

    def hang_up(self, pid: int) -> None:
        assert pid == self.pid
        text = self.path.read_text()
        if text in self.refuses:
            self.logged.append("New config failed validation, see /dev/null for details")
            return
        self.done.append("reload")
        self.running = text
        self.state_changes += 1
        self.waits = self.slow

    def virtual_servers(self) -> set[str]:
        return declared.virtual_servers(self.running or "") - self.unknown

    def instances(self, pid: int, deadline: float = 2.0) -> dict[str, Any]:
        return {"web_public": {"state": "fault" if self.running in self.faulty else "backup"}}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def make(running: str | None, on_disk: str | None) -> tuple[Host, activation.Activation]:
        path = tmp_path / "keepalived.conf"
        if on_disk is not None:
            path.write_text(on_disk)
        made = Host(path, running)
        monkeypatch.setattr(keepalived, "reload", made.hang_up)
        monkeypatch.setattr(keepalived, "vrrp_instances", made.instances)
        monkeypatch.setattr(keepalived, "virtual_servers", made.virtual_servers)
        return made, activation.Activation(made.run, str(path), str(tmp_path / "marker"), 0.1)

    return make


def activate(work: activation.Activation, content: str = NEW) -> str:
    return work.activate(content, files.read(work.path))


def test_a_running_keepalived_is_reloaded_and_the_last_good_file_kept(host: Any, tmp_path: Path) -> None:
    made, work = host(OLD, OLD)
    assert activate(work) == ""
    assert (made.running, made.done) == (NEW, ["reload"])
    assert (tmp_path / "keepalived.conf.last-good").read_text() == OLD
    assert oct(os.stat(work.path).st_mode & 0o777) == "0o640"


def test_it_is_in_force_afterwards(host: Any) -> None:
    made, work = host(OLD, OLD)
    activate(work)
    made.started = 1.0  # long before the file was written: only the marker can tell
    assert work.in_force(files.read(work.path), activation.systemd.show(made.run, "x"))
    Path(work.path).write_text("someone else's\n")
    assert not work.in_force(files.read(work.path), activation.systemd.show(made.run, "x"))


def test_a_stopped_keepalived_is_started(host: Any) -> None:
    made, work = host(None, None)
    assert activate(work) == ""
    assert (made.running, made.done) == (NEW, ["reset-failed", "restart"])


SYNCED = "global_defs {\n    lvs_sync_daemon eth1 inst web_private id 16\n}\n"
STOPPED = ["ipvsadm --stop-daemon master", "ipvsadm --stop-daemon backup"]


@pytest.mark.parametrize(("old", "new", "done"), [(SYNCED, NEW, ["reload", *STOPPED]), (SYNCED, SYNCED + NEW, ["reload"]), (OLD, SYNCED, ["reload"])])
def test_connection_sync_that_is_switched_off_ends(host: Any, old: str, new: str, done: list[str]) -> None:
    """A reload leaves the kernel's daemons at work."""
    made, work = host(old, old)
    assert activate(work, new) == ""
    assert made.done == done


def test_connection_sync_goes_on_when_the_configuration_without_it_is_refused(host: Any) -> None:
    made, work = host(SYNCED, SYNCED)
    made.refuses = {NEW}
    assert activate(work).startswith("keepalived refused")
    assert made.done == ["reload"]


def test_what_a_reload_refuses_is_rolled_back_with_the_reason(host: Any) -> None:
    made, work = host(OLD, OLD)
    made.refuses = {NEW}
    problem = activate(work)
    assert problem.startswith("keepalived refused the new configuration")
    assert "The configuration before it is in force again." in problem
    assert "keepalived: New config failed validation" in problem
    assert made.running == Path(work.path).read_text() == OLD


def test_a_slow_reload_of_what_was_before_is_not_taken_for_refused_too(host: Any) -> None:
    """The words about the refused one still stand in the journal; a restart would take the addresses off for nothing."""
    made, work = host(OLD, OLD)
    made.refuses, made.slow = {NEW}, 3
    assert "The configuration before it is in force again." in activate(work)
    assert (made.running, made.done) == (OLD, ["reload"])


def test_revert_does_not_take_an_old_refusal_for_its_own(host: Any) -> None:
    made, work = host(OLD, OLD)
    made.logged.append("New config failed validation, see /dev/null for details")
    activate(work)
    made.slow = 3
    assert activation.Activation(made.run, work.path, work.marker, 0.1).revert() == ""
    assert (made.running, made.done) == (OLD, ["reload", "reload"])


def test_what_does_not_become_well_is_rolled_back(host: Any) -> None:
    made, work = host(OLD, OLD)
    made.faulty = {NEW}
    assert "VRRP is not well after 0.1 s: web_public is fault" in activate(work)
    assert made.running == Path(work.path).read_text() == OLD
    assert "restart" not in made.done


SERVICE = "virtual_server 192.0.2.100 80 {\n    protocol TCP\n}\n"


def test_a_virtual_server_that_the_kernel_does_not_take_is_rolled_back(host: Any) -> None:
    """So the backup's table is looked at before the active router changes."""
    made, work = host(OLD, OLD)
    assert activate(work, SERVICE) == ""
    made, work = host(OLD, OLD)
    made.unknown = {"TCP 192.0.2.100:80"}
    problem = activate(work, SERVICE)
    assert problem.startswith("the kernel did not take TCP 192.0.2.100:80 within 0.1 s")
    assert made.running == Path(work.path).read_text() == OLD


def test_a_first_configuration_that_fails_leaves_a_stopped_keepalived_and_no_file(host: Any) -> None:
    made, work = host(None, None)
    made.faulty = {NEW}
    assert "stopped, as before" in activate(work)
    assert made.pid == 0
    assert not Path(work.path).exists()


def test_after_a_run_that_died_before_the_reload_the_last_good_file_is_the_one_that_runs(host: Any, tmp_path: Path) -> None:
    made, work = host(OLD, NEW)
    made.started = 1.0
    (tmp_path / "keepalived.conf.last-good").write_text(OLD)
    assert not work.in_force(files.read(work.path), activation.systemd.show(made.run, "x"))
    made.faulty = {NEW}
    assert "in force again" in activate(work)
    assert made.running == Path(work.path).read_text() == OLD


def test_revert_undoes_the_last_activation(host: Any) -> None:
    made, work = host(OLD, OLD)
    activate(work)
    assert work.revert() == ""
    assert made.running == Path(work.path).read_text() == OLD


def test_revert_of_a_first_activation_stops_keepalived(host: Any) -> None:
    made, work = host(None, None)
    activate(work)
    assert work.revert() == ""
    assert made.pid == 0
    assert not Path(work.path).exists()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a\n", "b\n", False),
        ("global_defs {\n net_namespace x\n}\n", "global_defs {\n net_namespace y\n}\n", True),
        ("global_defs {\n}\n", "global_defs {\n instance i\n}\n", True),
        ("net_namespace x\nb\n", "b\n  net_namespace   x\n", False),
    ],
)
def test_only_what_a_reload_cannot_change_needs_a_restart(old: str, new: str, expected: bool) -> None:
    assert activation.needs_restart(old, new) is expected


DATA = {"iname": "web_public", "ifp_ifname": "eth0", "last_transition": 990.0, "vrid": 51, "effective_priority": 150, "state": 2,
        "vips": ["192.0.2.100/32 dev eth0 label eth0:1 scope global set"], "evips": ["2001:db8::1/128 dev eth0 scope global"]}


@pytest.mark.parametrize("answer", [[{"data": DATA, "stats": {}}], {"vrrp": [{"data": DATA}], "track_process": []}])
def test_the_json_of_both_versions_means_the_same(answer: Any) -> None:
    assert keepalived.instances_of(answer, 1000.0) == {
        "web_public": {"state": "master", "interface": "eth0", "virtual_router_id": 51, "priority": 150, "seconds_in_state": 10.0,
                       "addresses": ["192.0.2.100", "2001:db8::1"], "adverts_received": 0, "adverts_sent": 0}}


@pytest.fixture
def call(host: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """call(made, phase, check, content): the module's result."""
    monkeypatch.setattr(keepalived_config, "MARKER", str(tmp_path / "run/marker"))
    monkeypatch.setattr(keepalived_config, "MADE_BY_KEEPALIVED", str(tmp_path / "made/by/keepalived"))

    def run(made: Host, phase: str, check: bool = False, content: str = NEW, **more: Any) -> dict[str, Any]:
        monkeypatch.setattr(keepalived_config.commands, "runner", lambda module: made.run)
        arguments = {"phase": phase, "content": content, "path": str(made.path), "addresses": ["192.0.2.100/32"], "timeout": 0.1,
                     "addresses_path": str(tmp_path / "list"), "memory": str(tmp_path / "memory/k.json"), **more}
        with patch_module_args({**arguments, "_ansible_check_mode": check}), pytest.raises(SystemExit):
            keepalived_config.run_module()
        return json.loads(capsys.readouterr().out)

    return run


def disk(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("phase", ["check", "activate"])
def test_check_mode_touches_nothing_and_says_the_same(host: Any, call: Any, tmp_path: Path, phase: str) -> None:
    made, _work = host(OLD, OLD)
    before = disk(tmp_path)
    checked = call(made, phase, check=True)
    assert (disk(tmp_path), made.done) == (before, [])
    real = call(made, phase)
    assert real["changed"]
    assert {**real, "invocation": None} == {**checked, "invocation": None}


def test_the_check_leaves_nothing_behind_in_a_real_run_either(host: Any, call: Any, tmp_path: Path) -> None:
    made, _work = host(OLD, OLD)
    before = disk(tmp_path)
    assert call(made, "check")["checked"]
    assert disk(tmp_path) == before


def test_twice_is_once(host: Any, call: Any, tmp_path: Path) -> None:
    made, _work = host(None, None)
    assert call(made, "activate")["reloaded"]
    after, done = disk(tmp_path), list(made.done)
    second = call(made, "activate")
    assert (second["changed"], second["diff"]) == (False, [])
    assert not call(made, "check")["changed"]
    assert (disk(tmp_path), made.done) == (after, done)


def test_what_keepalived_refuses_fails_the_check_with_its_words_and_the_real_path(host: Any, call: Any) -> None:
    made, _work = host(OLD, OLD)
    made.refuses = {NEW}
    result = call(made, "check")
    assert result["failed"]
    assert f"{made.path}: Line 1: no good" in result["msg"]


def test_on_a_new_machine_check_mode_says_that_keepalived_could_not_be_asked(host: Any, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a process that has loaded Ansible's controller, too, a warning is shown at once and is not in the result.
    said: list[str] = []
    monkeypatch.setattr("ansible.module_utils.basic.AnsibleModule.warn", lambda self, text, **more: said.append(text))
    made, _work = host(None, None)
    made.installed = False
    result = call(made, "check", check=True)
    assert result["changed"]
    assert any("not installed yet" in warning for warning in said)
    assert "install the package first" in call(made, "check")["msg"]


@pytest.mark.parametrize("runs", [True, False])
def test_where_firewalld_runs_it_is_said_that_it_is_left_alone(host: Any, call: Any, monkeypatch: pytest.MonkeyPatch, runs: bool) -> None:
    said: list[str] = []
    monkeypatch.setattr("ansible.module_utils.basic.AnsibleModule.warn", lambda self, text, **more: said.append(text))
    made, _work = host(OLD, OLD)
    made.firewalld = runs
    assert call(made, "check")["checked"]
    assert ["firewalld runs on this router and is left alone" in text for text in said] == [True] * runs


def test_an_empty_configuration_is_refused(host: Any, call: Any) -> None:
    made, _work = host(OLD, OLD)
    assert "content is empty" in call(made, "activate", content="\n")["msg"]
    assert (made.path.read_text(), made.done) == (OLD, [])


def test_a_failed_activation_leaves_the_addresses_of_both_configurations_in_the_list(host: Any, call: Any, tmp_path: Path) -> None:
    made, _work = host(OLD, OLD)
    (tmp_path / "list").write_text("192.0.2.50/32\n")
    made.faulty = {NEW}
    assert call(made, "activate")["failed"]
    assert {"192.0.2.50/32", "192.0.2.100/32"} <= set((tmp_path / "list").read_text().splitlines())


@pytest.mark.parametrize("full", ["list", "keepalived.conf", "marker"])
def test_a_disk_that_is_full_in_the_midst_leaves_the_nftables_table_as_it_was(host: Any, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                             full: str) -> None:
    """The services of before go on, and want the marks of before."""
    made, _work = host(OLD, OLD)
    tables: list[Any] = []
    monkeypatch.setattr(keepalived_config.nftables, "in_force", lambda run, table: True)
    monkeypatch.setattr(keepalived_config.nftables, "PATH", str(tmp_path / "table.nft"))
    monkeypatch.setattr(keepalived_config.nftables, "bring_in", lambda run, have, want: tables.append((have["content"], want["content"])) or "")
    write = files.write

    def without_room(path: str, content: str, mode: str) -> Any:
        if path.endswith("/" + full) and content != OLD:
            raise OSError(28, "No space left on device", path)
        return write(path, content, mode)

    monkeypatch.setattr(files, "write", without_room)
    result = call(made, "activate", nftables="table inet lvs_cluster {\n}\n")
    assert result["failed"]
    assert "No space left" in result["msg"]
    (_none, new), (undone, _before) = tables
    assert new == undone
    assert made.running == made.path.read_text() == OLD


def test_a_prober_that_was_told_already_is_told_back_when_the_disk_is_full(host: Any, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _work = host(OLD, OLD)
    told: list[str] = []

    class Prober:
        in_force = False

        def __init__(self, run: Any, wanted: str) -> None:
            self.difference = lambda: None
            self.keep = lambda: told.append("keep")
            self.bring_in = lambda: told.append("bring in") or ""
            self.put_back = lambda: told.append("put back") or ""

    write = files.write

    def without_room(path: str, content: str, mode: str) -> Any:
        if path == str(made.path) and content != OLD:
            raise OSError(28, "No space left on device", path)
        return write(path, content, mode)

    monkeypatch.setattr(keepalived_config.prober, "Prober", Prober)
    monkeypatch.setattr(files, "write", without_room)
    assert "No space left" in call(made, "activate", prober="{}")["msg"]
    assert told == ["keep", "bring in", "put back"]


def test_revert_by_the_module_brings_file_and_list_back(host: Any, call: Any, tmp_path: Path) -> None:
    made, _work = host(OLD, OLD)
    (tmp_path / "list").write_text("192.0.2.50/32\n")
    call(made, "activate")
    assert (tmp_path / "list").read_text().endswith("192.0.2.100/32\n")
    assert call(made, "revert")["changed"]
    assert (made.running, (tmp_path / "list").read_text()) == (OLD, "192.0.2.50/32\n")
    assert not call(made, "revert")["changed"]


@pytest.mark.parametrize("before", [OLD, None])
def test_absent_gives_keepalived_back_as_it_was(host: Any, call: Any, tmp_path: Path, before: str | None) -> None:
    made, _work = host(before, before)
    found = disk(tmp_path)
    call(made, "activate")
    (tmp_path / "made/by").mkdir(parents=True)
    (tmp_path / "made/by/keepalived").write_text("at its start")
    call(made, "activate", content="newer\n")
    assert call(made, "activate", check=True, state="absent")["changed"]
    assert call(made, "activate", state="absent")["changed"]
    assert disk(tmp_path) == found
    assert not (tmp_path / "made").exists()
    assert made.done[-1] == ("start" if before else "stop")
    assert not call(made, "activate", state="absent")["changed"]
