# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedulers, their flags, persistence engines, and what the routers' kernels need for them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_services import SCHEDULERS
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import problems_of

from .samples import resolved as right

VS = "virtual_servers[0]"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("mh-port", ["mh-port"]), ("mh-port, mh-fallback", ["mh-fallback", "mh-port"]), (["mh-port", "mh-fallback"], ["mh-fallback", "mh-port"]), ([], [])],
)
def test_flags(given: Any, wanted: list[str]) -> None:
    assert right({f"{VS}.scheduler": "mh", f"{VS}.scheduler_flags": given})["virtual_servers"][0]["scheduler_flags"] == wanted


def test_modules_are_those_of_the_schedulers_and_engines_in_use() -> None:
    sip = {"name": "sip", "address": "192.0.2.101", "port": 5060, "protocol": "udp", "scheduler": "sh", "persistence": 600, "persistence_engine": "sip"}
    cluster = right({"virtual_servers[1]": sip})
    assert [router["modules"] for router in cluster["routers"]] == [["ip_vs", "ip_vs_sh", "ip_vs_wlc", "ip_vs_pe_sip"]] * 2
    assert cluster["virtual_servers"][1]["persistence_engine"] == "sip"


def test_every_scheduler_has_its_module() -> None:
    for scheduler in SCHEDULERS:
        assert right({f"{VS}.scheduler": scheduler})["routers"][0]["modules"] == ["ip_vs", "ip_vs_" + scheduler]


def test_sysctls_of_the_routers() -> None:
    first, second = (router["sysctls"] for router in right({})["routers"])
    assert first == second
    assert (first["net/ipv4/vs/sync_threshold"], first["net/ipv4/vs/sync_refresh_period"]) == ("3 0", "3")
    assert first["net/ipv4/conf/eth1/send_redirects"] == "0"
    assert "net/ipv4/conf/eth0/send_redirects" not in first


def test_sctp_is_as_sloppy_as_tcp() -> None:
    assert "net/ipv4/vs/sloppy_sctp" not in right({})["routers"][0]["sysctls"]
    assert right({f"{VS}.protocol": "sctp"})["routers"][0]["sysctls"]["net/ipv4/vs/sloppy_sctp"] == "1"


@pytest.mark.parametrize(("changes", "sloppy"), [({}, "1"), ({"connection_sync": False}, "0"), ({"connection_sync": False, f"{VS}.scheduler": "mh"}, "1")])
def test_a_connection_may_begin_in_the_middle_where_another_router_may_have_begun_it(changes: dict[str, Any], sloppy: str) -> None:
    assert right(changes)["routers"][0]["sysctls"]["net/ipv4/vs/sloppy_tcp"] == sloppy


def test_table_of_a_single_router_has_them() -> None:
    cluster = right({f"{VS}.scheduler": "sh", f"{VS}.scheduler_flags": "sh-port", f"{VS}.protocol": "udp", f"{VS}.one_packet": True})
    (row,) = kernel_services(cluster)
    assert (row["scheduler_flags"], row["one_packet"]) == (["sh-port"], True)
    assert not problems_of([row])
