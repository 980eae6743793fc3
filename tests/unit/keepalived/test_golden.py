# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is rendered is what stands in golden/, and the real keepalived of Debian 12 and 13 takes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render

from .cases import CASES, cluster, service
from .checker import ACCEPTED, ask, run

GOLDEN = Path(__file__).parent / "golden"
FILES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.conf"))}


@pytest.mark.parametrize("name", CASES)
def test_rendered_text_is_the_golden_file(name):
    assert render(*CASES[name]()) == FILES[name], "if this is meant: python3 tests/unit/keepalived/regenerate.py, and read the difference"


def test_every_golden_file_has_a_case():
    assert set(FILES) == set(CASES)


def test_keepalived_accepts_every_golden_file_without_a_word(root):
    answers = ask(root, FILES)
    assert len(answers) == len(CASES) >= 25
    assert {name: answer for name, answer in answers.items() if answer.status != ACCEPTED or answer.output.strip()} == {}


CORRUPTIONS = {
    "a brace is missing": lambda text: text.rstrip()[:-1],
    "no such interface": lambda text: text.replace("interface eth0", "interface eth9"),
    "an unknown keyword": lambda text: text.replace("virtual_router_id", "virtual_routerid"),
    "an unknown state": lambda text: text.replace("state BACKUP", "state SLEEPY"),
    "an unknown scheduler": lambda text: text.replace("lb_algo ", "lb_algo x"),
    "a bad address": lambda text: re.sub("(virtual_server (?:fwmark )?[0-9]+)", r"\g<1>999999999", text),
    "an unknown script user": lambda text: text.replace("script_user ", "script_user no_such_"),
    "no real servers": lambda text: text.replace("real_server ", "real_servant "),
}


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_keepalived_refuses_every_corrupted_golden_file(root, corruption):
    """That the check above can fail."""
    corrupted = {name: CORRUPTIONS[corruption](text) for name, text in FILES.items()}
    assert all(corrupted[name] != FILES[name] for name in FILES)
    assert [name for name, answer in ask(root, corrupted).items() if answer.status == ACCEPTED] == []


MISSED = {
    "an empty file": lambda text: "",
    "a virtual server twice": lambda text: text + text[text.index("virtual_server ") :],
    "a label of another interface": lambda text: text.replace("label eth0:1", "label eth7:1"),
    "one VIP in two instances": lambda text: text.replace("10.0.0.254/32 dev eth1 label eth1:gw", "192.0.2.100/32 dev eth0"),
    "an unknown sync interface": lambda text: text.replace("lvs_sync_daemon eth1", "lvs_sync_daemon eth9"),
    "an unknown sync instance": lambda text: text.replace("inst web_private", "inst nowhere"),
    "another router's source address": lambda text: text.replace("unicast_src_ip 192.0.2.2", "unicast_src_ip 192.0.2.77"),
    "an include that is not there": lambda text: text + "include /no/such/file\n",
}


@pytest.mark.parametrize("mistake", MISSED)
def test_what_keepalived_does_not_see(root, mistake):
    """Our own validation is needed for these. When one fails here, keepalived has learned it."""
    wrong = MISSED[mistake](FILES["minimal"])
    assert wrong != FILES["minimal"]
    assert ask(root, {"wrong": wrong})["wrong"].status == ACCEPTED


def test_a_bad_regular_expression_passes_keepalived_t_and_is_seen_by_the_checker_only(root):
    """And it reads a good one as it was meant: what is quoted comes back in its message."""
    wrong = FILES["check_http"].replace('\\044"', '\\044("')
    assert ask(root, {"wrong": wrong})["wrong"].status == ACCEPTED
    log = run(root, {"a.conf": wrong}, "cd /files; timeout 1 keepalived -n -l -D -C -f /files/a.conf >log 2>&1 || true")["log"]
    assert r"""Invalid regex: '^status: "(ok|b\.c)"\s*#!{1,2}'\\ $(' at offset""" in log


def test_the_same_cluster_gives_the_same_text():
    assert render(cluster(), "r1") == render(cluster(), "r1")
    assert render(cluster(), "r1") != render(cluster(), "r2")


def test_a_change_of_the_layout_is_seen():
    assert "script_user checker\n" in render(cluster(), "r1", {"script_user": "checker"})


def test_a_size_of_a_hundred_services_is_rendered_in_a_moment():
    text = render(cluster(virtual_servers=[service(f"s{n}", port=1000 + n) for n in range(100)]), "r1")
    assert text.count("\nvirtual_server ") == 100
    assert text.count("    real_server ") == 300
