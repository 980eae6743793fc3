# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data sets: what is derived, what is refused, and what each host is told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import data_units
from ansible_collections.lvs.cluster.plugins.module_utils._model.data_files import data_files, secrets, wanted_keys
from ansible_collections.lvs.cluster.plugins.module_utils._model.data_report import data_report
from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise

from .samples import INVENTORY, MINIMAL, changed, resolved

PLAIN: dict[str, Any] = {"name": "www", "path": "/srv/www", "source": {"hosts": ["web1", "web2"]}, "on_change": True}
SITE: dict[str, Any] = {"name": "site", "path": "/srv/site", "source": {"hosts": ["r1"], "path": "/srv/work"}, "releases": 3}
KEYS = {
    host: {"host_keys": ["ssh-ed25519 HOST-%s" % host], "read": {"www": "ssh-ed25519 READ-%s" % host}, "control": {"www": "ssh-ed25519 CONTROL-%s" % host}}
    for host in ("web1", "web2", "web3")
}


def sets(*given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"data_sync": {"sets": [{**one, **changes} for one in given]}}


def content(cluster: dict[str, Any], host: str, path: str) -> str:
    return next(file["content"] for file in data_files(cluster, host, KEYS)["files"] if file["path"].endswith(path))


def test_all_real_servers_get_it_over_the_private_network() -> None:
    cluster = resolved(sets(PLAIN))
    (one,) = cluster["data_sync"]["sets"]
    assert (one["targets"], one["source_path"], cluster["data_sync"]["network"]) == (["web1", "web2", "web3"], "/srv/www", "private")
    assert {entry["host"]: entry["address"] for entry in cluster["data_sync"]["hosts"]} == {"web1": "10.0.0.11", "web2": "10.0.0.12", "web3": "10.0.0.13"}


def test_a_router_may_be_the_source() -> None:
    cluster = resolved(sets(SITE))
    assert cluster["data_sync"]["hosts"][0] == {"host": "r1", "address": "10.0.0.2", "part": "data"}


def test_a_key_reads_one_folder_or_says_words_from_one_address() -> None:
    cluster = resolved(sets(PLAIN))
    lines = content(cluster, "web1", "authorized_keys").splitlines()
    assert 'restrict,from="10.0.0.13",command="%s /srv/www" ssh-ed25519 READ-web3' % data_units.READER in lines
    assert all(line.startswith(("#", "restrict,from=")) for line in lines)
    target = content(cluster, "web3", "authorized_keys").splitlines()
    session = "%s session www" % data_units.PROGRAM
    assert target[1:] == ['restrict,from="10.0.0.1%d",command="%s" ssh-ed25519 CONTROL-web%d' % (n, session, n) for n in (1, 2)]


def test_keys_are_those_that_a_host_needs() -> None:
    cluster = resolved(sets(PLAIN, SITE))
    assert wanted_keys(cluster, "web3") == ["www-read", "site-read"]
    assert wanted_keys(cluster, "web1") == ["www-read", "www-control", "site-read"]
    assert wanted_keys(cluster, "r1") == ["site-read", "site-control"]


def test_hosts_are_known_by_their_own_keys() -> None:
    text = content(resolved(sets(PLAIN)), "web3", "known_hosts")
    assert "10.0.0.11 ssh-ed25519 HOST-web1\n" in text
    assert "StrictHostKeyChecking yes" in content(resolved(sets(PLAIN)), "web3", "ssh_config")


def test_the_user_is_unprivileged_unless_files_shall_belong_to_somebody() -> None:
    (one,) = resolved(sets(PLAIN))["data_sync"]["sets"]
    text = data_units.units(one, "web3")["lvs-data-sync-www.service"]
    assert "User=lvs-sync\n" in text and "CapabilityBoundingSet=\n" in text
    owned = data_units.units({**one, "owner": "www-data"}, "web3")["lvs-data-sync-www.service"]
    assert "User=root\n" in owned and "CapabilityBoundingSet=CAP_CHOWN" in owned and "CAP_SYS" not in owned


def test_the_source_watches_and_the_target_waits() -> None:
    (one,) = resolved(sets(PLAIN))["data_sync"]["sets"]
    assert data_units.started(one, "web1") == ["lvs-data-sync-www.timer", "lvs-data-watch-www.service"]
    assert data_units.started(one, "web3") == ["lvs-data-sync-www.timer", "lvs-data-sync-www.path"]


