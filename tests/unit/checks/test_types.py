# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every type of health check: what it takes, what it refuses with which words, what it renders."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Target, refused_case, virtual_server_lines, worst_case
from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import AT_ONCE, turn
from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import LATER, TYPES, default_for
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import write
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import read_fields
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

TARGET = Target("www", "tcp", "192.0.2.100", 80, "web1", "10.0.0.11", 8080, "keepalived_script")
REQUIRED = {"external": {"command": ["/bin/true"]}, "send_expect": {"expect": "+PONG"}}


def read(kind: str, **given: Any) -> tuple[dict[str, Any], list[str]]:
    """The complete check, and what is wrong with it."""
    report = Report()
    check = TYPES[kind].complete(read_fields(TYPES[kind].fields, {**REQUIRED.get(kind, {}), **given}, "check", report))
    if not report:
        report.extend(TYPES[kind].problems(check, "check"))
    return {"type": kind, **check}, [str(problem) for problem in report]


def rendered(kind: str, **given: Any) -> list[str]:
    check, problems = read(kind, **given)
    assert not problems
    block = TYPES[kind].block(check, TARGET)
    return [] if block is None else [line.strip() for line in write([block])]


def test_the_types():
    assert sorted(TYPES) == ["dns", "external", "http", "https", "none", "ping", "send_expect", "smtp", "tcp", "udp"]
    assert not set(TYPES) & set(LATER)


@pytest.mark.parametrize("kind", TYPES)
def test_defaults_are_right_and_render(kind):
    check, problems = read(kind)
    assert problems == []
    assert bool(rendered(kind)) == (kind != "none")
    times = ("interval", "timeout", "connect_timeout", "warmup", "retries", "retry_delay")
    assert None not in [check[field.name] for field in TYPES[kind].fields if field.name in times]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if TYPES[kind].timed])
def test_with_defaults_a_dead_server_is_out_within_ten_seconds(kind):
    check, _problems = read(kind)
    assert worst_case(check) == 10
    assert refused_case(check) == 6


def test_with_defaults_a_dialogue_takes_a_dead_server_out_within_twelve_seconds():
    check, _problems = read("send_expect")
    assert worst_case(check) == 12


def test_what_stands_in_the_virtual_server():
    check, _problems = read("tcp", interval=0.5, timeout=0.25, retries=3, retry_delay=0.1)
    assert virtual_server_lines(check) == ["delay_loop 0.5", "warmup 0.5", "connect_timeout 0.25", "retry 3", "delay_before_retry 0.1"]
    assert virtual_server_lines(read("none")[0]) == []
    assert not any("connect_timeout" in line for line in virtual_server_lines(read("external")[0]))


WRONG = [
    ("tcp", {"timeout": 6}, "check.timeout: 6 s is longer than the interval of 5 s"),
    ("tcp", {"interval": 0}, "check.interval: 0 is not a time"),
    ("tcp", {"retries": -1}, "check.retries: -1"),
    ("tcp", {"port": 0}, "check.port: 0 is not a port"),
    ("tcp", {"path": "/"}, "check.path: unknown key"),
    ("http", {"path": "health"}, "check.path: health is not a path: begin it with /"),
    ("http", {"path": "/a b"}, "check.path: /a b contains ' ', which can't stand in a path: write %20"),
    ("http", {"path": '/"'}, "write %22"),
    ("http", {"path": "/$HOME"}, "write %24"),
    ("http", {"path": "/a\n}"}, "write %0A"),
    ("http", {"path": "/#{"}, "write %23"),
    ("http", {"path": "/\\"}, "write %5C"),
    ("http", {"path": "/ä"}, "write %C3%A4"),
    ("http", {"path": "/" + "a" * 500}, "at most 500"),
    ("http", {"status": 99}, "check.status: 99 is not an HTTP status: give 100 to 599"),
    ("http", {"status": [200, 600]}, "check.status[1]: 600"),
    ("http", {"status": "299-200"}, "299-200 is not"),
    ("http", {"status": True}, "true is not an HTTP status"),
    ("http", {"status": []}, "check.status: is empty"),
    ("http", {"host": "a b"}, "check.host: a b does not fit"),
    ("http", {"host": "a;b"}, "check.host"),
    ("http", {"method": "HEAD"}, "check.method: is not implemented yet"),
    ("http", {"body_pattern": "("}, "check.body_pattern: ( is not a regular expression"),
    ("http", {"body_pattern": "a{70000}"}, "check.body_pattern: a{70000}: a count is above"),
    ("http", {"body_pattern": r"\u0041"}, "not known to PCRE2"),
    ("http", {"body_pattern": r"\N{DIGIT ONE}"}, "not known to PCRE2"),
    ("http", {"body_pattern": "(?a)x"}, "the flags a, L and u"),
    ("http", {"body_pattern": "(?P<é>x)"}, "a group has a name"),
    ("https", {"sni": True}, "check.sni: needs a name to indicate: give host too"),
    ("https", {"verify": True}, "check.verify: is not implemented yet"),
    ("dns", {"query_type": "ANY"}, "check.query_type: ANY is not known"),
    ("dns", {"name": "a..b"}, "check.name: a..b does not fit"),
    ("dns", {"name": "a" * 64}, "label of more than 63"),
    ("smtp", {"helo": "a b"}, "check.helo"),
    ("udp", {"payload": "xyz"}, "check.payload: xyz is not a row of bytes"),
    ("udp", {"payload": 70}, "check.payload: 70 is a number: put it in quotes"),
    ("udp", {"payload": "7"}, "not a row of bytes"),
    ("udp", {"reply": "70"}, "check.reply: is never looked at: give require_reply: true too"),
    ("ping", {"port": 80}, "check.port: unknown key"),
    ("external", {"command": None}, "check.command: is missing"),
    ("external", {"command": "/bin/true"}, "check.command: /bin/true is not a list"),
    ("external", {"command": []}, "check.command: a list is not a list"),
    ("external", {"command": ["true"]}, "check.command[0]: true is not the full path"),
    ("external", {"command": ["/a=b"]}, "not the full path"),
    ("external", {"command": ["/a b"]}, "not the full path"),
    ("external", {"command": ["/bin/a", "it's"]}, "check.command[1]: it's has a quote"),
    ("external", {"command": ["/bin/a", "$x"]}, "put it into a script"),
    ("external", {"command": ["/bin/a", "a\\b"]}, "put it into a script"),
    ("external", {"command": ["/bin/a", "a\nb"]}, "put it into a script"),
    ("external", {"command": ["/bin/a", True]}, "check.command[1]: true is not text"),
    ("external", {"command": ["/bin/a", "x" * 600]}, "longer than 500 bytes"),
    ("external", {"user": "root"}, "check.user: root must not run health checks"),
    ("external", {"group": "root"}, "check.group: root must not run"),
    ("external", {"user": "a b"}, "check.user"),
    ("external", {"expect": "it's"}, "check.expect: it's has a quote"),
    ("external", {"expect": " "}, "check.expect"),
    ("external", {"expect": 0}, "check.expect: 0 is not text: put it in quotes"),
    ("external", {"expect": "x" * 201}, "check.expect: is longer than 200 bytes"),
    ("external", {"expect": "OK", "match": "regex"}, "check.match: regex is"),
    ("external", {"timeout": 1.5}, "check.timeout"),
    ("external", {"interval": 0.5}, "check.interval: is too short for a program"),
    ("none", {"interval": 5}, "check.interval: unknown key"),
]


