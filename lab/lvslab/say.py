# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab says to the person in front of it: one line per step, with its time."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """One line on standard error (standard output belongs to the commands that are run)."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce what takes more than 2 s while it runs, and say how long it took."""
    started = time.monotonic()
    announced = threading.Timer(2.0, say, (f"{text} ...",))
    announced.daemon = True
    announced.start()
    try:
        yield
    finally:
        announced.cancel()
    took = time.monotonic() - started
    if took >= 0.5:
        say(f"{text}: {took:.1f} s")


class LabError(Exception):
    """Something that the person can act on; shown without a traceback."""
