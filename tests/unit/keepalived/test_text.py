# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quoting, held against a model of keepalived's parser that is written after lib/parser.c of 2.2.7 and 2.3.3."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import (
    Block,
    RenderError,
    comment,
    quoted,
    quoted_command,
    quoted_regex,
    seconds,
    word,
    write,
)


def decomment(line):
    """Where `#` or `!` begins a comment: the line without it. With escapes, as decomment() of parser.c has them."""
    inside, position = False, 0
    while position < len(line):
        if line[position] == '"':
            inside = not inside
        elif line[position] == "\\":
            position += 1
        elif not inside and line[position] in "#!":
            return line[:position]
        position += 1
    assert not inside, "unterminated quote"
    return line


def outer(line):
    """The parser's steps before a keyword's own handler: comments, definitions, braces, words."""
    line = decomment(line)
    assert not re.search(r"\$(\{?)(_|[A-Za-z])", line), "keepalived would replace a definition"
    assert not re.search("[{}]", re.sub('"[^"]*"', "", line)), "keepalived would end the line at a brace"
    assert len(line.encode()) < 1024
    return re.findall(r'"([^"]*)"|([^\s"]+)', line)


def escaped_words(line, escapes=True):
    """alloc_strvec_quoted_escaped(): words with quotes and C escapes."""
    words, position = [], 0
    data = line.encode()
    while position < len(data):
        if data[position : position + 1].isspace():
            position += 1
            continue
        found, quote = b"", b""
        while position < len(data):
            byte = data[position : position + 1]
            if byte == b"\\":
                octal = re.match(rb"\\([0-7]{1,3})", data[position:])
                if not escapes:
                    found += data[position : position + 2]
                    position += 2
                elif octal:
                    found += bytes([int(octal.group(1), 8) & 255])
                    position += len(octal.group(0))
                else:
                    found += data[position + 1 : position + 2]
                    position += 2
            elif quote:
                if byte == quote:
                    quote = b""
                else:
                    found += byte
                position += 1
            elif byte in (b'"', b"'"):
                quote = byte
                position += 1
            elif byte.isspace():
                break
            else:
                found += byte
                position += 1
        assert not quote, "unterminated quote"
        words.append(found.decode())
    return words


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)


@given(TEXT)
def test_a_regular_expression_comes_back_as_it_was(pattern):
    line = "regex " + quoted_regex(pattern)
    assert line.isprintable()
    outer(line)
    assert escaped_words(line) == ["regex", pattern]


def test_a_regular_expression_with_nul_is_refused():
    with pytest.raises(RenderError, match="NUL"):
        quoted_regex("a\0b")


@given(TEXT)
def test_a_quoted_text_comes_back_or_is_refused(text):
    try:
        line = "path " + quoted(text)
    except RenderError:
        assert re.search(r'["\\$]', text) or not text.isprintable()
        return
    assert outer(line)[1][0] == text


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_a_command_comes_back_in_both_versions_or_is_refused(argv):
    try:
        line = "misc_path " + quoted_command(argv)
    except RenderError:
        assert any(re.search(r"""["'\\$]""", argument) or not argument.isprintable() for argument in argv)
        return
    outer(line)
    for escapes in (True, False):  # 2.2.7 reads escapes in the outer quotes, 2.3.3 does not
        keyword, whole = escaped_words(line, escapes)
        assert keyword == "misc_path"
        assert escaped_words(whole) == argv


@pytest.mark.parametrize("wrong", ["", "a b", 'a"', "a{", "$x", "a\n", "a#", "ä"])
def test_no_plain_word(wrong):
    with pytest.raises(RenderError):
        word(wrong)


def test_a_comment_takes_no_line_along():
    assert comment("a\\") == "# a?"
    assert comment("a\nb") == "# a?b"


@pytest.mark.parametrize(("value", "text"), [(5, "5"), (0.25, "0.25"), (1.0, "1"), (0.1, "0.1"), (3600, "3600"), (0.01, "0.01")])
def test_seconds(value, text):
    assert seconds(value) == text


def test_blocks_are_indented():
    assert write([Block("a", ["b", Block("c", ["d"])])]) == ["a {", "    b", "    c {", "        d", "    }", "}"]