@pytest.mark.parametrize(("kind", "given", "words"), WRONG)
def test_refused_with_path_and_words(kind, given, words):
    _check, problems = read(kind, **given)
    assert any(words in problem for problem in problems), problems
    assert len(problems) == 1


def test_an_empty_list_is_told_as_one():
    assert read("external", command=[])[1][0].startswith("check.command")


@pytest.mark.parametrize(
    ("given", "plain"),
    [(200, ["200"]), ("200", ["200"]), ([200, "301 - 302"], ["200", "301-302"]), ("200-200", ["200"]), ("200-599", ["200-599"])],
)
def test_statuses(given, plain):
    assert read("http", status=given)[0]["status"] == plain


def test_defaults_are_not_shared():
    read("http")[0]["status"].append("500")
    assert read("http")[0]["status"] == ["200"]


def test_rendered_http():
    assert rendered("http", path="/x", host="a.b", status=[200], body_pattern=r'a "\d+"$', port=81) == [
        "HTTP_GET {",
        "connect_port 81",
        "url {",
        'path "/x"',
        "virtualhost a.b",
        "status_code 200",
        r'regex "a \042\\d+\042\044"',
        "}",
        "}",
    ]


def test_sni_follows_the_host():
    assert "enable_sni" in rendered("https", host="a.b")
    assert "enable_sni" not in rendered("https")
    assert "enable_sni" not in rendered("https", host="a.b", sni=False)


def test_external_runs_without_privileges_in_its_turn():
    line, limit, user = rendered("external", command=["/bin/check", "a b"])[1:4]
    assert line.startswith('misc_path "/usr/libexec/lvs-cluster/check-program 12 2 keepalived_script keepalived_script any \'\' LVS_VIRTUAL_SERVER=www ')
    assert line.endswith("/bin/check 'a b' 192.0.2.100 80 10.0.0.11 8080\"")
    assert (limit, user) == ("misc_timeout 302", "user root")
    assert " 2 nobody nogroup contains 'all well' LVS_" in rendered("external", user="nobody", group="nogroup", expect="all well", match="contains")[1]


def test_programs_have_turns_that_stay_and_are_spread():
    """Not too many at the same one, or they would wait for each other without need."""
    turns = [turn(TARGET._replace(real_server="web%d" % number)) for number in range(200)]
    assert turns[:3] == [turn(TARGET._replace(real_server="web%d" % number)) for number in range(3)]
    assert set(turns) <= set(range(AT_ONCE)) and max(turns.count(one) for one in turns) <= 12


@pytest.mark.parametrize(
    ("protocol", "port", "kind"),
    [("tcp", 80, "http"), ("tcp", 8080, "http"), ("tcp", 443, "https"), ("tcp", 25, "smtp"), ("tcp", 3306, "tcp"), ("udp", 53, "udp"), ("udp", 514, "udp")],
)
def test_default_for_a_port(protocol, port, kind):
    given = default_for(protocol, port)
    assert given.pop("type") == kind
    _check, problems = read(kind, **given)
    assert problems == []
