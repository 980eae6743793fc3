# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of `make pitfalls` fits the code: what is to be taken out is there, once, and the tests that shall fail exist."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys

import pytest
import tree

FOLDER = tree.ROOT / "tests" / "pitfalls"


@pytest.fixture(scope="module", autouse=True)
def cases():
    """Its modules have everyday names, which stay out of the other tests."""
    before = dict(sys.modules)
    sys.path.insert(0, str(FOLDER))
    try:
        from rows import CASES, ROWS
        assert len(CASES) == sum(len(row.cases) for row in ROWS), "two of one name"
        yield CASES.values()
    finally:
        sys.path.remove(str(FOLDER))
        for name in set(sys.modules) - set(before):
            if getattr(sys.modules[name], "__file__", None) and str(FOLDER) in str(sys.modules[name].__file__):
                del sys.modules[name]


def test_what_is_taken_out_is_there_once(cases) -> None:
    for case in cases:
        for edit in case.edits:
            assert edit.taken_out((tree.ROOT / edit.file).read_text()) != (tree.ROOT / edit.file).read_text(), case.name


def test_those_of_one_turn_can_be_taken_out_together(cases) -> None:
    for (place, turn), group in itertools.groupby(sorted(cases, key=lambda case: (case.where, case.turn)), lambda case: (case.where, case.turn)):
        if place == "unit":
            continue
        texts: dict[str, str] = {}
        for edit in dict.fromkeys(edit for case in group for edit in case.edits):
            texts[edit.file] = edit.taken_out(texts.get(edit.file) or (tree.ROOT / edit.file).read_text())
        for path, text in texts.items():
            if path.endswith(".py"):
                ast.parse(text, f"{path}, turn {turn}")


def test_the_tests_are_there(cases) -> None:
    for case in cases:
        for test in case.tests:
            path, _, name = test.partition("::")
            text = (tree.ROOT / path).read_text()
            assert not name or f"def {name.partition('[')[0]}(" in text, test


def test_the_page_is_the_tools() -> None:
    made = subprocess.run([sys.executable, "pitfalls.py", "--docs", "/dev/stdout"], cwd=FOLDER, check=True, capture_output=True, text=True).stdout
    assert (tree.ROOT / "docs" / "pitfalls.md").read_text() == made, "make pitfalls-docs"
