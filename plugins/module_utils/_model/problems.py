# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a definition, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong.

    path: where, as the user would write it: ``virtual_servers[2].port``.
    message: what is wrong there, with the value: ``70000 is not a port``.
    remedy: what would be right: ``give 1 to 65535``.
    """

    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = self.path + ": " if self.path else ""
        return where + self.message + (": " + self.remedy if self.remedy else "")


class Report(list):
    """A list of Problems that is handed down through a validation."""

    def add(self, path: str, message: str, remedy: str) -> None:
        problem = Problem(path, message, remedy)
        if problem not in self:
            self.append(problem)


def join(path: str, name: object) -> str:
    """``join("a", "b")`` is ``a.b``; ``join("a", 3)`` is ``a[3]``."""
    if isinstance(name, int):
        return "%s[%d]" % (path, name)
    return "%s.%s" % (path, name) if path else str(name)


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that the user probably meant, or ''.

    >>> nearest("adress", ["address", "port"])
    'address'
    """
    found = difflib.get_close_matches(str(word).lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def one_of(words: Iterable[str]) -> str:
    """'a, b or c', for remedies."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " or " + words[-1]


def shown(value: Any) -> str:
    """A value as it is quoted in a message: short, on one line."""
    if isinstance(value, str):
        text = str(value)
        text = text if text.isprintable() and text.strip() == text and text else ascii(text)
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict):
        text = "a mapping"
    elif isinstance(value, (list, tuple)):
        text = "a list"
    elif value is None:
        text = "null"
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
