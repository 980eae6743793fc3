# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data sets that are copied file by file, by the real rsync."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from .hosts import Hosts

NAMES = ["web1", "web2", "web3"]
pytestmark = pytest.mark.skipif(shutil.which("rrsync") is None, reason="rsync is not installed: make checkers")


def write(hosts: Hosts, host: str, name: str, text: str, folder: str = "served", age: float = 0) -> Path:
    path = hosts.root / host / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if age:
        os.utime(path, (time.time() - age, time.time() - age))
    return path


@pytest.fixture
def make(tmp_path: Path) -> Any:
    def made(**changes: Any) -> Hosts:
        hosts = Hosts(tmp_path, NAMES, ["web1", "web2"], **changes)
        write(hosts, "web1", "index.html", "one", age=100)
        write(hosts, "web1", "a/b/deep.html", "deep", age=100)
        return hosts

    return made


def test_a_target_gets_the_files_of_the_first_source(make: Any) -> None:
    hosts = make()
    found = hosts.run("web3", "pull")
    assert (found["ok"], found["source"], found["files"], found["bytes"]) == (True, "web1", 2, 7)
    assert hosts.files("web3") == hosts.files("web1")
    assert hosts.run("web3", "pull")["files"] == 0


def test_the_source_is_its_own(make: Any) -> None:
    hosts = make()
    assert hosts.run("web1", "pull")["source"] == "web1"


def test_the_next_source_takes_over_and_says_that_it_did(make: Any) -> None:
    hosts = make()
    hosts.run("web2", "pull")
    hosts.down("web1")
    assert hosts.run("web2", "pull")["source"] == "web2"
    found = hosts.run("web3", "pull")
    assert (found["ok"], found["source"]) == (True, "web2")
    assert hosts.files("web3") == hosts.files("web1")


def test_no_source_at_all_is_a_failure_that_says_which(make: Any) -> None:
    hosts = make()
    hosts.run("web3", "pull")
    good = hosts.state("web3")["last_good"]
    hosts.down("web1")
    hosts.down("web2")
    found = hosts.run("web3", "pull")
    assert (found["ok"], found["unreachable"], found["last_good"]) == (False, True, good)
    assert "web1 does not answer" in found["reason"] and "web2 does not answer" in found["reason"]
    assert hosts.files("web3") == hosts.files("web1")
    hosts.down("web1", False)
    assert hosts.run("web3", "pull")["ok"]


def test_what_was_changed_on_a_target_is_replaced_reported_and_kept_aside(make: Any) -> None:
    hosts = make()
    hosts.run("web3", "pull")
    time.sleep(0.02)
    write(hosts, "web3", "index.html", "by hand")
    write(hosts, "web3", "new.html", "new here")
    found = hosts.run("web3", "pull")
    assert (found["conflicts"], found["conflict_count"]) == (["index.html", "new.html"], 2)
    assert hosts.files("web3") == hosts.files("web1")
    assert sorted(hosts.files("web3", "sets/www/backups").values()) == ["by hand", "new here"]


def test_what_changed_at_the_source_is_no_conflict(make: Any) -> None:
    hosts = make()
    hosts.run("web3", "pull")
    write(hosts, "web1", "index.html", "two, and longer")
    found = hosts.run("web3", "pull")
    assert (found["files"], found["conflict_count"]) == (1, 0)
    assert list(hosts.files("web3", "sets/www/backups").values()) == ["one"]


def test_backups_have_a_limit(make: Any) -> None:
    hosts = make(backup_limit=0)
    hosts.run("web3", "pull")
    write(hosts, "web1", "index.html", "two, and longer")
    found = hosts.run("web3", "pull")
    assert hosts.files("web3", "sets/www/backups") == {}
    assert "dropped" in found["notes"][0]


def test_a_target_may_keep_what_is_newer_there(make: Any) -> None:
    hosts = make(conflicts="keep", delete=False)
    hosts.run("web3", "pull")
    write(hosts, "web3", "index.html", "by hand")
    write(hosts, "web3", "new.html", "new here")
    found = hosts.run("web3", "pull")
    assert (found["ok"], found["conflicts"]) == (True, ["index.html"])
    assert hosts.files("web3")["index.html"] == "by hand"
    assert "new.html" in hosts.files("web3")


def test_an_empty_source_does_not_empty_the_target(make: Any) -> None:
    hosts = make(delete_limit=1)
    for number in range(5):
        write(hosts, "web1", f"{number}.html", "x")
    hosts.run("web3", "pull")
    for path in (hosts.root / "web1/served").glob("*.html"):
        path.unlink()
    found = hosts.run("web3", "pull")
    assert not found["ok"] and "delete_limit" in found["reason"]
    assert len(hosts.files("web3")) == 6


