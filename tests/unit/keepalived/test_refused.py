# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters that keepalived would take in silence for something else are refused by the renderer, with words."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import RenderError

from .cases import checked, cluster, service, vip, with_heartbeat


def unresolved():
    whole = cluster()
    whole["routers"][0]["networks"]["public"] = None
    return whole


def without_address():
    whole = cluster()
    whole["virtual_servers"][0]["real_servers"][1]["address"] = None
    return whole


def weightless():
    whole = cluster()
    for server in whole["virtual_servers"][0]["real_servers"]:
        server["weight"] = 0
    return whole


def one_router():
    return cluster(routers=cluster()["routers"][:1])


def unknown_check():
    whole = cluster()
    whole["virtual_servers"][0]["health_check"]["type"] = "telnet"
    return whole


def injected():
    whole = cluster()
    whole["virtual_servers"][0]["scheduler"] = "rr\n}\nglobal_defs {"
    return whole


WRONG = {
    "r1 has no interface yet in public": unresolved,
    "web2 of www has no address": without_address,
    "has no real servers": lambda: cluster(virtual_servers=[service(real_servers=[])]),
    "needs 1 real servers with a weight for its quorum, and has 0": weightless,
    "needs 4 real servers with a weight": lambda: cluster(virtual_servers=[service(quorum={"servers": 3, "hysteresis": 1})]),
    "hysteresis of the virtual server www must be below": lambda: cluster(virtual_servers=[service(quorum={"servers": 1, "hysteresis": 1})]),
    "www and again have the same address, port and protocol": lambda: cluster(virtual_servers=[service(), service("again")]),
    "has more than 15 characters": lambda: cluster(vips=[vip("192.0.2.100", label="12345678901")]),
    "has no router beside r1": one_router,
    "no network of the cluster web carries the heartbeat": lambda: with_heartbeat(networks=[]),
    "unknown type: telnet": unknown_check,
    "can't stand as a plain word": injected,
}


@pytest.mark.parametrize("words", WRONG)
def test_refused_with_words(words):
    with pytest.raises(RenderError) as caught:
        render(WRONG[words](), "r1")
    assert words in str(caught.value)


def test_a_host_that_is_no_router():
    with pytest.raises(RenderError, match="r9 is no router of the cluster web"):
        render(cluster(), "r9")


def test_a_line_longer_than_keepalived_reads():
    whole = checked(type="external", command=["/bin/true"])
    whole["virtual_servers"][0]["health_check"]["command"] = ["/bin/true", "x" * 1000]
    with pytest.raises(RenderError, match="more than 1000 bytes"):
        render(whole, "r1")
