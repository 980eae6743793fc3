# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent, and what counts as the answer that is expected."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import Progress, pattern, steps
from ansible_collections.lvs.cluster.plugins.module_utils._prober.escapes import encode, printable


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (r"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"),
        (r"\x00\xffA\0\t\\\"", b'\x00\xffA\x00\t\\"'),
        ("Host: %h:%p", b"Host: 10.0.0.11:80"),
        ("100%% of %20", b"100% of %20"),
        ("größe", "größe".encode()),
    ],
)
def test_escapes(text: str, data: bytes) -> None:
    assert encode(text, "10.0.0.11", 80) == data


@pytest.mark.parametrize("text", [r"\q", r"\x1", "end\\"])
def test_an_unknown_escape_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no escape"):
        encode(text)


def test_printable_is_one_short_line() -> None:
    assert printable(b"a\r\n\x00\\\xff") == r"a\r\n\0\\\xff"
    assert len(printable(b"\xff" * 1000)) == 81


def run(todo: list[dict[str, str]], *received: bytes, match: str = "prefix", limit: int = 100) -> tuple[str, bool]:
    """What was wrong, and whether the dialogue is over."""
    progress = Progress(steps(todo, match), limit)
    progress.sends()
    for data in received:
        wrong = progress.take(data)
        progress.sends()
        if wrong:
            return wrong, False
    return "", progress.done


def test_a_prefix_may_come_in_pieces() -> None:
    assert run([{"expect": "+PONG"}], b"+P", b"ONG\r\n") == ("", True)
    assert run([{"expect": "+PONG"}], b"+P") == ("", False)


def test_another_beginning_is_wrong_at_once() -> None:
    assert run([{"expect": "+PONG"}], b"-ERR") == ('answered "-ERR", expected "+PONG"', False)


def test_contains_and_regex_look_anywhere() -> None:
    assert run([{"expect": "ok"}], b"all is ok", match="contains") == ("", True)
    assert run([{"expect": r"load=\d+\."}], b"x\nload=1", b"2.\n", match="regex") == ("", True)


def test_each_step_looks_at_what_the_one_before_left() -> None:
    todo = [{"expect": "220", "match": "prefix"}, {"expect": "\\n", "match": "contains"}, {"send": "HELO x\\r\\n"}, {"expect": "250"}]
    assert run(todo, b"220 mail", b" ready 250\r\n", b"250 hello") == ("", True)
    assert run(todo, b"220 mail ready 250\r\n") == ("", False)


def test_a_flood_without_what_is_expected_ends_at_the_limit() -> None:
    assert run([{"expect": "ok"}], b"x" * 101, match="contains") == ('more than 100 bytes without "ok"', False)


@pytest.mark.parametrize(
    ("match", "text", "words"),
    [("regex", "(", "not a regular expression"), ("prefix", "", "nothing is expected"), ("glob", "x", "no way")],
)
def test_a_pattern_that_can_not_be_used_is_refused(match: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pattern(match, text)