def test_excluded_files_are_neither_copied_nor_deleted(make: Any) -> None:
    hosts = make(exclude=["*.log", "/private"])
    write(hosts, "web1", "x.log", "source")
    write(hosts, "web3", "y.log", "target")
    write(hosts, "web1", "private/key", "secret")
    hosts.run("web3", "pull")
    assert sorted(hosts.files("web3")) == ["a/b/deep.html", "index.html", "y.log"]


def test_modes_are_as_declared(make: Any) -> None:
    hosts = make(modes="D750,F640")
    hosts.run("web3", "pull")
    assert oct((hosts.root / "web3/served/index.html").stat().st_mode)[-3:] == "640"


def test_files_behind_are_counted_by_checksum(make: Any) -> None:
    hosts = make()
    hosts.run("web3", "pull")
    path = hosts.root / "web3/served/index.html"
    before = path.stat()
    path.write_text("eno")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as long, and as old: only the content tells
    assert hosts.run("web3", "behind")["said"].strip() == '{"behind": 1, "files": ["index.html"]}'


def test_a_second_run_at_the_same_time_is_refused_in_words(make: Any) -> None:
    hosts = make(bandwidth=200)
    write(hosts, "web1", "large", "x" * 800000)
    first = hosts.start("web3", "pull")
    while not hosts.state("web3").get("running_since"):
        time.sleep(0.02)
    second = hosts.start("web3", "pull")
    assert "another run of this data set is under way" in second.communicate(timeout=60)[1]
    assert second.returncode == 1
    first.communicate(timeout=60)
    assert hosts.state("web3")["ok"]


def test_a_run_that_was_cut_short_is_told_and_healed(make: Any) -> None:
    hosts = make(bandwidth=100)
    write(hosts, "web1", "large", "x" * 1000000)
    run = hosts.start("web3", "pull")
    while not list((hosts.root / "web3/served").glob(".large.*")):
        time.sleep(0.02)
    run.kill()
    run.communicate()
    assert "large" not in hosts.files("web3")
    while list(Path("/proc").glob("[0-9]*/cwd")) and _rsyncs(hosts):
        time.sleep(0.05)
    config = hosts.root / "web3/config/www.json"
    config.write_text(config.read_text().replace('"bandwidth": 100', '"bandwidth": null'))
    found = hosts.run("web3", "pull")
    assert found["ok"] and "the run before was cut short" in found["notes"]
    assert hosts.files("web3") == hosts.files("web1")


