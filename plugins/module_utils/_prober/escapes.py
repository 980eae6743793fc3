# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Text of a definition to the bytes on the wire, with the escapes that lvs.cf knows and those of C.

\r \n \t \0 \\ \" \xNN are bytes; %h and %p are the address and port of the real server, %% is a percent sign.
Any other text is sent as UTF-8; a backslash before anything else is an error, any other % stands for itself.
"""

from __future__ import annotations

import re

_PLAIN = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", '"': b'"'}
_TOKEN = re.compile(r"\\x[0-9A-Fa-f]{2}|\\.|\\\Z|%[hp%]", re.DOTALL)


def encode(text: str, host: str = "", port: int = 0) -> bytes:
    r"""The bytes. ValueError for an unknown escape, with the words for a person.

    >>> encode(r"PING %h:%p\r\n", "10.0.0.11", 6379)
    b'PING 10.0.0.11:6379\r\n'
    """
    result, end = b"", 0
    for found in _TOKEN.finditer(text):
        result += text[end : found.start()].encode() + _one(found.group(), host, port)
        end = found.end()
    return result + text[end:].encode()


def _one(token: str, host: str, port: int) -> bytes:
    if token[0] == "%":
        return {"%h": host.encode(), "%p": b"%d" % port, "%%": b"%"}[token]
    if len(token) == 4:
        return bytes([int(token[2:], 16)])
    try:
        return _PLAIN[token[1:]]
    except KeyError:
        raise ValueError("%s is no escape: there are \\r \\n \\t \\0 \\\\ \\\" and \\xNN" % token) from None


def printable(data: bytes, most: int = 80) -> str:
    r"""Bytes for a person: one line, at most so many characters, what can't be printed as an escape."""
    text = "".join(chr(byte) if 32 <= byte < 127 and byte != 92 else _escaped(byte) for byte in data[: most + 1])
    return text if len(data) <= most and len(text) <= most else text[:most] + "…"


def _escaped(byte: int) -> str:
    return {13: "\\r", 10: "\\n", 9: "\\t", 0: "\\0", 92: "\\\\"}.get(byte, "\\x%02x" % byte)
