# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode tells what a real run does, and does nothing: a data set is changed, one is new, all are removed."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import yaml
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/data/inventory"
HOSTS = ("r2", "web1", "web2", "web3")
DEPLOYED = "/etc /usr/libexec/lvs-cluster /var/lib/lvs-cluster /var/lib/lvs-data-sync/keys /var/lib/lvs-data-sync/.ssh"


def look() -> dict[str, str]:
    """All that the role puts on a host: its files with their content, and which units there are and run."""
    units = "systemctl list-unit-files --no-legend 'lvs-*'; systemctl is-active lvs-data-sync-more.timer"
    command = f"find {DEPLOYED} -type f -exec sha256sum {{}} + | sort -k2; {units}"
    return {host: trial.on(host, command, check=False) for host in HOSTS}


def test_check_mode_tells_what_a_real_run_does_and_does_nothing(tmp_path):
    cluster = copy.deepcopy(yaml.safe_load((Path(__file__).parents[1] / "inventory/cluster.yml").read_text())["all"]["vars"]["lvs_cluster"])
    next(one for one in cluster["data_sync"]["sets"] if one["name"] == "feed")["exclude"] = ["*.part"]
    cluster["data_sync"]["sets"].append({"name": "more", "path": "/srv/more", "source": {"hosts": ["web2"], "path": "/srv/own"}, "targets": ["web1"]})
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps({"lvs_cluster": cluster}))
    arguments = ("molecule/data/checks/data_sets.yml", "-e", f"@{changed}")
    trial.on("web2", "mkdir -p /srv/own && echo more >/srv/own/more.txt")
    before = look()
    checked = play(*arguments, "--check", inventory=INVENTORY)
    assert look() == before
    real = play(*arguments, inventory=INVENTORY)
    after = look()
    assert checked.changed == real.changed, real.output
    assert {host for host in HOSTS if before[host] != after[host]} == {"web1", "web2", "web3"} <= set(real.changed), real.changed
    assert trial.eventually(lambda: trial.on("web1", "cat /srv/more/more.txt", check=False) == "more\n", 60)
    again = play(*arguments, inventory=INVENTORY)
    assert again.changed == {}, again.changed


def test_the_removal_in_check_mode_does_nothing():
    """What it told is compared with the real one when that has run (removal/)."""
    before = look()
    checked = play("lvs.cluster.remove", "--check", inventory=INVENTORY)
    assert look() == before
    (trial.folder() / "removal-checked.json").write_text(json.dumps(checked.changed))
