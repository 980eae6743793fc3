# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A dialogue: what is sent, and what must come back, step after step. Pure.

A step is ("send", bytes) or ("expect", Pattern). What a step has matched is used up; the next one looks at what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Union

from .escapes import encode, printable

MATCHES = ("prefix", "contains", "regex")


class Pattern(NamedTuple):
    """What is expected. text: as it was written, for the words of a failure."""

    match: str
    data: bytes
    expression: re.Pattern[bytes] | None
    text: str

    def find(self, data: bytes) -> int | None:
        """Where what is expected ends in the answer so far; -1: it can't come any more; None: not yet."""
        if self.expression:
            found = self.expression.search(data)
            return found.end() if found else None
        if self.match == "contains":
            at = data.find(self.data)
            return None if at < 0 else at + len(self.data)
        if data.startswith(self.data):
            return len(self.data)
        return None if self.data.startswith(data) else -1


Step = Union[bytes, Pattern]


def pattern(match: str, text: str, host: str = "", port: int = 0) -> Pattern:
    """ValueError, in words, for an unknown match, a bad escape, a bad regular expression."""
    if match not in MATCHES:
        raise ValueError("%s is no way to match: give %s" % (match, ", ".join(MATCHES)))
    if match == "regex":
        try:
            return Pattern(match, b"", re.compile(text.encode(), re.DOTALL), text)
        except re.error as error:
            raise ValueError("not a regular expression: %s" % error) from None
    data = encode(text, host, port)
    if not data:
        raise ValueError("nothing is expected: any answer would do")
    return Pattern(match, data, None, text)


def steps(items: Iterable[Mapping[str, Any]], match: str, host: str = "", port: int = 0) -> tuple[Step, ...]:
    """[{"send": text} | {"expect": text, "match": …}] for one real server. ValueError as above."""
    return tuple(
        encode(item["send"], host, port) if "send" in item else pattern(item.get("match") or match, item["expect"], host, port) for item in items
    )


class Progress:
    """Where a dialogue stands: give it what was received, ask it what to send and whether it is over."""

    __slots__ = ("at", "answer", "received", "limit", "steps")

    def __init__(self, todo: tuple[Step, ...], limit: int) -> None:
        self.steps, self.limit = todo, limit
        self.at = self.received = 0
        self.answer = b""

    def sends(self) -> list[bytes]:
        """What is to be sent now, one after the other."""
        result = []
        while self.at < len(self.steps):
            step = self.steps[self.at]
            if not isinstance(step, bytes):
                break
            result.append(step)
            self.at += 1
        return result

    @property
    def done(self) -> bool:
        return self.at >= len(self.steps)

    def take(self, data: bytes) -> str:
        """Something was received. '' or why the answer is wrong. Afterwards there may be something to send."""
        self.received += len(data)
        self.answer += data
        while not self.done:
            step = self.steps[self.at]
            if isinstance(step, bytes):
                return ""
            end = step.find(self.answer)
            if end is None:
                if self.received > self.limit:
                    return 'more than %d bytes without "%s"' % (self.limit, step.text)
                return ""
            if end < 0:
                return 'answered "%s", expected "%s"' % (printable(self.answer), step.text)
            self.answer = self.answer[end:]
            self.at += 1
        return ""

    def missing(self) -> str:
        """What is still waited for, in words."""
        step = self.steps[self.at] if not self.done else b""
        if isinstance(step, bytes):
            return "to send"
        return '"%s"%s' % (step.text, ' after "%s"' % printable(self.answer) if self.answer else "")
