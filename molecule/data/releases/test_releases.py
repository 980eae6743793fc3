# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: switched everywhere at once, and back, while a client looks at what one server gives it. By the playbooks, as an operator does it."""

from __future__ import annotations

import json

from lvslab import trial
from lvslab.playbook import play

SERVERS = ("web1", "web2", "web3")
INVENTORY = "molecule/data/inventory"
WORK = ("cd /srv/site.work && for n in $(seq 2000); do echo \"release {0} page $n\" >pages/$n; done"
        " && find pages -type f -exec sha256sum {{}} + >/srv/manifest.new && mv /srv/manifest.new manifest")


def served() -> list[str]:
    return [trial.on(server, "curl -s http://127.0.0.1/site/pages/7", check=False).strip() for server in SERVERS]


def test_a_switch_of_2000_files_and_back_without_a_mix():
    trial.on("r2", WORK.format(2), seconds=120)
    assert served() == ["release 1 page 7"] * 3
    trial.on("web3", "rm -f /run/seen-enough")
    client = trial.Probe("release_watch.py", "web3", "127.0.0.1", "/site", seconds=150, until="/run/seen-enough", rate=50)
    run = play("lvs.cluster.sync", "-e", "data_set=site", inventory=INVENTORY)
    assert served() == ["release 2 page 7"] * 3, run.output
    assert "switched on 4 hosts within" in run.output, run.output
    assert "2001 files" in run.output or "6003 files" in run.output, run.output
    back = play("lvs.cluster.rollback", "-e", "data_set=site", inventory=INVENTORY)
    assert served() == ["release 1 page 7"] * 3, back.output
    trial.on("web3", "touch /run/seen-enough")
    seen = client.result()
    spreads = [float(words.split(" s")[0]) for words in (run.output + back.output).split("switched on 4 hosts within ")[1:]]
    print(f"| {seen['asked']} requests, {seen['rate']} a second | {seen['switches']} switches | {len(seen['mixes'])} mixes, {len(seen['errors'])} errors "
          f"| all hosts within {max(spreads)} s |")
    assert seen["switches"] == 2 and not seen["mixes"] and not seen["errors"], seen
    assert seen["asked"] > 100, seen
    assert max(spreads) < 3, spreads


def test_what_was_rolled_back_is_not_published_again():
    """Nothing changed in the working folder since: the release that the operator chose stays."""
    trial.on("r2", "systemctl start lvs-data-sync-site", seconds=120)
    state = json.loads(trial.on("r2", "cat /var/lib/lvs-data-sync/sets/site/state.json"))
    assert state["ok"] and "nothing new to publish" in state["notes"], state
    assert served() == ["release 1 page 7"] * 3


def test_the_playbook_syncs_all_and_tells_it_for_each_server():
    """Twice: the second time nothing is left to copy."""
    trial.on("web1", "echo by hand >/srv/archive/by-hand; echo fed again >/srv/feed/feed.txt")
    first = play("lvs.cluster.sync", inventory=INVENTORY)
    assert "archive: 1 files, 8 bytes" in first.output, first.output
    second = play("lvs.cluster.sync", inventory=INVENTORY)
    assert second.changed == {}, second.output
    assert trial.on("web3", "cat /srv/feed/feed.txt /srv/archive/by-hand") == "fed again\nby hand\n"
    checked = play("lvs.cluster.sync", "--check", inventory=INVENTORY)
    assert checked.changed == {}, checked.output
