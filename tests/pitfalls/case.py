# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pitfall is here: a row of the table, and the cases in which its handling is taken out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNIT = "unit"      # where: without a kernel; else the name of the scenario in whose lab it runs


@dataclass(frozen=True)
class Edit:
    """One place of the product; `old` stands there exactly once."""

    file: str
    old: str
    new: str

    def taken_out(self, text: str) -> str:
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times what is to be taken out: {self.old!r}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Case:
    """One handling that is taken out, and the tests that fail then.

    before: what makes hosts lose what an earlier deploy had brought in force, as a boot would; clean: before the tests, whichever they are.
    says: a regular expression that the failure must match, so that it is not another one.
    turn: those of one turn are taken out by one deploy; none of them touches what the tests of another look at; last: but this one, which comes after them.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    where: str = UNIT
    says: str = ""
    before: dict[str, str] = field(default_factory=dict)
    clean: dict[str, str] = field(default_factory=dict)
    turn: int = 0
    last: bool = False


@dataclass(frozen=True)
class Row:
    """A pitfall, what is done about it, the cases that prove it, and what else there is to say."""

    pitfall: str
    done: str
    cases: tuple[Case, ...] = ()
    note: str = ""
