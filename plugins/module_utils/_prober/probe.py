# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real server under one check: its schedule, its verdict, and the numbers that its files shall hold."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from . import agent_line
from .attempt import Outcome
from .config import Check, Target
from .dialogue import Step, steps
from .verdict import Rules, Verdict
from .weights import added


class Probe:
    """`apply` takes new settings and keeps what was seen; `take` an outcome. `last`: the newest outcome, or None."""

    __slots__ = ("target", "check", "todo", "context", "verdict", "say", "last", "last_at", "handle", "generation", "excused")

    def __init__(self, target: Target, check: Check, context: ssl.SSLContext | None, up: bool, now: float) -> None:
        self.verdict = Verdict(up, now)
        self.say = agent_line.Say(None, "", "")
        self.last: Outcome | None = None
        self.last_at = 0.0  # of the wall clock
        self.handle: object = None
        self.generation = 0
        self.excused = 0  # failures in a row that were not counted
        self.apply(target, check, context)

    def apply(self, target: Target, check: Check, context: ssl.SSLContext | None) -> None:
        self.target, self.check, self.context = target, check, context
        self.todo: tuple[Step, ...] = steps(check.steps, check.match, target.address, target.port)

    @property
    def rules(self) -> Rules:
        # What can't be asked for its load is not taken out for it: it keeps the weight that it had
        return self.check.rules

    def take(self, outcome: Outcome, now: float, wall: float) -> bool:
        """True when the verdict changed."""
        if self.check.agent and outcome.good:
            outcome = self._heard(outcome)
        self.last, self.last_at = outcome, wall
        return self.verdict.take(outcome.good, self.rules, now)

    def _heard(self, outcome: Outcome) -> Outcome:
        try:
            said = agent_line.read(outcome.line)
        except ValueError as error:
            return outcome._replace(good=False, reason=str(error))
        # A line that names no number leaves the last one in force, as other load balancers do
        self.say = said if said.percent is not None else said._replace(percent=self.say.percent)
        return outcome

    def numbers(self, now: float) -> dict[str, int]:
        """Name of a file → what it holds: 1 for a failed server; beside it what is added to each configured weight."""
        identity = self.target.id
        if self.check.agent:
            return {"%s.w%d" % (identity, weight): added(weight, 1.0, self.say.percent, bool(self.say.out)) for weight in self.target.weights}
        found = {identity: 0 if self.verdict.up else 1}
        # While it is down the small weight of its return stands there already: nothing is left to do in the moment when it is back
        share = self.verdict.share(self.rules, now) or 0.1
        if self.rules.slow_start:
            found.update(("%s.w%d" % (identity, weight), added(weight, share, None, False)) for weight in self.target.weights)
        return found

    def growing(self, now: float) -> bool:
        """Whether the weight is to be raised again soon."""
        return self.verdict.up and self.verdict.share(self.rules, now) < 1.0

    def cancel(self, timer: Callable[[object], None]) -> None:
        self.generation += 1  # an attempt that is under way is not asked any more
        if self.handle is not None:
            timer(self.handle)
            self.handle = None
