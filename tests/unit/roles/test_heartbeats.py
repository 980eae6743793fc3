# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router hears on each path: from the counters of keepalived, over as long as it takes and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import arp, heartbeats

PATHS = [{"network": name, "interface": "none0", "instance": "web_" + name, "address": "192.0.2.2", "peers": {}} for name in ("public", "private")]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def heard(state: str, public: float, private: float, interval: float = 1.0) -> tuple[Any, float]:
    """What is found, and after how many seconds, where so many adverts a second are counted on each path."""
    clock = Clock()
    counter = "adverts_sent" if state == "master" else "adverts_received"

    def instances(_pid: int) -> dict[str, Any]:
        rates = {"web_public": public, "web_private": private}
        return {name: {"state": state, "adverts_sent": 5, "adverts_received": 5, counter: 5 + int(rate * clock.now)} for name, rate in rates.items()}

    found = heartbeats.read(1, PATHS, interval, instances, clock, clock.sleep)
    return {name: (path["hears"], path["sends"]) for name, path in found.items()}, clock.now


def test_a_backup_that_hears_both_is_done_after_one_advert() -> None:
    found, seconds = heard("backup", 1.0, 1.0)
    assert found == {"public": (True, None), "private": (True, None)}
    assert seconds < 1.5


def test_a_silent_path_is_waited_for() -> None:
    found, seconds = heard("backup", 0.0, 1.0)
    assert found == {"public": (False, None), "private": (True, None)}
    assert seconds == pytest.approx(4.0, abs=0.3)


def test_of_the_active_router_what_it_sends_counts() -> None:
    assert heard("master", 1.0, 0.0)[0] == {"public": (None, True), "private": (None, False)}


def test_what_is_too_slow_to_be_waited_for_is_not_known() -> None:
    found, seconds = heard("backup", 0.0, 1.0, interval=20.0)
    assert found["public"] == (None, None)
    assert seconds <= heartbeats.LONGEST + heartbeats.EVERY


def test_a_keepalived_that_answers_nothing_is_not_waited_for() -> None:
    clock = Clock()
    found = heartbeats.read(1, PATHS, 1.0, lambda _pid: {}, clock, clock.sleep)
    assert (found["public"]["state"], found["public"]["hears"], clock.now) == (None, None, 0.0)


def test_an_arp_request_and_its_answer() -> None:
    frame = arp.request(b"\x02\0\0\0\0\1", "192.0.2.2", "192.0.2.3")
    assert frame.hex() == "ffffffffffff020000000001" + "0806" + "0001080006040001" + "020000000001c0000202" + "000000000000c0000203"
    answer = frame[:21] + b"\2" + b"\x02\0\0\0\0\2" + bytes([192, 0, 2, 3]) + frame[22:28] + bytes([192, 0, 2, 2])
    assert arp.answers(answer, "192.0.2.3")
    assert not arp.answers(frame, "192.0.2.3"), "the question is no answer"
    assert not arp.answers(answer, "192.0.2.4")