def test_a_run_that_failed_is_tried_again_unless_it_runs_when_asked_alone() -> None:
    (one,) = resolved(sets(PLAIN))["data_sync"]["sets"]
    units = data_units.units(one, "web3")
    assert "OnFailure=lvs-data-retry-www.service\n" in units["lvs-data-sync-www.service"]
    assert "OnSuccess=lvs-data-sync-www.service\n" in units["lvs-data-retry-www.service"]
    asked = {**one, "interval": 0, "on_change": False}
    assert list(data_units.units(asked, "web3")) == ["lvs-data-sync-www.service"]
    assert "OnFailure" not in data_units.units(asked, "web3")["lvs-data-sync-www.service"]


def test_a_source_s_own_folder_is_left_alone() -> None:
    clusters = resolved(sets(PLAIN))
    assert "d /srv/www " not in content(clusters, "web1", "tmpfiles.d/lvs-data-sync.conf")
    assert "d /srv/www 0755 lvs-sync lvs-sync" in content(clusters, "web3", "tmpfiles.d/lvs-data-sync.conf")


def test_secrets_are_in_files_that_root_alone_reads() -> None:
    cluster = resolved(sets(PLAIN, transport="daemon", on_change=False))
    found = secrets(cluster, "web1", {"www": "x" * 16})
    assert {file["mode"] for file in found} == {"0600"}
    assert all("x" * 16 not in file["content"] for file in data_files(cluster, "web1", {})["files"])
    assert "EnvironmentFile=/etc/lvs-cluster/data-sync/www.secret\n" in content(cluster, "web3", "lvs-data-sync-www.service")
    for wrong in ({}, {"www": "short"}, {"www": "x" * 16 + "\nLD_PRELOAD=/tmp/x"}):
        with pytest.raises(ValueError, match="lvs_data_sync_secrets.www"):
            secrets(cluster, "web1", wrong)


@pytest.mark.parametrize(
    ("given", "changes", "path", "remedy"),
    [
        (PLAIN, {"path": "srv"}, "path", "absolute path"),
        (PLAIN, {"path": "/srv/a b"}, "path", "absolute path"),
        (PLAIN, {"path": "/srv/../etc"}, "path", "absolute path"),
        (PLAIN, {"source": {"hosts": ["nobody"]}}, "source.hosts[0]", "give"),
        (PLAIN, {"targets": ["web1"], "source": {"hosts": ["web1"]}}, "targets", "name the hosts"),
        (PLAIN, {"conflicts": "keep"}, "conflicts", "delete: false"),
        (PLAIN, {"transport": "daemon"}, "transport", "leave it out"),
        (PLAIN, {"behind": {"limit": 300, "file": "/srv/www/x"}}, "behind.limit", "more than 330"),
        (PLAIN, {"interval": 0, "behind": {"limit": 300, "file": "/srv/www/x"}}, "behind", "give an interval"),
        (PLAIN, {"modes": "755;reboot"}, "modes", "D755,F644"),
        (SITE, {"source": {"hosts": ["web1"]}}, "source.path", "another one"),
        (SITE, {"owner": "root"}, "owner", "leave it out"),
        (SITE, {"on_change": True}, "on_change", "leave it out"),
        (SITE, {"behind": {"limit": 900, "file": "/srv/site/x"}}, "behind.file", "beside it"),
    ],
)
def test_what_does_not_work_is_refused(given: dict[str, Any], changes: dict[str, Any], path: str, remedy: str) -> None:
    cluster, problems = normalise(changed(MINIMAL, sets(given, **changes)), INVENTORY)
    assert cluster is None
    assert [problem for problem in problems if problem.path == "data_sync.sets[0]." + path and remedy in problem.remedy], problems


def test_two_sets_have_different_names_and_paths() -> None:
    _cluster, problems = normalise(changed(MINIMAL, sets(PLAIN, PLAIN)), INVENTORY)
    assert [problem.path for problem in problems] == ["data_sync.sets[1].name", "data_sync.sets[1].path"]


def test_a_run_is_told_in_a_line() -> None:
    good = {"item": "www", "files": 3, "bytes": 5120, "seconds": 0.4, "source": "web1", "conflict_count": 1, "conflicts": ["a"], "notes": []}
    assert data_report([good, {"item": "site", "failed": True, "msg": "no space"}]) == [
        "www: 3 files, 5.12 kB in 0.4 s, from web1; 1 changed here: a",
        "site: FAILED: no space",
    ]
