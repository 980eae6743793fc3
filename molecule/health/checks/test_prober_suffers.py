# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check that is wrong, and a prober that is killed, frozen, without room, with spoilt files: the service goes on and the state says so.

On the backup, whose table lives too.
"""

from __future__ import annotations

import time

import pytest
from actors import ACTORS, KINDS, address, members, seen, state, table, tell, watched
from lvslab import trial

ROUTER = "r2"
SERVICE = KINDS["redis"][0]
VERDICTS = "/run/lvs-prober/verdicts"
SORRY = "10.0.0.11:80"
BAD = "web4"  # for which the verdict is "failed" while the prober suffers
OTHERS = set(ACTORS) - {BAD}


def redis() -> set[str]:
    return members(ROUTER)["redis"]


def prober(value: str) -> str:
    return trial.on(ROUTER, f"systemctl show -P {value} lvs-prober").strip()


def told(name: str):
    return state(ROUTER)[name]


def all_fail() -> list[str]:
    return [words for words in told("alarms") if " servers of redis fail" in words]


def wait_for(question, seconds: float) -> None:
    assert trial.eventually(question, seconds), (table(ROUTER).get(SERVICE), state(ROUTER))


@pytest.fixture(autouse=True)
def all_are_well():
    wait_for(lambda: redis() == set(ACTORS), 60)
    yield
    for server in ACTORS:
        trial.on(server, "rm -f /run/actor/*")


@pytest.fixture
def one_is_down():
    """BAD fails, the others are well; until the end no server may come or go."""
    tell(BAD, "wrong", "redis")
    wait_for(lambda: redis() == OTHERS, 40)
    watch = watched(ROUTER)
    yield
    assert redis() == OTHERS, table(ROUTER)
    changes = ended(watch)
    assert {change[1] for change in changes} == {f"{address(server)}:6379" for server in OTHERS} and len(changes) == len(OTHERS), f"servers moved: {changes}"


def ended(watch) -> list:
    """[time, real server, weight] of this service; the table of the beginning comes first."""
    trial.on(ROUTER, "touch /run/enough")
    return [[at, *what] for at, service, *what in watch.result() if service == SERVICE]


def test_all_servers_fail_at_once_and_come_back_one_by_one():
    """A quorum of two: below it the sorry server alone; the state says that the check may be the culprit."""
    for server in ACTORS:
        tell(server, "wrong", "redis")
    wait_for(lambda: set(table(ROUTER)[SERVICE]) == {SORRY}, 40)
    wait_for(all_fail, 20)
    (words,) = all_fail()
    assert words.startswith("all 4 servers of redis fail; all for the same reason, so look at the check first: ") and "-LOADING" in words
    assert members(ROUTER)["secret"] == set(ACTORS), "others are as they were"
    tell("web1", "well", "redis")
    wait_for(lambda: seen("redis", "web1", ROUTER)["verdict"] == "up", 20)
    assert set(table(ROUTER)[SERVICE]) == {SORRY}, table(ROUTER)
    tell("web2", "well", "redis")
    wait_for(lambda: redis() == {"web1", "web2"} and SORRY not in table(ROUTER)[SERVICE], 40)
    for server in ACTORS:
        tell(server, "well", "redis")
    wait_for(lambda: redis() == set(ACTORS) and not all_fail(), 40)


def test_killed_or_frozen_it_is_started_again_and_the_verdicts_stay(one_is_down):
    """After a second; frozen, after 15 s without a word."""
    for signal in ("KILL", "STOP"):
        before, old = prober("MainPID"), told("written_at")
        trial.on(ROUTER, f"kill -{signal} {before}")
        wait_for(lambda: prober("MainPID") not in ("0", before) and str(told("pid")) == prober("MainPID") and told("written_at") > old, 60)  # noqa: B023
        assert seen("redis", BAD, ROUTER)["verdict"] == "down"
    words = trial.on(ROUTER, "journalctl -q -u lvs-prober -o cat --no-pager -n 100")
    assert "Watchdog timeout" in words, words


def test_files_that_somebody_spoils_are_put_right(one_is_down):
    """No server comes or goes by it that is well."""
    good = seen("redis", "web1", ROUTER)["id"]
    for spoil in ("echo rubbish >{}", "rm {}", ": >{}"):
        before = told("repaired_files")
        trial.on(ROUTER, f"cd {VERDICTS} && " + spoil.format(good))
        wait_for(lambda: told("repaired_files") > before, 10)  # noqa: B023
    assert trial.on(ROUTER, f"cat {VERDICTS}/{good}").strip() == "0"


def test_a_spoilt_verdict_does_not_bring_a_dead_server_back_for_long():
    """keepalived takes each of these for well, until it is put right."""
    tell(BAD, "wrong", "redis")
    wait_for(lambda: redis() == OTHERS, 40)
    bad = seen("redis", BAD, ROUTER)["id"]
    watch = watched(ROUTER)
    for spoil in (": >{}", "echo rubbish >{}", "rm {}"):
        trial.on(ROUTER, f"cd {VERDICTS} && " + spoil.format(bad))
        wait_for(lambda: trial.on(ROUTER, f"cat {VERDICTS}/{bad}", check=False).strip() == "1" and redis() == OTHERS, 20)
        time.sleep(0.5)
        wait_for(lambda: redis() == OTHERS, 20)
    moves = [(at, weight) for at, real, weight in ended(watch) if real.startswith(address(BAD))]
    there = sum(out - into for (into, _weight), (out, _none) in zip(moves[::2], moves[1::2], strict=True))
    print(f"seen: {round(1000 * there)} ms in the table by three spoilt verdicts")
    assert there < 6, moves


def test_without_room_a_verdict_is_written_all_the_same():
    """Over the old one; what the prober says of itself grows old, which is an alarm of the status, and goes on when there is room."""
    trial.on(ROUTER, "mount -o remount,size=$(( $(df --output=used -B1 /run | tail -1) + 200000 )) /run; cat /dev/zero >/run/filler 2>/dev/null || true")
    try:
        assert trial.on(ROUTER, "df --output=avail /run | tail -1").strip() == "0"
        tell(BAD, "wrong", "redis")
        wait_for(lambda: redis() == OTHERS, 40)
        tell(BAD, "well", "redis")
        wait_for(lambda: redis() == set(ACTORS), 40)
        words = trial.on(ROUTER, "journalctl -q -u lvs-prober -o cat --no-pager -n 50")
        assert "state.json can't be written: No space left on device" in words, words
        old = told("written_at")
    finally:
        trial.on(ROUTER, "rm -f /run/filler; mount -o remount,size=50% /run")
    wait_for(lambda: told("written_at") > old, 10)


def test_it_has_no_rights_that_it_does_not_need():
    """Its user, its capabilities, and what systemd thinks of the unit (0 is the best, 10 the worst)."""
    main = prober("MainPID")
    assert trial.on(ROUTER, f"stat -c %U /proc/{main}").strip() == "lvs-prober"
    assert int(trial.on(ROUTER, f"grep CapEff /proc/{main}/status").split()[1], 16) == 1 << 13, "CAP_NET_RAW, for vip_check"
    words = trial.on(ROUTER, "systemd-analyze security --no-pager lvs-prober.service | tail -1")
    print("seen:", words.strip())
    assert float(words.split(":")[1].split()[0]) <= 2.0, words


def test_programs_of_one_s_own_leave_nothing_behind_and_have_no_rights():
    """Each has started a process of hours; those of some checks that are under way may be there."""
    left = trial.on(ROUTER, "ps -o user:32= -o args= -C sleep | grep 4711", check=False).splitlines()
    assert len(left) <= 2 * len(ACTORS), left
    assert {line.split()[0] for line in left} <= {"keepalived_script"}, left
    assert trial.on(ROUTER, "stat -c '%U %a' /run/lvs-cluster-check-turns").split() == ["root", "700"]
