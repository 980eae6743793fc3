# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values that only health checks have. See _model/kinds.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import arguments_quotable
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Choice, Kind
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, shown
from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import MATCHES
from ansible_collections.lvs.cluster.plugins.module_utils._prober.escapes import encode

# RFC 3986: what may stand in a path and a query, less `$`, which keepalived replaces even inside quotes.
URL_CHARACTERS = r"[A-Za-z0-9._~!&'()*+,;=:@%/?-]"


class Path(Kind):
    """What stands in the request line: path and query."""

    words = "a path such as /health?full=1"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if not isinstance(value, str) or not value.startswith("/"):
            report.add(path, "%s is not a path" % shown(value), "begin it with /")
            return None
        text = "".join(value)
        wrong = re.sub(URL_CHARACTERS, "", text)
        if wrong:
            code = "".join("%%%02X" % byte for byte in wrong[0].encode())
            report.add(path, "%s contains %s, which can't stand in a path" % (shown(text), ascii(wrong[0])), "write %s" % code)
            return None
        if len(text) > 500:
            report.add(path, "has %d characters" % len(text), "give at most 500")
            return None
        return text


class Statuses(Kind):
    """HTTP statuses: 200, [200, 204], "200-299"; the plain form is a list of texts "200" and "200-299"."""

    words = "a status or a list of them, such as [200, 301-302]"

    def read(self, value: Any, path: str, report: Report) -> list[str] | None:
        items = value if isinstance(value, (list, tuple)) else [value]
        if not items:
            report.add(path, "is empty", "give " + self.words)
        result = [self._one(item, join(path, n) if items is value else path, report) for n, item in enumerate(items)]
        return None if None in result or not result else [text for text in result if text is not None]

    def _one(self, value: Any, path: str, report: Report) -> str | None:
        text = "" if isinstance(value, bool) else str(value).strip()
        match = re.match(r"([1-9][0-9]{2})(?:\s*-\s*([1-9][0-9]{2}))?\Z", text)
        if match:
            low, high = int(match.group(1)), int(match.group(2) or match.group(1))
            if 100 <= low <= high <= 599:
                return str(low) if low == high else "%d-%d" % (low, high)
        report.add(path, "%s is not an HTTP status" % shown(value), "give 100 to 599, or a range such as 200-299")
        return None


class Hexadecimal(Kind):
    """Bytes, in hexadecimal; blanks are allowed. The plain form is lower case without blanks."""

    words = "bytes in hexadecimal such as 70 69 6e 67, in quotes"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool):
            report.add(path, "%s is a number" % value, "put it in quotes")
            return None
        text = re.sub(r"\s", "", value).lower() if isinstance(value, str) else ""
        if not re.match(r"(?:[0-9a-f]{2}){1,128}\Z", text):
            report.add(path, "%s is not a row of bytes" % shown(value), "give %s, at most 128 of them" % self.words)
            return None
        return text


class Command(Kind):
    """A program and its arguments, as a list; no shell reads it."""

    words = "a list: the program by its full path, then its arguments"

    def read(self, value: Any, path: str, report: Report) -> list[str] | None:
        if isinstance(value, str) or not isinstance(value, (list, tuple)) or not value:
            report.add(path, "%s is not a list" % shown(value), "give " + self.words)
            return None
        result: list[str] = []
        for number, item in enumerate(value):
            if isinstance(item, bool) or not isinstance(item, (str, int, float)):
                report.add(join(path, number), "%s is not text" % shown(item), "put it in quotes")
                return None
            text = "".join(item) if isinstance(item, str) else str(item)
            if not arguments_quotable(text):
                report.add(
                    join(path, number),
                    "%s has a quote, a backslash, a $ or a control character, which keepalived can't hand over" % shown(text),
                    "put it into a script, and name the script here",
                )
                return None
            result.append(text)
        if not re.match(r"/[^=\s]*[^=\s/]\Z", result[0]):
            report.add(join(path, 0), "%s is not the full path of a program" % shown(result[0]), "begin it with /, without blanks and =")
            return None
        if sum(len(text.encode()) + 3 for text in result) > 500:
            report.add(path, "is longer than 500 bytes", "put it into a script, and name the script here")
            return None
        return result


class Output(Kind):
    """What a program says: a line's worth of text that can be handed over by keepalived."""

    words = "text such as OK"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if not isinstance(value, str) or not value.strip():
            report.add(path, "%s is not text" % shown(value), "put it in quotes")
            return None
        text = "".join(value)
        if not arguments_quotable(text):
            report.add(path, "%s has a quote, a backslash, a $ or a control character, which keepalived can't hand over" % shown(text),
                       "give a part of the output without it")
            return None
        if len(text.encode()) > 200:
            report.add(path, "is longer than 200 bytes", "give a part of it")
            return None
        return text


class Wire(Kind):
    r"""Text that goes over the wire, with escapes; line breaks that YAML has made already are taken too."""

    words = r"text such as PING\r\n"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if not isinstance(value, str):
            report.add(path, "%s is not text" % shown(value), "put it in quotes")
            return None
        text = "".join(value)
        if not text or len(text) > 4096:
            report.add(path, "has %d characters" % len(text), "give 1 to 4096")
            return None
        return text


class SentWire(Wire):
    """The same, where escapes are read: not in a regular expression, which has its own."""

    def read(self, value: Any, path: str, report: Report) -> str | None:
        text = super().read(value, path, report)
        try:
            encode(text or "")
        except ValueError as error:
            report.add(path, str(error), "write \\\\ for a backslash")
            return None
        return text


class Dialogue(Kind):
    """A list of steps: {"send": text} or {"expect": text, "match": word or absent}."""

    words = "a list of steps, each `send: text` or `expect: text`"

    def read(self, value: Any, path: str, report: Report) -> list[dict[str, str]] | None:
        if isinstance(value, str) or not isinstance(value, (list, tuple)) or not value:
            report.add(path, "%s is not a list of steps" % shown(value), "give " + self.words)
            return None
        before = len(report)
        steps = [self._step(item, join(path, number), report) for number, item in enumerate(value)]
        return steps if len(report) == before else None

    def _step(self, item: Any, path: str, report: Report) -> dict[str, str]:
        if not isinstance(item, Mapping) or ("send" in item) == ("expect" in item) or set(item) - {"send", "expect", "match"}:
            report.add(path, "%s is no step" % shown(item), "give send or expect, and with expect perhaps match")
            return {}
        if "send" in item:
            if "match" in item:
                report.add(join(path, "match"), "means nothing with send", "leave it out")
            return {"send": SentWire().read(item["send"], join(path, "send"), report) or ""}
        step = {"expect": Wire().read(item["expect"], join(path, "expect"), report) or ""}
        if item.get("match") is not None:
            step["match"] = Choice(MATCHES).read(item["match"], join(path, "match"), report) or ""
        return step


class FilePath(Kind):
    """A file on the routers."""

    words = "the full path of a file on the routers"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if not isinstance(value, str) or not re.match(r"/[^\0\n]{0,4000}[^/\0\n]\Z", value):
            report.add(path, "%s is not a full path" % shown(value), "give " + self.words)
            return None
        return "".join(value)
