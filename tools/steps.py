# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs named steps, goes on after a failure, and ends with a table."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import tree

LOGS = tree.BUILD / "log"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# What pytest, Ansible and the matrix of faults say of a failure; a playbook prints pytest's lines as a list of strings
COMPLAINT = re.compile(r'^\s*"?(E {3}|FAILED (?!- RETRYING)|ERROR |fatal: |\S+\.py:\d+: |.* SHORT"?,?$)')
COMPLAINTS = 40          # lines of each failed step
COMPLAINT_WIDTH = 300    # characters of each line


@dataclass
class Step:
    """One command, and why it is run."""

    name: str
    command: list[str]
    why: str = ""
    aside: bool = False      # may run beside the others


@dataclass
class Result:
    step: Step
    status: int
    seconds: float
    last: str


def run(step: Step, quiet: bool) -> Result:
    """Runs the step. Its output goes to a log, and to the terminal at once or (quiet) on failure."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log_path = LOGS / f"{step.name.replace('/', '-')}.log"
    start = time.monotonic()
    last = ""
    with log_path.open("w") as log:
        process = subprocess.Popen(
            step.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=tree.ROOT, text=True, errors="replace",
        )
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            log.flush()
            if not quiet:
                print(line, end="", flush=True)
            if not line.startswith("make"):
                last = COLOUR.sub("", line).strip() or last
        status = process.wait()
    if quiet and status:
        print(log_path.read_text(), end="")
    return Result(step, status, time.monotonic() - start, last)


def complaints(log: str) -> list[str]:
    """The lines of a log that say what failed, each once: a long log may be cut where it is shown, its end never is."""
    lines = filter(COMPLAINT.match, COLOUR.sub("", log).splitlines())
    bare = (line.strip().removesuffix(",").strip('"')[:COMPLAINT_WIDTH].rstrip() for line in lines)
    return list(dict.fromkeys(bare))[-COMPLAINTS:]


def chosen(steps: list[Step], names: list[str]) -> list[Step]:
    """The steps of these names, in the order of the list; all without a name."""
    known = {step.name for step in steps}
    wrong = [name for name in names if name not in known]
    if wrong:
        sys.exit(f"no step {', '.join(wrong)}: there are {' '.join(sorted(known))}")
    return [step for step in steps if not names or step.name in names]


def run_all(title: str, steps: list[Step], quiet: bool = False) -> int:
    """Runs all, prints the table, returns the exit status: 0 only if every step's was 0.

    Steps that are marked `aside` run one after the other beside the others, quietly, and those that are left in both lanes when
    the others are through: a lab's kernel has one processor, and the machine two.
    """
    start = time.monotonic()

    def one(step: Step) -> Result:
        number = steps.index(step) + 1
        print(f"== {title} {number}/{len(steps)}: {step.name}" + (f" ({step.why})" if step.why else ""), flush=True)
        result = run(step, quiet or step.aside)
        outcome = "ok" if result.status == 0 else f"FAILED, exit status {result.status}"
        print(f"== {title} {step.name}: {outcome}, {result.seconds:.0f} s", flush=True)
        return result

    waiting = deque(step for step in steps if step.aside)

    def lane() -> Iterator[Result]:
        while True:
            try:
                step = waiting.popleft()
            except IndexError:
                return
            yield one(step)

    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(lambda: list(lane()))
        results = [one(step) for step in steps if not step.aside]
        results += lane()
        results = sorted(results + beside.result(), key=lambda result: steps.index(result.step))
    print()
    width = max((len(result.step.name) for result in results), default=0)
    for result in results:
        outcome = "ok" if result.status == 0 else "FAILED"
        print(f"{result.step.name:{width}}  {outcome:6}  {result.seconds:6.1f} s  {result.last[:90]}")
    failed = [result for result in results if result.status]
    for result in failed:
        log = LOGS / f"{result.step.name.replace('/', '-')}.log"
        print(f"\n{result.step.name} failed: see {log.relative_to(Path(tree.ROOT))}")
        for line in complaints(log.read_text()):
            print(f"    {line}")
    print(f"{len(results)} steps, {time.monotonic() - start:.0f} s")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
