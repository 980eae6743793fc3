# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a real server says of its own load, by the convention of the load balancers' agent checks. Pure.

One line of words, separated by blanks or commas, ended by a line break or the end of the connection (HAProxy's manual, agent-check):
`75%` a weight, in per cent of the configured one · `up`, `ready` well · `drain`, `maint` no new connections ·
`down`, `stopped`, `fail` failed; after `#` a description. Others, such as `maxconn:30`, are passed over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST = 256  # per cent
_OUT = {"drain": "drain", "maint": "maint", "down": "down", "stopped": "down", "fail": "down", "failed": "down"}
_IN = ("up", "ready")


class Say(NamedTuple):
    """percent: 0 to 256, None where the line says no number; out: "" or drain, maint, down; words: the description."""

    percent: int | None
    out: str
    words: str


def read(line: bytes) -> Say:
    """ValueError, in words, for a line without any word that is known: it must not move a weight."""
    text = line.split(b"\n")[0].decode("utf-8", "replace").strip()
    said, _hash, words = text.partition("#")
    percent: int | None = None
    out = ""
    known = False
    for word in re.split(r"[\s,]+", said.strip().lower()):
        number = re.match(r"(\d{1,4})%\Z", word)
        if number:
            percent, known = min(int(number.group(1)), MOST), True
        elif word in _OUT:
            out, known = _OUT[word], True
        elif word in _IN:
            out, known = "", True
    if not known:
        raise ValueError('said "%s", which is no number of per cent and no known word' % text[:60])
    return Say(percent, out, words.strip()[:100])
