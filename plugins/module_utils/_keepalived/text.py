# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writer of keepalived.conf: blocks of lines, and values quoted so that keepalived reads what was meant.

What keepalived's parser does with a line (lib/parser.c, the same in 2.2.7 and 2.3.3):
1. `#` and `!` begin a comment, unless inside double quotes;
2. a line that begins with `@` is conditional, one that begins with `~SEQ` or `~LST` is repeated: no line of ours does;
3. `$NAME` and `${NAME}` are replaced, *inside quotes too*; `_PWD`, `_INSTANCE`, `_RANDOM`, `_HASH`, `_BANG` always exist;
4. `{` and `}` end the line, unless inside double quotes; this step knows no escape, so a `"` must never stand inside;
5. words are split at blanks; `"a b"` is one word; there is no escape here either.
6. Only `regex` reads its line again, with escapes as in C (`\\`, `\042`), in both versions alike.
   `misc_path` does so once in 2.3.3 and twice in 2.2.7: a value with a backslash means two different things.
7. A line has at most 1023 bytes (MAXBUF); a longer one is cut into two lines, in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LONGEST_LINE = 1000  # bytes; keepalived cuts at 1023, and adds nothing to our lines
INDENT = "    "


class RenderError(ValueError):
    """A cluster that can't be written as a keepalived.conf. Validation should have caught it before."""


@dataclass
class Block:
    """`head {`, its lines and inner blocks, `}`. A line that begins with `#` is a comment."""

    head: str
    body: list[str | Block] = field(default_factory=list)

    def add(self, *items: str | Block) -> None:
        self.body.extend(items)


def write(items: Iterable[str | Block], depth: int = 0) -> list[str]:
    """The lines of the file; an empty text is an empty line."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Block):
            lines.append(_line(item.head + " {", depth))
            lines.extend(write(item.body, depth + 1))
            lines.append(_line("}", depth))
        else:
            lines.append(_line(item, depth))
    return lines


def _line(text: str, depth: int) -> str:
    line = (INDENT * depth + text).rstrip()
    if not line.isprintable():
        raise RenderError("a line of keepalived.conf would contain a control character: %r" % line)
    if len(line.encode()) > LONGEST_LINE:
        raise RenderError("a line of keepalived.conf would have more than %d bytes, which keepalived cuts: %s…" % (LONGEST_LINE, line[:60].strip()))
    return line


def word(value: object) -> str:
    """A value that is one word without quotes: names, addresses, interfaces, numbers."""
    text = str(value)
    if not re.match(r"[A-Za-z0-9_./:+*-]+\Z", text):
        raise RenderError("%r can't stand as a plain word in keepalived.conf" % text)
    return text


def comment(text: str) -> str:
    """A comment line; a backslash at its end would take the next line along."""
    return "# " + re.sub(r"[^ -~]|\\", "?", text)


def quotable(text: str) -> bool:
    """Whether `quoted` can write it."""
    return text.isprintable() and not set(text) & set('"\\$')


def quoted(text: str) -> str:
    """A text in double quotes, taken as it stands: it must have no `"`, no backslash and no `$` (steps 3 to 5)."""
    if not quotable(text):
        raise RenderError("%r can't be quoted in keepalived.conf: it has a double quote, a backslash, a $ or a control character" % text)
    return '"%s"' % text


def quoted_regex(pattern: str) -> str:
    """The argument of `regex`, which alone is read with escapes (step 6): whatever steps 1 to 5 would touch is written in octal."""
    if "\0" in pattern:
        raise RenderError("a regular expression can't contain a NUL")
    written = ""
    for character in pattern:
        if character == "\\":
            written += "\\\\"
        elif character in '"$' or not character.isprintable():
            written += "".join("\\%03o" % byte for byte in character.encode())
        else:
            written += character
    return '"%s"' % written


def arguments_quotable(argument: str) -> bool:
    """Whether an argument of a command can be written."""
    return quotable(argument) and "'" not in argument


def quoted_command(argv: Sequence[str]) -> str:
    """A command line as `misc_path` takes it: all in double quotes, arguments with blanks in single quotes inside.

    Neither version agrees with the other on backslashes, so arguments with `\\`, `'`, `"` or `$` are refused.
    """
    words = []
    for argument in argv:
        if not arguments_quotable(argument):
            raise RenderError("the argument %r can't be written for keepalived: it has a quote, a backslash, a $ or a control character" % argument)
        words.append("'%s'" % argument if not argument or re.search(r"\s", argument) else argument)
    return '"%s"' % " ".join(words)


def seconds(value: float) -> str:
    """Seconds as keepalived reads them: 5, 0.25; at most six digits after the point."""
    return ("%.6f" % value).rstrip("0").rstrip(".")
