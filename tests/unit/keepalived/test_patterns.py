# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions that our validation lets through are ones that keepalived's PCRE2 takes: asked of keepalived."""

from __future__ import annotations

import re
import warnings

from ansible_collections.lvs.cluster.plugins.module_utils._checks.http import regex_problems
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render

from .cases import cluster, complete_check, service
from .checker import run

PATTERNS = r"""
ok
^<html>.*</html>$
"status":\s*"(ok|good)"
(?i)ready
(?i:a)b
(?s-i:a)
(?x) a b
(?#c)a
(?ms)a.b
(?P<a>x)(?P=a)
(?P<a1>x)(?(a1)b|c)
(x)?(?(1)a|b)
(?<=ab)c
(?<=a|b)d
(?<!\s)x
(?!a)b
(?>a)b
x*+
a{,3}
a{2,}
a{65535}
[[:alpha:]]
[[a]
[]]a]
[^]a]
[z\-a]
[é-ü]
[\b]
[a&&b]
\x41
\07
\012
(a)\1
\A\S+\Z
\_\-\/
\\u0041
\$\{HOME\}
$HOME ${_PWD} $_HASH
#!/bin/sh
'single' "double"
@host ~SEQ(x, 1, 2)
()
a|
(?:a+)+
tab\there
\bword\b
Grüße, 世界
""".strip("\n").split("\n")
REFUSED = [r"\u0041", r"\U00000041", r"\N{DIGIT ONE}", "a{65536}", "a{70000}", "(?a)x", "(?u)x", "(?P<é>x)", "(?P<%s>x)" % ("n" * 33)]
LOG = "cd /files; timeout 1 keepalived -n -l -D -C -f /files/a.conf >log 2>&1 || true"


def config(patterns):
    """One virtual server per pattern."""
    checks = [complete_check(type="http") for _ in patterns]
    for check, pattern in zip(checks, patterns, strict=True):
        check["body_pattern"] = pattern
    return render(cluster(virtual_servers=[service(f"s{n}", port=1000 + n, health_check=check) for n, check in enumerate(checks)]), "r1")


def test_what_we_let_through_is_taken_by_pcre2(root):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for pattern in PATTERNS:
            re.compile(pattern)
    assert [problem for pattern in PATTERNS for problem in regex_problems(pattern, "")] == []
    log = run(root, {"a.conf": config(PATTERNS)}, LOG)["log"]
    assert "Starting Healthcheck child process" in log
    assert re.findall(r"Invalid regex.*|JIT compilation failed.*|\(Line.*|.*conf: Line.*", log) == []


def test_what_we_refuse_is_refused_by_pcre2_or_by_an_older_one(root):
    for pattern in REFUSED:
        assert len(regex_problems(pattern, "")) == 1
    log = run(root, {"a.conf": config([r"\u0041", "a{70000}", "(?u)x"])}, LOG)["log"]
    assert "Invalid regex" in log


def test_patterns_are_read_as_they_were_written(root):
    """Each made wrong by an open parenthesis at its end, so that keepalived tells how it read it."""
    patterns = [pattern + " (" for pattern in PATTERNS if set(pattern) & set("\"\\$#'{~ß")]
    assert len(patterns) > 20
    missing = patterns
    for seconds in (0.3, 3):  # on a busy machine some need more
        missing = sorted(set(missing) - read_of(root, missing, seconds))
    assert missing == []


def read_of(root, patterns, seconds):
    """The patterns as keepalived tells that it read them; one start each: the checker dies of the first."""
    start = "".join(f"timeout {seconds} keepalived -n -l -D -C -f /files/{number:02}.conf >>log 2>&1\n" for number in range(len(patterns)))
    files = {f"{number:02}.conf": config([pattern]) for number, pattern in enumerate(patterns)}
    log = run(root, files, "cd /files\n: >log\n" + start + "true\n")["log"]
    return set(re.findall(r"Invalid regex: '(.*)' at offset", log))
