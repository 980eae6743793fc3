# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lvs-guard, on real processes that are called keepalived: which of them it takes for frozen, and what it kills."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3] / "roles/lvs_router/files/lvs-guard"
loader = importlib.machinery.SourceFileLoader("lvs_guard", str(PROGRAM))
guard = importlib.util.module_from_spec(importlib.util.spec_from_loader("lvs_guard", loader))  # type: ignore[arg-type]
loader.exec_module(guard)

FAST = "vrrp_instance a {\n    advert_int 0.5\n    down_timer_adverts 3\n}\n"


class Group:
    """A control group's folder with real processes in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.works: set[int] = set()      # these use the processor all the time
        self.ticks = 0
        (folder / "keepalived").symlink_to("/bin/sleep")
        (folder / "script").symlink_to("/bin/sleep")

    def start(self, name: str = "keepalived", deaf: bool = False) -> subprocess.Popen[bytes]:
        """deaf: it has the signal blocked, as keepalived does, but nobody there ever reads what is pending."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD} if deaf else set())
        process = subprocess.Popen([str(self.folder / name), "60"])
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.running.append(process)
        while (Path(f"/proc/{process.pid}/comm").read_text()) != f"{name}\n":
            time.sleep(0.001)
        (self.folder / "cgroup.procs").write_text("".join(f"{one.pid}\n" for one in self.running))
        return process

    def processor_time(self, pid: int) -> int:
        self.ticks += 1
        return self.ticks if pid in self.works else 7

    def looks(self, until: float, watch: object, begin: float = 0.0) -> list[str]:
        """What the guard did in looks at the moments begin, begin + 0.25, …"""
        said = []
        for step in range(int(begin * 4), int(until * 4) + 1):
            done = watch.look(str(self.folder), step / 4)  # type: ignore[attr-defined]
            said += [done] if done else []
        return said

    def ended(self) -> list[int]:
        return [process.wait(5) for process in self.running]


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    (tmp_path / "keepalived.conf").write_text(FAST)
    monkeypatch.setattr(guard, "CONFIGURATION", str(tmp_path / "keepalived.conf"))
    monkeypatch.setattr(guard, "reloading", lambda: False)
    made = Group(tmp_path)
    monkeypatch.setattr(guard, "processor_time", made.processor_time)
    yield made
    for process in made.running:
        process.kill()
        process.wait()


def test_those_that_answer_are_left_alone(group: Group) -> None:
    group.start()
    assert group.looks(60, guard.Guard(0.0)) == []
    assert [process.poll() for process in group.running] == [None]


def test_one_that_is_stopped_for_a_second_takes_all_with_it_scripts_too(group: Group) -> None:
    group.start()
    group.start("script")
    stopped = group.start()
    watch = guard.Guard(0.0)
    assert group.looks(1, watch) == []
    os.kill(stopped.pid, signal.SIGSTOP)
    os.waitpid(stopped.pid, os.WUNTRACED)
    (said,) = group.looks(2.25, watch, begin=1.25)
    assert said.startswith(f"keepalived (process {stopped.pid}) is stopped for 1.0 s")
    assert group.ended() == [-signal.SIGKILL] * 3


def test_a_stopped_script_is_not_keepalived(group: Group) -> None:
    group.start()
    os.kill(group.start("script").pid, signal.SIGSTOP)
    assert group.looks(60, guard.Guard(0.0)) == []


def test_one_that_answers_nothing_for_the_dead_time_is_killed_after_it_has_ever_answered(group: Group) -> None:
    group.start(deaf=True)
    watch = guard.Guard(0.0)
    group.looks(0, watch)
    (one,) = watch.watched.values()
    one.answered = True
    assert group.looks(1.75, watch, begin=0.25) == []
    (said,) = group.looks(2, watch, begin=2)
    assert "answers nothing for 2.0 s" in said
    assert group.ended() == [-signal.SIGKILL]