def _rsyncs(hosts: Hosts) -> bool:
    """Whether an rsync into this folder still runs: its parent was killed, it was not told."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if b"rsync" in words and str(hosts.root).encode() in words:
            return True
    return False


def test_metrics_are_written_beside_the_state(make: Any) -> None:
    hosts = make()
    hosts.run("web3", "pull")
    text = (hosts.root / "web3/sets/www/metrics.prom").read_text()
    assert 'lvs_data_sync_ok{data_set="www"} 1\n' in text
    assert "# TYPE lvs_data_sync_last_good_timestamp_seconds gauge" in text


@pytest.mark.parametrize(("good", "last", "unreachable", "there"), [(100, 1, False, False), (5, 1, False, True), (100, 1, True, True), (100, 60, True, False)])
def test_who_is_behind_loses_the_file_and_gets_it_back(make: Any, good: float, last: float, unreachable: bool, there: bool) -> None:
    """Seconds since the last good run and the last run; the limit is 30."""
    hosts = make(behind=30)
    hosts.run("web3", "pull")
    state = hosts.root / "web3/sets/www/state.json"
    now = time.time()
    (hosts.root / "web3/in-step").touch()
    text = state.read_text()
    state.write_text('{"last_good": %f, "last_run": %f, "unreachable": %s, "reason": "x"}' % (now - good, now - last, str(unreachable).lower()))
    hosts.run("web3", "judge")
    assert (hosts.root / "web3/in-step").exists() == there
    state.write_text(text)
    hosts.run("web3", "judge")
    assert (hosts.root / "web3/in-step").exists()


def test_a_failed_run_says_when_it_is_tried_again_each_time_later(make: Any) -> None:
    hosts = make()
    hosts.down("web1")
    hosts.down("web2")
    pauses = []
    for number in (1, 2, 3):
        found = hosts.run("web3", "pull")
        assert (found["ok"], found["failures"]) == (False, number)
        pauses.append(found["next_try"] - found["last_run"])
    assert [least <= pause <= least * 1.25 + 0.01 for least, pause in zip((5, 10, 20), pauses, strict=True)] == [True] * 3, pauses
    hosts.down("web1", down=False)
    found = hosts.run("web3", "pull")
    assert (found["ok"], found["failures"], found["next_try"]) == (True, 0, None)


def test_it_is_tried_again_no_later_than_at_its_interval(make: Any) -> None:
    hosts = make(interval=2)
    hosts.down("web1")
    hosts.down("web2")
    for _number in range(3):
        found = hosts.run("web3", "pull")
    assert 2 <= found["next_try"] - found["last_run"] <= 2.6, found


def test_what_runs_when_asked_alone_is_not_tried_again(make: Any) -> None:
    hosts = make(interval=0, retries=False)
    hosts.down("web1")
    hosts.down("web2")
    assert hosts.run("web3", "pull")["next_try"] is None


def test_the_pause_ends_when_the_try_is_due_and_there_is_none_without_a_failure(make: Any) -> None:
    hosts = make(interval=1)
    hosts.run("web3", "pull")
    process = hosts.start("web3", "pause")
    assert "no run of this data set has to be tried again" in process.communicate(timeout=20)[1] and process.returncode == 1
    hosts.down("web1")
    hosts.down("web2")
    due = hosts.run("web3", "pull")["next_try"]
    process = hosts.start("web3", "pause")
    assert process.communicate(timeout=20) == ("", "") and process.returncode == 0
    assert time.time() >= due


def test_a_run_that_did_not_even_begin_is_tried_again(make: Any) -> None:
    """As when its unit was started before its folder was made: nothing has written a state."""
    hosts = make()
    begun = time.monotonic()
    process = hosts.start("web3", "pause")
    assert process.communicate(timeout=30) == ("", "") and process.returncode == 0
    assert time.monotonic() - begun >= 4, "it did not wait"


# How often rsync runs: the first time it copies, and what happens meanwhile is done when it ends
RUNS = [
    pytest.param({}, "", 1, id="nothing changed"),
    pytest.param({}, "chmod 600 {}/web1/served/index.html", 2, id="a file changed"),
    pytest.param({}, "chmod 700 {}/web1/served/a/b", 2, id="a folder changed"),
    pytest.param({}, "touch {}/web1/not-deployed-yet", 2, id="the source can not say it"),
    pytest.param({"watched": True}, "chmod 600 {}/web1/served/index.html", 1, id="the source tells it itself"),
]


@pytest.mark.parametrize(("changes", "meanwhile", "runs"), RUNS)
def test_all_is_compared_again_if_the_source_changed_meanwhile(
    make: Any, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], meanwhile: str, runs: int
) -> None:
    hosts = make(**changes)
    time.sleep(0.3)  # what was made just before counts as made meanwhile
    counting = hosts.root / "bin/rsync"
    counting.parent.mkdir()
    first = f'[ -e {hosts.root}/runs ] || {{ {meanwhile.format(hosts.root) or ":"}; }}'
    counting.write_text(f'#!/bin/sh\n{shutil.which("rsync")} "$@" || exit\n{first}\necho run >>{hosts.root}/runs\n')
    counting.chmod(0o755)
    monkeypatch.setenv("PATH", f"{counting.parent}:{os.environ['PATH']}")
    assert hosts.run("web3", "pull")["files"] == 2
    assert (hosts.root / "runs").read_text() == "run\n" * runs


def test_what_is_written_in_place_while_it_is_copied_is_not_served_mixed_after_the_run(make: Any) -> None:
    hosts = make(bandwidth=1000)
    large = write(hosts, "web1", "large", "old " * 500_000)
    time.sleep(0.3)
    run = hosts.start("web3", "pull")
    while sum(path.stat().st_size for path in (hosts.root / "web3/served").glob(".large.*")) < 500_000:
        assert run.poll() is None
        time.sleep(0.02)
    with open(large, "r+") as stream:
        stream.write("new " * 500_000)
    run.communicate(timeout=60)
    assert hosts.files("web3")["large"] == "new " * 500_000
    assert hosts.state("web3")["files"] > 3, "it was never mixed: nothing is shown"


@pytest.mark.parametrize("words", ["changed 1.0", "changed one 1.0", "changed 1.0 1.0 /etc", "changed 1.0 1.0;id", "changed ../.. 1.0", "changed"])
def test_the_reader_takes_two_times_and_nothing_else(make: Any, words: str) -> None:
    hosts = make()
    asked = subprocess.run([str(hosts.ssh), "-i", "www-read", "web1", words], capture_output=True, text=True, check=False)
    assert asked.returncode and asked.stdout == "", asked


def test_a_clock_that_was_set_meanwhile_tells_nothing(make: Any) -> None:
    hosts = make()
    time.sleep(0.3)
    clock, steady = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)

    def asked(clock: float) -> str:
        command = [str(hosts.ssh), "-i", "www-read", "web1", "changed", str(clock), str(steady)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert [asked(clock), asked(clock - 1), asked(clock + 1)] == ["no\n", "yes\n", "yes\n"]


def test_of_a_program_that_breaks_at_the_source_its_last_line_is_told(make: Any) -> None:
    """As rrsync of rsync 3.5 did, which asks for its own path."""
    hosts = make()
    Path(hosts.ssh).write_text("#!/bin/sh\nprintf 'Traceback (most recent call last):\\n  File x\\nNameError: no such name\\n' >&2\nexit 1\n")
    assert "NameError: no such name" in hosts.run("web3", "pull")["reason"]
