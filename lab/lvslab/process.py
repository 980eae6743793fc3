# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that a later call must find again and end, and nobody else's that has their number by then."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _started(pid: int) -> str | None:
    """When it was started, in ticks since the machine's boot (proc(5), field 22 of stat); None for one that is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def note(path: Path, pid: int) -> None:
    """Write down a process: its id and its start, as ids are used again."""
    path.write_text(f"{pid} {_started(pid)}\n")


def noted(path: Path) -> int | None:
    """The id of the process that was written down, while it lives."""
    try:
        pid, *started = path.read_text().split()
        return int(pid) if _started(int(pid)) == (started[0] if started else _started(int(pid)) or "") else None
    except (FileNotFoundError, ValueError):
        return None


def end_all(namespace: str, first: int | None) -> None:
    """Every process in a network namespace but this one, and wait until they are gone.

    The `first` is killed at once: the kernel, which has nothing to save. The others are asked, then killed.
    """
    ended = set(_inside(namespace))
    if first is not None:
        ended.add(first)
        _send(first, signal.SIGKILL)
        _wait(lambda: _gone(first), 10.0)
    for number, seconds in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 10.0)):
        for pid in _inside(namespace):
            ended.add(pid)
            _send(pid, number)
        if _wait(lambda: not _inside(namespace), seconds):
            break
    _wait(lambda: all(_gone(pid) for pid in ended), 10.0)


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _gone(pid: int) -> bool:
    with suppress(ChildProcessError):      # our own child stays a zombie until it is waited for
        os.waitpid(pid, os.WNOHANG)
    return not Path(f"/proc/{pid}").exists()


def _inside(namespace: str) -> list[int]:
    found = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid in found if int(pid) != os.getpid()]


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while not done():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt_on_signals() -> None:
    """Being ended or losing the terminal is what Ctrl-C is: an exception that cleans up on its way out. nohup stays nohup."""
    for number in SIGNALS[1:]:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Cleaning up goes on to its end, whatever is pressed."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
