# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the hosts are before the first deploy: what the removal is measured by."""

from __future__ import annotations

import json

from lvslab import trial

ROUTERS = ["r1", "r2"]


def test_hosts_are_remembered_with_their_administrators_rules():
    rules = {router: trial.on(router, "nft --stateless list ruleset") for router in ROUTERS}
    assert all("table inet administrator" in text and "lvs" not in text for text in rules.values())
    hosts = {host: sorted(trial.fingerprint(host)) for host in [*ROUTERS, "web1", "web2"]}
    (trial.folder() / "bare.json").write_text(json.dumps({"hosts": hosts, "rules": rules}))
