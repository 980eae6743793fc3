# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared storage: what is derived, what is refused, and what each host gets."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.storage_files import escaped, storage_files

from .samples import INVENTORY, MINIMAL, changed, resolved

EXPORTED: dict[str, Any] = {"name": "uploads", "path": "/srv/up-loads", "export": {"host": "r1", "path": "/disk/up", "disk": "/disk"}}
CIFS: dict[str, Any] = {"name": "media", "path": "/srv/media", "fstype": "cifs", "source": "//files/media", "options": "credentials=/etc/media"}


def shares(*given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"shared_storage": {"shares": [{**one, **changes} for one in given]}}


def texts(cluster: dict[str, Any], host: str) -> dict[str, str]:
    return {file["path"].rpartition("/")[2]: file["content"] for file in storage_files(cluster, host)["files"]}


def test_nothing_is_on_any_host_where_nothing_is_shared() -> None:
    assert storage_files(resolved({}), "web1") == {"files": [], "units": [], "packages": []}


def test_a_share_is_exported_to_its_real_servers_alone_on_the_private_address() -> None:
    found = texts(resolved(shares(EXPORTED, targets=["web1", "web3"])), "r1")
    line = found["lvs-cluster.exports"].splitlines()[1]
    assert line.startswith("/disk/up 10.0.0.11(rw,sync,") and " 10.0.0.13(" in line and "10.0.0.12" not in line and line.count("mountpoint=/disk") == 2
    assert line.count("root_squash") == 2 and "no_root_squash" not in line


def test_what_the_host_of_the_exports_listens_on() -> None:
    files = {file["path"]: file["content"] for file in storage_files(resolved(shares(EXPORTED)), "r1")["files"]}
    assert "host=10.0.0.2\nvers3=n\nvers4.0=n\n" in files["/etc/nfs.conf.d/lvs-cluster.conf"]


@pytest.mark.parametrize(("hangs", "option"), [("fail", "softerr,timeo=30,retrans=1"), ("wait", "hard")])
def test_a_real_server_mounts_it_at_the_first_access(hangs: str, option: str) -> None:
    cluster = resolved(shares(EXPORTED, when_it_hangs=hangs, services=["nginx.service"]))
    found, gets = texts(cluster, "web2"), storage_files(cluster, "web2")
    mount = found["srv-up\\x2dloads.mount"]
    assert "What=10.0.0.2:/disk/up\nWhere=/srv/up-loads\nType=nfs4\n" in mount and option in mount and "StartLimitIntervalSec=0" in mount
    assert gets["units"] == ["lvs-shared-mounts.service", "srv-up\\x2dloads.automount"] and gets["packages"] == ["nfs-common"]
    drop_in = next(file for file in gets["files"] if "nginx.service.d" in file["path"])
    assert "/usr/bin/stat --terse /srv/up-loads/." in drop_in["content"] and "Restart=on-failure" in drop_in["content"]


def test_any_other_type_with_its_options() -> None:
    cluster = resolved(shares(CIFS, read_only=True))
    assert "What=//files/media\nWhere=/srv/media\nType=cifs\nOptions=ro,_netdev,credentials=/etc/media\n" in texts(cluster, "web1")["srv-media.mount"]
    assert storage_files(cluster, "web1")["packages"] == ["cifs-utils"]


@pytest.mark.skipif(shutil.which("systemd-escape") is None, reason="systemd is not installed")
@pytest.mark.parametrize("path", ["/srv/a-b", "/srv/a.b/c_d", "/a", "/srv/A-1.x/--"])
def test_units_are_named_as_systemd_names_them(path: str) -> None:
    said = subprocess.run(["systemd-escape", "--path", path], capture_output=True, text=True, check=True).stdout.strip()
    assert escaped(path) == said


@pytest.mark.parametrize(
    ("share", "path", "message", "remedy"),
    [
        ({**EXPORTED, "fstype": "cifs"}, "", "has export beside", "give export for NFS"),
        ({"name": "a", "path": "/a"}, "", "has neither export nor", "give export: {host"),
        ({**CIFS, "source": "a b"}, ".source", "a b", "without blanks"),
        ({**CIFS, "targets": ["web9"]}, ".targets[0]", "web9 is no real server", "web1, web2"),
        ({**EXPORTED, "export": {"host": "web1"}}, ".export.host", "exports the share and mounts it", "give another host"),
        ({**EXPORTED, "export": {"host": "nobody"}}, ".export.host", "nobody", ""),
        ({**EXPORTED, "export": {"host": "r1", "disk": "/other"}}, ".export.disk", "/other is not above /srv/up-loads", "the folder lies on"),
    ],
)
def test_wrong_shares_are_refused(share: dict[str, Any], path: str, message: str, remedy: str) -> None:
    _cluster, problems = normalise(changed(MINIMAL, shares(share)), INVENTORY)
    found = [problem for problem in problems if problem.path == "shared_storage.shares[0]" + path]
    assert len(found) == 1 and message in found[0].message and remedy in found[0].remedy, problems


def test_two_shares_keep_apart() -> None:
    inside = {**CIFS, "path": "/srv/up-loads/media"}
    _cluster, problems = normalise(changed(MINIMAL, shares(EXPORTED, inside)), INVENTORY)
    assert [problem.path for problem in problems] == ["shared_storage.shares[1].path"]
    _cluster, problems = normalise(changed(MINIMAL, shares(EXPORTED, EXPORTED)), INVENTORY)
    assert {problem.path for problem in problems} == {"shared_storage.shares[1].name", "shared_storage.shares[1].path"}
