# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_settings on a scratch host: check mode says what the real run does, twice is once, absent is as before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.lvs.cluster.plugins.module_utils._host import kernel_settings, settings
from ansible_collections.lvs.cluster.plugins.module_utils._module import host_settings


class Host:
    """A root folder, a kernel whose module ip_vs brings a sysctl, and a package database."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.packages = {"python3-apt"}
        self.modules: set[str] = set()
        self.commands: list[list[str]] = []
        self.sysctl("net/ipv4/ip_forward").parent.mkdir(parents=True)
        self.sysctl("net/ipv4/ip_forward").write_text("0\n")

    def sysctl(self, name: str) -> Path:
        return self.root / "proc" / name

    def run(self, argv: list[str]) -> tuple[int, str, str]:
        self.commands.append(argv)
        if argv[0] == "dpkg-query":
            return 1, "".join(f"{name} installed\n" for name in argv if name in self.packages), ""
        if argv[:2] == ["modprobe", "--"]:
            if argv[2] not in ("ip_vs", "ip_vs_wlc"):
                return 1, "", "not found"
            self.modules.add(argv[2])
            if argv[2] == "ip_vs":
                self.sysctl("net/ipv4/vs").mkdir(exist_ok=True)
                self.sysctl("net/ipv4/vs/sync_threshold").write_text("3\t50\n")
        if argv[:2] == ["modprobe", "--remove"]:
            return 1, "", "in use"
        return 0, "", ""

    def snapshot(self) -> dict[str, str]:
        return {str(path.relative_to(self.root)): path.read_text().rstrip("\n") for path in sorted(self.root.rglob("*")) if path.is_file()}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host(tmp_path)
    monkeypatch.setattr(kernel_settings, "PROC_SYS", str(tmp_path / "proc"))
    monkeypatch.setattr(kernel_settings, "module_loaded", lambda name: name in made.modules)
    monkeypatch.setattr(host_settings.commands, "runner", lambda module: made.run)
    monkeypatch.setattr(settings, "UNIT_FOLDER", str(tmp_path / "units"))
    return made


@pytest.fixture
def call(host: Host, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(check: bool = False, **arguments: Any) -> dict[str, Any]:
        full = {"memory": str(host.root / "memory/router.json"), **arguments, "_ansible_check_mode": check}
        with patch_module_args(full), pytest.raises(SystemExit):
            host_settings.run_module()
        return json.loads(capsys.readouterr().out)

    return run


def wanted(host: Host) -> dict[str, Any]:
    return {
        "files": [{"path": str(host.root / "units/k.d/x.conf"), "content": "[Unit]\n"},
                  {"path": str(host.root / "bin/clean"), "content": "#!/bin/sh\n", "mode": "0755"}],
        "modules": ["ip_vs", "ip_vs_wlc"],
        "sysctls": {"net.ipv4.ip_forward": "1", "net/ipv4/vs/sync_threshold": "3 0"},
        "packages": ["keepalived", "python3-apt"],
        "users": ["lvs-test-no-such-user"],
    }


def told(result: dict[str, Any]) -> dict[str, Any]:
    return {key: result[key] for key in ("changed", "diff", "packages_missing", "packages_to_remove", "users_to_remove")}


def test_check_mode_touches_nothing_and_says_the_same(host: Host, call: Any) -> None:
    before = host.snapshot()
    checked = call(check=True, **wanted(host))
    assert host.snapshot() == before
    assert not any(command[0] in ("modprobe", "systemctl") for command in host.commands)
    real = call(**wanted(host))
    assert told(checked) == told(real)
    assert real["changed"]
    assert real["packages_missing"] == ["keepalived"]


def test_everything_is_done_and_a_second_run_changes_nothing(host: Host, call: Any) -> None:
    call(**wanted(host))
    assert host.modules == {"ip_vs", "ip_vs_wlc"}
    assert host.sysctl("net/ipv4/vs/sync_threshold").read_text() == "3 0"
    assert (host.root / "bin/clean").stat().st_mode & 0o777 == 0o755
    assert ["systemctl", "daemon-reload"] in host.commands
    host.packages.add("keepalived")
    after = host.snapshot()
    second = call(**wanted(host))
    assert not second["changed"]
    assert second["diff"] == []
    assert host.snapshot() == after


def test_absent_puts_everything_back(host: Host, call: Any) -> None:
    (host.root / "bin").mkdir()
    (host.root / "bin/clean").write_text("the administrator's\n")
    before = host.snapshot()
    call(**wanted(host))
    host.packages.add("keepalived")
    call(**wanted(host))
    checked = call(check=True, state="absent")
    real = call(state="absent")
    assert told(checked) == told(real)
    assert real["packages_to_remove"] == ["keepalived"]
    host.packages.remove("keepalived")
    assert not call(state="absent")["changed"]
    assert host.snapshot() == {**before, "proc/net/ipv4/vs/sync_threshold": "3 50"}
    assert not (host.root / "units").exists()
    assert not (host.root / "memory").exists()


def test_what_is_no_longer_wanted_is_put_back(host: Host, call: Any) -> None:
    call(**wanted(host))
    less = wanted(host)
    less["files"].pop(0)
    del less["sysctls"]["net.ipv4.ip_forward"]
    assert call(**less)["changed"]
    assert host.sysctl("net/ipv4/ip_forward").read_text() == "0"
    assert not (host.root / "units/k.d/x.conf").exists()
    assert call(state="absent")["changed"]


def test_a_run_that_died_between_remembering_and_doing_forgets_nothing(host: Host, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = host.snapshot()
    execute = settings.execute
    for survived in range(2):
        calls = iter(range(10))

        def dying(operations: Any, run: Any, calls: Any = calls, survived: int = survived) -> None:
            if next(calls) == survived:
                raise OSError("killed")
            execute(operations, run)

        monkeypatch.setattr(settings, "execute", dying)
        assert "killed" in call(**wanted(host))["msg"]
    monkeypatch.setattr(settings, "execute", execute)
    call(**wanted(host))
    call(state="absent")
    assert {**before, "proc/net/ipv4/vs/sync_threshold": "3 50"} == {name: text for name, text in host.snapshot().items() if "memory" not in name}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"modules": ["ip_vs_nonsense"]}, ["kernel module ip_vs_nonsense cannot be loaded", "install"]),
        ({"sysctls": {"net/ipv4/nonsense": "1"}}, ["sysctl net/ipv4/nonsense does not exist", "module"]),
    ],
)
def test_what_the_kernel_lacks_is_a_clear_error(call: Any, change: dict[str, Any], words: list[str]) -> None:
    result = call(**change)
    assert result["failed"]
    assert all(word in result["msg"] for word in words)


def test_a_damaged_memory_is_a_clear_error(host: Host, call: Any) -> None:
    (host.root / "memory").mkdir()
    (host.root / "memory/router.json").write_text("{")
    assert "is damaged" in call(state="absent")["msg"]


def test_a_host_that_is_something_else_is_refused_untouched(host: Host, call: Any) -> None:
    assert call(**wanted(host), kind="a router of a pair")["changed"]
    before = host.snapshot()
    for check in (True, False):
        refused = call(check=check, **wanted(host), kind="a router without keepalived")
        assert refused["failed"]
        assert "this host is a router of a pair" in refused["msg"]
        assert "lvs.cluster.remove" in refused["msg"]
        assert host.snapshot() == before
    host.packages.add("keepalived")
    assert not call(**wanted(host), kind="a router of a pair")["changed"]
    host.packages.remove("keepalived")
    call(state="absent")
    assert call(**wanted(host), kind="a router without keepalived")["changed"]


def test_files_are_read_as_they_were_before(host: Host, call: Any) -> None:
    there, missing = host.root / "there", host.root / "missing"
    there.write_text("old\n")
    result = call(files=[{"path": str(there), "content": "new\n"}], read=[str(there), str(missing)])
    assert result["contents"] == {str(there): "old\n", str(missing): None}
    assert there.read_text() == "new\n"


def test_units_are_started_last_and_stopped_first(host: Host, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    running: set[str] = set()
    unit = host.root / "units/lvs-test.service"
    plain = host.run

    def run(argv: list[str]) -> tuple[int, str, str]:
        if argv[:2] == ["systemctl", "show"]:
            on = argv[-1] in running
            return 0, f"LoadState=loaded\nActiveState={'active' if on else 'inactive'}\nUnitFileState={'enabled' if on else 'disabled'}\n", ""
        if argv[:1] == ["systemctl"] and argv[1] in ("enable", "disable"):
            assert unit.exists(), "the unit's file comes before it and goes after it"
            (running.add if argv[1] == "enable" else running.discard)(argv[-1])
        return plain(argv)

    monkeypatch.setattr(host_settings.commands, "runner", lambda module: run)
    want = {"files": [{"path": str(unit), "content": "[Unit]\n"}], "units": ["lvs-test.service"]}
    checked = call(check=True, **want)
    assert not running
    assert told(call(**want)) == told(checked)
    assert "unit lvs-test.service enabled and running" in str(checked["diff"])
    assert running == {"lvs-test.service"}
    assert not call(**want)["changed"]
    running.clear()
    assert call(**want)["changed"], "one that was stopped is started again"
    assert call(state="absent")["changed"]
    assert not running and not unit.exists()
    assert not call(state="absent")["changed"]


@pytest.mark.parametrize(("have", "changed"), [("0", False), ("1", True), ("2", False)])
def test_router_advertisements_that_a_network_manager_takes_itself_are_left_to_it(host: Host, call: Any, have: str, changed: bool) -> None:
    """systemd-networkd sets 0 each time that it configures the interface."""
    setting = host.sysctl("net/ipv6/conf/eth0/accept_ra")
    setting.parent.mkdir(parents=True)
    setting.write_text(have + "\n")
    assert call(sysctls={"net/ipv6/conf/eth0/accept_ra": "2"})["changed"] == changed
    assert setting.read_text().strip() == ("2" if changed else have)
