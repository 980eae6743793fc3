# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From single results to a verdict: how many failures take a server out, how many successes bring it back, and how fast. Pure.

All times are seconds of one clock that never goes back.
"""

from __future__ import annotations

from typing import NamedTuple

LEAST = 0.1  # of the weight, with which a slow start begins


class Rules(NamedTuple):
    """fall, rise: results in a row. reentry_delay: seconds that all results must be good before the server is back.

    slow_start: seconds in which its weight grows to the full one.
    """

    fall: int = 2
    rise: int = 1
    reentry_delay: float = 0.0
    slow_start: float = 0.0


class Verdict:
    """up: the verdict; streak: results in a row that speak against it; since: when the verdict was reached."""

    __slots__ = ("up", "streak", "since", "good_since", "returned", "decided", "held")

    def __init__(self, up: bool, now: float) -> None:
        self.up = up
        self.streak = 0
        self.since = now
        self.good_since = now  # the first good result of those in a row
        self.returned: float | None = None  # when it came back, or was held no more; none: it was there from the start
        self.decided = False  # whether anything was seen at all
        self.held = False

    def take(self, good: bool, rules: Rules, now: float) -> bool:
        """One result. True when the verdict changed."""
        first, self.decided = not self.decided, True
        if good == self.up:
            self.streak = 0
            return False
        self.streak += 1
        if not good:
            return self._change(False, now) if self.streak >= rules.fall else False
        if self.streak == 1:
            self.good_since = now
        if first:  # declared to start as down, and well at the first look: nothing to recover from
            return self._change(True, now, first=True)
        return self.ripe(rules, now)

    def ripe(self, rules: Rules, now: float) -> bool:
        """Whether a server that is down may come back now; then it is back."""
        if self.up or self.streak < rules.rise or now - self.good_since < rules.reentry_delay:
            return False
        return self._change(True, now)

    def ripe_at(self, rules: Rules) -> float | None:
        """When to ask `ripe` again, without another result; None: only results can bring it back."""
        return self.good_since + rules.reentry_delay if not self.up and self.streak >= rules.rise else None

    def hold(self, held: bool, now: float) -> None:
        """Whether the server gets no new connections for another reason: its slow start begins when that is over."""
        if held or self.held:
            self.returned = now
        self.held = held

    def share(self, rules: Rules, now: float) -> float:
        """Of its weight: 0 while down; grows from 0.1 to 1 during the slow start, which waits while it is held."""
        if not self.up:
            return 0.0
        if self.returned is None or rules.slow_start <= 0:
            return 1.0
        if self.held:
            return LEAST
        return min(1.0, LEAST + (1 - LEAST) * (now - self.returned) / rules.slow_start)

    def _change(self, up: bool, now: float, first: bool = False) -> bool:
        self.up, self.streak, self.since = up, 0, now
        self.returned = now if up and not first else None
        return True
