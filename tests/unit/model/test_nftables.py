# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster's own nftables table. Its texts stand in golden_nftables/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.nftables import table
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import resolve

from .samples import FACTS, GONE, INVENTORY, MINIMAL, changed
from .test_ipv6 import SIX, facts

VS = "virtual_servers[0]"
GOLDEN = Path(__file__).parent / "golden_nftables"
FTP = {"name": "ftp", "address": "192.0.2.101", "ftp": {"passive_ports": "40000-40100"}, "forward": "direct"}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "marks": (MINIMAL, {f"{VS}.port": GONE, f"{VS}.ports": [80, 443, "443/udp"], "virtual_servers[1]": FTP}),
    "both_families": (SIX, {f"{VS}.port": GONE, f"{VS}.ports": [80, "8000-8100"], f"{VS}.firewall_mark": 7}),
    "firewall": (SIX, {"firewall": True}),
    "firewall_and_marks": (MINIMAL, {"name": "web-shop", "firewall": True, f"{VS}.firewall_mark": 7, f"{VS}.addresses": ["192.0.2.103"]}),
    "firewall_of_all_ports": (MINIMAL, {"firewall": True, f"{VS}.port": GONE, f"{VS}.ports": "all", f"{VS}.protocol": "udp", f"{VS}.persistence": 60}),
    "firewall_with_ftp": (MINIMAL, {"firewall": True, f"{VS}.port": GONE, f"{VS}.ftp": True}),
    "firewall_of_one_router": (MINIMAL, {"firewall": True, "heartbeat": "none", "routers.group": "one"}),
}


def right(definition: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    cluster, problems = normalise(changed(definition, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    done, problems = resolve(cluster, facts() if definition is SIX else FACTS)
    assert done, "\n".join(map(str, problems))
    return done


def text(name: str) -> str:
    return table(right(*CASES[name]), "r1")


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_the_golden_one(name: str) -> None:
    assert text(name) == (GOLDEN / (name + ".nft")).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_only_its_own_table_is_deleted(name: str) -> None:
    own = "lvs_web_shop" if name == "firewall_and_marks" else "lvs_web"
    lines = text(name).splitlines()
    assert [line for line in lines if "delete" in line or "flush" in line] == ["delete table inet " + own]
    assert lines.index("table inet " + own) < lines.index("delete table inet " + own) < lines.index("table inet %s {" % own)


def test_no_table_where_none_is_needed() -> None:
    cluster = right(MINIMAL, {})
    assert (cluster["nftables"], table(cluster, "r1")) == (False, "")
    assert right(*CASES["marks"])["nftables"] is True


def test_the_other_router_is_the_peer() -> None:
    cluster = right(*CASES["firewall"])
    assert "ip saddr != { 192.0.2.3, 10.0.0.3 } drop" in table(cluster, "r1")
    assert "ip saddr != { 192.0.2.2, 10.0.0.2 } drop" in table(cluster, "r2")


def test_marks_are_the_same_on_both_routers() -> None:
    cluster = right(*CASES["marks"])
    first, second = ([line for line in table(cluster, host).splitlines() if "mark set" in line] for host in ("r1", "r2"))
    assert first == second
    assert len(first) == 5
