# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every host boots; no play runs. The tests of the cluster after this ask all again."""

from __future__ import annotations

import pytest
from lvslab import trial

HOSTS = ["r1", "r2", "web1", "web2"]


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return {router: trial.on(router, "nft --stateless list ruleset") for router in ("r1", "r2")}


def test_the_rules_are_the_same_after_a_boot(before):
    assert all("table inet lvs_web" in rules for rules in before.values())
    for host in HOSTS:
        trial.agent().call("reboot", host=host)
        trial.agent().call("wait_up", hosts=[host])
    assert trial.eventually(lambda: len(trial.holders("192.0.2.100", ["r1", "r2"])) == 1, 30)
    # In the order of loading: ours after the administrator's own, which flushes
    assert {router: trial.on(router, "nft --stateless list ruleset") for router in before} == before
    for host in ("web1", "web2"):
        assert trial.eventually(lambda: trial.on(host, "systemctl is-active servers vsftpd", check=False).split() == ["active"] * 2, 20)  # noqa: B023
