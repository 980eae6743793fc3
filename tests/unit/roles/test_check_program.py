# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program check-program: verdict by exit status and output, as whom, for how long, with whom it is killed, how many at once."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import unexpected

PROGRAM = Path(__file__).parents[3] / "roles/lvs_router/files/check-program"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    text = PROGRAM.read_text()
    assert "turns=/run/lvs-cluster-check-turns" in text
    text = text.replace("/run/lvs-cluster-check-turns", str(tmp_path / "turns"))

    def begin(script: str, match: str = "any", expected: str = "", turn: int = 1, seconds: int = 20) -> subprocess.Popen[str]:
        arguments = [str(turn), str(seconds), "nobody", "nogroup", match, expected, "LVS_REAL_PORT=80", "/bin/sh", "-c", script, "check", "10.0.0.11"]
        return subprocess.Popen(["dash", "-c", text, "check-program", *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True)

    return begin


@pytest.fixture
def verdict(start: Start) -> Callable[..., int]:
    return lambda *arguments, **options: start(*arguments, **options).wait(60)


@pytest.mark.parametrize(
    ("script", "match", "expected", "status"),
    [
        ("exit 0", "any", "", 0),
        ("exit 3", "any", "", 3),
        ("echo OK; exit 3", "prefix", "OK", 3),
        ("echo OK 17", "prefix", "OK", 0),
        ("echo not OK", "prefix", "OK", 1),
        ("echo not OK", "contains", "OK", 0),
        ("echo '*'", "prefix", "?", 1),
        ("printf 'a\\nall is well\\n\\n'", "contains", "all is well", 0),
        ("echo OK >&2", "contains", "OK", 1),
        ("true", "prefix", "OK", 1),
        ("exec /nowhere", "any", "", 127),
        ("while :; do echo OK; done", "prefix", "OK", 141),
    ],
)
def test_the_verdict_comes_of_the_exit_status_and_the_output(verdict: Callable[..., int], script: str, match: str, expected: str, status: int) -> None:
    assert verdict(script, match, expected) == status


@pytest.mark.parametrize("output", ["OK 17", "not OK", "", "OK", "*"])
@pytest.mark.parametrize("match", ["prefix", "contains"])
@pytest.mark.parametrize("expected", ["OK", "*", "[O]K", "K 1"])
def test_the_module_health_check_judges_alike(verdict: Callable[..., int], output: str, match: str, expected: str) -> None:
    there = verdict(f"echo '{output}'", match, expected)
    assert (there == 0) == (unexpected({"expect": expected, "match": match}, output + "\n") == "")


def test_it_runs_as_its_user_with_its_arguments_and_no_lock_of_ours(verdict: Callable[..., int]) -> None:
    said = 'echo "$(id -un) $(id -gn) $(id -G | wc -w) $1 $LVS_REAL_PORT $(ls /proc/self/fd | wc -l)"'
    assert verdict(said, "prefix", "nobody nogroup 1 10.0.0.11 80 4") == 0  # 0, 1, 2 and ls's own


def alive(word: str) -> bool:
    return any(word in path.read_bytes().decode("utf-8", "replace") for path in Path("/proc").glob("[0-9]*/cmdline") if _is_there(path))


def _is_there(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(("script", "seconds", "status"), [
    ("sleep 4711.{0} & sleep 4711.{0}", 1, 124),
    ("trap '' TERM; sleep 4711.{0}; sleep 4711.{0}", 1, 137),
    ("sleep 4711.{0} & exit 0", 20, 0),
])
def test_it_is_killed_when_its_time_is_over_and_its_children_in_any_case(verdict: Callable[..., int], tmp_path: Path, script: str, seconds: int,
                                                                        status: int) -> None:
    mark = str(abs(hash(str(tmp_path))) % 100000)
    assert verdict(script.format(mark), seconds=seconds) == status
    assert not alive("4711." + mark)


def test_one_for_each_turn_at_a_time_and_waiting_costs_nothing_of_the_time_limit(start: Start) -> None:
    """The second one waits for longer than it may run."""
    first = start("sleep 60", turn=1, seconds=3)
    second = start("exit 0", turn=1, seconds=2)
    assert first.wait(60) == 124
    assert second.wait(60) == 0


def test_the_second_one_does_not_begin_before_the_first_has_ended(start: Start, tmp_path: Path) -> None:
    first = start("sleep 2; exit 0", turn=1, seconds=60)
    while not list((tmp_path / "turns").glob("1")):
        assert first.poll() is None
    time.sleep(0.5)  # for it to have the turn
    second = start("exit 0", turn=1, seconds=60)
    assert second.wait(60) == 0
    assert first.poll() == 0


def test_another_turn_does_not_wait(start: Start) -> None:
    long = start("sleep 30", turn=1, seconds=60)
    slow = start("sleep 30", turn=2, seconds=60)
    try:
        assert start("exit 0", turn=3).wait(20) == 0
        assert slow.poll() is None
    finally:
        for one in (long, slow):
            one.kill()
            one.wait()
