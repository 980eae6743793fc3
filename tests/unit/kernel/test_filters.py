# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters for text of ipvsadm."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.lvs.cluster.plugins.filter.ipvsadm_parse import parse
from ansible_collections.lvs.cluster.plugins.filter.ipvsadm_render import render

TEXT = """-A -t 192.0.2.1:80 -s sh -p 300 -M 255.255.255.0 -b sh-port
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 100 -x 10 -y 5
-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0
"""


def test_there_and_back():
    services = parse(TEXT)
    assert [row["forward"] for row in services[0]["destinations"]] == ["direct", "nat"]
    assert render(services) == TEXT


def test_long_options_comments_defaults_and_bare_persistence():
    services = parse(
        "# saved\n\nipvsadm --add-service --fwmark-service 7 -6 --persistent\n"
        "--add-server -f 7 -6 --real-server [fd00::1] --ipip --weight 3\n"
    )
    assert (services[0]["persistence_timeout"], services[0]["scheduler"]) == (360, "wlc")
    assert services[0]["destinations"][0]["tunnel_type"] == "ipip"
    assert services[0]["destinations"][0]["port"] == 0


def test_what_ipvsadm_prints_wrongly_is_understood():
    (service,) = parse("-A -f -1 -s sh -b ")
    assert (service["firewall_mark"], service["scheduler_flags"]) == (4294967295, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-D -t 192.0.2.1:80", ["line 1", "-D"]),
        ("\n-A -t 192.0.2.1:http -s rr", ["line 2", "http"]),
        ("-A -t www:80 -s rr", ["line 1", "not an IP address"]),
        ("-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m", ["line 1", "not added above"]),
        ("-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -m", ["line 2", "without -r"]),
        ("-A -t 192.0.2.1:80\n-A -t 192.0.2.1:80", ["line 2", "again"]),
        ("-A -t 192.0.2.1:80\n" + "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m\n" * 2, ["line 3", "again"]),
        ("-A -t 192.0.2.1:80 -w 3", ["line 1", "-w"]),
        ("-A -t 192.0.2.1:80 -s", ["line 1", "needs a value"]),
        ("-A -t '192.0.2.1:80", ["line 1"]),
        ("-A -t 192.0.2.1:80 -s rrr\n-D", ["line 1", "did you mean", "line 2"]),
    ],
)
def test_wrong_text(text, words):
    with pytest.raises(AnsibleFilterError) as caught:
        parse(text)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(("services", "word"), [("text", "not a list"), ([{"address": "192.0.2.1"}], "services[0].port")])
def test_wrong_services(services, word):
    with pytest.raises(AnsibleFilterError, match=word.replace("[", ".").replace("]", ".")):
        render(services)


def test_no_text():
    with pytest.raises(AnsibleFilterError, match="takes a text, not int"):
        parse(5)
