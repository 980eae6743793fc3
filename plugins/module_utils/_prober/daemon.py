# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon: asks every server when its time has come, writes verdicts, tells its state."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from . import report, supervisor
from .attempt import attempt, tls_context
from .config import Check, Config, ConfigError, Target, parse
from .drains import FOLDER as DRAINS
from .drains import Drains
from .files import NumberFiles
from .inotify import FolderWatch
from .probe import Probe

BEAT = 1.0  # seconds: heartbeat, raising of weights, and a new try for what could not be written
SWEEP = 200  # files that are compared at each beat, in case the kernel's notes were lost
TICK = 0.05  # seconds: how often it is seen whether this process gets its turn
HELD_UP = 0.25  # of the time limit of a check: held up for longer at a stretch, its failure says nothing of the server
EXCUSED = 2  # such failures in a row: on a router that is always that busy a dead server must go all the same
REMEMBERED = 60.0  # seconds for which that is an alarm
PROBES_PER_SECOND_OF_STATE = 1000  # writing the state of so many takes some 10 ms: a larger one is written less often
LINES, PAUSE = 200, 0.01  # of the state that are made at a stretch, and the seconds from one stretch to the next


class Daemon:
    """config_file: see config.py; folder: where `verdicts/`, `state.json` and `metrics.prom` are kept; drains: see drains.py."""

    def __init__(self, config_file: Path, folder: Path, drains: Path = DRAINS) -> None:
        self.config_file, self.folder = config_file, folder
        self.drains = Drains(drains)
        self.files = NumberFiles(folder / "verdicts")
        self.probes: dict[str, Probe] = {}
        self.problem = ""
        self.started_at = time.time()
        self.totals = {"checks": 0, "failed": 0, "held_up": 0}
        self.gaps: deque[tuple[float, float]] = deque(maxlen=20)  # when this process was held up, and for how many seconds
        self.held_up_at: float | None = None
        self.tasks: set[asyncio.Task[None]] = set()
        self.swept = 0
        self.state_at = 0.0
        self.telling = 0  # which writing of the state is under way
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stopping` is set. ConfigError when there is nothing to start with."""
        loop = asyncio.get_running_loop()
        self._take(parse(self.config_file.read_text(encoding="utf-8")))
        watch = FolderWatch(self.files.folder)
        loop.add_reader(watch.descriptor, self._changed, watch)
        self._beat(watch)
        self._tick(loop.time())
        supervisor.notify("READY=1", "STATUS=%d servers are asked" % len(self.probes))
        await self.stopping.wait()
        supervisor.notify("STOPPING=1")
        loop.remove_reader(watch.descriptor)
        for probe in self.probes.values():
            probe.cancel(lambda handle: handle.cancel())  # type: ignore[attr-defined]
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self._tell()

    def reload(self) -> None:
        """The new configuration, or the old one with a word in the state and the journal."""
        supervisor.reloading()
        try:
            self._take(parse(self.config_file.read_text(encoding="utf-8")))
            self.problem = ""
        except (OSError, ValueError) as error:
            self.problem = str(error)
            supervisor.journal("refused, the configuration before stays in force: %s" % error)
        self._tell()
        supervisor.notify("READY=1", "STATUS=%d servers are asked" % len(self.probes))

    def _take(self, config: Config) -> None:
        contexts = {name: tls_context(check.tls) if check.tls else None for name, check in config.checks.items()}
        loop = asyncio.get_running_loop()
        gone = set(self.probes) - {target.id for target in config.targets}
        for name in gone:
            probe = self.probes.pop(name)
            probe.cancel(lambda handle: handle.cancel())  # type: ignore[attr-defined]
            for file in probe.numbers(loop.time()):
                self.files.forget(file)
        for target in config.targets:
            check, context = config.checks[target.check], contexts[target.check]
            known = self.probes.get(target.id)
            if known:
                known.apply(target, check, context)
            else:
                self._begin(target, check, context)
        for probe in self.probes.values():
            self._write(probe)

    def _begin(self, target: Target, check: Check, context: Any) -> None:
        loop = asyncio.get_running_loop()
        before = self.files.adopt(target.id)
        up = check.start_up if before is None else before == 0
        self.probes[target.id] = probe = Probe(target, check, context, up, loop.time())
        self._at(probe, loop.time() + random.uniform(0, check.warmup))

    def _at(self, probe: Probe, when: float) -> None:
        probe.handle = asyncio.get_running_loop().call_at(when, self._due, probe, when)

    def _due(self, probe: Probe, when: float) -> None:
        task = asyncio.get_running_loop().create_task(self._ask(probe, when, probe.generation))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _ask(self, probe: Probe, when: float, generation: int) -> None:
        loop = asyncio.get_running_loop()
        outcome = await attempt(probe.target, probe.check, probe.todo, probe.context)
        if probe.generation != generation:
            return
        now = loop.time()
        self.totals["checks"] += 1
        if not outcome.asked:
            probe.last, probe.last_at = outcome, time.time()
        elif not outcome.good and probe.excused < EXCUSED and self._held_up(probe.check, outcome.seconds, now):
            probe.excused += 1
            self.totals["held_up"] += 1
            self.held_up_at = now
        else:
            probe.excused = 0
            self.totals["failed"] += not outcome.good
            if probe.take(outcome, now, time.time()):
                self._changed_verdict(probe, outcome.reason)
            self._write(probe)
        ripe = probe.verdict.ripe_at(probe.rules)
        if ripe is not None and ripe > now:
            loop.call_at(ripe, self._ripe, probe, generation)
        # From start to start, so that the time until a dead server is out is interval × fall whatever a check takes; never two at once
        following = when + probe.check.interval
        self._at(probe, following if following > now else now + probe.check.interval)

    def _held_up(self, check: Check, seconds: float, now: float) -> bool:
        """Whether a time limit was over because this process was frozen or starved: the answer may have been there all the time."""
        limit = min(check.timeout, check.connect_timeout)
        longest = max((gap for at, gap in self.gaps if at >= now - seconds), default=0.0)
        return seconds >= limit and longest > HELD_UP * limit

    def _tick(self, expected: float) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now - expected > TICK:
            self.gaps.append((now, now - expected))
        if not self.stopping.is_set():
            loop.call_at(now + TICK, self._tick, now + TICK)

    def _ripe(self, probe: Probe, generation: int) -> None:
        if probe.generation == generation and probe.verdict.ripe(probe.rules, asyncio.get_running_loop().time()):
            self._changed_verdict(probe, "")
            self._write(probe)

    def _changed_verdict(self, probe: Probe, reason: str) -> None:
        target = probe.target
        verdict = "well" if probe.verdict.up else "failed: " + reason
        supervisor.journal("%s %s port %d: %s" % (target.server, target.address, target.port, verdict))

    def _write(self, probe: Probe) -> None:
        for name, number in probe.numbers(asyncio.get_running_loop().time()).items():
            self.files.put(name, number)

    def _changed(self, watch: FolderWatch) -> None:
        names = watch.names()
        if names is None or not watch.watched:
            self.files.make_folder()
            watch.watch()
            names = set(self.files.wanted)
        for name in names:
            self.files.check(name)

    def _beat(self, watch: FolderWatch) -> None:
        if self.stopping.is_set():
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        self.files.again()
        slow = [probe for probe in self.probes.values() if probe.rules.slow_start]
        drained = self.drains.names() if slow else frozenset()
        for probe in slow:
            probe.verdict.hold(probe.target.server in drained, now)
            if probe.verdict.returned is not None:
                self._write(probe)
        names = list(self.files.wanted)
        for name in names[self.swept : self.swept + SWEEP]:
            self.files.check(name)
        self.swept = self.swept + SWEEP if self.swept + SWEEP < len(names) else 0
        if not watch.watched:
            self._changed(watch)
        if now - self.state_at >= len(self.probes) / PROBES_PER_SECOND_OF_STATE:
            self._tell(at_once=False)
        supervisor.notify("WATCHDOG=1")
        loop.call_later(BEAT, self._beat, watch)

    def _tell(self, at_once: bool = True) -> None:
        """Write the state: at once, or bit by bit, so that no check waits for it."""
        now, wall = asyncio.get_running_loop().time(), time.time()
        self.state_at = now
        rest: dict[str, Any] = {
            "started_at": round(self.started_at, 3), "pid": os.getpid(), "checks": self.totals["checks"], "failed_checks": self.totals["failed"],
            "held_up_checks": self.totals["held_up"], "repaired_files": self.files.repaired,
            "alarms": report.alarms(self.probes.values(), self.files.failed, self.problem),
        }
        if self.held_up_at is not None and now - self.held_up_at < REMEMBERED:
            words = "lvs-prober does not get its turn on this router: of checks that ran out of time one in %d counts, so verdicts come late"
            rest["alarms"].insert(0, words % (EXCUSED + 1))
        text = report.state(self.probes, now, wall, rest)
        self.telling += 1
        self._tell_on([], text, len(self.probes) + 3 if at_once else LINES, self.telling)

    def _tell_on(self, told: list[str], text: Iterator[str], most: int, telling: int) -> None:
        if telling != self.telling:  # a newer one has begun
            return
        before = len(told)
        told += islice(text, most)
        if len(told) - before == most and not self.stopping.is_set():
            asyncio.get_running_loop().call_later(PAUSE, self._tell_on, told, text, most, telling)
            return
        told += text
        self._replace("state.json", "".join(told))
        self._replace("metrics.prom", report.metrics(self.probes.values(), time.time(), {**self.totals, "repaired": self.files.repaired}))

    def _replace(self, name: str, text: str) -> None:
        unfinished = self.folder / (".%s.new" % name)
        try:
            unfinished.write_text(text, encoding="utf-8")
            os.replace(unfinished, self.folder / name)
        except OSError as error:  # a full disk must not stop the checks; the file's age tells
            supervisor.journal("%s can't be written: %s" % (name, error.strerror))


__all__ = ["ConfigError", "Daemon"]
