# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On bare hosts, before any deploy: what check mode does. Alone: whatever loads ip_vs beside it does so for all hosts of the one kernel."""

from __future__ import annotations

import json

from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/default/inventory"
HOSTS = ["a-r1", "a-r2", "a-web2"]      # with a-web2 reached through the route that is replaced


def test_check_mode_on_bare_hosts_tells_all_and_touches_nothing():
    before = {host: trial.fingerprint(host) for host in HOSTS}
    # What remove.yml has to come back to, at the very end of the scenario
    (trial.folder() / "bare.json").write_text(json.dumps({host: sorted(lines) for host, lines in before.items()}))
    run = play("lvs.cluster.deploy", "--check", "--diff", "--limit", ",".join(HOSTS), inventory=INVENTORY)
    for host in HOSTS:
        assert trial.fingerprint(host) ^ before[host] == set(), host
        assert run.changed.get(host), f"check mode did not say what would change on {host}"
    for words in ("+virtual_server 192.0.2.100 80 {", "+        192.0.2.100/32 dev eth0 label eth0:100", "keepalived", "+net/ipv4/ip_forward = 1"):
        assert words in run.output, words
