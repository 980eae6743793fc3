# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""http: a GET request is answered with the right status and, if asked, the right text."""

from __future__ import annotations

import re
from typing import List

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, ConnectingType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Path, Statuses
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, quoted, quoted_regex, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Anything, Regex, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join, shown

HOST = Text("a host name such as www.example.com", pattern=r"[A-Za-z0-9._-]+(:[0-9]{1,5})?", longest=253)

# Python's re and keepalived's PCRE2 agree on nearly all.  These compile in re, and not in PCRE2 (or mean something else);
# keepalived -t accepts a pattern that PCRE2 refuses, and the checker then works with freed memory.
ONLY_PYTHON = (
    (r"\\(?:\\\\)*[uU]", r"\u is not known to PCRE2", r"write \x{20ac}, or the character itself"),
    (r"\(\?[aiLmsux-]*[aLu]", "the flags a, L and u are not known to PCRE2", "leave them out"),
    (r"\(\?P?<[^>=!]*[^A-Za-z0-9_>=!]", "a group's name has a character that PCRE2 does not take", "use letters, digits and _"),
)


def regex_problems(pattern: str, path: str) -> List[Problem]:
    """What is wrong with a pattern for PCRE2, as far as it can be known without PCRE2."""
    for wrong, message, remedy in ONLY_PYTHON:
        if re.search(wrong, pattern):
            return [Problem(path, "%s: %s" % (shown(pattern), message), remedy)]
    if len(quoted_regex(pattern)) > 900:
        return [Problem(path, "is too long for a line of keepalived.conf", "give a shorter one")]
    return []


class Http(ConnectingType):
    name = "http"
    keyword = "HTTP_GET"
    summary = "Healthy when a GET request for the path is answered with one of the statuses and, if a pattern is given, a body in which it is found."
    own = (
        Field("path", Path(), "What is asked for: path and query.", "/", lvs_cf="send"),
        Field("status", Statuses(), "The statuses of a healthy server: a number, a range such as 200-299, or a list of them.", ["200"]),
        Field("body_pattern", Regex(longest=400), "A regular expression (PCRE2) that must be found in the body.", lvs_cf="expect"),
        Field("host", HOST, "The name in the request's Host line.", derived="the real server's address"),
        PORT,
        Field("method", Anything("GET"), "Another method than GET; keepalived knows no other.", implemented=False),
    )

    def problems(self, check: Check, path: str) -> List[Problem]:
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