def test_one_that_has_just_started_gets_half_a_minute(group: Group) -> None:
    group.works.add(group.start(deaf=True).pid)
    watch = guard.Guard(0.0)
    assert group.looks(29.75, watch) == []
    assert len(group.looks(30, watch, begin=30)) == 1


def test_one_that_reads_a_new_configuration_gets_half_a_minute(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "reloading", lambda: True)
    group.works.add(group.start(deaf=True).pid)
    watch = guard.Guard(0.0)
    group.looks(0, watch)
    next(iter(watch.watched.values())).answered = True
    assert group.looks(29.75, watch, begin=0.25) == []
    assert len(group.looks(30, watch, begin=30)) == 1


@pytest.mark.parametrize("reloads", [False, True])
def test_it_gets_half_a_minute_only_while_it_works_itself(group: Group, monkeypatch: pytest.MonkeyPatch, reloads: bool) -> None:
    """Blocked just after a start, or a reload, beside another process of keepalived that works on."""
    monkeypatch.setattr(guard, "reloading", lambda: reloads)
    one = group.start(deaf=True)
    group.works |= {group.start().pid, one.pid}
    watch = guard.Guard(0.0)
    assert group.looks(9.75, watch) == []
    watch.watched[one.pid].answered = reloads
    group.works.discard(one.pid)
    assert group.looks(10.75, watch, begin=10) == []
    (said,) = group.looks(11.5, watch, begin=11)
    assert f"process {one.pid}) answers nothing for 11" in said


def test_one_that_waits_for_the_processor_works(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    group.start(deaf=True)
    monkeypatch.setattr(guard, "processes", lambda _path: {one.pid: ("R", True) for one in group.running})
    assert group.looks(29.75, guard.Guard(0.0)) == []


def test_processor_time_is_that_of_the_process() -> None:
    before = guard.processor_time(os.getpid())
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    assert 4 <= guard.processor_time(os.getpid()) - before <= 50
    assert guard.processor_time(2 ** 22 + 1) is None


def test_a_machine_that_stood_still_is_no_fault_of_keepalived(group: Group) -> None:
    """As after the pause of a virtual machine: the guard itself was not run."""
    group.start(deaf=True)
    watch = guard.Guard(0.0)
    group.looks(0, watch)
    next(iter(watch.watched.values())).answered = True
    assert watch.look(str(group.folder), 60.0) is None
    assert group.looks(61.25, watch, begin=60.25) == []
    assert len(group.looks(62, watch, begin=61.5)) == 1


def test_without_keepalived_there_is_nothing_to_do() -> None:
    assert guard.Guard(0.0).look(None, 0.25) is None


@pytest.mark.parametrize(("text", "seconds"), [
    (FAST, 2.0),
    ("vrrp_instance a {\n advert_int 1\n down_timer_adverts 5\n}\nvrrp_instance b {\n advert_int 0.1\n down_timer_adverts 2\n}", 6.0),
    ("vrrp_instance a {\n advert_int 0.1\n}", 0.4),
    ("# advert_int 9\n", 4.0),
])
def test_the_dead_time_is_read_from_the_configuration(text: str, seconds: float) -> None:
    assert guard.dead_time(text) == pytest.approx(seconds)


@pytest.mark.parametrize(("words", "busy"), [
    ("ActiveState=active\nStateChangeTimestampMonotonic=1000000\n", False),
    ("ActiveState=active\nStateChangeTimestampMonotonic=80000000\n", True),
    ("ActiveState=reloading\nStateChangeTimestampMonotonic=1000000\n", True),
    ("", False),
])
def test_systemd_tells_of_a_reload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, busy: bool) -> None:
    monkeypatch.setattr(guard.subprocess, "run", lambda *_arguments, **_options: subprocess.CompletedProcess([], 0, stdout=words))
    monkeypatch.setattr(guard.time, "monotonic", lambda: 100.0)
    assert guard.reloading() is busy
