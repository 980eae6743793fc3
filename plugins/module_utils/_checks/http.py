# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""http: a GET request is answered with the right status and, if asked, the right text."""

from __future__ import annotations

import re

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, ConnectingType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Path, Statuses
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, quoted, quoted_regex, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Anything, Regex, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join, shown

HOST = Text("a host name such as www.example.com", pattern=r"[A-Za-z0-9._-]+(:[0-9]{1,5})?", longest=253)

# keepalived's PCRE2 refuses these, which Python's re takes (tried with 2.2.7 and 2.3.3).  It must be known here: keepalived -t
# accepts any pattern, and a running checker dies of a bad one with SIGSEGV, again and again.
_ESCAPE = re.compile(r"\\(N\{|.)", re.DOTALL)
_FLAGS = re.compile(r"\(\?[a-zA-Z]*[aLu]")
_GROUP = re.compile(r"\(\?P?<(?![=!])([^>]*)>")
_COUNTS = re.compile(r"\{([0-9]*),?([0-9]*)\}")
_LARGEST_COUNT = 65535
_LONGEST_NAME = 32


def regex_problems(pattern: str, path: str) -> list[Problem]:
    """What is wrong with a pattern for PCRE2, as far as it can be known without PCRE2; Python's re took it."""
    escapes = {match.group(1) for match in _ESCAPE.finditer(pattern)}
    plain = _ESCAPE.sub("__", pattern)
    found = ""
    if escapes & {"u", "U", "N{"}:
        found, remedy = "\\u, \\U and \\N{…} are not known to PCRE2", "write the character itself"
    elif _FLAGS.search(plain):
        found, remedy = "the flags a, L and u are not known to PCRE2", "leave them out"
    elif any(not re.match(r"[A-Za-z_][A-Za-z0-9_]*\Z", name) or len(name) > _LONGEST_NAME for name in _GROUP.findall(plain)):
        found, remedy = "a group has a name that PCRE2 does not take", "use at most %d letters, digits and _" % _LONGEST_NAME
    elif any(int(count) > _LARGEST_COUNT for counts in _COUNTS.findall(plain) for count in counts if count):
        found, remedy = "a count is above what PCRE2 takes", "give at most %d" % _LARGEST_COUNT
    elif len(quoted_regex(pattern)) > 900:
        found, remedy = "is too long for a line of keepalived.conf", "give a shorter one"
    return [Problem(path, "%s: %s" % (shown(pattern), found), remedy)] if found else []


class Http(ConnectingType):
    name = "http"
    keyword = "HTTP_GET"
    summary = "Healthy when a GET request for the path is answered with one of the statuses and, if a pattern is given, a body in which it is found."
    own: tuple[Field, ...] = (
        Field("path", Path(), "What is asked for: path and query.", "/", lvs_cf="send"),
        Field("status", Statuses(), "The statuses of a healthy server: a number, a range such as 200-299, or a list of them.", ["200"]),
        Field("body_pattern", Regex(longest=400), "A regular expression (PCRE2) that must be found in the body.", lvs_cf="expect"),
        Field("host", HOST, "The name in the request's Host line.", derived="the real server's address"),
        PORT,
        Field("method", Anything("GET"), "Another method than GET; keepalived knows no other.", implemented=False),
    )

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = super().problems(check, path)
        if check["body_pattern"] is not None:
            found += regex_problems(check["body_pattern"], join(path, "body_pattern"))
        return found

    def block(self, check: Check, target: Target) -> Block:
        result = super().block(check, target)
        url = Block("url", ["path " + quoted(check["path"])])
        if check["host"] is not None:
            url.add("virtualhost " + word(check["host"]))
        url.add("status_code " + " ".join(word(status) for status in check["status"]))
        if check["body_pattern"] is not None:
            url.add("regex " + quoted_regex(check["body_pattern"]))
        result.add(url)
        return result
