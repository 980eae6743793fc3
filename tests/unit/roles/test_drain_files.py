# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drain files of a router: those that keepalived follows are there, and none says anything that it should not."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._host import drain_files
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain

WANTED = ["servers/web1", "servers/web2", "services/www/web1", "services/www/web2"]
DRAINED = drain.text({"since": "2026-11-23T05:40:12Z", "reason": "disk"})


def texts(folder):
    return drain_files.contents(str(folder))


def test_missing_files_are_made_and_their_folders_are_not_followed_yet(tmp_path):
    first = drain_files.Complete(str(tmp_path / "drain"), WANTED)
    assert (first.lacking, len(first.unfollowed)) == (WANTED, 2)
    first.make()
    assert texts(tmp_path / "drain") == dict.fromkeys(WANTED, "0\n")
    second = drain_files.Complete(str(tmp_path / "drain"), WANTED)
    assert (second.lacking, second.unfollowed, second.surplus, second.difference()) == ([], [], [], None)


def test_a_drained_server_stays_drained_and_a_damaged_file_says_what_keepalived_makes_of_it(tmp_path):
    drain_files.make(str(tmp_path), WANTED)
    (tmp_path / "servers/web1").write_text(DRAINED)
    (tmp_path / "servers/web2").write_text("")
    found = drain_files.Complete(str(tmp_path), WANTED)
    assert found.lacking == ["servers/web2"]
    found.make()
    assert texts(tmp_path) == {**dict.fromkeys(WANTED, "0\n"), "servers/web1": DRAINED}
    assert set(drain_files.notes(texts(tmp_path))) == {"servers/web1"}


def test_a_server_that_is_no_longer_declared_is_no_longer_drained_and_its_file_stays_for_a_way_back(tmp_path):
    drain_files.make(str(tmp_path), WANTED)
    (tmp_path / "servers/web1").write_text(DRAINED)
    (tmp_path / "servers/.lvs-cluster-x").write_text("half")
    found = drain_files.Complete(str(tmp_path), ["servers/web2"])
    assert found.surplus == ["servers/web1"]
    found.clear()
    assert texts(tmp_path) == dict.fromkeys(WANTED, "0\n")
    assert drain_files.Complete(str(tmp_path), ["servers/web2"]).difference() is None
