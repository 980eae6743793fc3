# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How results become a verdict, a weight, and what a server says of itself."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober import agent_line
from ansible_collections.lvs.cluster.plugins.module_utils._prober.verdict import Rules, Verdict
from ansible_collections.lvs.cluster.plugins.module_utils._prober.weights import added


def after(results: str, rules: Rules, up: bool = True) -> tuple[bool, int]:
    """A result each second, + or -: the verdict, and how often it changed."""
    verdict = Verdict(up, 0.0)
    changes = sum(verdict.take(result == "+", rules, float(second)) for second, result in enumerate(results))
    return verdict.up, changes


def test_fall_and_rise_count_results_in_a_row() -> None:
    rules = Rules(fall=3, rise=2)
    assert after("+--+--", rules) == (True, 0)
    assert after("+---", rules) == (False, 1)
    assert after("+---+-+", rules) == (False, 1)
    assert after("+---++", rules) == (True, 2)


def test_a_server_that_starts_as_down_is_in_at_its_first_good_answer() -> None:
    assert after("+", Rules(rise=3), up=False) == (True, 1)
    assert after("-++", Rules(rise=3), up=False) == (False, 0)


def test_the_reentry_delay_counts_from_the_first_good_result_in_a_row() -> None:
    rules = Rules(fall=1, rise=1, reentry_delay=10)
    verdict = Verdict(True, 0)
    assert verdict.take(False, rules, 1)
    assert not verdict.take(True, rules, 5)
    assert not verdict.take(False, rules, 6)
    assert not verdict.take(True, rules, 7)
    assert verdict.ripe_at(rules) == 17
    assert not verdict.ripe(rules, 16.9)
    assert verdict.ripe(rules, 17)
    assert verdict.up


def test_slow_start_raises_the_share_after_a_return_only() -> None:
    rules = Rules(fall=1, slow_start=10)
    verdict = Verdict(True, 0)
    verdict.take(True, rules, 0)
    assert verdict.share(rules, 0) == 1
    verdict.take(False, rules, 1)
    assert verdict.share(rules, 1) == 0
    verdict.take(True, rules, 2)
    assert [round(verdict.share(rules, second), 2) for second in (2, 7, 12, 99)] == [0.1, 0.55, 1, 1]


@pytest.mark.parametrize(
    ("line", "say"),
    [
        (b"75%\n", (75, "", "")),
        (b"up 50%\n", (50, "", "")),
        (b"drain\n", (None, "drain", "")),
        (b"maint,maxconn:30 # kernel update\n", (None, "maint", "kernel update")),
        (b"DOWN # disk full", (None, "down", "disk full")),
        (b"ready,100%\r\nand more", (100, "", "")),
        (b"9999%", (256, "", "")),
    ],
)
def test_agent_lines(line: bytes, say: tuple[object, ...]) -> None:
    assert tuple(agent_line.read(line)) == say


@pytest.mark.parametrize("line", [b"", b"\n", b"HTTP/1.1 200 OK", b"-5%", b"# up"])
def test_an_agent_line_without_a_known_word_is_no_answer(line: bytes) -> None:
    with pytest.raises(ValueError, match="no known word"):
        agent_line.read(line)


def test_rounding_takes_no_server_out_and_drain_takes_all() -> None:
    assert added(1, 0.1, 10, False) == 0
    assert added(100, 1, 0, False) == added(100, 1, 200, True) == -100
    assert added(100, 1, 150, False) == 50
    assert added(0, 1, 100, False) == 0


def test_a_server_that_was_held_begins_its_slow_start_when_it_is_held_no_more() -> None:
    rules = Rules(slow_start=10)
    verdict = Verdict(True, 0)
    assert verdict.share(rules, 5) == 1.0
    verdict.hold(True, 6)
    assert verdict.share(rules, 19) == pytest.approx(0.1)
    verdict.hold(False, 20)
    assert verdict.share(rules, 20) == pytest.approx(0.1)
    verdict.hold(False, 21)
    assert verdict.share(rules, 25) == pytest.approx(0.55)
    assert verdict.share(rules, 30) == 1.0
