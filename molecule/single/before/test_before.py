# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On bare hosts, before the deploy."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/single/inventory"
HOSTS = ["r1", "web1", "web2"]


def fingerprints() -> dict[str, set[str]]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(HOSTS, pool.map(trial.fingerprint, HOSTS), strict=True))


def test_check_mode_on_bare_hosts_tells_all_and_touches_nothing():
    before = fingerprints()
    run = play("lvs.cluster.deploy", "--check", "--diff", inventory=INVENTORY)
    after = fingerprints()
    for host in HOSTS:
        assert after[host] ^ before[host] == set(), host
        assert run.changed.get(host), f"check mode did not say what would change on {host}"
    for words in ("+-A -t 192.0.2.100:80 -s wrr", "+-a -t 192.0.2.101:80 -r 10.0.0.12:80 -m -w 100", "+192.0.2.100/32 dev eth0 label eth0:100",
                  "+package ipvsadm"):
        assert words in run.output, words
    assert "+package keepalived" not in run.output
    # The side effects compare with it, when the cluster is removed.
    (trial.folder() / "bare.json").write_text(json.dumps({host: sorted(found) for host, found in before.items()}))
