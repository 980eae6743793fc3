# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several clusters in one inventory."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.collect import collect, difference, place
from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import free_number, number
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe

from .samples import MINIMAL, changed

INVENTORY = {
    "hosts": ["r1", "r2", "web1", "web2", "s1", "s2", "app1"],
    "groups": {"lvs_routers": ["r1", "r2"], "lvs_real_servers": ["web1", "web2"], "other_routers": ["s1", "s2"], "apps": ["app1"]},
}
OTHER = changed(
    MINIMAL,
    {
        "name": "other",
        "networks": {"front": {"cidr": "198.51.100.0/24"}, "back": {"cidr": "10.1.0.0/24", "gateway": "10.1.0.254"}},
        "routers.group": "other_routers",
        "real_servers.group": "apps",
        "virtual_servers[0].address": "198.51.100.1",
    },
)


def gathered(other: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    return collect({"r1": MINIMAL, "r2": MINIMAL, "web1": MINIMAL, "s1": other, "app1": other}, INVENTORY)


def test_two_clusters() -> None:
    clusters, problems = gathered(OTHER)
    assert not problems
    assert list(clusters) == ["web", "other"]
    assert [place(clusters.values(), name)[1] for name in ("r1", "web2", "s2", "app1", "nobody")] == ["router", "real_server", "router", "real_server", None]
    found, _part = place(clusters.values(), "app1")
    assert found and found["name"] == "other"


def test_no_cluster() -> None:
    assert collect({}, INVENTORY) == ({}, [])


SAME_PUBLIC = {"networks.front.cidr": "192.0.2.0/24", "virtual_servers[0].address": "192.0.2.7"}
SAME_PRIVATE = {"networks.back.cidr": "10.0.0.0/24", "networks.back.gateway": "10.0.0.253"}
CLASHES = [
    (
        "virtual router id",
        {**SAME_PUBLIC, "networks.front.virtual_router_id": 15},
        "web: networks.public.virtual_router_id and other: networks.front.virtual_router_id",
        "192.0.2.0/24, 15",
        "give one of them another number",
    ),
    (
        "virtual router id of the hand-over",
        {**SAME_PRIVATE, "heartbeat": {"hand_over_virtual_router_id": 63}},
        "web: networks.private.virtual_router_id and other: heartbeat.hand_over_virtual_router_id",
        "10.0.0.0/24, 63",
        "give one of them another number",
    ),
    (
        "sync id",
        {**SAME_PRIVATE, "connection_sync": {"id": 16}},
        "web: connection_sync.id and other: connection_sync.id",
        "10.0.0.0/24, 16",
        "set connection_sync.id",
    ),
    (
        "VIP",
        {**SAME_PUBLIC, "virtual_servers[0].address": "192.0.2.100"},
        "web: virtual_servers[0].address and other: virtual_servers[0].address",
        "192.0.2.100",
        "keep it in one of them",
    ),
    (
        "gateway",
        {**SAME_PRIVATE, "networks.back.gateway": "10.0.0.254"},
        "web: networks.private.gateway and other: networks.back.gateway",
        "10.0.0.254",
        "keep it in one of them",
    ),
    ("router", {"routers.group": "lvs_routers"}, "web: routers and other: routers", "the router r1 is in two clusters", "routers of its own"),
    ("router as real server", {"real_servers.group": "lvs_routers"}, "other: real_servers", "r1 is a router of web", "take it out"),
    (
        "two ways back",
        {"real_servers.group": "lvs_real_servers"},
        "web: real_servers and other: real_servers",
        "the ways back 10.0.0.254 and 10.1.0.254",
        "one default route",
    ),
    ("name", {"name": "web"}, "web: networks.public", "r1, r2, web1 has one value, s1, app1 another", "name the second cluster differently"),
    ("a wrong one beside a right one", {"virtual_servers[0].port": 0}, "other: virtual_servers[0].port", "0 is not a port", "1 to 65535"),
]


@pytest.mark.parametrize(("what", "changes", "path", "message", "remedy"), CLASHES, ids=[case[0] for case in CLASHES])
def test_clash(what: str, changes: dict[str, Any], path: str, message: str, remedy: str) -> None:
    _clusters, problems = gathered(changed(OTHER, changes))
    assert any(p.path == path and message in p.message and remedy in p.remedy for p in problems), "\n".join(map(str, problems))


def test_one_segment_without_a_clash() -> None:
    assert gathered(changed(OTHER, {**SAME_PUBLIC, **SAME_PRIVATE}))[1] == []


def test_hosts_that_disagree_are_told_where() -> None:
    assert difference(MINIMAL, changed(MINIMAL, {"virtual_servers[0].port": 81})) == "virtual_servers[0].port"
    assert difference(MINIMAL, changed(MINIMAL, {"heartbeat": {"interval": 1}})) == "heartbeat"
    _clusters, problems = collect({"r1": MINIMAL, "r2": changed(MINIMAL, {"virtual_servers[0].port": 81})}, INVENTORY)
    assert [problem.path for problem in problems] == ["web: virtual_servers[0].port"]


def test_ids() -> None:
    assert number("web", "public") == 15
    assert {number("c%d" % n) for n in range(5000)} == set(range(1, 256))
    assert free_number({15}, "web", "public") == 16
    assert free_number(set(range(1, 255)), "web", "public") == 255


def test_text_for_a_person() -> None:
    clusters, _problems = gathered(OTHER)
    lines = describe(clusters["web"]).splitlines()
    assert lines[0] == "Cluster web"
    assert "  public    192.0.2.0/24   (from facts)   none               yes         15 *" in lines
    assert "  dead after   3.609 s * (3 missed heartbeats and the backup's skew)" in lines
    assert any("web1, (from facts):80, weight 100" in line for line in lines)
    assert any(line.endswith(": path /, status 200-499, interval 5 s, timeout 2 s, retries 1, retry_delay 1 s, warmup 5 s") for line in lines)
    assert not any(line != line.rstrip() for line in lines)


def test_a_number_in_a_path_is_told_by_name() -> None:
    _clusters, problems = gathered(changed(OTHER, {"virtual_servers[0].port": 70000}))
    assert [str(problem) for problem in problems] == ["other: virtual_servers[0].port: 70000 is not a port (in www): give 1 to 65535"]
